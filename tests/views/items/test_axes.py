"""The axes of a plot: what their ticks say, read back from the drawing."""

import re

import pytest
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QFont, QPainter
from PySide6.QtSvg import QSvgGenerator
from pytestqt.qtbot import QtBot

from mlpsim.core.surface import Window
from mlpsim.views.items.plot_frame import PlotFrame, plot_area
from mlpsim.views.theme import DARK


def texts_of(window: Window) -> list[str]:
    """The texts that a plot of 500×300 pixels has around it."""
    sheet = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(sheet)
    painter = QPainter(generator)
    font = QFont("Inter", 9)
    PlotFrame(window, plot_area(500.0, 300.0, window, font), "w", "E", font).paint(painter, DARK)
    painter.end()
    return re.findall(r"<text[^>]*>([^<]+)</text>", bytes(sheet.data().data()).decode())


@pytest.mark.parametrize(
    ("window", "some"),
    [
        (Window(-3.0, 1.0, 0.0, 4.0), {"−3", "0", "1", "4"}),
        (Window(0.0, 1.0, 1.49e-5, 1.4905e-5), {"1.49·10⁻⁵", "1.4903·10⁻⁵", "1.4905·10⁻⁵"}),
        (Window(123456.1, 123456.4, 0.0, 1.0), {"123456.1", "123456.4"}),
    ],
)
def test_ticks_of_a_narrow_range_have_digits_enough(
    qtbot: QtBot, window: Window, some: set[str]
) -> None:
    texts = texts_of(window)
    assert some < set(texts)
    assert {"w", "E"} < set(texts)
