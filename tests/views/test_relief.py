"""The surface in three dimensions: what is painted, and how it is turned."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.looks.camera import Camera
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.plane import two_weights
from mlpsim.core.problem import Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given
from mlpsim.core.surface import Surface, surface_of
from mlpsim.core.window import Window
from mlpsim.session.landscape import Landscape
from mlpsim.views.items import relief_scene
from mlpsim.views.items.overlays.bouquet import Mode
from mlpsim.views.items.relief_scene import COARSE, FINE, ReliefScene
from mlpsim.views.panels.surface import SurfacePanel
from mlpsim.views.theme import DARK
from tests.views.controls import double_click
from tests.views.panel_stage import Stage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def staged(opened: Any) -> Any:
    def make(experiment: Experiment | None = None, steps: int = 60) -> Stage[SurfacePanel]:
        stage = opened(
            SurfacePanel, experiment or lecture_experiment(), size=(700, 740), steps=steps
        )
        stage.landscape.complete()
        stage.panel.tools.shape.button("relief").click()
        return stage

    return make


def pixels(widget: QWidget, scale: int = 1) -> np.ndarray:
    """The widget's picture (height, width, 3) as red, green, blue."""
    image = QImage(widget.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    try:
        QWidget.render(widget, painter, QPoint())
    finally:
        painter.end()
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, :, 2::-1].astype(int)


def like(picture: np.ndarray, colour: tuple[int, int, int], room: int = 12) -> int:
    """How many pixels have about this colour."""
    return int((np.abs(picture - colour).max(axis=-1) <= room).sum())


def in_light(stage: Any, k: int) -> tuple[QPointF | None, bool]:
    """Where state k is painted, and whether it is seen."""
    view = stage.panel.relief
    surface, frame = view.scene.surface, view.frame()
    relief = view.scene.relief(surface, FINE)
    point, seen = view.scene.state(surface, relief, frame.camera, k)
    return (None if point is None else QPointF(*frame.pixels(point).tolist())), seen


def test_the_switch_turns_the_map_into_a_relief_and_back(staged: Any) -> None:
    stage = staged()
    panel = stage.panel
    assert panel.relief.isVisible()
    assert not panel.map.isVisible()
    assert panel.readout.text() == "drag to turn, wheel to zoom"
    assert "hidden" in panel.legend.accessibleDescription()
    panel.tools.shape.button("contours").click()
    assert panel.map.isVisible()
    assert not panel.relief.isVisible()
    assert panel.readout.text() == "click to set the start"
    assert stage.landscape.camera is None


def test_a_frame_shows_that_the_relief_has_the_keyboard(staged: Any, qtbot: QtBot) -> None:
    view = staged().panel.relief
    accent = DARK.accent.getRgb()[:3]
    assert like(pixels(view)[:, :2], accent) == 0
    view.activateWindow()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(view.hasFocus)
    assert like(pixels(view)[:, :2], accent) > view.height() // 2


def test_the_sheet_has_the_colours_of_the_scale_and_the_run_its_marks(staged: Any) -> None:
    stage = staged()
    stage.panel.complete()
    picture = pixels(stage.panel.relief)
    assert like(picture, (255, 107, 74)) > 80
    at, seen = in_light(stage, 60)
    assert seen
    assert at is not None
    row, column = round(at.y()), round(at.x())
    assert like(picture[row - 2 : row + 3, column - 2 : column + 3], (255, 107, 74)) > 15
    start, seen = in_light(stage, 0)
    assert seen
    assert start is not None
    assert picture[round(start.y()), round(start.x())].min() > 240


def test_behind_a_ridge_the_path_is_dotted_and_the_state_an_empty_ring(staged: Any) -> None:
    stage = staged()
    stage.panel.complete()
    colour = (255, 107, 74)
    in_sight = like(pixels(stage.panel.relief), colour)
    stage.landscape.set_camera(Camera(-30.0, 8.0))
    stage.panel.complete()
    at, seen = in_light(stage, 60)
    assert not seen
    assert at is not None
    picture = pixels(stage.panel.relief)
    row, column = round(at.y()), round(at.x())
    assert like(picture[row - 1 : row + 2, column - 1 : column + 2], colour) < 9
    assert 0 < like(picture, colour) < in_sight


def test_it_is_turned_by_dragging_and_enlarged_by_the_wheel(qtbot: QtBot, staged: Any) -> None:
    stage = staged()
    view, landscape = stage.panel.relief, stage.landscape
    first = view.frame().camera
    qtbot.mousePress(view, LEFT, pos=QPoint(300, 300))
    qtbot.mouseMove(view, QPoint(340, 310))
    qtbot.mouseRelease(view, LEFT, pos=QPoint(340, 310))
    assert landscape.camera == first.turned(-20.0, 5.0)
    qtbot.mouseMove(view, QPoint(100, 100))
    assert landscape.camera == first.turned(-20.0, 5.0)
    centre = QPointF(300.0, 300.0)
    for turn in (120, 0):
        wheel = QWheelEvent(
            *(centre, view.mapToGlobal(centre), QPoint(), QPoint(0, turn)),
            *(Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier),
            *(Qt.ScrollPhase.NoScrollPhase, False),
        )
        QApplication.sendEvent(view, wheel)
    assert landscape.camera.zoom == pytest.approx(1.15)
    double_click(view, QPoint(300, 300))
    assert landscape.camera is None
    assert view.frame().camera == first


def test_it_is_turned_by_keys_which_a_click_leaves_to_the_run(qtbot: QtBot, staged: Any) -> None:
    stage = staged()
    view, landscape = stage.panel.relief, stage.landscape
    qtbot.mouseClick(view, LEFT, pos=QPoint(300, 300))
    assert not view.hasFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    camera = view.frame().camera
    for key, modifier, by in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, (6.0, 0.0)),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, (-1.0, 0.0)),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, (0.0, 6.0)),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier, (0.0, -1.0)),
    ):
        QTest.keyClick(view, key, modifier)
        camera = camera.turned(*by)
        assert landscape.camera == camera
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert landscape.camera.zoom == pytest.approx(1.15)
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert landscape.camera.zoom == pytest.approx(1.0)
    QTest.keyClick(view, Qt.Key.Key_0)
    assert landscape.camera is None
    QTest.keyClick(view, Qt.Key.Key_A)
    assert landscape.camera is None


def test_at_rest_the_sheet_gets_finer_by_itself(qtbot: QtBot, staged: Any) -> None:
    stage = staged()
    view = stage.panel.relief
    pixels(view)
    qtbot.waitUntil(lambda: view.detail == FINE, timeout=10_000)
    stage.landscape.set_camera(view.frame().camera.turned(5.0, 0.0))
    pixels(view)
    assert view.detail == COARSE
    qtbot.waitUntil(lambda: view.detail == FINE, timeout=10_000)


def put(landscape: Landscape, surface: Surface) -> None:
    """Have the landscape show such a surface, as if it had been sampled."""
    landscape.surface = surface
    landscape.surface_changed.emit(surface)


def test_what_is_not_finite_is_a_hole(staged: Any) -> None:
    stage = staged(steps=0)
    x = np.linspace(-3.0, 1.0, 121)
    values = np.tile(1.0 + (x + 1.0) ** 2, (121, 1))
    plane, window = two_weights(np.zeros(2), 0, 1), Window(-3.0, 1.0, -2.0, 2.0)
    ys = np.linspace(-2.0, 2.0, 121)
    whole = surface_of(plane, window, x, ys, values, False)
    torn = values.copy()
    torn[50:90, 20:100] = np.nan
    stage.landscape.set_camera(Camera(-90.0, 70.0))
    put(stage.landscape, whole)
    stage.panel.complete()
    view = stage.panel.relief
    relief, frame = view.scene.relief(whole, FINE), view.frame()
    spot = frame.pixels(relief.vertices[64, 55])
    put(stage.landscape, surface_of(plane, window, x, ys, torn, False))
    stage.panel.complete()
    column, row = np.rint(spot).astype(int).tolist()
    plot = stage.appearance.theme.plot
    patch = pixels(view)[row - 3 : row + 4, column - 3 : column + 4]
    ground = like(patch, (plot.red(), plot.green(), plot.blue()), 30)
    assert ground > 35  # but for a line of the floor that is seen through the hole


def test_where_nothing_is_finite_nothing_is_painted(staged: Any) -> None:
    stage = staged(steps=0)
    surface = stage.landscape.surface
    nothing = surface_of(
        *(surface.plane, surface.window, surface.xs, surface.ys),
        *(np.full_like(surface.values, np.inf), False),
    )
    put(stage.landscape, nothing)
    stage.panel.complete()
    card = stage.appearance.theme.card
    picture = pixels(stage.panel.relief)
    assert like(picture, (card.red(), card.green(), card.blue()), 1) == picture[..., 0].size
    assert stage.panel.relief.frame() is None
    QTest.keyClick(stage.panel.relief, Qt.Key.Key_Left)
    assert stage.landscape.camera is None


def test_off_the_plane_the_path_floats_and_has_its_foot_on_the_sheet(staged: Any) -> None:
    experiment = find_preset("xor-symmetry", load_presets()).variant("random A").experiment
    stage = staged(experiment, 4)
    stage.landscape.set_centre("start")
    stage.landscape.set_window(Window(-15.0, 15.0, -15.0, 15.0))
    stage.landscape.complete()
    stage.panel.complete()
    view, theta = stage.panel.relief, stage.session.theta
    surface = stage.landscape.surface
    relief = view.scene.relief(surface, FINE)
    point, _ = view.scene.state(surface, relief, view.frame().camera, 4)
    assert point is not None
    share = surface.share(np.array(float(experiment.problem.value(theta))))
    assert point[2] == pytest.approx(0.9 * (share - relief.lo) / (relief.hi - relief.lo))
    assert abs(point[2] - float(relief.floor_of(point))) > 0.02
    assert "projection on the plane" in stage.panel.legend.accessibleDescription()
    pixels(view, 2)


def test_a_state_outside_the_window_is_not_drawn(qtbot: QtBot, staged: Any) -> None:
    stage = staged()
    stage.landscape.set_window(Window(0.5, 1.0, 0.5, 1.0))
    stage.landscape.complete()
    stage.panel.complete()
    assert in_light(stage, 60) == (None, False)
    assert like(pixels(stage.panel.relief), (255, 107, 74), 4) == 0
    outside = "the state lies outside of this box"
    qtbot.waitUntil(lambda: stage.panel.readout.text() == outside)


def test_one_weight_stays_a_curve(qtbot: QtBot, staged: Any) -> None:
    data = Dataset(np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]]))
    problem = Problem(data, Network((1, 1), (IDENTITY,), (False,)))
    experiment = Experiment(problem, GradientDescent(0.01), start=Given((0.5,)))
    stage = staged(experiment, 5)
    assert stage.panel.map.isVisible()
    assert not stage.panel.relief.isVisible()
    assert not stage.panel.tools.shape.isVisible()


def test_a_path_that_was_edited_goes_on_from_there(staged: Any) -> None:
    stage = staged()
    stage.session.seek(20)
    ahead = like(pixels(stage.panel.relief), (255, 107, 74), 40)
    stage.session.set_theta(np.array([0.5, 0.9]), "Set by hand")
    pixels(stage.panel.relief)
    assert ahead > 0
    stage.session.seek(5)
    pixels(stage.panel.relief)


def test_it_prints_as_vectors(staged: Any) -> None:
    stage = staged()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(stage.panel.relief.size())
    painter = QPainter(generator)
    try:
        QWidget.render(stage.panel.relief, painter, QPoint())
    finally:
        painter.end()
    text = bytes(buffer.data().data()).decode()
    relief = stage.panel.relief.scene.relief(stage.landscape.surface, FINE)
    shapes = text.count("<path") + text.count("<polygon") + text.count("<polyline")
    assert shapes > 0.9 * (relief.heights.shape[0] - 1) * (relief.heights.shape[1] - 1)
    assert text.count("<image") == 1  # the ramp of the colour bar


def test_both_themes_and_a_very_small_card_are_painted(staged: Any) -> None:
    stage = staged()
    for theme in ("light", "dark"):
        stage.appearance.set_theme(theme)
        stage.panel.complete()
        plot = stage.appearance.theme.plot
        colour = (plot.red(), plot.green(), plot.blue())
        assert like(pixels(stage.panel.relief)[60:120, 20:80], colour, 2) > 1_000
    stage.panel.relief.resize(60, 40)
    assert stage.panel.relief.frame() is None
    pixels(stage.panel.relief)


def test_a_chosen_camera_outlives_other_surfaces(staged: Any) -> None:
    stage = staged()
    stage.landscape.set_camera(Camera(11.0, 40.0))
    problem = replace(stage.session.experiment.problem, reduction="mean")
    stage.session.edit(replace(stage.session.experiment, problem=problem), "Mean")
    stage.landscape.complete()
    assert stage.panel.relief.frame().camera == Camera(11.0, 40.0)


def test_both_pictures_stand_beside_each_other_or_one_above_the_other(staged: Any) -> None:
    stage = staged()
    panel = stage.panel
    panel.tools.shape.button("both").click()
    assert stage.landscape.look == "both"
    for width, height, stacked in ((1300, 600, False), (500, 900, True)):
        panel.resize(width, height)
        QApplication.processEvents()
        assert panel.map.isVisible()
        assert panel.relief.isVisible()
        side = (panel.map.x(), panel.relief.x()), (panel.map.y(), panel.relief.y())
        assert (side[0][0] == side[0][1]) is stacked
        assert (side[1][0] == side[1][1]) is not stacked
        assert abs(panel.map.width() - panel.relief.width()) <= 1
        assert abs(panel.map.height() - panel.relief.height()) <= 1


def test_what_is_pointed_at_in_one_picture_is_marked_in_the_other_with_its_value(
    qtbot: QtBot, staged: Any
) -> None:
    stage = staged()
    panel = stage.panel
    panel.tools.shape.button("both").click()
    panel.resize(1300, 700)
    QApplication.processEvents()
    stage.landscape.complete()
    panel.complete()
    place = (-0.8, 0.3)
    value = float(stage.session.experiment.problem.value(np.array(place)))
    x, y = panel.map.frame().pixels(np.array(place)).tolist()
    before = pixels(panel.relief)
    qtbot.mouseMove(panel.map, QPoint(round(x), round(y)))
    qtbot.waitUntil(lambda: panel.relief.pointed is not None)
    pointed = panel.relief.pointed
    assert pointed.place == pytest.approx(place, abs=0.02)
    assert float(pointed.text.removeprefix("E = ")) == pytest.approx(value, rel=0.05)
    assert panel.map.pointed is None
    assert (pixels(panel.relief) != before).any()
    # The same place again, from the relief.
    sheet = panel.relief.scene.sheet(stage.landscape.surface, panel.relief.frame(), FINE)
    at, seen = sheet.spot(np.array(place))
    assert seen
    before = pixels(panel.map)
    qtbot.mouseMove(panel.relief, at.toPoint())
    qtbot.waitUntil(lambda: panel.map.pointed is not None)
    assert panel.map.pointed.place == pytest.approx(place, abs=0.06)
    assert panel.readout.text().endswith(panel.map.pointed.text)
    assert (pixels(panel.map) != before).any()
    qtbot.mouseMove(panel.relief, QPoint(3, panel.relief.height() - 3))
    qtbot.waitUntil(lambda: panel.map.pointed is None)
    assert panel.readout.text() == "click to set the start"


def test_the_arrows_of_the_map_lie_along_the_sheet(staged: Any) -> None:
    stage = staged(steps=1)
    panel = stage.panel
    panel.complete()
    with_arrows = pixels(panel.relief)
    colours = [(c.red(), c.green(), c.blue()) for c in DARK.classes[:2]]
    assert sum(like(with_arrows, colour, 3) for colour in colours) > 20
    panel.bouquet.set_mode(Mode.OFF)
    assert (
        like(pixels(panel.relief), (255, 255, 255), 3) < like(with_arrows, (255, 255, 255), 3) * 3
    )
    stage.context.overlays.hide_step(True)
    hidden = pixels(panel.relief)
    assert sum(like(hidden, colour, 3) for colour in colours) == 0
    assert like(hidden, (255, 255, 255), 3) < like(with_arrows, (255, 255, 255), 3)


def test_outside_of_c_the_sheet_is_darker_and_the_edge_is_a_line(staged: Any) -> None:
    stage = staged(steps=0)
    panel = stage.panel
    panel.complete()
    view, surface = panel.relief, stage.landscape.surface
    free = pixels(view)
    frame = view.frame()
    stage.session.edit_problem("C", "C", feasible=Box((-0.5, -0.5), (0.5, 0.5)))
    stage.landscape.complete()
    panel.complete()
    bound = pixels(view)
    assert view.frame() == frame
    sheet = view.scene.sheet(surface, frame, FINE)
    for place, dimmed in (((0.7, 1.0), True), ((0.3, -0.3), False)):
        at, seen = sheet.spot(np.array(place))
        assert seen
        patch = np.s_[round(at.y()) - 1 : round(at.y()) + 2, round(at.x()) - 1 : round(at.x()) + 2]
        assert bool(bound[patch].mean() < 0.75 * free[patch].mean()) is dimmed
    at, seen = sheet.spot(np.array([0.5, 0.25]))
    assert seen
    assert bound[round(at.y()), round(at.x())].min() > 200


def test_a_path_that_grew_fast_is_drawn_whole_once_playing_stops(
    qtbot: QtBot, staged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relief_scene, "MOST_PLAYING", 3)
    stage = staged(replace(lecture_experiment(), sampling=Sampling(1)), steps=0)
    stage.player.set_speed(1e-6)
    stage.player.play()
    qtbot.waitUntil(lambda: stage.session.run.last == 1)
    stage.advance(400)
    stage.panel.relief.complete()
    playing = pixels(stage.panel.relief)
    painted = list[int]()
    whole = ReliefScene.paint_run

    def watched(scene: ReliefScene, *of: Any) -> None:
        whole(scene, *of)
        painted.append(len(scene.path(0, 401).values))

    monkeypatch.setattr(ReliefScene, "paint_run", watched)
    stage.player.pause()
    qtbot.waitUntil(lambda: painted[-1:] == [402])
    assert (pixels(stage.panel.relief) != playing).any()
