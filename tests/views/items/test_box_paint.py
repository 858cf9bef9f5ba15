"""Names beside marks: where they stand on the map."""

import pytest
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBitmap, QFont, QImage, QPainter, QRegion
from pytestqt.qtbot import QtBot

from mlpsim.core.window import Window
from mlpsim.views.items.overlays.box_paint import write
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.theme import DARK

AREA = QRectF(0.0, 0.0, 300.0, 200.0)


def written(at: QPointF, text: str, below: bool) -> QRect:
    """The rectangle of pixels that a name covers."""
    image = QImage(300, 200, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = PlotFrame(Window(0.0, 1.0, 0.0, 1.0), AREA, "", "", QFont())
        write(painter, frame, at, text, DARK, below)
    finally:
        painter.end()
    return QRegion(QBitmap.fromImage(image.createAlphaMask())).boundingRect()


@pytest.mark.parametrize("x", [40.0, 150.0, 296.0])
def test_names_of_two_marks_at_one_place_stand_apart(qtbot: QtBot, x: float) -> None:
    at = QPointF(x, 100.0)
    above, below = written(at, "x*", below=False), written(at, "1", below=True)
    assert not above.isEmpty()
    assert not below.isEmpty()
    assert not above.intersects(below)
    assert above.bottom() < 100 < below.top()
    for name in (above, below):
        assert AREA.toRect().contains(name)
