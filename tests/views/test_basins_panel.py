"""The basins panel: the map over the surface, its rows, and a click that runs from a start."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import SIGMOID
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Zeros
from mlpsim.core.window import Window
from mlpsim.views.items.overlays.basins import OPACITY, colour
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.panels.basins import BasinsPanel
from tests.views.panel_stage import Stage

TWO_MINIMA = find_preset("bad-local-minimum", load_presets()).document(None).experiment
FRAME = PlotFrame(Window(-4.0, 4.0, -4.0, 4.0), QRectF(0.0, 0.0, 400.0, 400.0), "", "", QFont())
Open = Callable[..., Stage[BasinsPanel]]


@pytest.fixture
def stage(opened: Open) -> Stage[BasinsPanel]:
    stage = opened(BasinsPanel, TWO_MINIMA)
    stage.landscape.set_window(FRAME.window)
    return stage


def mapped(qtbot: QtBot, stage: Stage[BasinsPanel], steps: int = 2000, side: int = 17) -> None:
    panel = stage.panel
    panel.steps.set_value(steps)
    panel.side.set_value(side)
    qtbot.mouseClick(panel.map, Qt.MouseButton.LeftButton)
    assert not panel.map.isEnabled()
    assert panel.cancel.isVisible()
    qtbot.waitUntil(lambda: panel.mapper.errand.share is None, timeout=20_000)


def painted(stage: Stage[BasinsPanel]) -> QImage:
    image = QImage(400, 400, QImage.Format.Format_ARGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    try:
        stage.panel.overlay.paint(painter, FRAME)
    finally:
        painter.end()
    return image


def at(x: float, y: float) -> QPointF:
    px, py = FRAME.pixels(np.array([x, y])).tolist()
    return QPointF(px, py)


def test_the_basins_are_listed_with_their_shares(qtbot: QtBot, stage: Stage[BasinsPanel]) -> None:
    panel = stage.panel
    assert panel.note.text().startswith("Every place of the map as a start")
    mapped(qtbot, stage)
    first, second = panel.lines[:2]
    assert "reach E = 1.2521 at (0.33483, 0.15763)" in first
    assert "reach E = 1.6661 at (−1.1533, 0.49374)" in second
    shares = [float(line.split(" %")[0]) for line in panel.lines]
    assert sum(shares) == pytest.approx(100.0, abs=0.3)
    assert "have not settled after 2000 steps" in panel.lines[-1]
    assert panel.note.text().startswith("17×17 starts in [−4, 4]², 2000 steps each.")
    assert "wall of C" not in panel.note.text()


def test_a_picture_names_the_starts_that_it_shows(stage: Stage[BasinsPanel]) -> None:
    panel = stage.panel
    panel.steps.set_value(20)
    panel.demonstrate()
    side = int(panel.side.value)
    assert panel.note.text().startswith(f"{side}×{side} starts in [−4, 4]², 20 steps each.")


def test_a_picture_keeps_the_map_that_a_person_has_asked_for(
    qtbot: QtBot, stage: Stage[BasinsPanel]
) -> None:
    mapped(qtbot, stage, steps=20)
    there = stage.panel.mapper.map
    stage.panel.demonstrate()
    assert stage.panel.mapper.map is there
    assert stage.panel.side.value == 17


def test_starts_are_painted_in_the_colour_of_their_minimum(
    qtbot: QtBot, stage: Stage[BasinsPanel]
) -> None:
    mapped(qtbot, stage)
    image = painted(stage)
    for place, label in (((1.2, 1.4), 0), ((-2.2, 0.9), 1)):
        seen = image.pixelColor(at(*place).toPoint())
        expected = colour(label)
        assert seen.red() == pytest.approx(OPACITY * expected.red(), abs=3)
        assert seen.blue() == pytest.approx(OPACITY * expected.blue(), abs=3)
    stage.panel.draws.click()
    assert painted(stage).pixelColor(at(1.2, 1.4).toPoint()) == QColor("black")


def test_a_click_runs_from_the_start_whose_pixel_it_is(
    qtbot: QtBot, stage: Stage[BasinsPanel]
) -> None:
    mapped(qtbot, stage, steps=30)
    overlay = stage.panel.overlay
    assert overlay.hover(FRAME, at(1.1, 1.1))
    assert not overlay.hover(FRAME, None)
    assert not overlay.press(FRAME, QPointF(-50.0, 20.0))
    overlay.release()
    assert overlay.press(FRAME, at(-3.0, -3.0))
    overlay.drag(FRAME, at(1.1, 0.9))
    overlay.release()
    qtbot.waitUntil(lambda: stage.session.cursor == 30)
    assert stage.session.run.theta(0).tolist() == [1.0, 1.0]
    assert stage.panel.mapper.map is not None


def test_another_optimizer_takes_the_map_away(qtbot: QtBot, stage: Stage[BasinsPanel]) -> None:
    mapped(qtbot, stage, steps=20)
    session = stage.session
    session.edit(replace(session.experiment, optimizer=GradientDescent(0.01)), "rate")
    assert stage.panel.lines == []
    assert painted(stage).pixelColor(at(1.0, 1.0).toPoint()) == QColor("black")
    assert stage.panel.hint.isHidden()


def test_mapping_can_be_cancelled(qtbot: QtBot, stage: Stage[BasinsPanel]) -> None:
    panel = stage.panel
    panel.steps.set_value(100_000)
    panel.map.click()
    qtbot.waitUntil(lambda: panel.subtitle.startswith("mapping: "))
    panel.cancel.click()
    assert panel.map.isEnabled()
    assert not panel.cancel.isVisible()


def test_a_single_weight_has_no_map(opened: Open) -> None:
    network = Network((1, 1), (SIGMOID,), (False,))
    problem = Problem(Dataset([[1.0], [-1.0]], [[1.0], [0.0]]), network)
    stage = opened(BasinsPanel, Experiment(problem, start=Zeros()))
    assert not stage.panel.map.isEnabled()
    assert stage.panel.note.text() == "A network with one weight has no map of starts."


def test_minima_off_the_map_are_not_painted(qtbot: QtBot, stage: Stage[BasinsPanel]) -> None:
    mapped(qtbot, stage, steps=2000, side=9)
    near = PlotFrame(Window(1.0, 3.0, 1.0, 3.0), FRAME.area, "", "", QFont())
    image = QImage(400, 400, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    try:
        stage.panel.overlay.paint(painter, near)
    finally:
        painter.end()
    assert image.pixelColor(200, 200).alpha() > 0


def test_a_minimum_on_the_wall_of_c_is_not_said_to_have_no_gradient(
    opened: Open, qtbot: QtBot
) -> None:
    walled = find_preset("lecture-constrained", load_presets()).document("box").experiment
    stage = opened(BasinsPanel, walled)
    mapped(qtbot, stage, steps=100, side=5)
    assert "reach E = 0.029485 at (−1, 0.0526" in stage.panel.lines[0]  # ‖∇E‖ = 0.1126
    assert "or the wall of C holds it, projected gradient" in stage.panel.note.text()


def test_under_noise_it_says_around_which_minimum_and_how_that_was_found(
    opened: Open, qtbot: QtBot
) -> None:
    stage = opened(BasinsPanel, replace(TWO_MINIMA, sampling=Sampling(1, seed=3)))
    stage.landscape.set_window(Window(-2.0, 2.0, -2.0, 2.0))
    mapped(qtbot, stage, 60, 9)
    first, second, *_ = stage.panel.lines
    assert " end around E = 1.2521 at (0.33483, 0.15763), " in first
    assert " end around E = 1.6661 at (−1.1533, 0.49374), " in second
    assert first.endswith(" off, root mean square")
    assert "plain gradient descent on E, polished by" in stage.panel.note.text()
