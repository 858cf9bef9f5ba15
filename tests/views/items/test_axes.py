"""The axes of a plot: what their ticks say, read back from the drawing."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QPainter
from PySide6.QtSvg import QSvgGenerator
from pytestqt.qtbot import QtBot

from mlpsim.core.plane import two_weights
from mlpsim.core.surface import surface_of
from mlpsim.core.window import Window
from mlpsim.views.items.loss_axes import LossAxes
from mlpsim.views.items.plot_frame import PlotFrame, plot_area
from mlpsim.views.items.scale import Scale
from mlpsim.views.items.surface_item import paint_colour_bar
from mlpsim.views.theme import DARK


def drawn(paint: Callable[[QPainter], None], font: QFont) -> list[str]:
    """The texts of a drawing."""
    sheet = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(sheet)
    generator.setResolution(round(QGuiApplication.primaryScreen().logicalDotsPerInch()))
    painter = QPainter(generator)
    painter.setFont(font)
    paint(painter)
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
    font = QFont("Inter", 9)
    frame = PlotFrame(window, plot_area(500.0, 300.0, window, font), "w", "E", font)
    texts = drawn(lambda painter: frame.paint(painter, DARK), font)
    assert some < set(texts)
    assert {"w", "E"} < set(texts)


def test_steps_are_grouped_and_none_is_written_over_another(qtbot: QtBot) -> None:
    font, plot = QFont("Inter", 9), QRectF(60.0, 10.0, 240.0, 200.0)
    axes = LossAxes(plot, 1.2e7, Scale(0.0, 1.0, log=False))
    texts = drawn(lambda painter: axes.paint(painter, DARK, ("step", "E")), font)
    assert {"0", "5\u202f000\u202f000", "10\u202f000\u202f000"} < set(texts)


def test_a_long_name_of_an_axis_is_cut_at_its_end(qtbot: QtBot) -> None:
    font, window, long = QFont("Inter", 9), Window(0.0, 1.0, 0.0, 1.0), "x₁ of a column " * 9
    area = plot_area(300.0, 300.0, window, font)
    frame = PlotFrame(window, area, long, long, font)
    names = [text for text in drawn(lambda p: frame.paint(p, DARK), font) if "x₁" in text]
    assert len(names) == 2
    for name, room in zip(names, (area.width(), area.height()), strict=True):
        assert name.startswith("x₁ of a column")
        assert name.endswith("…")
        assert QFontMetricsF(font).horizontalAdvance(name) <= room


def test_a_narrow_plot_has_two_numbers_at_least_across(qtbot: QtBot) -> None:
    font, window = QFont("Inter", 9), Window(-4.2, 4.9, 100.0, 101.0)
    frame = PlotFrame(window, plot_area(220.0, 300.0, window, font), "w", "E", font)
    texts = drawn(lambda painter: frame.paint(painter, DARK), font)
    assert len([text for text in texts if re.fullmatch("−?[0-9]", text)]) >= 2


def test_no_number_of_a_short_colour_bar_is_written_over_another(qtbot: QtBot) -> None:
    font, window = QFont("Inter", 9), Window(0.0, 1.0, 0.0, 1.0)
    grid = np.linspace(0.0, 1.0, 8)
    values = np.geomspace(1e-6, 1.0, 64).reshape(8, 8)
    surface = surface_of(two_weights(np.zeros(2), 0, 1), window, grid, grid, values, log=True)
    line = QFontMetricsF(font).height()
    for height in (3.0 * line, 30.0 * line):
        bar = QRectF(0.0, 0.0, 10.0, height)
        texts = drawn(lambda p, bar=bar: paint_colour_bar(p, bar, surface, DARK, font, "E"), font)
        assert 2 <= len(texts) - 1 <= height / line + 1
