"""The bouquet on the map: arrows as long as the gradients, that add up, and that are pointed at."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given, GlorotUniform
from mlpsim.core.window import Window
from mlpsim.views.items.overlays.arrows import badges_of, tip_of
from mlpsim.views.items.overlays.bouquet import BouquetOverlay, Mode
from mlpsim.views.panels.surface import SurfacePanel
from mlpsim.views.throttle import flush
from tests.views.panel_stage import Stage

Open = Callable[..., Stage[SurfacePanel]]
LEFT = Qt.MouseButton.LeftButton
PULLS = {0: (-0.75, -0.75), 1: (-0.5, -0.5), 2: (-1.0, -1.0), 3: (-0.5, 1.25)}


def many_samples() -> Experiment:
    rng = np.random.default_rng(3)
    data = Dataset(rng.normal(size=(90, 2)), rng.normal(size=(90, 1)))
    network = Network((2, 3, 1), (TANH, IDENTITY), (True, True))
    problem = Problem(data, network, reduction="mean")
    return Experiment(problem, sampling=Sampling(5), start=GlorotUniform())


def painted(stage: Stage[SurfacePanel], mode: Mode) -> BouquetOverlay:
    stage.panel.bouquet.set_mode(mode)
    stage.panel.map.grab()
    return stage.panel.bouquet


def vector(line: QLineF) -> tuple[float, float]:
    return line.dx(), -line.dy()


def test_the_lectures_arrows_start_at_w_and_have_one_scale(opened_surface: Open) -> None:
    stage = opened_surface(lecture_experiment())
    arrows = dict(painted(stage, Mode.FROM_W).arrows)
    frame = stage.panel.map.frame()
    assert frame is not None
    x, y = frame.pixels(np.zeros(2)).tolist()
    scale = arrows[2].length() / np.hypot(1.0, 1.0)
    for s, pull in PULLS.items():
        assert (arrows[s].x1(), arrows[s].y1()) == pytest.approx((x, y))
        assert vector(arrows[s]) == pytest.approx(tuple(scale * c for c in pull))


def test_tip_to_tail_they_end_where_the_sum_does(opened_surface: Open) -> None:
    given = Sampling(2, "given", batches=((3, 1), (0, 2)))
    stage = opened_surface(replace(lecture_experiment(), sampling=given))
    arrows = painted(stage, Mode.TIP_TO_TAIL).arrows
    assert [s for s, _ in arrows] == [1, 3, 0, 2]  # the batch's come first
    for (_, before), (_, after) in itertools.pairwise(arrows):
        assert after.p1() == before.p2()
    dx, dy = vector(QLineF(arrows[0][1].p1(), arrows[-1][1].p2()))
    assert dy / dx == pytest.approx(1.0 / 2.75)  # −∇E = (−2.75, −1)


def test_the_penalty_has_an_arrow_of_its_own(opened_surface: Open) -> None:
    experiment = lecture_experiment()
    problem = replace(experiment.problem, penalty=Penalty(l2=0.5))
    stage = opened_surface(replace(experiment, problem=problem, start=Given((-1.0, 0.5))))
    arrows = painted(stage, Mode.TIP_TO_TAIL).arrows
    samples = [s for s, _ in arrows]
    assert samples == [0, 1, 2, 3, None]
    dx, dy = vector(arrows[-1][1])
    assert dx > 0.0 > dy  # −∇R = (0.5, −0.25)
    assert dy / dx == pytest.approx(-0.5)


def test_arrows_come_by_themselves_only_where_samples_are_few(opened_surface: Open) -> None:
    assert opened_surface(lecture_experiment()).panel.bouquet.mode is Mode.FROM_W
    assert opened_surface(many_samples()).panel.bouquet.mode is Mode.OFF


def test_many_small_arrows_are_magnified_and_at_most_64_drawn(opened_surface: Open) -> None:
    stage = opened_surface(many_samples())
    bouquet = painted(stage, Mode.FROM_W)
    assert bouquet.magnification > 1
    assert len(bouquet.arrows) <= 64
    flush(stage.panel)
    assert f"× {bouquet.magnification}" in stage.panel.legend.accessibleDescription()
    chained = painted(stage, Mode.TIP_TO_TAIL)
    assert chained.magnification == 1
    assert chained.arrows[-1][0] is None  # the rest


def test_a_selected_sample_is_among_those_drawn(opened_surface: Open) -> None:
    stage = opened_surface(many_samples())
    drawn = {s for s, _ in painted(stage, Mode.FROM_W).arrows}
    left_out = next(s for s in range(90) if s not in drawn)
    stage.session.selection.select_sample(left_out)
    assert left_out in {s for s, _ in painted(stage, Mode.FROM_W).arrows}


def test_hovering_an_arrow_points_at_its_sample_and_a_click_selects_it(
    qtbot: QtBot, opened_surface: Open
) -> None:
    stage = opened_surface(lecture_experiment())
    arrows = dict(painted(stage, Mode.FROM_W).arrows)
    loss_map, session = stage.panel.map, stage.session
    place = arrows[3].pointAt(0.8).toPoint()
    qtbot.mouseMove(loss_map, place)
    assert session.selection.pointed_sample == 3
    qtbot.mousePress(loss_map, LEFT, pos=place)
    qtbot.mouseRelease(loss_map, LEFT, pos=place)
    assert session.selection.sample == 3
    assert session.experiment.start == lecture_experiment().start  # not set by that click
    qtbot.mouseMove(loss_map, QPoint(300, 80))
    assert session.selection.pointed_sample is None
    assert session.selection.brushed_sample == 3


def test_of_arrows_in_each_other_the_nearest_tip_is_meant(
    opened_surface: Open,
) -> None:
    stage = opened_surface(lecture_experiment())
    bouquet = painted(stage, Mode.FROM_W)
    frame = stage.panel.map.frame()
    assert frame is not None
    for s in range(3):
        line = dict(bouquet.arrows)[s]
        assert bouquet.hover(frame, line.p2())
        assert stage.session.selection.pointed_sample == s
    assert not bouquet.hover(frame, line.p1() + QPointF(1.0, 1.0))  # the state's own mark


def test_the_brushed_arrow_looks_different(opened_surface: Open) -> None:
    stage = opened_surface(lecture_experiment())
    painted(stage, Mode.FROM_W)
    before = stage.panel.map.grab().toImage()
    stage.session.selection.point_at_sample(2)
    assert stage.panel.map.grab().toImage() != before


def test_where_no_sample_pulls_there_is_no_arrow(opened_surface: Open) -> None:
    experiment = lecture_experiment()
    stage = opened_surface(replace(experiment, start=Given((1e200, 1e200))))
    assert painted(stage, Mode.FROM_W).arrows == ()


def test_the_batchs_lines_are_dashed_over_the_map(qtbot: QtBot, opened_surface: Open) -> None:
    stage = opened_surface(replace(lecture_experiment(), sampling=Sampling(1, "cyclic")))
    stage.panel.map.grab()
    before = stage.panel.map.grab().toImage()
    stage.panel.window_form.batch.setChecked(True)
    lines = stage.panel.batch_lines
    assert lines.is_on
    qtbot.waitUntil(lambda: lines.source.surface is not None, timeout=5000)
    assert stage.panel.map.grab().toImage() != before


def test_the_marks_of_arrows_that_lie_in_each_other_stand_apart() -> None:
    """After the lecture's first step ∇e¹ and ∇e² are nearly the same."""
    slopes = {1: 0.27207, 2: 0.27962, 3: 0.21766}
    lines = [QLineF(0.0, 0.0, -300.0 * g, 300.0 * g) for g in slopes.values()]
    for beside in (False, True):
        places = badges_of(lines, 7.0, beside)
        gaps = [QLineF(a, b).length() for a, b in itertools.combinations(places, 2)]
        assert min(gaps) > 12.0
        assert places[0] == badges_of(lines[:1], 7.0, beside)[0]
        # Each stays at its arrow.
        for line, place in zip(lines, places, strict=True):
            at = line.pointAt(0.5) if beside else line.p2()
            assert QLineF(at, place).length() < 30.0


def test_the_mark_of_an_arrow_points_at_its_sample_too(qtbot: QtBot, opened_surface: Open) -> None:
    """After 20 steps the arrow of sample 3 is as short as the state's own mark is wide."""
    stage = opened_surface(lecture_experiment(), steps=20)
    overlay = painted(stage, Mode.FROM_W)
    places = {arrow.sample: place for arrow, place in overlay.badges}
    for sample in (3, 2, 1, 0):
        qtbot.mouseMove(stage.panel.map, places[sample].toPoint())
        assert stage.session.selection.brushed_sample == sample


def test_marks_for_which_there_is_no_room_lie_on_each_other() -> None:
    places = badges_of([QLineF(0.0, 0.0, 50.0, 0.0)] * 6, 7.0, False)
    assert len({place.toTuple() for place in places}) == 4
    assert places[4] == places[5] == places[0]


def test_another_surface_leaves_the_pulls_as_they_are(opened_surface: Open) -> None:
    stage = opened_surface(lecture_experiment(), 3)
    before = painted(stage, Mode.FROM_W).pulls
    stage.landscape.set_window(Window(-2.0, 0.0, -1.0, 1.0))
    stage.landscape.complete()
    stage.panel.map.grab()
    assert stage.panel.bouquet.pulls is before
    stage.advance(1)
    stage.panel.map.grab()
    assert stage.panel.bouquet.pulls is not before


@pytest.mark.parametrize("pull", [(np.inf, 1.0), (np.nan, 0.0), (1e308, 1e308)])
def test_a_pull_beyond_all_numbers_has_no_arrow(pull: tuple[float, float]) -> None:
    for scale in (0.0, 100.0):
        assert tip_of(QPointF(0.0, 0.0), np.array(pull), scale) is None
