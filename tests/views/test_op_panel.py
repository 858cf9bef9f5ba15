"""The (OP) panel: what it says is proved, asks for, and draws on the map."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.starts import Zeros
from mlpsim.core.window import Window
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.labels.op_words import (
    feasible_words,
    objective_note,
    objective_tex,
    point_words,
)
from mlpsim.views.panels.op import OpPanel
from mlpsim.views.throttle import flush
from tests.experiments import DEAR_TO_CERTIFY, lecture_on
from tests.views.panel_stage import Stage

Open = Callable[..., Stage[OpPanel]]
SADDLE = Experiment(
    Problem(Dataset([[1.0]], [[1.0]]), Network((1, 1, 1), (IDENTITY,) * 2, (False,) * 2)),
    start=Zeros(),
)


@pytest.fixture
def opened(opened: Open, qtbot: QtBot) -> Open:
    def open_panel(experiment: Experiment, answered: bool = True) -> Stage[OpPanel]:
        stage = opened(OpPanel, experiment)
        if answered:
            wait(qtbot, stage)
        return stage

    return open_panel


def wait(qtbot: QtBot, stage: Stage[OpPanel]) -> None:
    certificate = stage.panel.certificate
    # A search of two seconds takes many of a busy machine.
    qtbot.waitUntil(
        lambda: certificate.answer is not None and not certificate.is_busy, timeout=30_000
    )


def painted(stage: Stage[OpPanel], window: Window) -> QImage:
    image = QImage(200, 200, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.black)
    frame = PlotFrame(window, QRectF(0.0, 0.0, 200.0, 200.0), "x", "y", QFont())
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    stage.panel.cover.paint(painter, frame)
    painter.end()
    return image


def bright(image: QImage, x: int, y: int, reach: int = 6) -> bool:
    """Whether something light is painted near a pixel."""
    pixels = [
        image.pixelColor(i, j).lightness()
        for i in range(max(0, x - reach), min(200, x + reach + 1))
        for j in range(max(0, y - reach), min(200, y + reach + 1))
    ]
    return max(pixels) > 100


def test_on_the_lectures_plane_the_infimum_is_not_attained(opened: Open):
    panel = opened(lecture_experiment()).panel
    assert panel.feasible.text() == "R²"
    assert panel.optimum.text() == "not attained; inf f = 0"
    assert (panel.solutions.text(), panel.best.text()) == ("∅", "none")
    assert panel.verdict.text().startswith(
        "Infimum 0, not attained, S* = ∅: along the direction w = ("
    )
    assert panel.verdict.text().endswith(") E keeps falling.")
    assert "No stationary point in this window" in panel.note.text()
    assert "OPEN" not in panel.note.text()


def test_on_a_box_the_optimum_is_certified_and_no_digit_is_lost(opened: Open):
    panel = opened(lecture_on(Box((-10.0, -10.0), (10.0, 10.0)))).panel
    assert panel.feasible.text() == "[−10, 10]²"
    low, high = panel.optimum.text().split("<br>")
    assert low.startswith("≥ <b>7.727622597")
    assert high.startswith("≤ <b>7.727622597")
    assert low.endswith("·10⁻¹⁸")
    assert panel.verdict.text().startswith("Global optimum of (OP) on C, certified to gap ")
    assert panel.best.text().startswith("(−10, 0.0654")
    assert panel.solutions.text().startswith("within 1 box at most ")
    assert not panel.note.isVisible()
    assert not panel.certify.isVisible()


def test_f_is_said_in_words(opened: Open):
    problem = lecture_experiment().problem
    penalty = Penalty(l2=0.1)
    assert objective_note(problem) == "total error"
    assert objective_note(replace(problem, penalty=penalty)) == "total error and penalty"
    assert objective_note(replace(problem, reduction="mean")) == "mean error"
    mean = replace(problem, reduction="mean", penalty=penalty)
    assert objective_note(mean) == "mean error and penalty"


def test_before_the_first_answer_only_a_large_network_waits_to_be_asked(opened: Open):
    assert opened(lecture_experiment(), answered=False).panel.verdict.text() == "Certifying …"
    waiting = opened(DEAR_TO_CERTIFY, answered=False).panel.verdict.text()
    assert waiting.startswith("Not certified yet. With more than three parameters")


def test_a_figure_asks_nobody_for_a_search(opened: Open):
    panel = opened(DEAR_TO_CERTIFY, answered=False).panel
    panel.set_figure(True)
    assert panel.verdict.text().startswith("Not certified here: ")
    assert "you" not in panel.verdict.text()


def test_an_optimum_in_a_corner_has_no_width(opened: Open):
    panel = opened(lecture_on(Box((1.0, -4.0), (4.0, 4.0)))).panel
    assert panel.solutions.text() == "within 1 box of width 0"
    assert panel.best.text() == "(1, −4)"


def test_with_a_penalty_the_whole_plane_has_an_optimum(opened: Open):
    experiment = lecture_experiment()
    problem = replace(experiment.problem, penalty=Penalty(l2=0.02))
    panel = opened(replace(experiment, problem=problem)).panel
    assert panel.feasible.text() == "R²"
    assert panel.optimum.text().startswith("≥ <b>0.0258918076")
    assert panel.verdict.text().startswith("Global optimum of (OP) on C, certified to gap ")
    assert panel.best.text() == "(−1.3710…, 0.0568…)"
    assert "OPEN" not in panel.note.text()


def test_on_a_window_alone_the_rest_is_open(opened: Open):
    panel = opened(SADDLE).panel
    assert panel.verdict.text().startswith("S* on the window is not isolated by this search: f* ")
    assert panel.solutions.text().startswith("not isolated: cover stopped at ")
    assert "OPEN beyond the window" in panel.note.text()
    assert panel.optimum.text().startswith("≥ 0<br>≤ ")
    assert panel.optimum.text() != "≥ 0<br>≤ 0"
    assert panel.best.text().startswith("best found: (")


def test_a_solution_without_certain_digits_is_told_give_or_take(opened: Open):
    preset = find_preset("dying-relu", load_presets())
    panel = opened(preset.variants[0].experiment).panel
    best = panel.best.text()
    assert re.fullmatch(r"\((1 ± \S+|1\.0+…), (0\.5 ± \S+|0\.50+…)\)", best), best


def test_a_gap_at_one_point_is_called_open(opened: Open):
    line = Problem(Dataset([[1.0], [2.0]], [[1.0], [2.0]]), Network((1, 1), (IDENTITY,), (False,)))
    experiment = Experiment(replace(line, feasible=Box((-2.0,), (3.0,))), start=Zeros())
    panel = opened(experiment).panel
    assert panel.feasible.text() == "[−2, 3]"
    assert panel.verdict.text().startswith("On C f* is certified to gap ")
    assert panel.best.text()[0] != "("


def test_a_certified_value_on_a_curve_says_that_it_is_not_isolated(opened: Open):
    # Two equal weights of an identity network: any that sum to 1 are optimal, with E = 1.
    data = Dataset([[1.0, 1.0], [1.0, 1.0]], [[0.0], [2.0]])
    problem = Problem(
        data, Network((2, 1), (IDENTITY,), (False,)), feasible=Box((-2,) * 2, (2,) * 2)
    )
    panel = opened(Experiment(problem, start=Zeros())).panel
    assert "not isolated" in panel.verdict.text()


def test_many_parameters_are_certified_when_asked_and_can_be_stopped(opened: Open, qtbot: QtBot):
    stage = opened(DEAR_TO_CERTIFY, answered=False)
    panel = stage.panel
    qtbot.waitUntil(panel.certify.isVisible)
    assert panel.verdict.text().startswith("Not certified yet")
    assert panel.optimum.text() == "–"
    qtbot.mouseClick(panel.certify, Qt.MouseButton.LeftButton)
    assert panel.verdict.text().startswith("Certifying")
    qtbot.waitUntil(lambda: panel.optimum.text().startswith("≥ "))
    assert panel.end.isVisible()
    assert not panel.certify.isVisible()
    stage.landscape.set_window(Window(-1.0, 1.0, -1.0, 1.0))
    flush(panel)
    assert panel.optimum.text().startswith("≥ ")  # what is proved so far stays while one zooms
    qtbot.mouseClick(panel.end, Qt.MouseButton.LeftButton)
    wait(qtbot, stage)
    assert panel.certify.isVisible()
    assert panel.verdict.text().startswith("The search was stopped: f* on C is known to gap ")
    assert re.fullmatch(r"within [\d,]+ box(es)? at most \S+ wide", panel.solutions.text())
    panel.set_figure(True)
    assert panel.verdict.text().startswith("The search was stopped")
    assert panel.feasible.text() == "[−3, 3]⁷"


def test_without_a_window_of_all_weights_the_whole_space_is_open(opened: Open, qtbot: QtBot):
    free = replace(DEAR_TO_CERTIFY, problem=replace(DEAR_TO_CERTIFY.problem, feasible=WholeSpace()))
    stage = opened(free, answered=False)
    qtbot.mouseClick(stage.panel.certify, Qt.MouseButton.LeftButton)
    wait(qtbot, stage)
    assert stage.panel.verdict.text().startswith("OPEN: on the whole space nothing is proved")
    assert stage.panel.optimum.text() == "–"
    assert not stage.panel.note.isVisible()
    assert not stage.panel.certify.isVisible()  # the same search would find the same
    stage.session.edit_problem("C", feasible=DEAR_TO_CERTIFY.problem.feasible)
    qtbot.waitUntil(stage.panel.certify.isVisible)


def test_the_window_becomes_c(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    stage.landscape.set_window(Window(-2.0, 2.0, -2.0, 2.0))
    qtbot.mouseClick(stage.panel.use_window, Qt.MouseButton.LeftButton)
    assert stage.session.experiment.problem.feasible == Box((-2.0, -2.0), (2.0, 2.0))
    qtbot.waitUntil(lambda: stage.panel.feasible.text() == "[−2, 2]²")
    wait(qtbot, stage)
    assert stage.panel.verdict.text().startswith("Global optimum of (OP) on C")
    stage.landscape.set_random(1)
    qtbot.waitUntil(lambda: not stage.panel.use_window.isEnabled())
    assert "no weights" in stage.panel.use_window.toolTip()


def test_a_failure_is_said(opened: Open, qtbot: QtBot):
    stage = opened(lecture_on(Ball((0.0, 1e308), 1.7e308)), answered=False)
    qtbot.waitUntil(lambda: "beyond all numbers" in stage.panel.verdict.text())


def test_a_hidden_panel_asks_nothing(opened: Open, qtbot: QtBot):
    stage = opened(lecture_on(Ball((0.0, 0.0), 1.0)))
    answer = stage.panel.certificate.answer
    stage.panel.hide()
    stage.session.edit_problem("C", feasible=Ball((0.0, 0.0), 2.0))
    assert not stage.panel.certificate.is_busy
    stage.panel.show()
    wait(qtbot, stage)
    assert stage.panel.certificate.answer is not answer


def test_the_optimum_is_marked_on_the_map_until_it_is_switched_off(opened: Open, qtbot: QtBot):
    stage = opened(lecture_on(Box((-1.0, -1.0), (1.0, 1.0))))
    window = Window(-2.0, 2.0, -2.0, 2.0)
    image = painted(stage, window)
    # x* = (-1, 0.0526): 50 pixels from the left, just above the middle.
    assert bright(image, 50, 97)
    assert not bright(image, 150, 150)
    assert painted(stage, window) == image
    qtbot.mouseClick(stage.panel.draws, Qt.MouseButton.LeftButton)
    assert not bright(painted(stage, window), 50, 97)


def test_the_cover_of_a_curve_is_drawn_as_an_area(opened: Open):
    stage = opened(
        replace(SADDLE, problem=replace(SADDLE.problem, feasible=Box((-2,) * 2, (2,) * 2)))
    )
    image = painted(stage, Window(-2.0, 2.0, -2.0, 2.0))
    assert bright(image, 150, 50, 2)  # (1, 1)
    assert bright(image, 50, 150, 2)  # (-1, -1)
    assert not bright(image, 100, 100, 10)


def test_the_direction_along_which_f_falls_starts_at_the_state_on_view(opened: Open):
    stage = opened(lecture_experiment())
    direction = stage.panel.certificate.answer.shown.theta
    image = painted(stage, Window(-1.0, 1.0, -1.0, 1.0))
    along = direction / np.abs(direction).max()
    x, y = (100 + 50 * along[0], 100 - 50 * along[1])
    assert bright(image, round(x), round(y), 2)
    assert not bright(image, round(200 - x), round(200 - y), 2)
    # From the middle where the state is off the map.
    assert bright(painted(stage, Window(5.0, 7.0, 5.0, 7.0)), round(x), round(y), 2)


def test_the_objective_and_c_in_symbols() -> None:
    problem = lecture_experiment().problem
    assert objective_tex(problem) == r"f(w) = E(w) = \sum_{s} e^s(w)"
    mean = replace(problem, reduction="mean", penalty=Penalty(l2=0.1))
    assert objective_tex(mean) == "f(w) = J(w) = E(w)/S + R(w)"
    assert feasible_words(Ball((0.0, 0.0), 1.0), 2) == "{w : ‖w‖ ≤ 1}"
    assert feasible_words(Ball((1.0, 2.0), 1.0), 2) == "{w : ‖w − (1, 2)‖ ≤ 1}"
    assert feasible_words(Box((0,) * 5, (1, 1, 1, 1, 2)), 5) == (
        "[0, 1] × [0, 1] × [0, 1] × [0, 1] × …"
    )
    assert feasible_words(WholeSpace(), 1) == "R"
    assert point_words((1.0, 2.0, 3.0, 4.0, 5.0)) == "(1, 2, 3, 4, …)"


def test_a_search_that_takes_a_while_replaces_what_was_said(opened: Open):
    panel = opened(lecture_experiment()).panel
    panel.certificate.progressed.emit(0.25, 0.5, 0.125)
    assert panel.verdict.text().startswith("Certifying: 12 % of the boxes that it may look at.")
    assert panel.optimum.text() == "≥ 0.25<br>≤ 0.5"
    assert panel.solutions.text() == "–"
