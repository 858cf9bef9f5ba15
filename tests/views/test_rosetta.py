"""The Rosetta bar: what x, f and C mean, in the experiment in force, and in the room there is."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.losses import loss
from mlpsim.core.problem import Penalty, Problem
from mlpsim.views.context import Context
from mlpsim.views.labels.rosetta import meanings
from mlpsim.views.widgets.rosetta import RosettaBar
from tests.views.controls import in_column, on_view

LECTURE = lecture_experiment().problem


def long(problem: Problem) -> list[str]:
    return [f"{meaning.letter} {meaning.long}" for meaning in meanings(problem)]


@pytest.fixture
def bar(qtbot: QtBot, context: Context) -> Iterator[RosettaBar]:
    bar = RosettaBar(context)
    window: QWidget = in_column(bar)
    on_view(qtbot, window, 1900, 200)
    yield bar
    window.close()


def test_the_lectures_example() -> None:
    assert long(LECTURE) == [
        "x ↔ w = (w¹₁₁, w¹₁₂), the weights; the data's x is input",
        "f ↔ E = Σ eˢ, the total error",
        "C ↔ the whole space, not only the part on screen",
        "eˢ (y − ŷ)², no ½: PyTorch averages, TensorFlow Playground halves",
    ]


def test_a_penalty_makes_it_j_and_a_mean_is_said() -> None:
    both = replace(LECTURE, penalty=Penalty(0.0, 0.02), reduction="mean")
    assert long(both)[1] == "f ↔ J = (1/S) Σ eˢ + R, R = 0.01·‖w‖²"
    assert long(both)[3].startswith("eˢ (y − ŷ)², no ½: averaged, as PyTorch does")
    mean = replace(LECTURE, reduction="mean")
    assert long(mean)[1] == "f ↔ E/S = (1/S) Σ eˢ, the mean error"


@pytest.mark.parametrize(
    ("feasible", "text"),
    [
        (Box((-1.0, -1.0), (1.0, 1.0)), "the box −1 ≤ w ≤ 1"),
        (Box((1.0, -4.0), (4.0, 4.0)), "the box [1, 4] × [−4, 4]"),
        (Ball((0.0, 0.0), 1.0), "the ball ‖w‖ ≤ 1"),
        (Ball((1.0, 0.0), 2.0), "the ball ‖w − c‖ ≤ 2"),
    ],
)
def test_c_is_the_set_in_force_and_not_the_window(feasible: Box | Ball, text: str) -> None:
    assert long(replace(LECTURE, feasible=feasible))[2] == (
        f"C ↔ {text}, also where it is not on screen"
    )


def test_where_the_half_stands() -> None:
    half = long(replace(LECTURE, loss=loss("half_squared_error")))[3]
    assert half == (
        "eˢ ½(y − ŷ)², with ½: PyTorch averages, as in TensorFlow Playground; the lecture has no ½"
    )
    other = long(find_preset("blobs-softmax", load_presets()).variant().experiment.problem)
    assert other[3].startswith("eˢ cross-entropy (softmax), ")
    assert "weights and biases" in other[0]
    assert "w¹₁₃" not in other[0]


def test_the_line_says_all_where_there_is_room(bar: RosettaBar) -> None:
    for meaning in meanings(LECTURE):
        assert meaning.long in bar.text


@pytest.mark.parametrize("width", [1346, 900, 500, 300])
def test_the_line_never_needs_more_room_than_there_is(bar: RosettaBar, width: int) -> None:
    bar.window().resize(width, 200)
    assert bar.line.sizeHint().width() <= bar.line.width() or width < 400
    assert "x ↔ w" in bar.text
    assert "f ↔ E" in bar.text
    assert "PyTorch averages" in bar.toolTip()
    widest = max(map(bar.fontMetrics().horizontalAdvance, bar.toolTip().splitlines()))
    assert widest < 700  # of a screen with 1366 pixels


def test_the_line_follows_the_experiment(bar: RosettaBar, context: Context) -> None:
    context.session.edit_problem("Set C", feasible=Box((-1.0, -1.0), (1.0, 1.0)))
    assert "the box −1 ≤ w ≤ 1" in bar.text
    assert "the box −1 ≤ w ≤ 1" in bar.accessibleDescription()
    for theme in ("light", "dark"):
        context.appearance.set_theme(theme)
        assert context.appearance.theme.accent.name() in bar.line.text()
