"""Windows: the rectangle of a plane, or of two inputs, that is looked at."""

from dataclasses import dataclass
from math import isfinite

CLOSE = 1e-9  # times the larger limit: how close two limits of a window may be
FAR = 1e305  # how far a window reaches: its width and what is reckoned with it stay finite


def _apart(lo: float, hi: float) -> tuple[float, float]:
    """Limits within reach and as far apart as those of a window are."""
    lo, hi = min(max(lo, -FAR), 0.9 * FAR), min(max(hi, -0.9 * FAR), FAR)
    least = 2.0 * CLOSE * max(abs(lo), abs(hi))
    if 0.0 < hi - lo < least:
        middle = 0.5 * (lo + hi)
        lo, hi = middle - 0.5 * least, middle + 0.5 * least
    return lo, hi


@dataclass(frozen=True)
class Window:
    """The rectangle x0 ≤ α ≤ x1, y0 ≤ β ≤ y1 of a plane."""

    x0: float
    x1: float
    y0: float
    y1: float

    def __post_init__(self) -> None:
        for axis, lo, hi in (("x", self.x0, self.x1), ("y", self.y0, self.y1)):
            if not (isfinite(lo) and isfinite(hi) and lo < hi):
                raise ValueError(f"the window's {axis} limits [{lo!r}, {hi!r}] are empty")
            if max(abs(lo), abs(hi)) > FAR:
                raise ValueError(f"the window's {axis} limits [{lo!r}, {hi!r}] reach beyond {FAR}")
            if hi - lo < CLOSE * max(abs(lo), abs(hi)):
                raise ValueError(f"the window's {axis} limits [{lo!r}, {hi!r}] are too close")

    @classmethod
    def within_reach(cls, x0: float, x1: float, y0: float, y1: float) -> "Window":
        """The window of these limits, or as much of it as is not beyond all reach.

        Limits that are too close are drawn apart; ValueError if one is not below the other.
        """
        return cls(*_apart(x0, x1), *_apart(y0, y1))

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    def with_aspect(self, aspect: float) -> "Window":
        """The smallest window around this one whose height is ``aspect`` times its width."""
        width = max(self.width, self.height / aspect)
        height = max(self.height, self.width * aspect)
        x, y = 0.5 * (self.x0 + self.x1), 0.5 * (self.y0 + self.y1)
        half_width, half_height = 0.5 * width, 0.5 * height
        return Window.within_reach(x - half_width, x + half_width, y - half_height, y + half_height)

    def zoomed(self, factor: float, x: float, y: float) -> "Window":
        """The window scaled by ``factor`` about (x, y)."""
        return Window(
            x + (self.x0 - x) * factor,
            x + (self.x1 - x) * factor,
            y + (self.y0 - y) * factor,
            y + (self.y1 - y) * factor,
        )

    def moved(self, dx: float, dy: float) -> "Window":
        """The window moved by (dx, dy)."""
        return Window(self.x0 + dx, self.x1 + dx, self.y0 + dy, self.y1 + dy)
