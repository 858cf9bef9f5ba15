"""The race panel: who is added and how, what is shown of the lanes, and the one cursor."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from pytestqt.qtbot import QtBot

from mlpsim.core import work
from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.generators import Blobs
from mlpsim.core.losses import SOFTMAX_CE_LOGITS as SOFTMAX
from mlpsim.core.network import Network
from mlpsim.core.optimizers import Adam, GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.race import ALONE, Race, Racer
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given, GlorotUniform
from mlpsim.core.studies.lanes import KEPT
from mlpsim.core.studies.variants import preset_race
from mlpsim.core.training import recording_interval
from mlpsim.core.window import Window
from mlpsim.views.items.ground import Ground
from mlpsim.views.items.lane_paths import Path, PathLayer
from mlpsim.views.items.lanes import map_colour
from mlpsim.views.items.overlays.race import RaceOverlay
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.race_curves import RacePicture
from mlpsim.views.items.race_lines import EVALUATIONS, UPDATES
from mlpsim.views.items.trail_item import MOST, MOST_PLAYING
from mlpsim.views.labels.race_words import NOBODY
from mlpsim.views.panels.race import RacePanel
from mlpsim.views.parts.race.race_model import (
    COST,
    DIVERGED,
    ERROR,
    FINAL,
    NAME,
    REACHED,
    RIGHT,
)
from mlpsim.views.parts.race.race_pictures import CURVES, PANES
from mlpsim.views.throttle import Throttle, flush
from tests.runs import trained
from tests.views.controls import has, typed
from tests.views.panel_stage import Stage

LECTURE = lecture_experiment()
LEFT = Qt.MouseButton.LeftButton
ROLE = Qt.ItemDataRole
RAVINE = find_preset("ravine", load_presets())
Open = Callable[..., Stage[RacePanel]]


@pytest.fixture
def opened(opened: Open) -> Open:
    def open_panel(experiment: Experiment = LECTURE, **options: object) -> Stage[RacePanel]:
        return opened(RacePanel, experiment, **{"size": (860, 700)} | options)

    return open_panel


def add(qtbot: QtBot, stage: Stage[RacePanel], setting: str, values: str) -> None:
    form = stage.panel.entrants.form
    place = next(n for n, kind in enumerate(form.setting.values) if kind.name == setting)
    form.setting.setCurrentIndex(place)
    form.setting.activated.emit(place)
    form.values.setFocus()
    qtbot.keyClicks(form.values, values)
    qtbot.keyClick(form.values, Qt.Key.Key_Return)
    flush(stage.panel)


def run_to(qtbot: QtBot, stage: Stage[RacePanel], steps: int) -> None:
    stage.panel.steps.set_value(steps)
    qtbot.mouseClick(stage.panel.run, LEFT)
    track = stage.panel.track
    qtbot.waitUntil(
        lambda: all(
            lane.run.last >= steps or lane.run.diverged_at is not None for lane in track.lanes
        ),
        timeout=20_000,
    )
    flush(stage.panel)


def cell(stage: Stage[RacePanel], lane: int, column: int) -> str:
    model = stage.panel.table.lanes
    return str(model.data(model.index(lane, column), ROLE.DisplayRole))


def picture(stage: Stage[RacePanel]) -> RacePicture:
    flush(stage.panel)
    found = stage.panel.pictures.curve.picture
    assert isinstance(found, RacePicture)
    return found


# -- who runs --------------------------------------------------------------------------------------


def test_a_run_without_others_is_told_what_a_race_is(opened: Open) -> None:
    panel = opened().panel
    assert panel.hint.text() == NOBODY
    assert panel.hint.isVisible()
    assert panel.pictures.panes.isHidden()
    assert panel.table.lanes.rowCount() == 1
    panel.set_figure(True)
    panel.complete()
    assert not panel.hint.isVisible()


def test_typed_values_make_lanes_undoably(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "eta", "0.5, 1")
    add(qtbot, stage, "batch", "full,1")
    add(qtbot, stage, "start", "0.5:-1")
    assert stage.session.race.names == (
        "this run",
        "η = 0.5",
        "η = 1",
        "full batch",
        "B = 1",
        "start (0.5, −1)",
    )
    assert stage.session.race.racers[0].experiment == replace(
        LECTURE, optimizer=GradientDescent(0.5)
    )
    assert stage.panel.entrants.form.values.text() == ""
    stage.session.undo_stack.undo()
    assert len(stage.session.race.racers) == 4


@pytest.mark.parametrize(
    ("setting", "value", "name"),
    [
        ("optimizer", "adam", "Adam"),
        ("loss", "bce_logits", "cross-entropy (binary)"),
        ("seed", "7", "seed = 7"),
        ("start", "glorot-uniform", "start: Glorot uniform"),
        ("l2", "0.01", "L2 = 0.01"),
    ],
)
def test_every_setting_can_be_varied(opened: Open, qtbot: QtBot, setting, value, name) -> None:
    stage = opened()
    add(qtbot, stage, setting, value)
    assert stage.session.race.names[1] == name


def test_a_bad_value_is_refused_with_the_reason(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    said: list[str] = []
    stage.session.said.connect(said.append)
    add(qtbot, stage, "eta", "0.5, fast")
    assert stage.session.race == ALONE
    assert stage.panel.entrants.form.values.text() == "0.5, fast"
    assert "'fast' is not a finite number" in stage.panel.entrants.form.values.refusal
    assert "'fast' is not a finite number" in said[-1]
    stage.panel.entrants.form.values.selectAll()
    add(qtbot, stage, "seed", ",".join(map(str, range(8))))
    assert "8 experiments beside the run; 7 are possible" in said[-1]
    assert stage.session.race == ALONE


def test_the_run_as_it_stands_takes_part(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    qtbot.mouseClick(stage.panel.entrants.form.this, LEFT)
    stage.session.edit(replace(LECTURE, optimizer=Adam(0.2)), "Adam")
    qtbot.mouseClick(stage.panel.entrants.form.this, LEFT)
    assert stage.session.race.names == ("this run", "as it stood", "as it stood 2")
    assert [racer.experiment for racer in stage.session.race.racers] == [
        LECTURE,
        replace(LECTURE, optimizer=Adam(0.2)),
    ]


def test_the_variants_of_the_preset_are_a_race_with_one_click(opened: Open, qtbot: QtBot) -> None:
    stage = opened(RAVINE.variant("Adam").experiment)
    panel = stage.panel
    assert panel.entrants.preset.isVisible()
    qtbot.mouseClick(panel.entrants.preset, LEFT)
    assert stage.session.race == preset_race(RAVINE, "Adam")
    assert panel.steps.value == max(variant.steps for variant in RAVINE.variants)
    qtbot.waitUntil(panel.entrants.preset.isHidden)
    stage.session.restart()
    stage.session.set_race(ALONE, "Alone")
    qtbot.waitUntil(panel.entrants.preset.isVisible)
    stage.session.edit(replace(stage.session.experiment, optimizer=Adam(0.7)), "Other")
    qtbot.waitUntil(panel.entrants.preset.isHidden)


def test_a_lane_is_renamed_in_the_table_and_removed(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "eta", "0.5, 1")
    panel = stage.panel
    model, index = panel.table.lanes, panel.table.lanes.index(1, NAME)
    assert model.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert not model.flags(model.index(1, ERROR)) & Qt.ItemFlag.ItemIsEditable
    assert model.data(index, ROLE.EditRole) == "η = 0.5"
    assert model.setData(index, "half")
    flush(panel)
    assert not model.setData(index, "half")
    assert stage.session.race.names == ("this run", "half", "η = 1")
    model.setData(model.index(0, NAME), "mine")
    assert stage.session.race.own == "mine"
    with qtbot.waitSignal(stage.session.said) as said:
        model.setData(model.index(2, NAME), "half")
    assert "two lanes are called 'half'" in said.args[0].lower()
    panel.table.selectRow(0)
    assert not panel.entrants.form.remove.isEnabled()
    panel.table.selectRow(1)
    qtbot.mouseClick(panel.entrants.form.remove, LEFT)
    assert stage.session.race.names == ("mine", "η = 1")


# -- how they stand --------------------------------------------------------------------------------


def test_the_table_tells_what_each_lane_took(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "batch", "3")
    stage.panel.level.set_value(0.2)
    stage.panel.level.value_committed.emit(0.2)
    run_to(qtbot, stage, 40)
    runs = [trained(LECTURE, 40), trained(replace(LECTURE, sampling=Sampling(3)), 40)]
    for lane, run in enumerate(runs):
        first = next(k for k in range(41) if run.value(k) <= 0.2)
        cost = sum(len(run.segments[0].batch(k)) for k in range(1, first + 1))
        assert cell(stage, lane, REACHED) == str(first)
        assert cell(stage, lane, COST) == str(cost)
        assert float(cell(stage, lane, FINAL)) == pytest.approx(run.value(40), rel=1e-3)
        assert cell(stage, lane, RIGHT) == "100 %"
        assert cell(stage, lane, DIVERGED) == "–"
    stage.session.seek(0)
    flush(stage.panel)
    assert [cell(stage, lane, ERROR) for lane in (0, 1)] == ["1", "1"]
    stage.panel.level.set_value(1e-9)
    stage.panel.level.value_committed.emit(1e-9)
    flush(stage.panel)
    assert cell(stage, 0, REACHED) == "not by 40"
    assert (cell(stage, 0, COST), cell(stage, 1, COST)) == ("> 160", "> 80")
    model = stage.panel.table.lanes
    head = model.headerData(REACHED, Qt.Orientation.Horizontal)
    assert head == "E ≤ 10⁻⁹"
    tip = model.data(model.index(1, NAME), ROLE.ToolTipRole)
    assert tip.startswith("B = 3: E = 1 at step 0")


def test_in_a_narrow_table_the_names_leave_room_for_numbers(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "eta", "0.01, 0.5")
    table = stage.panel.table
    numbers = sum(table.columnWidth(column) for column in range(ERROR, DIVERGED + 1))
    wide = table.columnWidth(NAME)
    assert wide + numbers == table.viewport().width()
    stage.panel.resize(330, 700)
    qtbot.waitUntil(lambda: table.columnWidth(NAME) == table.sizeHintForColumn(NAME))
    assert table.columnViewportPosition(REACHED) < table.viewport().width() < numbers
    stage.panel.resize(860, 700)
    qtbot.waitUntil(lambda: table.columnWidth(NAME) == wide)


def test_a_lane_that_diverges_says_when(opened: Open, qtbot: QtBot) -> None:
    stage = opened(RAVINE.variants[0].experiment)
    add(qtbot, stage, "eta", "1000")
    run_to(qtbot, stage, 200)
    lane = stage.panel.track.lanes[1].run
    assert lane.diverged_at is not None
    assert cell(stage, 1, DIVERGED) == f"step {lane.diverged_at}"
    model = stage.panel.table.lanes
    ink = model.data(model.index(1, DIVERGED), ROLE.ForegroundRole)
    assert ink == stage.appearance.theme.danger
    assert f"2 at {lane.last}" in stage.panel.note.text()
    assert stage.panel.table.isColumnHidden(RIGHT)
    found = picture(stage)
    assert found.lines[1].diverged
    assert found.lines[1].hi.max() > 1e20
    assert found.scale.share(np.array([found.lines[0].hi.max()]))[0] > 0.9  # not its scale


def test_what_cannot_be_compared_is_said(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "loss", "bce_logits")
    stage.landscape.complete()
    flush(stage.panel)
    note = stage.panel.note.text()
    assert "different losses: compare their accuracy, not their E" in note
    assert "Not on the surface, which is of another problem: lane 2." in note
    assert stage.panel.track.here == (0,)
    add(qtbot, stage, "l2", "0.1")
    flush(stage.panel)
    assert "without the penalty R" in stage.panel.note.text()


def test_an_edit_on_the_way_is_said(opened: Open, qtbot: QtBot) -> None:
    stage = opened(steps=10)
    add(qtbot, stage, "eta", "1")
    stage.session.edit(replace(LECTURE, optimizer=GradientDescent(0.2)), "Faster")
    flush(stage.panel)
    assert "Lane 1 was edited on its way (1 time)." in stage.panel.note.text()


# -- curves and the cursor -------------------------------------------------------------------------


def test_the_curves_are_e_of_every_lane(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "batch", "1, 3")
    run_to(qtbot, stage, 30)
    found = picture(stage)
    assert [line.name for line in found.lines] == ["this run", "B = 1", "B = 3"]
    for line, lane in zip(found.lines, stage.panel.track.lanes, strict=True):
        assert line.x.tolist() == list(range(31))
        assert line.mean == pytest.approx([lane.run.value(k) for k in range(31)])
    assert (found.end, found.cursor, found.x_label) == (30.0, 30.0, "updates")
    qtbot.mouseClick(stage.panel.counts.button(EVALUATIONS), LEFT)
    found = picture(stage)
    assert [line.x[-1] for line in found.lines] == [120.0, 30.0, 60.0]
    assert (found.end, found.x_label) == (120.0, "gradients ∇eˢ evaluated")
    stage.panel.log.click()
    assert picture(stage).scale.log != found.scale.log


def test_recorded_values_are_joined_and_it_is_said_which_lanes_lack_some(
    opened: Open, qtbot: QtBot
) -> None:
    data = Blobs(samples=1_200, classes=3).generate()
    problem = Problem(data, Network((2, 8, 3), (TANH, IDENTITY), (True, True)), SOFTMAX, "mean")
    stage = opened(Experiment(problem, sampling=Sampling(100), start=GlorotUniform()))
    add(qtbot, stage, "batch", "full, 200")
    add(qtbot, stage, "l2", "0.1")
    run_to(qtbot, stage, 60)
    lines = picture(stage).lines
    spans = [recording_interval(lane.run.segments[-1]) for lane in stage.panel.track.lanes]
    assert spans[0] == spans[3] > spans[2] > spans[1] == 1
    # Those of which E was found out are there too, as the one on view.
    for line, every in zip(lines, spans, strict=True):
        recorded = {*range(0, 61, every), 60}
        assert recorded <= set(line.x.tolist())
        assert len(line.x) <= len(recorded) + KEPT
        assert (np.diff(line.x) > 0.0).all()
        assert np.isfinite(line.mean).all()
    said = f"in lanes 1, 4 every {spans[0]} steps, in lane 3 every {spans[2]} steps"
    assert f"E/S is recorded {said}" in stage.panel.note.text()


def test_a_click_on_the_curves_seeks_in_all_lanes(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "batch", "1")
    run_to(qtbot, stage, 40)
    curve = stage.panel.pictures.curve
    plot = curve.plot()
    y = round(plot.center().y())

    def click(share: float) -> None:
        at = QPoint(round(plot.left() + share * plot.width()), y)
        qtbot.mouseClick(curve, LEFT, pos=at)

    click(0.5)
    assert stage.session.cursor == stage.panel.track.cursor == 20
    qtbot.mouseClick(stage.panel.counts.button(EVALUATIONS), LEFT)
    assert picture(stage).end == 160.0
    click(0.25)  # 40 gradients are 10 steps of the run on view
    assert stage.session.cursor == 10
    qtbot.keyClick(curve, Qt.Key.Key_PageUp)
    assert stage.session.cursor == 6
    qtbot.mouseClick(stage.panel.counts.button(UPDATES), LEFT)
    picture(stage)
    assert stage.panel.pictures.curve.read(20.2) == "step 20"


def test_past_the_end_of_a_run_that_diverged_the_others_are_seen(
    opened: Open, qtbot: QtBot
) -> None:
    wild = replace(RAVINE.variants[0].experiment, optimizer=GradientDescent(1e3))
    stage = opened(wild)
    stage.session.set_race(Race((Racer("tame", RAVINE.variants[0].experiment),), "wild"), "Race")
    run_to(qtbot, stage, 300)
    last = stage.session.run.last
    assert last < 300
    stage.panel.pictures.curve.sought.emit(250.0)
    flush(stage.panel)
    assert (stage.session.cursor, stage.panel.track.cursor) == (last, 250)
    tame = stage.panel.track.lanes[1].run
    assert float(cell(stage, 1, ERROR)) == pytest.approx(tame.value(250), rel=1e-3)
    assert f"At step 250 these show their last state: lane 1 at {last}." in stage.panel.note.text()
    assert picture(stage).cursor == 250.0


def test_pointing_at_a_curve_lights_it(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "eta", "0.01")
    run_to(qtbot, stage, 20)
    curve, found = stage.panel.pictures.curve, picture(stage)
    plot = curve.plot()
    share = float(found.scale.share(np.array([stage.panel.track.lanes[1].run.value(10)]))[0])
    at = QPointF(plot.center().x(), plot.bottom() - share * plot.height())
    assert curve.sample_at(at) == 1
    qtbot.mouseMove(curve, QPoint(1, 1))
    qtbot.mouseMove(curve, at.toPoint())
    qtbot.waitUntil(lambda: curve.lit == 1)
    assert curve.sample_at(QPointF(plot.right() - 3.0, plot.top() + 3.0)) is None


# -- pictures --------------------------------------------------------------------------------------


def overlay_of(stage: Stage[RacePanel]) -> RaceOverlay:
    """The stage's one overlay, made as the surface makes it."""
    if not list(stage.context.overlays):
        stage.context.overlays.add(RaceOverlay(stage.context))
    (overlay,) = stage.context.overlays
    assert isinstance(overlay, RaceOverlay)
    return overlay


def painted(stage: Stage[RacePanel], window: Window) -> QImage:
    image = QImage(400, 400, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("black"))
    frame = PlotFrame(window, QRectF(0.0, 0.0, 400.0, 400.0), "", "", stage.panel.font())
    overlay, painter = overlay_of(stage), QPainter(image)
    try:
        overlay.paint(painter, frame)
    finally:
        painter.end()
    return image


AROUND = Window(-3.0, 1.0, -2.0, 2.0)


def test_the_surface_shows_the_lanes_that_are_on_it(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    assert painted(stage, AROUND) == painted(stage, AROUND)
    assert not has(painted(stage, AROUND), map_colour(1))
    add(qtbot, stage, "batch", "1")
    add(qtbot, stage, "loss", "bce_logits")
    run_to(qtbot, stage, 30)
    image = painted(stage, AROUND)
    assert stage.panel.track.here == (0, 1)
    assert has(image, map_colour(0))  # its number
    assert has(image, map_colour(1))
    assert not has(image, map_colour(2))
    x, y = stage.panel.track.lanes[1].run.theta(30).tolist()
    pixel = image.pixelColor(round(100.0 * (x + 3.0)), round(400.0 - 100.0 * (y + 2.0)))
    assert pixel.rgb() == map_colour(1).rgb()
    stage.panel.draws.setChecked(False)
    assert not has(painted(stage, AROUND), map_colour(1))
    stage.panel.draws.setChecked(True)
    stage.context.overlays.hide_step(True)
    assert not has(painted(stage, AROUND), map_colour(1))


def test_paths_that_grow_are_painted_as_those_painted_at_once(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "batch", "1")
    run_to(qtbot, stage, 10)
    painted(stage, AROUND)
    run_to(qtbot, stage, 20)
    grown = painted(stage, AROUND)
    stage.session.seek(5)
    assert painted(stage, AROUND) != grown
    stage.session.seek(20)
    again = painted(stage, AROUND)
    different = sum(
        again.pixelColor(x, y) != grown.pixelColor(x, y) for x in range(400) for y in range(400)
    )
    assert different < 60  # where pieces of the line overlap


def test_a_lane_outside_of_the_window_is_named_at_its_edge(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "start", "30:0")
    run_to(qtbot, stage, 2)
    image = painted(stage, AROUND)
    right = [image.pixelColor(x, y).rgb() for x in range(340, 400) for y in range(160, 240)]
    assert map_colour(1).rgb() in right


def test_lanes_that_left_the_window_at_one_place_are_all_named(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "eta", "0.2, 0.3, 0.4")
    run_to(qtbot, stage, 2)
    image = painted(stage, Window(2.0, 3.0, 2.0, 3.0))  # all are at the left of it, and below
    assert all(has(image, map_colour(n)) for n in range(4))


def test_every_lane_has_a_pane_over_its_own_surface(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "loss", "bce_logits")
    add(qtbot, stage, "eta", "1")
    run_to(qtbot, stage, 20)
    panel, panes = stage.panel, stage.panel.pictures.panes
    panel.complete()
    cells = panes.cells()
    assert len(cells) == 3
    assert all(panes.rect().adjusted(0, 0, 1, 1).contains(c.toAlignedRect()) for c in cells)
    assert not any(a.intersects(b) for n, a in enumerate(cells) for b in cells[:n])
    problems = [lane.problem for lane in panel.track.lanes]
    found = [panes.surfaces.surface(problem) for problem in problems]
    assert found[0] is found[2] is not found[1] is not None
    window = panes.window_asked()
    assert {surface.window for surface in found if surface is not None} == {window}
    image = panes.grab().toImage()
    for n in range(3):
        frame = panes.frame(n, found[n])
        assert frame is not None
        theta = panel.track.lanes[n].run.theta(20)
        x, y = frame.pixels(theta).round().astype(int).tolist()
        if frame.area.contains(x, y):
            assert image.pixelColor(x, y).rgb() == map_colour(n).rgb()
    qtbot.mouseClick(panes, LEFT, pos=cells[1].center().toPoint())
    assert panel.table.chosen == 1
    qtbot.mouseClick(panel.shown.button(CURVES), LEFT)
    qtbot.waitUntil(panes.isHidden)
    qtbot.mouseClick(panel.shown.button(PANES), LEFT)
    qtbot.waitUntil(panel.pictures.curve.isHidden)
    assert panes.isVisible()


def test_a_picture_of_panes_does_not_tell_how_their_paths_grew(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "batch", "1")
    panel, panes = stage.panel, stage.panel.pictures.panes
    panel.complete()
    for k in range(2, 22, 2):
        run_to(qtbot, stage, k)
        panes.grab()
    grown = panes.grab().toImage()
    panel.complete()
    completed = panes.grab().toImage()
    assert completed != grown
    stage.session.seek(5)
    panes.grab()
    stage.session.seek(20)
    assert panes.grab().toImage() == completed


def test_no_frame_paints_all_panes_while_the_run_plays(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "batch", "1, 2, 3")
    panes, player = stage.panel.pictures.panes, stage.context.player
    player.set_speed(1e-6)
    player.play()
    qtbot.waitUntil(lambda: stage.session.run.last == 1)
    qtbot.waitUntil(lambda: not panes.is_behind)
    at_once = list[set[int]]()

    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent):
                cells = enumerate(panes.cells())
                region = event.region()
                at_once.append({n for n, cell in cells if region.contains(cell.center().toPoint())})
            return False

    painted = Painted()
    panes.installEventFilter(painted)
    stage.panel.track.changed.emit()
    qtbot.waitUntil(lambda: set().union(*at_once) == {0, 1, 2, 3})
    assert {0, 1, 2, 3} not in at_once  # one by one, but for frames that come late
    player.pause()
    at_once.clear()
    stage.session.seek(0)
    qtbot.waitUntil(lambda: {0, 1, 2, 3} in at_once)


def test_the_halo_of_short_steps_does_not_hide_the_path_of_a_lane(opened: Open) -> None:
    stage = opened()
    ground = Ground(stage.landscape.plane, stage.landscape.problem)
    plot = PlotFrame(AROUND, QRectF(0.0, 0.0, 300.0, 300.0), "", "", stage.panel.font())
    run, colour, growing = stage.session.run, QColor("orange"), PathLayer()

    def painted(layer: PathLayer) -> QImage:
        image = QImage(300, 300, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        layer.paint(painter, plot, ground, [Path(run, colour)], run.last, playing=True)
        painter.end()
        return image

    def orange(image: QImage) -> int:
        """How many pixels have the colour of the lane."""
        pixels = (image.pixel(x, y) for x in range(300) for y in range(300))
        return sum(pixel == colour.rgb() for pixel in pixels)

    for _ in range(250):
        stage.advance(1)
        grown = painted(growing)
    assert orange(grown) >= orange(painted(PathLayer())) > 0


def test_the_paths_of_lanes_that_grew_fast_are_painted_whole_at_rest(
    opened: Open, qtbot: QtBot
) -> None:
    stage = opened()
    add(qtbot, stage, "batch", "1")
    landscape, track = stage.landscape, stage.panel.track
    playing, resting = PathLayer(), PathLayer()
    ground = Ground(landscape.plane, landscape.problem)
    plot = PlotFrame(AROUND, QRectF(0.0, 0.0, 300.0, 300.0), "", "", stage.panel.font())
    lane = track.lanes[1].run

    def paint(layer: PathLayer, plays: bool) -> QImage:
        image = QImage(300, 300, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        paths = [Path(lane, QColor("orange"))]
        layer.paint(painter, plot, ground, paths, lane.last, plays)
        painter.end()
        return image

    run_to(qtbot, stage, 3)
    paint(playing, True)
    run_to(qtbot, stage, 3 * MOST_PLAYING)
    assert paint(playing, True) != paint(resting, False)
    assert paint(playing, False) == paint(resting, False)
    late = PathLayer()
    run_to(qtbot, stage, 3 * MOST_PLAYING + 3)
    paint(late, False)
    run_to(qtbot, stage, 3 * MOST_PLAYING + 2 * MOST)
    assert paint(late, False) == paint(PathLayer(), False)


def test_panes_are_filled_by_the_worker(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "loss", "bce_logits")
    panes, track = stage.panel.pictures.panes, stage.panel.track
    qtbot.waitUntil(
        lambda: all(panes.surfaces.surface(lane.problem) is not None for lane in track.lanes),
        timeout=20_000,
    )


def test_a_lane_of_another_network_is_not_put_on_the_plane(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    other = find_preset("xor-symmetry", load_presets()).variants[1].experiment
    stage.session.set_race(Race((Racer("xor", other),)), "Race")
    panel = stage.panel
    run_to(qtbot, stage, 5)
    panel.complete()
    assert panel.pictures.panes.surfaces.surface(other.problem) is None
    assert not panel.pictures.panes.grab().isNull()
    assert "different data" in panel.note.text()


def test_a_race_that_takes_long_can_be_cancelled(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    add(qtbot, stage, "eta", "0.001")
    panel = stage.panel
    panel.steps.set_value(1_000_000)
    qtbot.mouseClick(panel.run, LEFT)
    qtbot.waitUntil(panel.cancel.isVisible, timeout=20_000)
    assert panel.subtitle.startswith("running: ")
    qtbot.mouseClick(panel.cancel, LEFT)
    qtbot.waitUntil(panel.cancel.isHidden)
    assert not stage.player.playing
    assert max(lane.run.last for lane in panel.track.lanes) < 1_000_000


@pytest.mark.parametrize("turn", [1, -1], ids=["the curves first", "the table first"])
def test_the_table_is_about_the_level_of_the_run_on_view(opened: Open, turn: int) -> None:
    stage = opened()
    table, across = stage.panel.table, Qt.Orientation.Horizontal
    assert table.lanes.headerData(REACHED, across) == "E ≤ 0.1"
    start = Given((-1.0, 0.0))  # E = 0.031
    stage.session.open(Run.from_experiment(replace(LECTURE, start=start)), 0)
    for throttle in stage.panel.findChildren(Throttle)[::turn]:
        throttle.flush()
    assert table.lanes.headerData(REACHED, across) == "E ≤ 0.002"
    assert stage.panel.level.value == 0.002


def test_the_level_is_a_tenth_of_the_start_until_it_is_typed(opened: Open, qtbot: QtBot) -> None:
    stage = opened(find_preset("line-sgd", load_presets()).variants[0].experiment)
    panel = stage.panel
    assert panel.level.value == 10.0  # of E = 103.6
    typed(qtbot, panel.level, "3")
    stage.session.edit(LECTURE, "Lecture")
    flush(panel)
    assert panel.level.value == 3.0


def test_panes_and_curves_share_the_height_whenever_others_come(opened: Open, qtbot: QtBot) -> None:
    stage = opened(size=(620, 900))
    pictures = stage.panel.pictures
    stage.panel.hide()
    stage.session.set_race(Race((Racer("Adam", replace(LECTURE, optimizer=Adam(0.1))),)), "Race")
    stage.panel.show()
    qtbot.waitUntil(lambda: pictures.panes.isVisible() and pictures.panes.height() > 100)
    assert abs(pictures.panes.height() - pictures.curve.height()) < 40
    assert pictures.orientation() == Qt.Orientation.Vertical
    stage.panel.resize(700, 400)
    qtbot.waitUntil(lambda: pictures.orientation() == Qt.Orientation.Horizontal)
    assert picture(stage).narrow


def test_panes_that_come_ask_the_window_for_no_more_height(opened: Open, qtbot: QtBot) -> None:
    stage = opened(size=(620, 900))
    pictures = stage.panel.pictures
    alone = pictures.minimumSizeHint().height()
    stage.session.set_race(Race((Racer("Adam", replace(LECTURE, optimizer=Adam(0.1))),)), "Race")
    qtbot.waitUntil(pictures.panes.isVisible)
    assert pictures.orientation() == Qt.Orientation.Vertical
    assert pictures.minimumSizeHint().height() == alone
    stage.panel.resize(620, stage.panel.minimumSizeHint().height())
    qtbot.waitUntil(lambda: pictures.orientation() == Qt.Orientation.Horizontal)
    assert pictures.panes.height() == pictures.curve.height() >= alone


def test_the_lanes_are_draped_over_the_sheet(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    overlay_of(stage)
    add(qtbot, stage, "batch", "1")
    run_to(qtbot, stage, 30)
    assert has(stage.on_sheet(qtbot), map_colour(1))
    stage.panel.draws.setChecked(False)
    assert not has(stage.on_sheet(qtbot), map_colour(1))


def test_the_note_goes_with_the_problem_of_the_surface(opened: Open, qtbot: QtBot):
    stage = opened(steps=3)
    stage.session.set_race(Race((Racer("as it stood", LECTURE),)), "race")
    stage.session.edit_problem("Mean", reduction="mean")
    qtbot.waitUntil(lambda: "which is of another problem: lane 2" in stage.panel.note.text())
    flush(stage.panel)
    stage.session.seek(1)  # under the problem of before, as lane 2
    away = "Not on the surface, which is of another problem: lane 1."
    qtbot.waitUntil(lambda: away in stage.panel.note.text())


def test_the_focus_is_a_frame_around_the_curves(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    curve = stage.panel.pictures.curve
    curve.activateWindow()
    curve.setFocus()
    qtbot.waitUntil(curve.hasFocus)
    inside = curve.plot().center() + QPointF(0.0, 9.0)
    found = curve.grab().toImage().pixelColor(inside.toPoint())
    assert found == stage.appearance.theme.plot


def test_where_a_race_begins_the_states_are_seen_whole(opened: Open):
    stage = opened()
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    painter, plot = QPainter(image), QRectF(60.0, 20.0, 200.0, 140.0)
    found = picture(stage)
    found.paint(painter, stage.appearance.theme, plot, None)
    painter.end()
    assert found.lines[0].cursor == (0.0, 1.0)
    row = range(image.height())
    assert any(image.pixelColor(57, y) == found.lines[0].colour for y in row)


def test_rows_of_an_earlier_state_stay_quiet_until_the_new_ones_are_there(
    opened: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = opened(steps=3)
    add(qtbot, stage, "eta", "0.5")
    run_to(qtbot, stage, 3)
    panel = stage.panel
    monkeypatch.setattr(work, "DEAR", 0)  # as if four samples were many
    stage.session.seek(2)
    flush(panel)
    assert cell(stage, 0, RIGHT) == "…"  # and not a dash, as without classes
    assert panel.subtitle.endswith("…")
    assert panel.table.cells.is_quiet
    qtbot.waitUntil(lambda: cell(stage, 0, RIGHT) == "100 %")
    assert not panel.subtitle.endswith("…")
    assert not panel.table.cells.is_quiet
    at_2 = cell(stage, 0, ERROR)
    stage.session.seek(1)
    flush(panel)
    assert panel.subtitle.endswith("…")
    assert panel.table.cells.is_quiet
    assert cell(stage, 0, ERROR) == at_2
    assert "at step 2" in panel.table.lanes.data(panel.table.lanes.index(0, 0), ROLE.ToolTipRole)
    panel.complete()
    assert not panel.table.cells.is_quiet
    assert cell(stage, 0, ERROR) != at_2


def test_a_failure_to_tell_how_the_lanes_stand_is_said(opened: Open, qtbot: QtBot) -> None:
    stage = opened()
    with qtbot.waitSignal(stage.session.said) as said:
        stage.panel.track.standings.failed.emit("MemoryError: no room")
    assert said.args[0].startswith("How the lanes stand could not be computed (MemoryError")
