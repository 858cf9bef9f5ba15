"""The surface sum: a map for every part, and the sum of those that are ticked."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.generators import Blobs
from mlpsim.core.looks.error_maps import PENALTY, REST
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.starts import Given, GlorotUniform
from mlpsim.core.window import Window
from mlpsim.views.labels import number
from mlpsim.views.panels.sum import SumPanel
from mlpsim.views.throttle import flush
from tests.views.panel_stage import Stage

Open = Callable[..., Stage[SumPanel]]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened(opened: Open, qtbot: QtBot) -> Open:
    def make(experiment: Experiment, size: tuple[int, int] = (700, 760)) -> Stage[SumPanel]:
        stage = opened(SumPanel, experiment, size=size)
        stage.landscape.complete()
        qtbot.waitUntil(lambda: stage.panel.mapper.total is not None, timeout=5000)
        return stage

    return make


def many(samples: int) -> Experiment:
    rng = np.random.default_rng(2)
    data = Dataset(rng.normal(size=(samples, 2)), rng.normal(size=(samples, 1)))
    network = Network((2, 2, 1), (TANH, IDENTITY), (True, True))
    return Experiment(Problem(data, network, reduction="mean"), start=GlorotUniform())


def sum_said(stage: Stage[SumPanel]) -> str:
    return stage.panel.equals.text()


def test_maps_that_come_late_are_not_shown_over_samples_that_went(
    opened: Open, qtbot: QtBot
) -> None:
    stage = opened(lecture_experiment())
    panel, said = stage.panel, sum_said(stage)
    panel.hide()  # as behind another tab
    stage.session.edit_problem("Delete", data=stage.session.experiment.problem.data.without([3]))
    panel.mapper.changed.emit()  # what was asked before
    assert len(panel.tiles) == 4
    assert sum_said(stage) == said
    panel.show()
    qtbot.waitUntil(lambda: len(panel.tiles) == 3)


def test_the_lectures_errors_stand_over_their_maps_and_add_up(opened: Open) -> None:
    stage = opened(lecture_experiment())
    tiles = stage.panel.tiles
    assert [tile.tick.text() for tile in tiles.values()] == [
        "e¹ = 0.25",
        "e² = 0.25",
        "e³ = 0.25",
        "e⁴ = 0.25",
    ]
    assert len(stage.panel.signs) == 3
    assert sum_said(stage) == "= E = 1"
    total = stage.panel.total.surface
    assert total is not None
    thetas = total.plane.points(total.xs, total.ys)
    np.testing.assert_allclose(total.values, stage.landscape.problem.value(thetas))


@pytest.mark.parametrize("start", [(-2.6, 0.4), (0.8, 1.2), (0.0, 0.0)])
def test_no_arrow_is_cut_at_the_edge_of_its_map(opened: Open, start: tuple[float, float]) -> None:
    stage = opened(replace(lecture_experiment(), start=Given(start)))
    stage.landscape.set_window(Window(-3.0, 1.0, -1.5, 1.5))
    stage.landscape.complete()
    flush(stage.panel)
    pictures = [tile.picture for tile in stage.panel.tiles.values()]
    for picture in (*pictures, stage.panel.total):
        frame = picture.frame()
        assert frame is not None
        arrow = picture.arrow_line(frame)
        assert arrow is not None
        assert arrow.length() > 0.0
        assert frame.area.contains(arrow.p2())


def test_a_tick_sums_again(qtbot: QtBot, opened: Open) -> None:
    stage = opened(lecture_experiment())
    before = stage.panel.total.surface
    stage.panel.tiles[3].tick.click()
    qtbot.waitUntil(lambda: stage.panel.total.surface is not before)
    qtbot.waitUntil(lambda: "e³ =" in sum_said(stage))
    assert sum_said(stage) == "= e¹ + e² + e³ = 0.75"
    maps, total = stage.panel.mapper.maps, stage.panel.total.surface
    assert maps is not None
    assert total is not None
    np.testing.assert_allclose(total.values, maps.values[:3].sum(axis=0))
    for key in range(3):
        stage.panel.tiles[key].tick.click()
    qtbot.waitUntil(lambda: sum_said(stage) == "= 0 = 0")


def test_a_map_is_pointed_at_and_clicked_to_select_its_sample(qtbot: QtBot, opened: Open) -> None:
    stage = opened(lecture_experiment())
    tile, session = stage.panel.tiles[2], stage.session
    qtbot.mouseClick(tile, LEFT, pos=QPoint(40, tile.height() - 20))
    assert session.selection.sample == 2
    tile.picture.setFocus()
    qtbot.keyClick(stage.panel.tiles[1].picture, Qt.Key.Key_Return)
    assert session.selection.sample == 1
    tile.pointed.emit(2, True)
    assert session.selection.pointed_sample == 2
    tile.pointed.emit(2, False)
    assert session.selection.pointed_sample is None


def test_of_many_samples_the_first_the_selected_and_the_others_have_maps(
    qtbot: QtBot, opened: Open
) -> None:
    stage = opened(many(40))
    assert list(stage.panel.tiles) == [*range(8), REST]
    stage.session.selection.select_sample(30)
    qtbot.waitUntil(lambda: list(stage.panel.tiles) == [*range(8), 30, REST])
    assert sum_said(stage).startswith("= E/S = ")
    said = float(sum_said(stage).split(" = ")[-1])
    assert said == pytest.approx(stage.session.run.value(0), rel=1e-4)
    stage.panel.tiles[0].tick.click()
    qtbot.waitUntil(lambda: "(e² + e³" in sum_said(stage))
    assert sum_said(stage).count("/S") == 1
    stage.session.selection.select_sample(31)
    qtbot.waitUntil(lambda: 31 in stage.panel.tiles)
    assert not stage.panel.tiles[0].tick.isChecked()


def test_tiny_errors_of_the_other_samples_are_no_rounding_error(opened: Open) -> None:
    x = np.zeros((20, 2))
    x[8:, 0] = -22.0
    network = Network((2, 1), (SIGMOID,), (False,))
    problem = Problem(Dataset(x, np.zeros((20, 1))), network)
    stage = opened(Experiment(problem, start=Given((1.0, 0.0))))
    rest = 12 * (1.0 / (1.0 + np.exp(22.0))) ** 2
    said = stage.panel.tiles[REST].picture.accessibleDescription()
    assert said == f"others = {number(rest)}"


def test_the_penalty_is_a_part(qtbot: QtBot, opened: Open) -> None:
    experiment = lecture_experiment()
    problem = replace(experiment.problem, penalty=Penalty(l2=1.0))
    stage = opened(replace(experiment, problem=problem, start=Given((1.0, 1.0))))
    tile = stage.panel.tiles[PENALTY]
    assert tile.tick.text() == "R = 1"
    assert sum_said(stage).startswith("= J = E + R = ")
    stage.panel.tiles[0].tick.click()
    qtbot.waitUntil(lambda: sum_said(stage).startswith("= e² + e³ + e⁴ + R = "))
    qtbot.mouseClick(tile, LEFT, pos=QPoint(40, tile.height() - 10))
    assert stage.session.selection.sample is None


def test_the_maps_follow_the_window(qtbot: QtBot, opened: Open) -> None:
    stage = opened(lecture_experiment())
    window = stage.landscape.window.moved(0.5, 0.5)
    stage.landscape.set_window(window)
    qtbot.waitUntil(lambda: _window(stage) == stage.landscape.shown_window, timeout=5000)


def _window(stage: Stage[SumPanel]) -> object:
    surface = stage.panel.tiles[0].picture.surface
    return None if surface is None else surface.window


def test_with_one_weight_it_says_that_there_is_no_plane(qtbot: QtBot) -> None:
    data = Dataset(np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]]))
    problem = Problem(data, Network((1, 1), (SIGMOID,), (False,)))
    stage = Stage(qtbot, SumPanel, Experiment(problem, start=Given((0.0,))), (500, 500))
    try:
        qtbot.waitUntil(lambda: "no plane" in stage.panel.message.text())
    finally:
        stage.close()


def test_maps_of_two_weights_go_with_them_and_come_again(opened: Open, qtbot: QtBot) -> None:
    stage = opened(lecture_experiment())
    panel = stage.panel
    data = Dataset(np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]]))
    problem = Problem(data, Network((1, 1), (SIGMOID,), (False,)))
    stage.session.begin(Experiment(problem, start=Given((0.0,))), "One weight")
    qtbot.waitUntil(lambda: "no plane" in panel.message.text())
    assert (panel.tiles, panel.total.surface, sum_said(stage), panel.subtitle) == ({}, None, "", "")
    stage.session.undo_stack.undo()
    qtbot.waitUntil(lambda: panel.total.surface is not None)
    assert all(tile.picture.surface is not None for tile in panel.tiles.values())
    assert sum_said(stage) == "= E = 1"


def test_numbers_that_have_no_room_are_shortened_but_never_cut(opened: Open) -> None:
    few = lecture_experiment()
    many = replace(few, problem=replace(few.problem, data=Blobs(samples=40).generate()))
    for experiment, tiles in ((few, 4), (many, 9)):
        stage = opened(experiment, (360, 420))
        stage.session.set_theta(np.array([-0.123, 0.456]), "there")
        flush(stage.panel)
        assert len(stage.panel.tiles) == tiles
        for tile in stage.panel.tiles.values():
            needed = tile.tick.fontMetrics().horizontalAdvance(tile.tick.text())
            assert 0 < needed <= tile.width() - tile.fontMetrics().height()
