"""The stationary points panel: what it lists, says and draws, and how points are chosen."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY, SIN
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.losses import ABSOLUTE_ERROR
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.starts import Zeros
from mlpsim.core.window import Window
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.labels.stationary_words import NO_WINDOW, TOO_MANY, name_words, proof_words
from mlpsim.views.panels.stationary import StationaryPanel
from tests.experiments import MANY_WEIGHTS, lecture_on
from tests.views.panel_stage import Stage

Open = Callable[..., Stage[StationaryPanel]]
SADDLE = Experiment(
    Problem(Dataset([[1.0]], [[1.0]]), Network((1, 1, 1), (IDENTITY,) * 2, (False,) * 2)),
    start=Zeros(),
)
WINDOW = Window(-4.0, 4.0, -4.0, 4.0)


@pytest.fixture
def opened(opened: Open) -> Open:
    def open_panel(experiment: Experiment) -> Stage[StationaryPanel]:
        stage = opened(StationaryPanel, experiment)
        stage.panel.complete()
        return stage

    return open_panel


def neuron(activation, window: Box, y: float = 0.0, **others: object) -> Experiment:
    problem = Problem(
        Dataset([[1.0]], [[y]]),
        Network((1, 1), (activation,), (False,)),
        feasible=window,
        **others,
    )
    return Experiment(problem, start=Zeros())


WALLED = lecture_on(Box((1.0, -4.0), (4.0, 4.0)))


def rows(stage: Stage[StationaryPanel]) -> list[str]:
    shown = stage.panel.list
    return [shown.item(i).text() for i in range(shown.count())]


def frame_of(window: Window = WINDOW) -> PlotFrame:
    return PlotFrame(window, QRectF(0.0, 0.0, 400.0, 400.0), "x", "y", QFont())


def painted(stage: Stage[StationaryPanel], window: Window = WINDOW) -> QImage:
    image = QImage(400, 400, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    stage.panel.marks.paint(painter, frame_of(window))
    painter.end()
    return image


def near(image: QImage, x: float, y: float, reach: int = 4) -> list:
    """The colours around a place of WINDOW."""
    at = frame_of().pixels(np.array([x, y]))
    i0, j0 = int(at[0]), int(at[1])
    square = range(-reach, reach + 1)
    return [
        image.pixelColor(i0 + i, j0 + j)
        for i in square
        for j in square
        if 0 <= i0 + i < 400 and 0 <= j0 + j < 400
    ]


def is_marked(image: QImage, x: float, y: float) -> bool:
    return max(colour.lightness() for colour in near(image, x, y)) > 200


def vivid(image: QImage, x: float, y: float) -> list:
    """The colours around a place that are an eigenvector's: neither white nor halo."""
    return [c for c in near(image, x, y) if c.saturation() > 60 and c.value() > 130]


# -- what is said ------------------------------------------------------------------------------


def test_the_lectures_wall_has_three_and_they_are_told_apart(opened: Open) -> None:
    stage = opened(WALLED)
    assert stage.panel.summary.text() == (
        "3 stationary points on C = [1, 4] × [−4, 4]: proved to be all."
    )
    assert rows(stage) == [
        "1   local minimum in a corner of C,  E ≈ 1.00001",
        "2   local minimum on the wall of C,  E ≈ 2.95121",
        "3   saddle on the wall of C,  E ≈ 3.42604",
    ]
    panel = stage.panel
    assert panel.place.text() == "(1, −4)"
    assert panel.value.text().startswith("1.00000612857")
    assert panel.proof.text().endswith(
        "The corner itself: E grows from it into C along every axis."
    )
    panel.points.choose(1)
    assert panel.place.text().startswith("(1, 0.78925816811")
    assert "E grows from the wall into C, and grows along it, too" in panel.proof.text()
    panel.points.choose(2)
    assert panel.list.currentRow() == 2
    assert "E grows from the wall into C, and falls along it" in panel.proof.text()
    lines = panel.eigen.text().splitlines()
    assert lines[0].startswith("λ₁ = −4.8021 along (")
    assert lines[1].startswith("λ₂ = −2.0809 along (")


def test_inside_the_signs_of_the_eigenvalues_tell(opened: Open) -> None:
    stage = opened(neuron(SIN, Box((-2.0,), (2.0,))))
    # J = sin²w: a minimum at 0, maxima at ±π/2, and minima at the walls, where it falls outwards.
    words = [row.split(",")[0][4:] for row in rows(stage)]
    assert (
        sorted(words)
        == ["local maximum"] * 2 + ["local minimum"] + ["local minimum in a corner of C"] * 2
    )
    stage.panel.points.choose(0)
    assert stage.panel.place.text().startswith("0 ± ")
    assert stage.panel.eigen.text() == "λ₁ = 2 along 1"
    assert stage.panel.proof.text().endswith("all eigenvalues of the Hessian are above 0.")
    stage.panel.points.choose(4)
    assert stage.panel.proof.text().endswith("all eigenvalues of the Hessian are below 0.")


def test_where_there_is_none_that_is_proved(opened: Open) -> None:
    stage = opened(lecture_experiment())
    assert stage.panel.summary.text().startswith("No stationary point in the window [−3, 1] × [")
    assert stage.panel.summary.text().endswith("]: proved.")
    assert not stage.panel.list.isVisible()
    assert not stage.panel.rows.isVisible()
    assert not stage.panel.proof.isVisible()


def test_on_a_ball_the_wall_is_its_sphere(opened: Open) -> None:
    stage = opened(lecture_on(Ball((0.0, 0.0), 1.0)))
    assert stage.panel.summary.text() == (
        "Exactly one stationary point on C = {w : ‖w‖ ≤ 1}: proved to be all."
    )
    assert rows(stage)[0].startswith("1   local minimum on the wall of C,")


def test_a_line_of_minima_alone_holds_no_point_that_is_proved(opened: Open) -> None:
    """Samples at one place with both labels: ŷ = ½ all along w·x = 0."""
    problem = replace(
        lecture_experiment().problem,
        data=Dataset([[1.0, 2.0], [1.0, 2.0]], [[0.0], [1.0]]),
        feasible=Box((-3.0, -2.0), (1.0, 2.0)),
    )
    text = opened(replace(lecture_experiment(), problem=problem)).panel.summary.text()
    start = "No stationary point on C = [−3, 1] × [−2, 2] proved; those that there may be are not"
    assert text.startswith(start)


def test_a_curve_of_minima_is_not_isolated_and_its_cover_drawn(opened: Open) -> None:
    stage = opened(SADDLE)
    stage.landscape.set_window(WINDOW)
    stage.panel.complete()
    text = stage.panel.summary.text()
    assert text.startswith("1 stationary point in the window [−4, 4]² proved; the others are not")
    assert text.endswith(" boxes.")
    assert stage.panel.proof.text().endswith("the Hessian has eigenvalues on either side of 0.")
    image = painted(stage)
    assert is_marked(image, 2.0, 0.5)
    assert is_marked(image, -1.0, -1.0)
    assert not is_marked(image, 3.0, 3.0)


def test_what_is_not_proved_is_not_claimed(opened: Open) -> None:
    kink = opened(neuron(IDENTITY, Box((-2.0,), (3.0,)), 1.0, loss=ABSOLUTE_ERROR))
    assert kink.panel.summary.text() == (
        "No stationary point on C = [−2, 3] proved, 1 place not decided; no others."
    )
    assert rows(kink)[0].startswith("1   not decided: a stationary point may be here,  E ≈ ")
    assert kink.panel.place.text().startswith("about ")
    assert kink.panel.eigen.text() == "none: a kink"
    assert "E has a kink there, and no Hessian." in kink.panel.proof.text()
    flat = opened(neuron(SIN, Box((1.0,), (2.0,)), 1.0))
    assert "its eigenvalues are computed, no proof." in flat.panel.proof.text()
    assert not vivid(painted(kink, Window(-3.0, 5.0, -4.0, 4.0)), 0.4, 0.0)
    unknown = replace(opened(WALLED).panel.points.answer.points[1], kind="open")
    assert name_words(unknown) == "stationary point on the wall of C"
    assert proof_words(unknown, WALLED.problem).endswith(
        "its kind is open, as an eigenvalue is too close to 0."
    )


def test_with_a_penalty_the_objective_is_j(opened: Open) -> None:
    stage = opened(lecture_on(Box((-10.0, -10.0), (10.0, 10.0)), penalty=Penalty(l2=0.02)))
    assert rows(stage) == ["1   local minimum,  J ≈ 0.0258918"]
    assert stage.panel.value_symbol.tex == "J"


def test_a_large_network_or_a_plane_of_no_weights_is_told_why_there_are_none(opened: Open) -> None:
    assert opened(MANY_WEIGHTS).panel.summary.text() == TOO_MANY
    stage = opened(lecture_experiment())
    stage.landscape.set_random(3)
    stage.panel.points.ask()
    assert stage.panel.summary.text() == NO_WINDOW


def test_in_three_dimensions_the_distance_off_the_map_is_said(opened: Open) -> None:
    problem = Problem(
        Dataset([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]], [[1.0], [2.0], [3.5]]),
        Network((2, 1), (IDENTITY,), (True,)),
        feasible=Box((-3.0,) * 3, (3.0,) * 3),
    )
    stage = opened(Experiment(problem, start=Zeros()))
    # The line goes through all three: w = (1.5, 2.5), b = -0.5, half a unit off the plane b = 0.
    assert stage.panel.proof.text().endswith("It is 0.5 off the map.")
    assert stage.panel.points.chosen_point.theta == pytest.approx([1.5, 2.5, -0.5])
    image = painted(stage)
    marked = max(colour.lightness() for colour in near(image, 1.5, 2.5, 2))
    assert 60 < marked < 200  # faint


def test_it_asks_while_it_is_on_view_and_says_that_it_looks(qtbot: QtBot, opened: Open) -> None:
    stage = opened(WALLED)
    stage.session.edit_problem("C", feasible=Ball((0.0, 0.0), 1.0))
    qtbot.waitUntil(lambda: stage.panel.list.count() == 1)
    assert "‖w‖ ≤ 1" in stage.panel.summary.text()


def test_a_window_that_moves_while_the_run_plays_is_asked_about_when_it_rests(
    qtbot: QtBot, opened: Open
) -> None:
    stage = opened(lecture_experiment())
    before = stage.panel.points.answer
    stage.player.play()
    stage.landscape.set_window(WINDOW)
    qtbot.waitUntil(lambda: stage.session.run.last > 20)
    assert stage.panel.points.answer is before
    assert not stage.panel.points.is_busy
    stage.player.pause()
    qtbot.waitUntil(lambda: stage.panel.points.answer is not before)
    assert stage.panel.summary.text() == "No stationary point in the window [−4, 4]²: proved."


# -- choosing and drawing ----------------------------------------------------------------------


def test_a_point_is_chosen_with_the_keyboard_in_the_list(qtbot: QtBot, opened: Open) -> None:
    stage = opened(WALLED)
    assert stage.panel.list.accessibleName() == "Stationary points, the lowest first"
    stage.panel.list.setFocus()
    qtbot.keyClick(stage.panel.list, Qt.Key.Key_Down)
    assert stage.panel.points.chosen_place == 1
    qtbot.keyClick(stage.panel.list, Qt.Key.Key_End)
    assert stage.panel.points.chosen_place == 2
    assert stage.panel.value.text().startswith("3.42604")


def test_a_point_is_chosen_with_a_click_on_the_map(opened: Open) -> None:
    stage = opened(WALLED)
    marks, frame = stage.panel.marks, frame_of()
    at = QPointF(*frame.pixels(np.array([1.0, 0.789])).tolist())
    beside = at + QPointF(40.0, 0.0)
    assert marks.hover(frame, at)
    assert not marks.hover(frame, beside)
    assert not marks.hover(frame, None)
    assert not marks.press(frame, beside)
    assert marks.press(frame, at + QPointF(3.0, 3.0))
    marks.drag(frame, beside)
    marks.release()
    assert stage.panel.list.currentRow() == 1
    assert stage.panel.points.chosen_place == 1


def test_every_point_has_its_mark_and_the_chosen_one_its_eigenvectors(opened: Open) -> None:
    stage = opened(SADDLE)
    stage.landscape.set_window(WINDOW)
    stage.panel.complete()
    image = painted(stage)
    assert is_marked(image, 0.0, 0.0)
    # Upwards along (1, -1), in orange; downwards along (1, 1), in blue, here on either side.
    for x, y, warm in (
        (0.6, -0.6, True),
        (-0.6, 0.6, True),
        (0.6, 0.6, False),
        (-0.6, -0.6, False),
    ):
        colours = vivid(image, x, y)
        assert colours
        assert all((colour.red() > colour.blue()) == warm for colour in colours)
    stage.panel.points.choose(None)
    assert not vivid(painted(stage), 0.6, 0.6)


def test_marks_are_drawn_only_while_the_panel_is_on_view(opened: Open) -> None:
    stage = opened(WALLED)
    assert is_marked(painted(stage), 1.0, 0.789)
    stage.panel.hide()
    assert not is_marked(painted(stage), 1.0, 0.789)
    at = QPointF(*frame_of().pixels(np.array([1.0, 0.789])).tolist())
    assert not stage.panel.marks.hover(frame_of(), at)
    stage.panel.show()
    assert is_marked(painted(stage), 1.0, 0.789)


def test_a_direction_across_the_map_is_not_drawn(opened: Open) -> None:
    # J = w1² + 4·w2² + 9·w3²: the third eigenvector stands on the plane of w1 and w2.
    problem = Problem(
        Dataset([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 3.0]], [[0.0]] * 3),
        Network((3, 1), (IDENTITY,), (False,)),
    )
    stage = opened(Experiment(problem, start=Zeros()))
    assert stage.panel.points.chosen_point.eigenvalues == pytest.approx([2.0, 8.0, 18.0])
    image = painted(stage)
    assert vivid(image, 0.4, 0.0)
    assert vivid(image, 0.0, -0.4)
    assert not vivid(image, 0.4, 0.4)


def test_on_a_line_of_one_weight_the_points_stand_on_it(opened: Open) -> None:
    stage = opened(neuron(SIN, Box((-2.0,), (2.0,))))
    assert stage.landscape.plane.kind == "one_weight"
    image = painted(stage)
    assert is_marked(image, 0.0, 0.0)
    assert is_marked(image, np.pi / 2.0, 0.0)


def test_another_shape_of_the_picture_is_another_window(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    qtbot.waitUntil(lambda: not stage.panel.points.is_busy and not stage.landscape.is_busy)
    stage.landscape.set_aspect(2.0)
    window = stage.landscape.shown_window
    assert (window.y0, window.y1) == (-4.0, 4.0)
    qtbot.waitUntil(lambda: "[−3, 1] × [−4, 4]" in stage.panel.summary.text())
