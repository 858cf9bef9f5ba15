"""The picture of a scatter plot: very many markers stand where each by itself would."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from mlpsim.core.window import Window
from mlpsim.views.items.markers import class_colour, marker_pixmap
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.scatter_picture import MANY, Samples, ScatterPicture
from mlpsim.views.theme import DARK

RADIUS = 2.2


def pixels(picture: QPixmap) -> np.ndarray:
    image = picture.toImage()
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1).copy()


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_each_of_very_many_markers_stands_where_it_would_by_itself(
    qapp: QApplication, ratio: float
) -> None:
    rng = np.random.default_rng(3)
    # On cells of two pixels of their own, so that each is painted, in this order.
    cells = rng.choice(70 * 90, MANY + 50, replace=False)
    at = 20.0 + 4.0 * np.column_stack([cells % 70, cells // 70]) + rng.uniform(-0.4, 0.4, (650, 2))
    frame = PlotFrame(Window(0.0, 320.0, 0.0, 400.0), QRectF(0, 0, 320, 400), "x", "y", QFont())
    labels = rng.integers(0, 2, len(at))
    picture = ScatterPicture()
    picture.set_samples(Samples(at, labels, np.zeros(len(at)), "x", "y"))
    target = QPixmap(round(322 * ratio), round(402 * ratio))
    target.setDevicePixelRatio(ratio)
    target.fill(Qt.GlobalColor.transparent)
    painter = QPainter(target)
    for (x, y), label in zip(frame.pixels(at).tolist(), labels.tolist(), strict=True):
        stamp = marker_pixmap(label, RADIUS, class_colour(DARK, label), None, ratio)
        half = 0.5 * stamp.width() / ratio
        painter.drawPixmap(QPointF(x - half, y - half), stamp)
    painter.end()
    layer = picture.marker_layer(frame, RADIUS, ratio)
    assert pixels(layer).any()
    np.testing.assert_array_equal(pixels(layer), pixels(target))
