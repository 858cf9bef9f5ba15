"""Framing: which window of a plane shows what matters, be it the start, a path or a state."""

from mlpsim.core.arrays import Array
from mlpsim.core.plane import Plane
from mlpsim.core.window import Window

LECTURE_WINDOW = Window(-3.0, 1.0, -1.5, 1.5)
NORMALISED_WINDOW = Window(-1.5, 1.5, -1.5, 1.5)


def usual_window(plane: Plane, start: Array) -> Window:
    """The window that a plane is first seen in, for a run that begins at start (P,)."""
    if plane.kind == "random":
        return NORMALISED_WINDOW
    x, y = (float(c) for c in plane.project(start))
    lecture = LECTURE_WINDOW
    few = len(plane.origin) <= 2
    if few and lecture.x0 <= x <= lecture.x1 and lecture.y0 <= y <= lecture.y1:
        return lecture
    half = max(2.0, 1e-6 * abs(x), 1e-6 * abs(y))
    return Window.within_reach(x - half, x + half, y - half, y + half)


def window_around(places: Array) -> Window | None:
    """A square window around places (n, 2) with some room; None where they are one point."""
    if not len(places):
        return None
    lo, hi = places.min(axis=0), places.max(axis=0)
    x, y = 0.5 * (lo + hi)
    half = 0.65 * float(max(hi - lo))
    try:
        return Window(x - half, x + half, y - half, y + half)
    except ValueError:
        return None


def window_at(window: Window, place: Array) -> Window | None:
    """The same window with a place (2,) in its middle; None where that is beyond all reach."""
    x, y = place.tolist()
    try:
        return window.moved(x - 0.5 * (window.x0 + window.x1), y - 0.5 * (window.y0 + window.y1))
    except ValueError:
        return None
