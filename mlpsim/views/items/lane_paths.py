"""Paths of lanes: those of several runs over one plane, kept as a layer that grows with them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPixmap

from mlpsim.core.run import Run
from mlpsim.views.items.ground import Ground
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.trail_item import UNDER, most_states, paint_strong, paint_trail
from mlpsim.views.theme import DARK, Theme


@dataclass(frozen=True, eq=False)
class Path:
    """A run in the colour of its lane."""

    run: Run
    colour: QColor


class PathLayer:
    """Paints paths strong up to a state and faint after it, from a picture where that is quicker.

    While the runs grow with the state on view, only what is new is added to the picture, through
    fewer states while the run plays.
    """

    def __init__(self) -> None:
        self._picture = QPixmap()
        self._key: tuple[object, ...] = ()
        self._shown: tuple[tuple[int, int], ...] = ()  # state on view and last state of each
        self._is_thinned = False  # more states are read for it at rest

    def paint(
        self,
        painter: QPainter,
        frame: PlotFrame,
        ground: Ground,
        paths: Sequence[Path],
        k: int,
        playing: bool,
    ) -> None:
        if painter.paintEngine().type() != QPaintEngine.Type.Raster:
            _paint_all(painter, frame, ground, paths, k)
        elif paths:
            self._refresh(frame, ground, paths, k, playing, painter.deviceTransform().m11())
            painter.drawPixmap(frame.area.topLeft(), self._picture)

    def _refresh(
        self,
        frame: PlotFrame,
        ground: Ground,
        paths: Sequence[Path],
        k: int,
        playing: bool,
        ratio: float,
    ) -> None:
        key = (
            *(frame.window, frame.area, frame.font.toString(), ratio, id(ground.plane)),
            *((id(path.run), len(path.run.segments), path.colour.rgb()) for path in paths),
        )
        now = tuple((min(k, path.run.last), path.run.last) for path in paths)
        before, self._shown = self._shown, now
        # What is appended at rest would leave states out where it is long: see ``SurfaceMap``.
        is_long = any(
            k - done > most_states(path.run, playing)
            for path, (done, _), (k, _) in zip(paths, before, now, strict=False)
        )
        is_coarse = (self._is_thinned or is_long) and not playing
        if key == self._key and now == before and not is_coarse:
            return
        if is_coarse or key != self._key or not all(map(_has_grown, before, now)):
            size = frame.area.size() * ratio
            self._picture = QPixmap(int(size.width()) + 1, int(size.height()) + 1)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(QColor(0, 0, 0, 0))
            self._held, self._key = (ground.plane, paths), key  # what is known by its id stays
            before = ()
        with QPainter(self._picture) as painter:
            painter.translate(-frame.area.topLeft())
            if not before:
                _paint_all(painter, frame, ground, paths, k)
                self._is_thinned = False
            for path, (first, _), (last, _) in zip(paths, before, now, strict=False):
                if last > first:
                    most = most_states(path.run, playing)
                    self._is_thinned |= playing and last - first > most
                    stretch = ground.states(path.run, first, last, most)
                    paint_strong(painter, frame, _theme(path), stretch, UNDER)


def _has_grown(before: tuple[int, int], now: tuple[int, int]) -> bool:
    """Whether only states at the end are new, and the last one is shown as it was before."""
    return before == now or (before[0] == before[1] <= now[1] == now[0])


def _theme(path: Path) -> Theme:
    return replace(DARK, path=path.colour)


def _paint_all(
    painter: QPainter, frame: PlotFrame, ground: Ground, paths: Sequence[Path], k: int
) -> None:
    for path in paths:
        states = partial(ground.states, path.run, most=most_states(path.run, playing=False))
        paint_trail(painter, frame, _theme(path), path.run, min(k, path.run.last), states)
