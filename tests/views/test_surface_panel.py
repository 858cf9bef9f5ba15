"""The loss surface's panel: what it shows, and what the pointer does on it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QByteArray, QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter, QPicture, QPixmap, QWheelEvent
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given, GlorotUniform
from mlpsim.core.window import Window
from mlpsim.views.items.overlays.bouquet import Mode
from mlpsim.views.items.trail_item import MOST, MOST_PLAYING
from mlpsim.views.labels import percent
from mlpsim.views.panels.surface import SurfacePanel
from mlpsim.views.throttle import flush
from tests.views.controls import double_click
from tests.views.panel_stage import Stage

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


class Shown(Stage[SurfacePanel]):
    """The loss surface on view, whole, with what it shows."""

    def __init__(self, qtbot: QtBot, experiment: Experiment, size: tuple[int, int]) -> None:
        super().__init__(qtbot, SurfacePanel, experiment, size)
        self.landscape.complete()

    @property
    def map(self) -> Any:
        return self.panel.map

    def pixel(self, x: float, y: float) -> QPoint:
        """Where a place of the plane is on the map."""
        px, py = self.map.frame().pixels(np.array([x, y]))
        return QPoint(round(px), round(py))

    def readout(self) -> str:
        return str(self.panel.readout.text())

    def picture(self, scale: int = 1) -> Any:
        """The map's pixels (height, width, 3)."""
        pixmap = QPixmap(self.map.size() * scale)
        pixmap.setDevicePixelRatio(scale)
        pixmap.fill(Qt.GlobalColor.black)
        QWidget.render(self.map, pixmap, QPoint())
        image = pixmap.toImage().convertToFormat(pixmap.toImage().Format.Format_RGB32)
        flat = np.frombuffer(image.constBits(), np.uint8)
        return flat.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, :, 2::-1].astype(int)

    def picture_anew(self) -> Any:
        """The map's pixels after its path was painted from the start."""
        k = self.session.cursor
        self.session.seek(0)
        self.picture()
        self.session.seek(k)
        return self.picture()


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Any]:
    shown: list[Shown] = []

    def make(experiment: Experiment | None = None, size: tuple[int, int] = (740, 780)) -> Shown:
        shown.append(Shown(qtbot, experiment or lecture_experiment(), size))
        return shown[-1]

    yield make
    for entry in shown:
        entry.close()


def in_set(feasible: Any, start: tuple[float, ...] = (0.0, 0.0)) -> Experiment:
    experiment = lecture_experiment()
    problem = replace(experiment.problem, feasible=feasible)
    return replace(experiment, problem=problem, start=Given(start))


def xor_experiment() -> Experiment:
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
    y = np.array([[0], [1], [1], [0]], dtype=float)
    network = Network((2, 2, 1), (TANH, SIGMOID), (True, True))
    return Experiment(
        Problem(Dataset(x, y), network), GradientDescent(learning_rate=0.5), start=GlorotUniform()
    )


def test_the_pointer_reads_the_weights_and_the_exact_loss(qtbot: QtBot, show: Any) -> None:
    shown = show()
    place = shown.pixel(-0.275, -0.1)
    qtbot.mouseMove(shown.map, place)
    alpha, beta = shown.map.frame().numbers(QPointF(place))
    u, v = alpha + beta, 2 * alpha - 5 * beta
    expected = sum((1 / (1 + np.exp(-z))) ** 2 for z in (2 * u, 3 * u, 4 * u, v))
    qtbot.waitUntil(lambda: "E =" in shown.readout())
    assert f"E = {expected:.5g}" in shown.readout()
    assert "w¹₁₁ = −0.27" in shown.readout()
    qtbot.mouseMove(shown.map, QPoint(2, 2))
    qtbot.waitUntil(lambda: shown.readout() == "click to set the start")


def test_a_state_outside_of_the_window_is_told(qtbot: QtBot, show: Any) -> None:
    shown = show()
    shown.landscape.set_window(Window(0.5, 1.0, 0.5, 1.0))
    qtbot.waitUntil(lambda: shown.readout() == "the state lies outside of this window")
    shown.landscape.set_window(Window(-1.0, 1.0, -1.0, 1.0))
    qtbot.waitUntil(lambda: shown.readout() == "click to set the start")


def test_what_a_click_does_is_said_where_the_whole_legend_has_room_beside_it(
    qtbot: QtBot, show: Any
) -> None:
    shown = show(size=(400, 500))
    qtbot.waitUntil(lambda: shown.readout() == "")
    assert "start" in shown.panel.legend.toolTip()
    shown.panel.resize(740, 780)
    qtbot.waitUntil(lambda: shown.readout() == "click to set the start")


def test_both_axes_have_one_scale_at_any_size(show: Any) -> None:
    for size in ((740, 780), (1200, 500), (420, 400)):
        frame = show(size=size).map.frame()
        across, up = frame.per_pixel()
        assert across == pytest.approx(up)
        assert frame.window.x0 <= -3.0
        assert frame.window.x1 >= 1.0
        assert frame.window.y0 <= -1.5
        assert frame.window.y1 >= 1.5


def test_a_click_sets_the_start_and_a_drag_is_one_edit(qtbot: QtBot, show: Any) -> None:
    shown = show()
    shown.advance(30)
    qtbot.mousePress(shown.map, LEFT, pos=shown.pixel(0.5, 0.5))
    qtbot.mouseMove(shown.map, shown.pixel(0.2, -0.4))
    qtbot.mouseMove(shown.map, shown.pixel(-0.5, -0.7))
    qtbot.mouseRelease(shown.map, LEFT, pos=shown.pixel(-0.5, -0.7))
    assert shown.session.cursor == 0
    assert shown.session.theta.tolist() == pytest.approx([-0.5, -0.7], abs=0.02)
    assert shown.session.undo_stack.count() == 1
    qtbot.mouseClick(shown.map, LEFT, pos=shown.pixel(0.0, 1.0))
    assert shown.session.undo_stack.count() == 2
    shown.session.undo_stack.undo()
    shown.session.undo_stack.undo()
    assert shown.session.run.last == 30


def test_a_place_that_is_pointed_at_has_no_more_digits_than_a_pixel_tells(
    qtbot: QtBot, show: Any
) -> None:
    shown = show()
    qtbot.mouseClick(shown.map, LEFT, pos=shown.pixel(-0.6, -1.2))
    theta = shown.session.theta.tolist()
    assert theta == pytest.approx([-0.6, -1.2], abs=0.02)
    assert theta == [round(w, 3) for w in theta]
    assert shown.map.frame().per_pixel()[0] > 1e-3


def test_a_click_on_an_edge_of_the_set_leaves_it_as_it_was_typed(qtbot: QtBot, show: Any) -> None:
    box = Box((-2.0, -1.0), (0.5, 1.0))
    shown = show(in_set(box))
    qtbot.mouseClick(shown.map, LEFT, pos=shown.pixel(0.5, 0.0) + QPoint(2, 0))
    assert shown.session.experiment.problem.feasible == box
    assert shown.session.undo_stack.count() == 0


def test_dragging_off_the_plot_stays_on_its_edge(qtbot: QtBot, show: Any) -> None:
    shown = show()
    qtbot.mousePress(shown.map, LEFT, pos=shown.pixel(0.0, 0.0))
    qtbot.mouseMove(shown.map, QPoint(shown.map.width() + 500, 40))
    qtbot.mouseRelease(shown.map, LEFT)
    assert shown.session.theta[0] == pytest.approx(shown.map.frame().window.x1, abs=0.02)


def test_the_wheel_zooms_about_the_pointer_and_the_right_button_moves(
    qtbot: QtBot, show: Any
) -> None:
    shown = show()
    at = QPointF(shown.pixel(-1.0, 0.5))
    before = shown.map.frame().numbers(at)
    wheel = QWheelEvent(
        at,
        shown.map.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(shown.map, wheel)
    assert shown.landscape.window.width == pytest.approx(4.0 / 1.2)
    assert shown.map.frame().numbers(at) == pytest.approx(before)
    qtbot.mousePress(shown.map, RIGHT, pos=at.toPoint())
    qtbot.mouseMove(shown.map, at.toPoint() + QPoint(40, 30))
    qtbot.mouseRelease(shown.map, RIGHT, pos=at.toPoint() + QPoint(40, 30))
    assert shown.map.frame().numbers(at + QPointF(40, 30)) == pytest.approx(before)
    assert shown.session.undo_stack.count() == 0
    double_click(shown.map, QPoint(3, shown.map.height() // 2))
    assert shown.landscape.window == Window(-3.0, 1.0, -1.5, 1.5)


def test_endless_zooming_stops_at_what_numbers_can_tell(show: Any) -> None:
    shown = show()

    def turn_wheel(turn: int) -> Window:
        at = QPointF(shown.pixel(-1.0, 0.0))
        wheel = QWheelEvent(
            at,
            at,
            QPoint(),
            QPoint(0, turn),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(shown.map, wheel)
        return shown.landscape.window

    for turn in (1200, -1200):
        windows = [turn_wheel(turn) for _ in range(600)]
        assert windows[0] != windows[-2] == windows[-1]
        shown.landscape.complete()
        shown.picture()


def test_limits_are_typed_and_an_empty_window_is_refused(qtbot: QtBot, show: Any) -> None:
    shown = show()
    form = shown.panel.window_form
    qtbot.mouseClick(shown.panel.tools.more, LEFT)
    qtbot.waitUntil(form.isVisible)
    entry = form.entry("x0")
    entry.setText("-5,5")
    entry.commit()
    assert shown.landscape.window == Window(-5.5, 1.0, -1.5, 1.5)
    entry.setText("7")
    entry.commit()
    assert shown.landscape.window == Window(-5.5, 1.0, -1.5, 1.5)
    assert "limits [7.0, 1.0]" in form.refusal.text()
    assert entry.text() == "7"
    form.entry("x1").setText("9")
    form.entry("x1").commit()
    assert shown.landscape.window == Window(7.0, 9.0, -1.5, 1.5)
    form.reset_asked.emit()
    assert shown.landscape.window == Window(-3.0, 1.0, -1.5, 1.5)
    shown.advance(20)
    form.fit_asked.emit()
    assert shown.landscape.window.width < 2.0
    form.close()


def test_linear_and_log_are_chosen_on_the_card(qtbot: QtBot, show: Any) -> None:
    shown = show()
    assert "log scale" in shown.panel.subtitle
    assert shown.panel.tools.log.isChecked()
    qtbot.mouseClick(shown.panel.tools.log, LEFT)
    qtbot.waitUntil(lambda: not shown.landscape.is_busy)
    assert not shown.landscape.surface.log
    assert shown.panel.subtitle == "E over w¹₁₁ and w¹₁₂"


def test_the_low_end_is_deep_and_the_path_runs_over_the_map(show: Any) -> None:
    shown = show()
    before = shown.picture()
    low, high = shown.pixel(-2.95, 0.1), shown.pixel(0.9, 2.0)
    assert before[low.y(), low.x()].sum() < before[high.y(), high.x()].sum()
    shown.advance(40)
    after = shown.picture()
    path = shown.pixel(-1.0, 0.05)
    there = after[path.y() - 12 : path.y() + 12, path.x() - 2 : path.x() + 2].reshape(-1, 3)
    assert (np.abs(there - [0xFF, 0x6B, 0x4A]).sum(axis=1) < 30).any()
    assert np.array_equal(shown.picture(), after)


def test_a_path_appended_step_by_step_looks_like_one_painted_at_once(show: Any) -> None:
    shown = show(replace(lecture_experiment(), sampling=Sampling(batch_size=1)))
    for _ in range(25):
        shown.advance(1)
        shown.picture()
    appended = shown.picture()
    assert np.abs(shown.picture_anew() - appended).max(axis=2).mean() < 0.6
    shown.session.seek(10)
    ghost = shown.picture()
    assert not np.array_equal(ghost, appended)
    shown.session.seek(25)
    assert np.abs(shown.picture() - appended).max(axis=2).mean() < 0.6


def test_the_halo_of_short_steps_does_not_hide_the_path_behind_them(show: Any) -> None:
    shown = show()  # a step is a fifth of a pixel in the end
    for _ in range(250):
        shown.advance(1)
        shown.picture()
    assert red(shown.picture()) >= red(shown.picture_anew())


def red(picture: Any) -> int:
    """How many pixels have the colour of the path."""
    return int((np.abs(picture - [0xFF, 0x6B, 0x4A]).sum(axis=2) < 30).sum())


def test_a_path_that_grew_fast_is_painted_whole_once_playing_stops(qtbot: QtBot, show: Any) -> None:
    shown = show(replace(lecture_experiment(), sampling=Sampling(batch_size=1)))
    shown.player.set_speed(1e-6)
    shown.player.play()
    qtbot.waitUntil(lambda: shown.session.run.last == 1)
    shown.picture()
    shown.advance(3 * MOST_PLAYING)
    playing = shown.picture()
    shown.advance(1)
    shown.picture()
    shown.player.pause()
    paused = shown.picture()
    assert np.array_equal(shown.picture_anew(), paused)
    assert not np.array_equal(playing, paused)


def test_a_path_that_jumps_to_and_fro_is_not_cut_short_where_it_grew_at_rest(show: Any) -> None:
    beyond = find_preset("ravine", load_presets()).variants[-1].experiment  # of the limit 2/L
    shown = show(beyond)
    shown.advance(3)
    shown.picture()
    shown.advance(2 * MOST)  # the run ended before the window came to show it
    assert shown.session.run.diverged_at is not None
    grown = shown.picture()
    assert np.array_equal(shown.picture_anew(), grown)


def test_edges_of_the_box_are_dragged(qtbot: QtBot, show: Any) -> None:
    shown = show(in_set(Box((-2.0, -1.0), (0.5, 1.0))))
    qtbot.mousePress(shown.map, LEFT, pos=shown.pixel(0.5, 0.0))
    for x in (0.3, 0.0, -0.25):
        qtbot.mouseMove(shown.map, shown.pixel(x, 0.1))
    qtbot.mouseRelease(shown.map, LEFT)
    feasible = shown.session.experiment.problem.feasible
    assert feasible.hi == (pytest.approx(-0.25, abs=0.02), 1.0)
    assert feasible.hi[0] == round(feasible.hi[0], 3)
    assert feasible.lo == (-2.0, -1.0)
    assert shown.session.undo_stack.count() == 1
    assert shown.session.experiment.problem.feasible.contains(shown.session.theta)
    qtbot.mousePress(shown.map, LEFT, pos=shown.pixel(-2.0, -1.0))
    qtbot.mouseMove(shown.map, shown.pixel(-1.5, -0.5))
    qtbot.mouseRelease(shown.map, LEFT)
    assert shown.session.experiment.problem.feasible.lo == pytest.approx((-1.5, -0.5), abs=0.02)


def test_the_rim_of_the_ball_is_dragged_and_its_outside_is_dimmed(qtbot: QtBot, show: Any) -> None:
    free = show().picture()
    shown = show(in_set(Ball((0.0, 0.0), 1.0)))
    bounded = shown.picture()
    outside, inside = shown.pixel(0.9, -1.9), shown.pixel(0.0, -0.5)
    patch = (slice(outside.y() - 8, outside.y() + 8), slice(outside.x() - 8, outside.x() + 8))
    assert bounded[patch].sum() < free[patch].sum()
    assert bounded[inside.y(), inside.x()].tolist() == free[inside.y(), inside.x()].tolist()
    qtbot.mousePress(shown.map, LEFT, pos=shown.pixel(0.0, 1.0))
    qtbot.mouseMove(shown.map, shown.pixel(0.0, 0.6))
    qtbot.mouseRelease(shown.map, LEFT)
    radius = shown.session.experiment.problem.feasible.radius
    assert radius == pytest.approx(0.6, abs=0.02)
    assert radius == round(radius, 3)


def test_more_weights_are_shown_on_a_slice_that_is_named(qtbot: QtBot, show: Any) -> None:
    shown = show(xor_experiment())
    panel = shown.panel
    assert panel.plane_row.isVisible()
    shown.advance(40)
    qtbot.waitUntil(lambda: shown.landscape.step == 40, timeout=5000)
    qtbot.waitUntil(lambda: "state on the plane" in panel.plane_row.sentence, timeout=5000)
    panel.plane_row.across.chosen.emit(4)
    assert shown.landscape.plane.parameters == (4, 1)
    panel.plane_row.up.chosen.emit(4)
    assert shown.landscape.plane.parameters == (1, 4)
    panel.plane_row.across.chosen.emit(4)
    assert shown.landscape.plane.parameters == (4, 1)
    panel.plane_row.planes.chosen.emit("pca")
    assert shown.landscape.plane.kind == "pca"
    assert "off the plane" in panel.plane_row.sentence
    assert not panel.plane_row.across.isVisible()
    shown.landscape.complete()
    shown.picture()
    panel.plane_row.planes.chosen.emit("random")
    assert "random plane" in panel.subtitle
    panel.plane_row.planes.chosen.emit("two_weights")
    assert shown.landscape.plane.kind == "two_weights"


def test_a_plane_of_a_path_that_has_not_moved_is_refused_with_a_sentence(
    qtbot: QtBot, show: Any
) -> None:
    shown = show(xor_experiment())
    with qtbot.waitSignal(shown.session.said) as said:
        shown.panel.plane_row.planes.chosen.emit("pca")
    assert "a path of two or more weights" in said.args[0]
    assert shown.panel.plane_row.planes.value == "two_weights"


def test_one_weight_is_drawn_as_a_curve_and_its_start_is_dragged(qtbot: QtBot, show: Any) -> None:
    data = Dataset(np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]]))
    problem = Problem(data, Network((1, 1), (IDENTITY,), (False,)))
    shown = show(Experiment(problem, start=Given((-2.0,))))
    shown.advance(5)
    shown.picture()
    qtbot.mouseMove(shown.map, shown.pixel(0.2, 20.0))
    qtbot.waitUntil(lambda: "E =" in shown.readout())
    qtbot.mouseClick(shown.map, LEFT, pos=shown.pixel(0.8, 3.0))
    assert shown.session.theta.tolist() == pytest.approx([0.8], abs=0.02)


def test_a_surface_that_is_nowhere_finite_says_so(show: Any) -> None:
    data = Dataset(np.full((2, 2), 1e300), np.ones((2, 1)))
    problem = Problem(data, Network((2, 1), (IDENTITY,), (False,)))
    shown = show(Experiment(problem, start=Given((1.0, 1.0))))
    shown.landscape.set_home(Window(1e9, 2e9, 1e9, 2e9))
    shown.landscape.complete()
    assert "not finite on 100 % of it" in shown.panel.subtitle
    shown.picture()


def test_a_diverged_path_far_outside_is_drawn_as_far_as_the_window(show: Any) -> None:
    data = Dataset(np.array([[3.0, 1.0], [1.0, 2.0]]), np.ones((2, 1)))
    problem = Problem(data, Network((2, 1), (IDENTITY,), (False,)))
    experiment = Experiment(problem, GradientDescent(learning_rate=5.0), start=Given((0.5, 0.2)))
    shown = show(experiment)
    shown.advance(2_000)
    assert shown.session.run.diverged_at is not None
    assert np.abs(shown.session.theta).max() > 1e100
    shown.picture()
    shown.session.seek(1)
    shown.picture()
    shown.landscape.fit_path()
    shown.landscape.complete()
    shown.picture()


@pytest.mark.parametrize("size", [(1, 1), (16000, 10), (10, 4000), (200, 120), (60, 60)])
def test_windows_of_any_size_are_painted(show: Any, size: tuple[int, int]) -> None:
    shown = show()
    shown.advance(3)
    shown.map.setMinimumSize(1, 1)
    shown.panel.layout().setEnabled(False)
    shown.map.resize(*size)
    shown.landscape.complete()
    picture = shown.picture()
    assert picture.shape == (size[1], size[0], 3)
    assert picture.any(axis=-1).all()  # no pixel is left black


def test_pictures_at_any_scale_are_painted_anew_and_sharp(show: Any) -> None:
    shown = show()
    shown.advance(20)
    once, twice = shown.picture(1), shown.picture(2)
    assert twice.shape[0] == 2 * once.shape[0]
    assert np.abs(twice[::2, ::2] - once).mean() < 8.0


def test_on_paper_lines_and_text_are_vectors(show: Any) -> None:
    shown = show()
    shown.advance(20)
    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QSizeF(200, 200), QPageSize.Unit.Millimeter))
    picture = QPicture()
    painter = QPainter(picture)
    QWidget.render(shown.map, painter, QPoint())
    painter.end()
    painter = QPainter(writer)
    painter.drawPicture(0, 0, picture)
    painter.end()
    buffer.close()
    content = bytes(store.data())
    assert b"/Font" in content
    # The one raster that may be: the shades, at the grid's own size; and the colour bar.
    widths = {int(part.split()[0]) for part in content.split(b"/Width ")[1:]}
    assert widths
    assert max(widths) < 400


def test_the_theme_and_the_type_size_change_the_map_but_not_its_ramp(show: Any) -> None:
    shown = show()
    dark = shown.picture()
    low = shown.pixel(-2.8, 0.0)
    shown.appearance.set_theme("light")
    light = shown.picture()
    assert light[2, 2].sum() > dark[2, 2].sum()
    assert light[low.y(), low.x()].tolist() == dark[low.y(), low.x()].tolist()
    area = shown.map.frame().area
    shown.appearance.scale_type(1)
    QApplication.processEvents()
    assert shown.map.frame().area != area
    shown.picture()


def test_the_arrows_of_the_samples_are_laid_by_the_popover_and_turned_by_the_button(
    qtbot: QtBot, show: Any
) -> None:
    shown = show()
    panel = shown.panel
    before = shown.picture()
    panel.window_form.arrows.button(Mode.TIP_TO_TAIL).click()
    assert panel.bouquet.mode is Mode.TIP_TO_TAIL
    assert not np.array_equal(shown.picture(), before)
    qtbot.mouseClick(panel.tools.arrows, LEFT)
    assert panel.bouquet.mode is Mode.OFF
    assert panel.window_form.arrows.value is Mode.OFF
    assert "off" in panel.tools.arrows.toolTip()


def test_what_the_lens_says_is_written_over_the_arrows(show: Any) -> None:
    shown = show()
    lens = shown.context.lens
    lens.set_on(True)
    lens.set_epsilon(0.15)
    lens.complete()
    sheet, generator = QBuffer(), QSvgGenerator()
    generator.setOutputDevice(sheet)
    with QPainter(generator) as painter:
        shown.map.scene.paint_overlays(painter, shown.map.frame(), shown.context.overlays)
    written = sheet.data().data().decode()
    assert max(written.rindex(f">{s}<") for s in (1, 2, 3, 4)) < written.index(">u<")


def test_the_legend_says_whose_arrows_are_solid(show: Any) -> None:
    experiment = replace(lecture_experiment(), sampling=Sampling(1, "cyclic"))
    problem = replace(experiment.problem, reduction="mean", penalty=Penalty(l2=0.1))
    shown = show(replace(experiment, problem=problem))
    shown.advance(4)
    flush(shown.panel)
    names = shown.panel.legend.accessibleDescription()
    assert "−∇eˢ/S, solid: step 5" in names
    assert "−∇R" in names
    shown.panel.window_form.batch.setChecked(True)
    assert "batch of step 5" in shown.panel.legend.accessibleDescription()


def test_how_much_of_the_gradient_lies_in_the_slice_is_said_of_the_state_on_view(
    show: Any,
) -> None:
    shown = show(xor_experiment())
    shown.advance(3)
    shown.session.seek(1)
    theta = shown.session.theta
    gradient = shown.session.experiment.problem.gradient(theta)
    share = np.hypot(gradient[0], gradient[1]) / np.linalg.norm(gradient)
    flush(shown.panel)
    said = shown.panel.plane_row.sentence
    assert f"{percent(share)} of ‖∇E‖ in it" in said


def test_edits_in_the_past_leave_the_old_path_faint(show: Any) -> None:
    shown = show()
    shown.advance(30)
    shown.session.seek(10)
    shown.session.set_theta(np.array([0.5, 0.9]), "Set by hand")
    shown.advance(20)
    shown.picture()
    shown.session.seek(5)
    shown.picture()
    assert len(shown.session.run.segments) == 2
