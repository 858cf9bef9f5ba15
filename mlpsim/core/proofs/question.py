"""The question of (OP), min f(x) over C, as it stands on screen, and its certified answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import floor, log10

import numpy as np

from mlpsim.core.feasible import Box, WholeSpace
from mlpsim.core.plane import Plane
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.certify import Optimum, Report, minimize
from mlpsim.core.proofs.exclusion import excludes_stationary_points
from mlpsim.core.window import Window


@dataclass(frozen=True, eq=False)
class Answer:
    """What is proved: over C, and where C is the whole space over the window that is looked at.

    ``optimum`` is None where nothing is proved about f* on C. ``in_window``, and ``is_free``, that
    the window is proved to hold no stationary point, tell nothing beyond the window. Of a search
    that ``is_stopped`` it is what was reached.
    """

    question: "OptimumQuestion"
    optimum: Optimum | None
    in_window: Optimum | None = None
    is_free: bool = False
    is_stopped: bool = False

    @property
    def shown(self) -> Optimum | None:
        """The optimum to speak of: that over C, else that in the window."""
        return self.optimum or self.in_window


@dataclass(frozen=True)
class OptimumQuestion:
    """A problem with its C; the visible window as a box where that is all that can be looked at."""

    problem: Problem
    window: Box | None
    patience: float = 1.0

    def answer(
        self,
        interrupted: Callable[[], bool] = lambda: False,
        report: Report = lambda f_lo, f_hi, share: None,
    ) -> Answer:
        """The certified answer; bounds reached so far when interrupted."""
        problem, patience = self.problem, self.patience
        optimum_in = partial(
            minimize, problem, interrupted=interrupted, report=report, patience=patience
        )
        if not isinstance(problem.feasible, WholeSpace):
            return Answer(self, optimum_in())
        try:
            everywhere = optimum_in()
        except ValueError:
            everywhere = None
        if self.window is None:
            return Answer(self, everywhere)
        is_free = excludes_stationary_points(problem, self.window, interrupted)
        if everywhere is not None:
            return Answer(self, everywhere, is_free=is_free)
        return Answer(self, None, optimum_in(self.window), is_free)


def window_box(plane: Plane, window: Window) -> Box | None:
    """The window as a box of parameters, where the plane shows all of them by themselves."""
    if len(plane.parameters) != len(plane.origin):
        return None
    return _box(plane, _sides(window))


def box_around(plane: Plane, window: Window) -> Box | None:
    """The window, rounded to a hundredth of it; parameters off its axes reach as far around it.

    None where the plane's axes are no parameters.
    """
    if not plane.parameters:
        return None
    size = max(window.width, window.height)
    decimals = 2 - floor(log10(size))
    sides = [(round(lo, decimals) + 0.0, round(hi, decimals) + 0.0) for lo, hi in _sides(window)]
    around = plane.origin[:, None] + 0.5 * size * np.array([-1.0, 1.0])
    return _box(plane, sides, [(lo, hi) for lo, hi in np.round(around, decimals).tolist()])


Limits = tuple[float, float]


def _sides(window: Window) -> list[Limits]:
    return [(window.x0, window.x1), (window.y0, window.y1)]


def _box(plane: Plane, sides: list[Limits], others: list[Limits] | None = None) -> Box:
    limits = dict(enumerate(others or ())) | dict(zip(plane.parameters, sides, strict=False))
    lo, hi = zip(*(limits[p] for p in range(len(plane.origin))), strict=True)
    return Box(lo, hi)
