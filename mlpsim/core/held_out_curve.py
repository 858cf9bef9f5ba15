"""Curves per sample: the mean error of the training part, and of the held-out part beside it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.curves import even_steps
from mlpsim.core.evaluation import problem_on
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run
from mlpsim.core.segment import Segment
from mlpsim.core.work import work_of

WORK = 4_000_000  # samples times parameters that are evaluated at one go


class TrainingMean:
    """The mean of e^s of the training samples at every state of a run, from the J it recorded.

    It has what a run has for ``Decimation``: ``last`` and ``values``.
    """

    def __init__(self, run: Run) -> None:
        self._run = run

    @property
    def last(self) -> int:
        """The last recorded step."""
        return self._run.last

    def values(self, first: int, last: int) -> Array:
        """(J − R)/(A·S) of states first … last (n,); NaN where J or θ is not recorded."""
        values = self._run.values(first, last)
        for segment, begin, end in stretches(self._run, first, first + len(values) - 1):
            problem = segment.experiment.problem
            here = values[begin - first : end + 1 - first]
            if problem.penalty:
                penalties = np.full(len(here), np.nan)
                steps, thetas = self._run.recorded(begin, end)
                penalties[steps - begin] = problem.penalty_value(thetas)
                here -= penalties
            here /= problem.scale * len(problem.data)
        return values


@dataclass(frozen=True, eq=False)
class HeldOutQuestion:
    """What the mean error of the held-out samples is at some states of a run.

    ``states`` holds of each its step, the network and loss on the held-out samples, and theta.
    """

    curve: "HeldOutCurve" = field(repr=False)  # who it is about; the answer does not read it
    states: tuple[tuple[int, Problem, Array], ...]

    @property
    def work(self) -> int:
        """Samples times parameters that are evaluated."""
        return sum(work_of(part) for _, part, _ in self.states)

    def answer(self, cancelled: Callable[[], bool] = lambda: False) -> dict[int, float] | None:
        """The mean error at each step; None when cancelled."""
        found: dict[int, float] = {}
        for k, part, theta in self.states:
            if cancelled():
                return None
            found[k] = float(part.errors(theta).mean())
        return found


class HeldOutCurve:
    """The mean error of the held-out samples at some states of a run, each found out once.

    ``question`` asks for a few more, and ``keep`` takes the answer; the states lie on a grid that
    stays as the run grows.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._known: dict[int, float] = {}

    def steps(self, points: int) -> Indices:
        """The recorded states that a curve of about so many points goes through, and the last."""
        return even_steps(self._run, points)

    def question(self, points: int, first: int) -> HeldOutQuestion | None:
        """State ``first``, and those of ``steps``, that are not known, a few of many; None if all
        are.
        """
        order = [first, *sorted(self.steps(points).tolist(), key=_coarse_first)]
        states, work = [], 0
        for k in dict.fromkeys(order):
            if k in self._known:
                continue
            experiment = self._run.segment_at(k).experiment
            if experiment.held_out is None:
                self._known[k] = np.nan
                continue
            part = problem_on(experiment.problem, experiment.held_out.data)
            states.append((k, part, self._run.theta(k)))
            work += work_of(part)
            if work >= WORK:
                break
        return HeldOutQuestion(self, tuple(states)) if states else None

    def keep(self, values: dict[int, float]) -> None:
        """Take the mean error at some steps."""
        self._known |= values

    def curve(self, points: int) -> tuple[Indices, Array]:
        """The states of ``steps`` that are known, and the mean error there; NaN without a split."""
        steps = [k for k in self.steps(points).tolist() if k in self._known]
        return np.array(steps, dtype=np.intp), np.array([self._known[k] for k in steps])

    def lowest(self, points: int) -> int | None:
        """The first of the known states of ``steps`` with the least mean error, if it rose later.

        Only states with the loss and the held-out samples of the last one are compared.
        """
        end, first = self._run.segments[-1].experiment, 0
        for segment in reversed(self._run.segments):
            there = segment.experiment
            if (there.held_out, there.problem.loss) != (end.held_out, end.problem.loss):
                break
            first = segment.start
        steps, values = self.curve(points)
        compared = (steps >= first) & np.isfinite(values)
        steps, values = steps[compared], values[compared]
        if not len(values) or values.min() == values[-1]:
            return None
        return int(steps[values.argmin()])

    def value(self, k: int) -> float:
        """The mean error at state k; NaN where it is not known yet, or nothing is held out."""
        return self._known.get(k, np.nan)


def _coarse_first(k: int) -> int:
    """States on coarse grids come first: those with the most noughts at the end in binary."""
    return -(k & -k) if k else -(2**62)


def stretches(run: Run, first: int, last: int) -> list[tuple[Segment, int, int]]:
    """The segments with states among first … last, each with the first and last of them."""
    ends = [segment.start - 1 for segment in run.segments[1:]] + [run.last]
    found = [
        (segment, max(first, segment.start), min(last, end))
        for segment, end in zip(run.segments, ends, strict=True)
    ]
    return [(segment, begin, end) for segment, begin, end in found if begin <= end]
