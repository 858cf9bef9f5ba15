"""The ε-lens on the map: N(z, ε) cut with C, drawn, dragged by z and by its rim."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QPoint, QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY, SIGMOID
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run
from mlpsim.core.starts import Given, Zeros
from mlpsim.session.landscape import Landscape
from mlpsim.session.player import Player
from mlpsim.session.session import Session
from mlpsim.views.appearance import Appearance
from mlpsim.views.context import Context
from mlpsim.views.items.overlays.lens import LensOverlay
from mlpsim.views.items.overlays.lens_names import LensNames
from mlpsim.views.items.surface_map import SurfaceMap
from tests.experiments import lecture_on


class Stage:
    def __init__(self, qtbot: QtBot, experiment: Experiment) -> None:
        self.session = Session(Run.from_experiment(experiment))
        self.player, self.landscape = Player(self.session), Landscape(self.session)
        self.context = Context(self.session, self.player, self.landscape, Appearance())
        self.bench, self.overlay = self.context.lens, LensOverlay(self.context)
        self.names = LensNames(self.context, self.overlay)
        self.context.overlays.add(self.overlay)
        self.context.overlays.add(self.names)
        self.map = SurfaceMap(self.context)
        qtbot.addWidget(self.map)
        self.map.resize(520, 480)
        self.landscape.complete()
        self.map.show()
        qtbot.waitExposed(self.map)

    def lay(self, z: tuple[float, ...], epsilon: float) -> None:
        self.bench.set_on(True)
        self.bench.move(np.array(z))
        self.bench.set_epsilon(epsilon)
        self.bench.complete()

    @property
    def frame(self):
        return self.map.frame()

    def pixel(self, *place: float) -> QPoint:
        return QPointF(*self.frame.pixels(np.array(place)).tolist()).toPoint()

    def picture(self) -> QImage:
        return self.map.grab().toImage()

    def drag(self, qtbot: QtBot, start: QPoint, end: QPoint) -> None:
        qtbot.mousePress(self.map, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(self.map, pos=end)
        qtbot.mouseRelease(self.map, Qt.MouseButton.LeftButton, pos=end)


@pytest.fixture
def stage_for(qtbot: QtBot) -> Iterator[object]:
    stages = list[Stage]()

    def make(experiment: Experiment) -> Stage:
        stages.append(Stage(qtbot, experiment))
        return stages[-1]

    yield make
    for stage in stages:
        stage.session.end()


def differs(a: QImage, b: QImage, at: QPoint) -> bool:
    return a.pixelColor(at) != b.pixelColor(at)


def test_the_names_of_z_and_of_a_lower_point_beside_it_leave_room_for_that_of_x(stage_for) -> None:
    stage = stage_for(lecture_on(Box((-1.0, -1.0), (1.0, 1.0))))
    stage.map.resize(1200, 480)
    stage.lay((-1.0, 0.05260789), 0.5)  # nearly x*, and 10⁻¹⁴ above it
    assert stage.bench.answer.lower is not None
    sheet, generator = QBuffer(), QSvgGenerator()
    generator.setOutputDevice(sheet)
    with QPainter(generator) as painter:
        stage.names.paint(painter, stage.frame)
    font = QFont(stage.frame.font)
    font.setBold(True)
    metrics, boxes = QFontMetricsF(font), {}
    written = re.findall(
        r'<text[^>]* x="([^"]+)" y="([^"]+)"[^>]*>([^<]+)<', sheet.data().data().decode()
    )
    for x, y, text in written:
        boxes[text] = metrics.boundingRect(text).translated(float(x), float(y))
    assert not boxes["z"].intersects(boxes["u"])
    x, y = stage.frame.pixels(np.array([-1.0, 0.0526])).tolist()
    assert boxes["z"].right() < x
    assert boxes["u"].right() < x
    assert boxes["z"].bottom() < y < boxes["u"].top()
    (verdict,) = (box for text, box in boxes.items() if "exactly" in text)
    assert verdict.left() > x  # the arrows are at the left


def test_it_is_drawn_only_while_it_is_on(stage_for) -> None:
    stage = stage_for(lecture_experiment())
    bare = stage.picture()
    stage.lay((-1.5, 0.0), 0.5)
    laid = stage.picture()
    for x, y in ((-1.5, 0.5), (-1.0, 0.0), (-1.854, -0.354)):
        assert differs(bare, laid, stage.pixel(x, y))
    assert not differs(bare, laid, stage.pixel(-1.0, -0.45))  # on the square, off the disc
    stage.bench.set_shape("square")
    stage.bench.complete()
    assert differs(bare, stage.picture(), stage.pixel(-1.0, -0.45))
    stage.bench.set_on(False)
    assert stage.picture() == bare


@pytest.mark.parametrize("feasible", [Box((-1.5, -1.0), (0.5, 1.0)), Ball((-1.0, 0.0), 0.6)])
def test_it_is_cut_with_c(stage_for, feasible) -> None:
    stage = stage_for(lecture_on(feasible))
    bare = stage.picture()
    stage.lay((-1.5, 0.1), 0.4)
    laid = stage.picture()
    assert differs(bare, laid, stage.pixel(-1.217, -0.183))
    assert not differs(bare, laid, stage.pixel(-1.783, 0.383))  # as far from z, outside of C


def test_the_pointer_drags_z_and_the_rim(stage_for, qtbot) -> None:
    stage = stage_for(lecture_experiment())
    with qtbot.waitSignal(stage.map.start_dragged):  # while it is off
        qtbot.mouseClick(stage.map, Qt.MouseButton.LeftButton, pos=stage.pixel(-1.5, 0.0))
    stage.lay((-1.5, 0.0), 0.5)
    with qtbot.assertNotEmitted(stage.map.start_dragged):
        stage.drag(qtbot, stage.pixel(-1.5, 0.0), stage.pixel(-0.9, 0.6))
    assert stage.bench.z == pytest.approx([-0.9, 0.6], abs=0.02)
    x, y = stage.bench.z.tolist()
    handle = stage.overlay.handle(stage.frame).toPoint()
    stage.drag(qtbot, handle, handle + QPoint(40, 7))
    across, _ = stage.frame.per_pixel()
    assert stage.bench.epsilon == pytest.approx(0.5 + 40 * across, abs=0.02)
    assert stage.bench.z.tolist() == [x, y]
    # Outside of the lens a click sets the start, as ever.
    with qtbot.waitSignal(stage.map.start_dragged) as asked:
        qtbot.mouseClick(stage.map, Qt.MouseButton.LeftButton, pos=stage.pixel(-2.6, -1.2))
    assert asked.args[0] == pytest.approx([-2.6, -1.2], abs=0.02)


def test_the_pointer_has_a_hand_over_it(stage_for, qtbot) -> None:
    stage = stage_for(lecture_experiment())
    qtbot.mouseMove(stage.map, pos=stage.pixel(-1.5, 0.0))
    assert stage.map.cursor().shape() == Qt.CursorShape.CrossCursor
    stage.lay((-1.5, 0.0), 0.5)
    qtbot.mouseMove(stage.map, pos=stage.pixel(-1.45, 0.02))
    assert stage.map.cursor().shape() == Qt.CursorShape.PointingHandCursor
    qtbot.mouseMove(stage.map, pos=stage.pixel(-2.6, -1.2))
    assert stage.map.cursor().shape() == Qt.CursorShape.CrossCursor


def test_the_handle_stays_on_the_map(stage_for) -> None:
    stage = stage_for(lecture_experiment())
    stage.lay((0.8, 0.0), 0.5)
    frame = stage.frame
    assert stage.overlay.handle(frame).x() == pytest.approx(
        frame.pixels(np.array([0.3, 0.0]))[0], abs=1.0
    )
    stage.lay((0.0, 0.0), 90.0)
    assert frame.area.contains(stage.overlay.handle(frame))
    stage.picture()


def test_the_lower_point_and_a_way_that_bends_down_are_drawn(stage_for) -> None:
    saddle = Experiment(
        Problem(Dataset([[1.0]], [[1.0]]), Network((1, 1, 1), (IDENTITY,) * 2, (False,) * 2)),
        start=Zeros(),
    )
    stage = stage_for(saddle)  # J = (1 - w₁w₂)²: at 0 it bends down along (1, 1)
    bare = stage.picture()
    stage.lay((0.0, 0.0), 0.5)
    answer = stage.bench.answer
    assert answer is not None
    assert (answer.exactly, answer.locally.by) == ("refuted", "curvature")
    assert answer.lower is not None
    laid = stage.picture()
    assert differs(bare, laid, stage.pixel(*answer.lower.theta.tolist()))


def test_of_three_weights_the_section_is_drawn(stage_for) -> None:
    three = Experiment(
        Problem(
            Dataset([[1.0, 2.0], [-1.0, 0.5]], [[1.0], [0.0]]), Network((2, 1), (SIGMOID,), (True,))
        ),
        start=Zeros(),
    )
    stage = stage_for(three)
    stage.lay((0.0, 0.0, 0.3), 0.5)
    assert stage.overlay.rect(stage.frame).width() == pytest.approx(
        2.0 * 0.4 / stage.frame.per_pixel()[0]
    )
    stage.bench.set_shape("square")
    assert stage.overlay.rect(stage.frame).width() == pytest.approx(
        2.0 * 0.5 / stage.frame.per_pixel()[0]
    )
    stage.bench.move(np.array([0.0, 0.0, 0.7]))
    assert stage.overlay.rect(stage.frame).width() == 0.0
    stage.picture()


def test_over_one_weight_it_is_a_strip(stage_for, qtbot) -> None:
    line = Experiment(
        Problem(Dataset([[1.0], [2.0]], [[1.0], [2.0]]), Network((1, 1), (IDENTITY,), (False,))),
        start=Given((0.5,)),
    )
    stage = stage_for(line)
    bare = stage.picture()
    stage.lay((0.5,), 0.2)
    laid = stage.picture()
    middle = stage.frame.area.center().y()
    for w, is_edge in ((0.3, True), (0.7, True), (0.9, False)):
        x, _ = stage.frame.pixels(np.array([w, 0.0])).tolist()
        assert differs(bare, laid, QPointF(x, middle).toPoint()) is is_edge
    at = stage.frame.pixels(np.array([0.5, float(line.problem.value(np.array([0.5])))])).tolist()
    start = QPointF(*at).toPoint()
    stage.drag(qtbot, start, start + QPoint(30, 0))
    across, _ = stage.frame.per_pixel()
    assert stage.bench.z == pytest.approx([0.5 + 30 * across], abs=0.02)
