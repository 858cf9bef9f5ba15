"""The gradients' panel: the lecture's numbers, brushing both ways, and no work out of sight."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import GlorotUniform
from mlpsim.views.labels import number
from mlpsim.views.panels.gradients import GradientsPanel
from tests.views.panel_stage import Stage

Open = Callable[..., Stage[GradientsPanel]]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened(opened: Open) -> Open:
    def make(experiment: Experiment, size: tuple[int, int] = (350, 320)) -> Stage[GradientsPanel]:
        return opened(GradientsPanel, experiment, size=size)

    return make


def large(samples: int) -> Experiment:
    rng = np.random.default_rng(1)
    data = Dataset(rng.normal(size=(samples, 2)), rng.normal(size=(samples, 1)))
    network = Network((2, 8, 8, 1), (TANH, TANH, IDENTITY), (True, True, True))
    return Experiment(Problem(data, network), sampling=Sampling(10), start=GlorotUniform())


def place(stage: Stage[GradientsPanel], row: int, x: float = 200.0) -> QPoint:
    """A pixel in a row, counted from the one that is in sight first."""
    height = stage.panel.grid.picture.row_height
    return QPoint(round(x), round((row + 1.5) * height))


def test_the_lectures_gradients_and_their_sum_are_shown_exactly(opened: Open) -> None:
    grid = opened(lecture_experiment()).panel.grid
    rows = [grid.texts(s, 2) for s in range(4)]
    assert rows == [("0.75", "0.75"), ("0.5", "0.5"), ("1", "1"), ("0.5", "−1.25")]
    assert grid.foot(0) == ("Σ = ∇E", "1", "2.75", "1")
    assert len(grid.picture.feet) == 1


def test_mean_and_penalty_have_rows_of_their_own(opened: Open) -> None:
    experiment = lecture_experiment()
    problem = replace(experiment.problem, reduction="mean", penalty=Penalty(l2=1.0))
    grid = opened(replace(experiment, problem=problem)).panel.grid
    assert [line.name for line in grid.picture.feet] == ["Σ = ∇E", "∇E/S", "∇R", "∇J"]
    assert grid.foot(1) == ("∇E/S", "0.25", "0.6875", "0.25")


def test_the_coming_batch_is_marked_and_its_step_stands_below(opened: Open, qtbot: QtBot) -> None:
    stage = opened(replace(lecture_experiment(), sampling=Sampling(1, "cyclic")))
    stage.advance(3)
    stage.session.seek(3)
    qtbot.waitUntil(lambda: stage.panel.grid.picture.members == {3})
    assert stage.panel.grid.foot(1)[0] == "g, step 4"
    assert "batch of step 4" in stage.panel.subtitle


def test_pointing_at_a_row_and_clicking_it_reach_the_session(qtbot: QtBot, opened: Open) -> None:
    stage = opened(lecture_experiment())
    session, viewport = stage.session, stage.panel.grid.viewport()
    qtbot.mouseMove(viewport, place(stage, 2))
    assert session.selection.pointed_sample == 2
    qtbot.mouseMove(viewport, QPoint(200, 5))
    assert session.selection.pointed_sample is None
    qtbot.mouseClick(viewport, LEFT, pos=place(stage, 3, viewport.width() - 10.0))
    assert session.selection.sample == 3
    assert session.selection.parameter == 1


def test_a_sample_selected_elsewhere_is_highlighted_and_described(opened: Open) -> None:
    stage = opened(lecture_experiment())
    stage.session.selection.select_sample(3)
    grid = stage.panel.grid
    assert grid.picture.brushed == 3
    assert grid.accessibleDescription() == "sample 4: w¹₁₁ 0.5, w¹₁₂ −1.25"
    stage.session.selection.point_at_sample(0)
    assert grid.picture.brushed == 0
    stage.session.selection.select_parameter(1)
    assert grid.picture.parameter == 1


def test_the_keys_walk_through_rows_and_columns(qtbot: QtBot, opened: Open) -> None:
    stage = opened(lecture_experiment())
    grid, session, key = stage.panel.grid, stage.session, Qt.Key
    for pressed, sample in (
        (key.Key_Down, 0),
        (key.Key_Down, 1),
        (key.Key_Up, 0),
        (key.Key_End, 3),
        (key.Key_Home, 0),
        (key.Key_PageDown, 3),
    ):
        qtbot.keyClick(grid, pressed)
        assert session.selection.sample == sample
    qtbot.keyClick(grid, key.Key_Right)
    qtbot.keyClick(grid, key.Key_Right)
    assert session.selection.parameter == 1
    qtbot.keyClick(grid, key.Key_Escape)
    assert (session.selection.sample, session.selection.parameter) == (None, None)


def test_many_rows_and_columns_are_scrolled_to_what_is_selected(qtbot: QtBot, opened: Open) -> None:
    stage = opened(large(100_000))
    grid = stage.panel.grid
    stage.context.appraiser.complete()  # else a worker finds the sums
    qtbot.waitUntil(lambda: grid.picture.table is not None)
    stage.panel.grab()
    stage.session.selection.select_sample(77_777)
    assert grid.picture.first_row <= 77_777 < grid.picture.first_row + grid.picture.rows_in_sight
    stage.session.selection.select_parameter(100)
    assert 100 in grid.picture.shown_columns
    assert stage.panel.grid.horizontalScrollBar().maximum() > 90


def test_a_figure_has_no_scroll_bars(opened: Open) -> None:
    stage = opened(large(50))
    bars = (stage.panel.grid.horizontalScrollBar(), stage.panel.grid.verticalScrollBar())
    assert all(bar.isVisible() for bar in bars)
    stage.panel.set_figure(True)
    assert not any(bar.isVisible() for bar in bars)
    stage.panel.set_figure(False)
    assert all(bar.isVisible() for bar in bars)


def test_long_numbers_are_never_cut(qtbot: QtBot, opened: Open) -> None:
    stage = opened(lecture_experiment())
    stage.session.set_theta(np.array([-9.87654, 0.0]), "far")
    picture = stage.panel.grid.picture
    stage.panel.grab()
    qtbot.waitUntil(lambda: picture.table is not None and picture.table.theta[0] < -9.0)
    stage.panel.grab()
    width = picture.shown_width
    metrics = stage.panel.grid.fontMetrics()
    assert all(
        metrics.horizontalAdvance(text) < width for s in range(4) for text in stage_texts(stage, s)
    )


def test_the_next_steps_name_takes_no_room_from_the_weights(qtbot: QtBot, opened: Open) -> None:
    sgd = replace(lecture_experiment(), sampling=Sampling(1))
    stage = opened(sgd, (330, 600))
    stage.advance(60)
    picture = stage.panel.grid.picture
    qtbot.waitUntil(lambda: picture.feet[1].name == "g, step 61")
    stage.panel.grab()
    assert list(picture.shown_columns) == [0, 1]


def test_a_narrow_table_of_small_numbers_shows_two_weights(qtbot: QtBot, opened: Open) -> None:
    stage = opened(lecture_experiment(), (330, 600))
    stage.advance(3000)
    picture = stage.panel.grid.picture
    qtbot.waitUntil(lambda: picture.table is not None and picture.table.theta[0] < -1.0)
    stage.panel.grab()
    assert list(picture.shown_columns) == [0, 1]


def test_a_narrow_table_keeps_two_weights_while_numbers_become_small(
    qtbot: QtBot, opened: Open
) -> None:
    preset = find_preset("blobs-softmax", load_presets())
    stage = opened(preset.variants[0].experiment, (320, 500))
    picture = stage.panel.grid.picture
    for k in (20, 200):
        stage.advance(k - stage.session.cursor)
        theta = stage.session.theta
        qtbot.waitUntil(lambda theta=theta: np.array_equal(picture.table.theta, theta))
        for _ in range(3):
            stage.panel.grab()
            QApplication.processEvents()
    assert list(picture.shown_columns) == [0, 1]


def stage_texts(stage: Stage[GradientsPanel], s: int) -> list[str]:
    table = stage.panel.grid.picture.table
    assert table is not None
    return [number(v, 2) for v in table.rows(s, s + 1)[1][0].tolist()]


def test_another_theme_and_type_size_are_followed(opened: Open) -> None:
    stage = opened(lecture_experiment())
    before = stage.panel.grab().toImage()
    stage.appearance.set_theme("light")
    assert stage.panel.grab().toImage() != before
