"""The colour bar: its numbers have room beside it, and its title over it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QBuffer, QPoint
from PySide6.QtGui import QFontMetricsF
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.looks.camera import Look
from mlpsim.core.problem import Penalty, Reduction
from mlpsim.views.appearance import app_font
from mlpsim.views.items.surface_item import colour_bar_width
from mlpsim.views.labels import apart, objective_on_bar
from tests.views.panel_stage import Stage


@pytest.mark.parametrize("values", [(20_000.0, 140_000.0), (0.0005, 0.0006), (2e-10, 5e-10)])
def test_the_numbers_of_usual_ranges_are_not_cut(qtbot: QtBot, values: tuple[float, ...]) -> None:
    font = app_font(10.0)
    metrics = QFontMetricsF(font)
    room = colour_bar_width(font) - 1.9 * metrics.height()  # beside the bar itself
    assert max(map(metrics.horizontalAdvance, apart(values))) < room - 0.3 * metrics.height()


@pytest.mark.parametrize("reduction", ["sum", "mean"])
@pytest.mark.parametrize("penalty", [Penalty(), Penalty(l2=0.1)])
def test_the_title_is_not_cut(qtbot: QtBot, reduction: Reduction, penalty: Penalty) -> None:
    title = objective_on_bar(
        replace(lecture_experiment().problem, reduction=reduction, penalty=penalty)
    )
    for points in (7.0, 10.0, 24.0):
        metrics = QFontMetricsF(app_font(points))
        room = colour_bar_width(app_font(points)) - 0.9 * metrics.height()  # from the bar on
        assert metrics.horizontalAdvance(title) <= room


@pytest.mark.parametrize("look", ["contours", "relief"])
def test_the_surface_has_the_brief_title(opened_surface: Callable[..., Stage], look: Look) -> None:
    problem = replace(lecture_experiment().problem, reduction="mean", penalty=Penalty(l2=0.1))
    stage = opened_surface(replace(lecture_experiment(), problem=problem))
    stage.landscape.set_look(look)
    stage.panel.complete()
    sheet = QBuffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(sheet)
    QWidget.render(stage.panel, generator, QPoint())
    assert ">J (mean)</text>" in bytes(sheet.data().data()).decode()
