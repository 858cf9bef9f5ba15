"""Overlays: painted on the map in order, told of changes once, and given the pointer."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter
from pytestqt.qtbot import QtBot

from mlpsim.views.context import Context
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.surface_map import SurfaceMap
from tests.runs import train
from tests.views.controls import has


class Spot:
    """A disc at a pixel that notes what it is told."""

    def __init__(self, x: float, y: float) -> None:
        self.at, self.told = QPointF(x, y), list[str]()

    def refresh(self) -> None:
        self.told.append("refresh")

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        self.told.append("paint")

    def _covers(self, at: QPointF) -> bool:
        return (at - self.at).manhattanLength() < 10.0

    def hover(self, frame: PlotFrame, at: QPointF | None) -> bool:
        covers = at is not None and self._covers(at)
        self.told.append("hover" if covers else "away")
        return covers

    def press(self, frame: PlotFrame, at: QPointF) -> bool:
        self.told.append("press")
        return self._covers(at)

    def drag(self, frame: PlotFrame, at: QPointF) -> None:
        self.told.append("drag")

    def release(self) -> None:
        self.told.append("release")


class Cloth:
    """Covers the map."""

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        painter.fillRect(frame.area, QColor("black"))


class Quiet:
    """An overlay that leaves the pointer alone."""

    def __init__(self) -> None:
        self.paints = 0

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        self.paints += 1


@pytest.fixture
def shown(qtbot: QtBot, context: Context) -> SurfaceMap:
    loss_map = SurfaceMap(context)
    qtbot.addWidget(loss_map)
    loss_map.resize(500, 400)
    context.landscape.complete()
    loss_map.show()
    qtbot.waitExposed(loss_map)
    return loss_map


def test_an_overlay_is_refreshed_once_for_every_change(context: Context, shown: SurfaceMap) -> None:
    spot = Spot(200.0, 150.0)
    context.overlays.add(spot)
    shown.grab()
    shown.grab()
    assert spot.told == ["refresh", "paint", "paint"]
    context.session.restart()
    shown.grab()
    assert spot.told[3:] == ["refresh", "paint"]


def test_the_path_is_seen_on_what_lies_under_it(context: Context, shown: SurfaceMap) -> None:
    train(context.session, 40)
    context.overlays.add_under(Cloth())
    picture = shown.grab().toImage()
    context.overlays.add(Cloth())
    frame = shown.frame()
    assert frame is not None
    path = frame.pixels(np.array([-0.8, 0.0])).round().astype(int).tolist()
    near = QRect(path[0] - 3, path[1] - 30, 6, 60)
    assert has(picture.copy(near), context.appearance.theme.path)
    assert not has(shown.grab(near).toImage(), context.appearance.theme.path)


def test_a_change_of_an_overlay_paints_the_map_again(
    qtbot: QtBot, context: Context, shown: SurfaceMap
) -> None:
    quiet = Quiet()
    context.overlays.add(quiet)
    qtbot.waitUntil(lambda: quiet.paints > 0)
    before = quiet.paints
    context.overlays.update()
    qtbot.waitUntil(lambda: quiet.paints > before)
    assert context.overlays.grabbables() == []


def test_the_topmost_overlay_takes_the_pointer(
    qtbot: QtBot, context: Context, shown: SurfaceMap
) -> None:
    below, above = Spot(200.0, 150.0), Spot(205.0, 150.0)
    context.overlays.add(below)
    context.overlays.add(above)
    asked: list[object] = []
    shown.start_dragged.connect(asked.append)
    place = QPointF(202.0, 150.0).toPoint()
    qtbot.mouseMove(shown, place)
    assert shown.cursor().shape() == Qt.CursorShape.PointingHandCursor
    assert above.told[-1] == "hover"
    assert below.told[-1] == "away"
    qtbot.mousePress(shown, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseMove(shown, place * 1.1)
    qtbot.mouseRelease(shown, Qt.MouseButton.LeftButton, pos=place * 1.1)
    assert above.told[-3:] == ["press", "drag", "release"]
    assert "press" not in below.told
    assert asked == []
    qtbot.mousePress(shown, Qt.MouseButton.LeftButton, pos=place * 1.5)
    qtbot.mouseRelease(shown, Qt.MouseButton.LeftButton, pos=place * 1.5)
    assert len(asked) == 1
    assert below.told[-1] == "press"
