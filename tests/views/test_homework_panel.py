"""The homework panel: answers and their verdicts, exercises by number, and the ghost of w⁺."""

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.lessons.exercise import Exercise, exercise
from mlpsim.core.lessons.slips import SlipKind
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given, GlorotUniform
from mlpsim.views.items.surface_map import SurfaceMap
from mlpsim.views.labels import homework as words
from mlpsim.views.panels.homework import HomeworkPanel
from mlpsim.views.panels.surface import SurfacePanel
from mlpsim.views.parts.homework.answer_row import AnswerRow
from mlpsim.views.throttle import flush
from tests.views.controls import on_view
from tests.views.panel_stage import Stage

Open = Callable[..., Stage[HomeworkPanel]]


@pytest.fixture
def opened(opened: Open) -> Open:
    def open_panel(experiment: Experiment | None = None) -> Stage[HomeworkPanel]:
        experiment = experiment or lecture_experiment()
        return opened(HomeworkPanel, experiment, size=(350, 620))

    return open_panel


def wide() -> Experiment:
    network = Network((2, 8, 1), (TANH, SIGMOID), (True, True))
    return Experiment(Problem(lecture_experiment().problem.data, network), start=GlorotUniform())


def answer(qtbot: QtBot, row: AnswerRow, text: str) -> str:
    """Type an answer and press Enter; what is said of it."""
    row.clear()
    qtbot.keyClicks(row, text)
    qtbot.keyClick(row, Qt.Key.Key_Return)
    return row.said.text()


def test_the_lectures_step_typed_by_a_student(qtbot: QtBot, opened: Open) -> None:
    panel = opened().panel
    names = [row.name.text() for row in panel.rows]
    assert names == ["ŷ⁴ =", "e⁴ =", "∂e⁴/∂w¹₁₁ =", "∂e⁴/∂w¹₁₂ =", "w¹₁₁⁺ =", "w¹₁₂⁺ ="]
    # No line ends within an equation.
    assert "w¹₁₁\u00a0=\u00a00,  w" in panel.given.text()
    assert panel.given.text().replace("\u00a0", " ").splitlines() == [
        "now  w¹₁₁ = 0,  w¹₁₂ = 0    η = 0.1",
        "sample 4:  x₁ = 2,  x₂ = −5;  y = 0",
    ]
    assert panel.subtitle == "0 of 6 right"
    for row, text in zip(panel.rows, ("0.5", "0,25", ".5", "-1.25", "-0.05"), strict=False):
        assert answer(qtbot, row, text) == "✓ right"
    assert panel.subtitle == "5 of 6 right"
    last = panel.rows[-1]
    assert "added instead of subtracted" in answer(qtbot, last, "-0.125")
    assert last.said.property("role") == "warning"
    assert last.accessibleDescription() == last.said.text()
    qtbot.keyClicks(last, "1")
    assert last.said.text() == ""
    assert answer(qtbot, last, "abc") == "“abc” is not a number."
    assert answer(qtbot, last, "17") == "✗ not right"
    assert answer(qtbot, last, "0.125") == "✓ right"
    assert panel.subtitle == "6 of 6 right"


def test_a_slip_is_named_with_its_parameter_and_its_sample(qtbot: QtBot, opened: Open) -> None:
    experiment = replace(lecture_experiment(), start=Given((1.0, 0.0)))  # ŷ⁴ = σ(2) = 0.8808
    prediction = opened(experiment).panel.rows[0]
    assert answer(qtbot, prediction, "0.1192") == "✗ the sign of z is the wrong way round"
    _, _, gradient, _, weight, _ = opened().panel.rows
    assert answer(qtbot, gradient, "-1.25") == "✗ this is the value for w¹₁₂"
    assert answer(qtbot, gradient, "1") == "✗ this is sample 3"
    assert answer(qtbot, weight, "-0.075") == "✗ in the gradient: this is sample 1"


def test_leaving_a_field_answers_and_an_empty_one_says_nothing(qtbot: QtBot, opened: Open) -> None:
    panel = opened().panel
    first, second = panel.rows[:2]
    panel.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    qtbot.keyClicks(first, "0.5")
    second.setFocus()
    assert first.said.text() == "✓ right"
    qtbot.keyClick(second, Qt.Key.Key_Return)
    assert second.said.text() == ""


def test_enter_goes_on_to_the_next_field_once_the_answer_is_right(
    qtbot: QtBot, opened: Open
) -> None:
    panel = opened().panel
    panel.activateWindow()
    panel.rows[0].setFocus()
    qtbot.waitUntil(panel.rows[0].hasFocus)
    answer(qtbot, panel.rows[0], "0.6")
    assert panel.rows[0].hasFocus()
    answer(qtbot, panel.rows[0], "0.5")
    assert panel.rows[1].hasFocus()


def test_reveal_shows_what_is_not_right_yet(qtbot: QtBot, opened: Open) -> None:
    panel = opened().panel
    answer(qtbot, panel.rows[0], "0.5")
    answer(qtbot, panel.rows[1], "0.125")
    qtbot.mouseClick(panel.reveal, Qt.MouseButton.LeftButton)
    assert [row.text() for row in panel.rows] == ["0.5", "0.25", "0.5", "−1.25", "−0.05", "0.125"]
    assert [row.said.text() for row in panel.rows[:2]] == ["✓ right", "the answer"]
    assert panel.subtitle == "1 of 6 right"
    qtbot.keyClick(panel.rows[1], Qt.Key.Key_Return)
    assert panel.subtitle == "1 of 6 right"


def test_the_next_exercise_has_the_next_number(qtbot: QtBot, opened: Open) -> None:
    panel = opened().panel
    first = panel.exercise
    qtbot.mouseClick(panel.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.exercise != first)
    assert panel.seed.value == 1
    assert "one step before" in panel.given.text()
    assert all(row.text() == "" for row in panel.rows)
    qtbot.mouseClick(panel.samples.button(2), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(panel.rows) == 8)
    assert panel.rows[4].name.text() == "Σ ∂eˢ/∂w¹₁₁ ="


def test_what_was_typed_stays_until_the_exercise_is_another(qtbot: QtBot, opened: Open) -> None:
    stage = opened()
    panel, session = stage.panel, stage.session
    answer(qtbot, panel.rows[0], "0.5")
    rows = panel.rows
    session.restart()
    flush(panel)
    assert panel.rows is rows
    session.edit(replace(session.experiment, optimizer=GradientDescent(0.2)), "η")
    qtbot.waitUntil(lambda: panel.rows is not rows)
    assert "η\u00a0=\u00a00.2" in panel.given.text()


def test_what_is_too_much_for_a_hand_is_said(qtbot: QtBot, opened: Open) -> None:
    stage = opened(wide())
    panel = stage.panel
    assert panel.given.text().startswith("33 weights are too many")
    assert (panel.rows, panel.sheet()) == ([], ())
    assert not panel.pdf.isEnabled()
    assert not panel.prediction.predict.isEnabled()
    stage.session.edit(lecture_experiment(), "Back")
    qtbot.waitUntil(lambda: len(panel.rows) == 6)
    assert panel.pdf.isEnabled()


def test_a_sheet_is_asked_for_with_its_exercises(qtbot: QtBot, opened: Open) -> None:
    panel = opened().panel
    for button, signal in ((panel.pdf, panel.pdf_requested), (panel.tex, panel.tex_requested)):
        with qtbot.waitSignal(signal) as asked:
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert [task.seed for task in asked.args[0]] == [0, 1, 2, 3, 4]


# -- predict, then reveal ---------------------------------------------------------------------


def test_the_ghost_is_dragged_on_the_map_and_held_against_the_step(
    qtbot: QtBot, opened: Open
) -> None:
    stage = opened()
    row, before = stage.panel.prediction, stage.landscape.window
    loss_map = on_view(qtbot, SurfaceMap(stage.context), 500, 460)
    qtbot.mouseClick(row.predict, Qt.MouseButton.LeftButton)
    assert stage.landscape.window.width == 1.0
    stage.landscape.complete()
    loss_map.grab()
    frame = loss_map.frame()
    assert frame is not None
    assert row.ghost.place is not None

    def pixel(place: tuple[float, float]) -> QPoint:
        x, y = frame.pixels(np.array(place)).tolist()
        return QPoint(round(x), round(y))

    start, end = pixel(tuple(row.ghost.place.tolist())), pixel((0.0, 0.2))
    qtbot.mouseMove(loss_map, start)
    qtbot.mousePress(loss_map, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(loss_map, end)
    qtbot.mouseRelease(loss_map, Qt.MouseButton.LeftButton, pos=end)
    assert row.ghost.place == pytest.approx([0.0, 0.2], abs=0.01)
    row.ghost.move(np.array([0.125, 0.05]))
    qtbot.mouseClick(row.compare, Qt.MouseButton.LeftButton)
    # from 0 the step is (-0.05, 0.125): as long as the guess, and a right angle away
    assert row.said.text() == "0.19 away from w⁺; its direction is off by 90°."
    loss_map.grab()
    row.ghost.move(np.array([0.0, 0.0]))
    assert "has no direction" in row.said.text()
    qtbot.mouseClick(row.predict, Qt.MouseButton.LeftButton)
    assert row.ghost.place is None
    assert stage.landscape.window == before
    loss_map.grab()
    qtbot.mouseMove(loss_map, start)


def test_the_map_keeps_the_arrows_back_until_the_step_is_revealed(
    qtbot: QtBot, opened: Open
) -> None:
    stage = opened(replace(lecture_experiment(), sampling=Sampling(1)))
    row, surface = stage.panel.prediction, SurfacePanel(stage.context)
    qtbot.addWidget(surface)
    surface.resize(600, 600)
    surface.show()
    stage.landscape.complete()

    def arrows() -> int:
        surface.map.grab()
        return len(surface.bouquet.arrows)

    assert arrows() == 4
    row.predict.click()
    stage.landscape.complete()
    assert arrows() == 0
    plain = surface.map.grab().toImage()
    surface.batch_lines.set_on(True)
    qtbot.waitUntil(lambda: surface.batch_lines.source.surface is not None)
    assert surface.map.grab().toImage() == plain
    row.compare.click()
    assert arrows() == 4
    assert surface.map.grab().toImage() != plain
    row.predict.click()
    assert arrows() == 4
    row.predict.click()
    assert arrows() == 0
    stage.panel.hide()
    assert arrows() == 4


def test_the_arrow_keys_move_the_ghost(qtbot: QtBot, opened: Open) -> None:
    row = opened().panel.prediction
    qtbot.keyClick(row.predict, Qt.Key.Key_Right)
    assert row.ghost.place is None
    row.predict.setFocus()
    qtbot.keyClick(row.predict, Qt.Key.Key_Space)
    assert row.ghost.place is not None
    place = row.ghost.place
    qtbot.keyClick(row.predict, Qt.Key.Key_Up)
    qtbot.keyClick(row.predict, Qt.Key.Key_Left)
    assert row.ghost.place == pytest.approx(place + np.array([-0.01, 0.01]))


def test_the_ghost_goes_with_its_exercise_and_its_panel(qtbot: QtBot, opened: Open) -> None:
    panel = opened().panel
    row = panel.prediction
    row.predict.click()
    qtbot.mouseClick(panel.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: row.ghost.place is None)
    row.predict.click()
    assert row.ghost.place is not None
    panel.hide()
    assert row.ghost.place is None


def test_another_map_ends_the_prediction_and_keeps_its_window(opened: Open) -> None:
    stage = opened()
    row, landscape = stage.panel.prediction, stage.landscape
    row.predict.click()
    landscape.set_parameters(1, 0)
    assert row.ghost.place is None
    window = landscape.window
    row.predict.click()
    assert row.ghost.place is not None
    landscape.reset_window()
    row.predict.click()
    assert landscape.window == landscape.home == window
    row.predict.click()
    landscape.set_random(1)
    assert row.ghost.place is None
    row.predict.click()
    stage.session.edit(wide(), "Another network")
    assert row.ghost.place is None
    assert not row.predict.isEnabled()


def test_one_weight_leaves_no_room_for_a_ghost(opened: Open) -> None:
    data = Dataset(np.array([[1.0], [2.0]]), np.array([[0.0], [1.0]]))
    network = Network((1, 1), (SIGMOID,), (False,))
    panel = opened(Experiment(Problem(data, network), start=GlorotUniform())).panel
    assert len(panel.rows) == 4
    assert not panel.prediction.predict.isEnabled()
    assert not panel.samples.button(4).isEnabled()


# -- words ------------------------------------------------------------------------------------


def test_every_slip_has_words() -> None:
    assert set(words.SLIPS) == set(get_args(SlipKind))


def test_the_formulas_name_what_differs_from_the_lecture() -> None:
    base = lecture_experiment()
    problem = replace(
        base.problem,
        reduction="mean",
        penalty=Penalty(0.0, 0.2),
        feasible=Box((-1.0, -1.0), (1.0, 1.0)),
    )
    lines = words.formulas(exercise(replace(base, problem=problem), 0))
    assert "w⁺ = projection of w − η·g onto C" in lines
    assert "R = 0.1·‖w‖²" in lines
    network = Network((2, 2, 1), (TANH, SIGMOID), (True, False))
    deep = Experiment(Problem(base.problem.data, network), start=GlorotUniform())
    assert words.formulas(exercise(deep, 1))[:3] == (
        "a¹₁ = tanh(w¹₁₁x₁ + w¹₁₂x₂ + b¹₁)",
        "a¹₂ = tanh(w¹₂₁x₁ + w¹₂₂x₂ + b¹₂)",
        "ŷ = σ(w²₁₁a¹₁ + w²₁₂a¹₂)",
    )


def test_nothing_is_cut_at_the_width_of_the_left_column(qtbot: QtBot, opened: Open) -> None:
    panel = opened().panel
    task = panel.exercise
    assert isinstance(task, Exercise)
    for row in panel.rows:
        answer(qtbot, row, "17")
    for label in panel.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap():
            assert label.width() >= min(label.sizeHint().width(), label.minimumSizeHint().width())
    assert panel.minimumSizeHint().width() <= 330
