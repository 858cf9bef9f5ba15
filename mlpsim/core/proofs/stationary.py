"""All stationary points of min J over C: those that are proved, and a cover of the others."""

from collections.abc import Callable
from dataclasses import dataclass

from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.boxes import clusters, merged
from mlpsim.core.proofs.interval import Interval
from mlpsim.core.proofs.stationary_point import StationaryPoint, possible_point, proved_point
from mlpsim.core.proofs.stationary_search import StationarySearch

MOST_PARAMS = 3  # of a network whose stationary points are looked for
MOST_UNPROVED = 32  # boxes that stay undecided, from which on the points are not isolated
MOST_FINE = 1_024  # the same before those that touch are joined
MOST_CELLS = 100  # of the finest width, across an undecided place
MOST_REPORTED = 1_024


@dataclass(frozen=True, eq=False)
class StationarySet:
    """The stationary points of min J over C, or over the window where C is the whole space.

    Every one lies in the box of one of ``points`` or in the ``cover``, boxes lo, hi (N, P). Where
    the points are isolated, ``cover`` is empty and each of ``points`` is proved or a tiny box.
    """

    question: "StationaryQuestion"
    points: tuple[StationaryPoint, ...]
    cover: Interval

    @property
    def is_isolated(self) -> bool:
        return not len(self.cover.lo)

    @property
    def is_complete(self) -> bool:
        """Whether the points are proved to be all there are, each exactly one."""
        return self.is_isolated and all(point.is_proved for point in self.points)


@dataclass(frozen=True)
class StationaryQuestion:
    """A problem with its C; the window that is looked at where C is the whole space."""

    problem: Problem
    window: Box | None

    @property
    def where(self) -> Box | Ball | None:
        """Where stationary points are looked for; None where there is no window."""
        feasible = self.problem.feasible
        return feasible if isinstance(feasible, Box | Ball) else self.window

    @property
    def has_walls(self) -> bool:
        return not isinstance(self.problem.feasible, WholeSpace)

    def answer(self, interrupted: Callable[[], bool] = lambda: False) -> StationarySet:
        """All stationary points, lowest J first; what is known so far when interrupted.

        ValueError where there is nothing to look at.
        """
        if self.where is None:
            raise ValueError(
                "C is the whole space and the plane shows no box of it: choose a set C"
            )
        search = StationarySearch(self.problem, self.where, self.has_walls)
        search.run(interrupted)
        equations, place = search.equations, search.place
        points = [proved_point(equations, place, proof) for proof in search.points]
        undecided = search.undecided
        joined = _isolated(undecided, search.finest) if search.is_finished else None
        if joined is not None:
            points += [possible_point(equations, place, *box) for box in zip(*joined, strict=True)]
            cover = Interval(undecided.lo[:0], undecided.hi[:0])
        else:
            cover = _few(undecided, search.finest)
        points.sort(key=lambda point: (point.value, point.theta.tolist()))
        return StationarySet(self, tuple(points), cover)


def _isolated(boxes: Interval, finest: float) -> Interval | None:
    """A tiny box around each place that stayed undecided; None where they are too many or wide."""
    if len(boxes.lo) > MOST_FINE:
        return None
    joined = clusters(boxes, finest)
    few = len(joined.lo) <= MOST_UNPROVED
    tiny = bool((joined.hi - joined.lo <= MOST_CELLS * finest).all())
    return joined if few and tiny else None


def _few(boxes: Interval, cell: float) -> Interval:
    """At most MOST_REPORTED boxes: those that share a cell of a grid are joined."""
    joined = boxes
    while len(joined.lo) > MOST_REPORTED:
        joined = merged(boxes, cell)
        cell *= 2.0
    return joined
