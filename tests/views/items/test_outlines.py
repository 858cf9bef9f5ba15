"""Outlines of text: where they stand, and that they do not change."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPainterPath

from mlpsim.views.appearance import app_font
from mlpsim.views.items.outlines import outline


def places(path: QPainterPath) -> np.ndarray:
    return np.array(
        [(path.elementAt(i).x, path.elementAt(i).y) for i in range(path.elementCount())]
    )


@pytest.mark.usefixtures("qapp")
def test_an_outline_stays_where_it_is_after_its_text_was_drawn() -> None:
    font = app_font(11.37)  # a size that nothing else has
    before = places(outline("0.005", font, QPointF(10.0, 20.0)))
    image = QImage(80, 40, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    try:
        painter.setFont(font)
        painter.drawText(QPointF(10.0, 20.0), "0.005")
    finally:
        painter.end()
    after = places(outline("0.005", font, QPointF(10.0, 20.0)))
    assert np.abs(after - before).max() < 1.0 / 500.0


@pytest.mark.usefixtures("qapp")
def test_an_outline_stands_where_the_text_does() -> None:
    font = app_font(12.0)
    box, metrics = outline("0.02", font, QPointF(30.0, 50.0)).boundingRect(), QFontMetricsF(font)
    assert box.left() == pytest.approx(30.0, abs=1.5)
    assert box.bottom() == pytest.approx(50.0, abs=0.5)
    assert box.width() == pytest.approx(metrics.horizontalAdvance("0.02"), abs=3.0)
    assert box.height() == pytest.approx(metrics.capHeight(), abs=1.0)
