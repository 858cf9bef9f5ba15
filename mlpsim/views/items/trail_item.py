"""The painted path of a run: strong up to the cursor, a ghost ahead, faint where edited before."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from mlpsim.core.arrays import Array
from mlpsim.core.run import Run
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import clipped, distinct, stroke, thinned, unit_of
from mlpsim.views.theme import Theme

WIDTH, HALO_WIDTH, FAINT_WIDTH = 2.2, 4.6, 1.6
OVER = QPainter.CompositionMode.CompositionMode_SourceOver
UNDER = QPainter.CompositionMode.CompositionMode_DestinationOver
EARLIER, AHEAD = 0.55, 0.7
DOT_FROM = 9.0  # pixels that a step is long, from which on its end gets a dot
DOT_RADIUS = 2.6
MOST_DOTS = 400

MOST_PLAYING = 2_000  # states that what a frame adds is drawn through while the run plays
MOST, MOST_NUMBERS = 4_000, 1_000_000  # at rest, and numbers of the states that are read for it

Places = Callable[[int, int], Array]


def most_states(run: Run, playing: bool) -> int:
    """Through how many states about a stretch of a path is drawn."""
    return MOST_PLAYING if playing else min(MOST, MOST_NUMBERS // len(run.tip.theta))


def paint_trail(
    painter: QPainter, frame: PlotFrame, theme: Theme, run: Run, cursor: int, places: Places
) -> None:
    """The whole path; ``places(first, last)`` are the places (n, 2) of those states."""
    present = run.segment_at(cursor)
    for n, segment in enumerate(run.segments):
        following = run.segments[n + 1] if n + 1 < len(run.segments) else None
        last = run.last if following is None else following.start
        # The step into a state that was set by hand led elsewhere: it is not drawn.
        if following is not None and following.theta is not None:
            last -= 1
        first = max(segment.start, cursor) if segment.start >= present.start else segment.start
        if last > first:
            alpha = AHEAD if segment.start >= present.start else EARLIER
            _paint_faint(painter, frame, theme, places(first, last), alpha)
    paint_strong(painter, frame, theme, places(present.start, cursor))


def paint_strong(
    painter: QPainter,
    frame: PlotFrame,
    theme: Theme,
    stretch: Array,
    halo: QPainter.CompositionMode = OVER,
) -> None:
    """A stretch (n, 2) of the present segment's path, with a dot at the end of each long step.

    On a layer that holds the path so far the halo belongs ``UNDER`` it: it is wider than short
    steps are long, and would hide the ones before.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pieces, unit = _pieces(frame, stretch), unit_of(frame)
    for colour, width, mode in ((theme.halo, HALO_WIDTH, halo), (theme.path, WIDTH, OVER)):
        painter.setCompositionMode(mode)
        painter.setPen(_pen(colour, width * unit))
        for points in pieces:
            stroke(painter, points)
    if 2 <= len(stretch) <= MOST_DOTS:
        _paint_dots(painter, frame, theme, stretch)


def _paint_dots(painter: QPainter, frame: PlotFrame, theme: Theme, stretch: Array) -> None:
    with np.errstate(all="ignore"):
        points = frame.pixels(stretch)
        long = np.linalg.norm(np.diff(points, axis=0), axis=1) >= DOT_FROM
    painter.setPen(QPen(theme.halo, 1.2))
    painter.setBrush(theme.path)
    radius = DOT_RADIUS * unit_of(frame)
    for x, y in points[1:][long].tolist():
        if frame.area.contains(x, y):
            painter.drawEllipse(QPointF(x, y), radius, radius)


def _paint_faint(
    painter: QPainter, frame: PlotFrame, theme: Theme, stretch: Array, alpha: float
) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(theme.path)
    colour.setAlphaF(alpha)
    painter.setPen(_pen(colour, FAINT_WIDTH * unit_of(frame)))
    for points in _pieces(frame, stretch):
        stroke(painter, points)


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _pieces(frame: PlotFrame, stretch: Array) -> list[Array]:
    """What of a stretch is worth drawing, in pixels."""
    if len(stretch) < 2:
        return []
    with np.errstate(all="ignore"):
        points = distinct(frame.pixels(stretch))  # a burst may hold thousands on one pixel
    room = frame.area.adjusted(-HALO_WIDTH, -HALO_WIDTH, HALO_WIDTH, HALO_WIDTH)
    return [thinned(piece) for piece in clipped(points, room)]
