"""Brushing: what points at a sample in one view highlights it in every other."""

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.views.context import Context
from mlpsim.views.panels.data import DataPanel
from mlpsim.views.panels.gradients import GradientsPanel
from mlpsim.views.panels.loss import LossPanel
from mlpsim.views.panels.network import NetworkPanel
from mlpsim.views.panels.sum import SumPanel
from mlpsim.views.panels.surface import SurfacePanel
from mlpsim.views.panels.table import TablePanel
from tests.runs import train


@pytest.fixture
def shown(qtbot: QtBot, context: Context) -> Any:
    """All views of samples over one session, after 20 steps of gradient descent."""
    train(context.session, 20)
    stage = QWidget()
    found = SimpleNamespace(session=context.session, stage=stage)
    row = QHBoxLayout(stage)
    qtbot.addWidget(stage)
    for name, factory in (
        ("data", DataPanel),
        ("table", TablePanel),
        ("loss", LossPanel),
        ("gradients", GradientsPanel),
        ("network", NetworkPanel),
        ("sum", SumPanel),
        ("surface", SurfacePanel),
    ):
        panel: QWidget = factory(context)
        row.addWidget(panel, 1)
        setattr(found, name, panel)
    stage.resize(3000, 420)
    stage.show()
    qtbot.waitExposed(stage)
    context.landscape.complete()
    qtbot.waitUntil(lambda: bool(found.sum.tiles))
    return found


def highlighted(shown: Any) -> list[int | None]:
    """The sample that each view highlights."""
    lit = [key for key, tile in shown.sum.tiles.items() if tile.picture.is_lit]
    return [
        shown.data.scatter.hovered,
        shown.table.model.pointed,
        shown.loss.curve.lit,
        shown.gradients.grid.picture.brushed,
        lit[0] if lit else None,
    ]


def leave(widget: QWidget) -> None:
    QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))


def test_a_data_point_under_the_pointer_is_highlighted_everywhere(qtbot: QtBot, shown: Any) -> None:
    scatter = shown.data.scatter
    x, y = scatter.frame.pixels(scatter.samples.points[2]).tolist()
    qtbot.mouseMove(scatter, QPoint(round(x), round(y)))
    assert highlighted(shown) == [2] * 5
    leave(scatter)
    assert highlighted(shown) == [None] * 5


def test_a_row_of_the_table_under_the_pointer_is_highlighted_everywhere(
    qtbot: QtBot, shown: Any
) -> None:
    table = shown.table.table
    before = shown.table.grab().toImage()
    at = QPoint(60, table.rowViewportPosition(3) + 6)
    qtbot.mouseMove(table.viewport(), at)
    assert highlighted(shown) == [3] * 5
    assert shown.table.grab().toImage() != before
    leave(table)
    qtbot.waitUntil(lambda: highlighted(shown) == [None] * 5)


def test_a_curve_of_an_error_under_the_pointer_is_highlighted_everywhere(
    qtbot: QtBot, shown: Any
) -> None:
    curve = shown.loss.curve
    plot, line = curve.plot(), curve.picture.errors[3]
    x = plot.left() + float(line.x[10]) / curve.picture.end * plot.width()
    y = plot.bottom() - float(curve.picture.scale.share(line.y[10])) * plot.height()
    before = shown.loss.grab().toImage()
    qtbot.mouseMove(curve, QPoint(round(x), round(y)))
    assert highlighted(shown) == [3] * 5
    assert shown.loss.grab().toImage() != before
    assert curve.sample_at(QPointF(plot.left() + 2.0, plot.bottom() - 1.0)) is None
    leave(curve)
    assert highlighted(shown) == [None] * 5


def test_an_arrow_under_the_pointer_is_highlighted_everywhere(qtbot: QtBot, shown: Any) -> None:
    shown.surface.map.grab()
    arrows = dict(shown.surface.bouquet.arrows)
    qtbot.mouseMove(shown.surface.map, arrows[3].pointAt(0.8).toPoint())
    assert highlighted(shown) == [3] * 5
    leave(shown.surface.map)
    assert highlighted(shown) == [None] * 5


def test_a_selected_sample_shows_again_when_the_pointer_is_gone(shown: Any) -> None:
    shown.session.selection.select_sample(1)
    shown.session.selection.point_at_sample(2)
    assert highlighted(shown)[2:4] == [2, 2]
    shown.session.selection.point_at_sample(None)
    assert highlighted(shown)[2:4] == [1, 1]
    assert shown.data.scatter.selected == 1
