"""Two weights picked on the diagram become the axes of the loss surface."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.views.panels.network import NetworkPanel
from mlpsim.views.panels.surface import SurfacePanel
from tests.views.controls import on_view
from tests.views.panel_stage import Stage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Any]:
    experiment = find_preset("spiral", load_presets()).variant().experiment
    stage = Stage(qtbot, SurfacePanel, experiment, (700, 700))
    network = on_view(qtbot, NetworkPanel(stage.context), 440, 360)
    yield SimpleNamespace(
        landscape=stage.landscape,
        session=stage.session,
        pick=stage.context.axis_pick,
        row=stage.panel.plane_row,
        network=network,
        diagram=network.diagram,
    )
    stage.close()


def middle_of(stage: Any, p: int) -> QPoint:
    layout = stage.diagram.layout_now
    line = layout.edges[layout.edge_parameters.index(p)]
    for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.15, 0.85):
        point = line.pointAt(share)
        if stage.diagram.parameter_at(point) == p:
            return point.toPoint()
    raise AssertionError(f"no place of edge {p} is its own")


def test_two_clicks_on_edges_choose_the_axes(qtbot: QtBot, stage: Any) -> None:
    stage.row.pick.click()
    assert stage.pick.is_on
    assert stage.network.subtitle == "click the weight across"
    first, second = 100, 3
    assert stage.session.experiment.problem.network.n_params == 105
    qtbot.mouseClick(stage.diagram, LEFT, pos=middle_of(stage, first))
    assert "across; click the weight up" in stage.network.subtitle
    assert not stage.network.entry.isVisible()
    qtbot.mouseClick(stage.diagram, LEFT, pos=middle_of(stage, first))
    assert stage.pick.is_on
    qtbot.mouseClick(stage.diagram, LEFT, pos=middle_of(stage, second))
    assert stage.landscape.plane.parameters == (first, second)
    assert (stage.row.across.value, stage.row.up.value) == (first, second)
    assert not stage.pick.is_on
    assert not stage.row.pick.isChecked()
    assert "105" in stage.network.subtitle or "tanh" in stage.network.subtitle
    qtbot.mouseClick(stage.diagram, LEFT, pos=middle_of(stage, first))
    assert stage.network.entry.isVisible()


def test_weights_are_not_dragged_while_axes_are_picked(qtbot: QtBot, stage: Any) -> None:
    stage.row.pick.click()
    place, before = middle_of(stage, 3), stage.session.theta.copy()
    qtbot.mousePress(stage.diagram, LEFT, pos=place)
    qtbot.mouseMove(stage.diagram, place - QPoint(0, 60))
    qtbot.mouseRelease(stage.diagram, LEFT, pos=place - QPoint(0, 60))
    assert (stage.session.theta == before).all()
    assert stage.session.undo_stack.count() == 0


def test_the_keyboard_picks_axes_and_escape_leaves_them(stage: Any) -> None:
    stage.row.pick.click()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(stage.diagram, key)
    assert stage.landscape.plane.parameters == (0, 1)
    assert not stage.pick.is_on
    stage.row.pick.click()
    QTest.keyClick(stage.diagram, Qt.Key.Key_Escape)
    assert not stage.pick.is_on
    stage.row.pick.click()
    stage.row.pick.click()
    assert not stage.pick.is_on
    assert stage.landscape.plane.parameters == (0, 1)


def test_another_network_ends_the_pick(stage: Any) -> None:
    stage.row.pick.click()
    stage.network.more_layers.click()
    assert not stage.pick.is_on
