"""The lens: whether z minimises J on N(z, ε) ∩ C, exactly and up to δ, and locally at all."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.proofs import LENS_PARAMS
from mlpsim.core.proofs.bowl import bowl
from mlpsim.core.proofs.boxes import Boxes, axis_of
from mlpsim.core.proofs.interval import Interval
from mlpsim.core.proofs.locally import Locally, Verdict, locally
from mlpsim.core.proofs.neighbourhood import Lens, Neighbourhood
from mlpsim.core.proofs.rises import Rises

BATCH = 512  # boxes that are judged together
MAX_JUDGED = 10_000  # boxes looked at for a claim, on few samples
MOST_SAMPLES = 64  # from here on the time that a box takes grows with the samples
GRID = (257, 17, 9)  # points a side, looked at for a lower one, with 1, 2 and 3 parameters
ZOOMS, ZOOM = 8, 0.35
SHORTEST = 50  # halvings of ε along the slope
PIECES, MANY_PIECES = 8, 256  # of the way to a point, to compare points and to state the drop
COMPARED = 4


@dataclass(frozen=True, eq=False)
class Lower:
    """A point (P,) of N(z, ε) ∩ C with a lower J, and proven bounds of J(z) - J(u), above 0."""

    theta: Array
    drop: tuple[float, float]


@dataclass(frozen=True, eq=False)
class LensAnswer:
    """What is proved: "z minimises J on N(z, ε) ∩ C" exactly and up to δ, and for some ε > 0.

    ``lower`` is the lowest point that was found, if any is proved to be lower than z. Without one
    the first claim may be refuted all the same, by a way that falls in every neighbourhood.
    """

    question: "LensQuestion"
    exactly: Verdict
    up_to_delta: Verdict
    locally: Locally
    lower: Lower | None


@dataclass(frozen=True)
class LensQuestion:
    """A problem, the lens that is laid over it, and how much lower than z is still let pass."""

    problem: Problem
    lens: Lens
    delta: float = 1e-9

    def __post_init__(self) -> None:
        if not 0.0 < self.delta < np.inf:
            raise ValueError(f"δ has to be above 0 and finite, not {self.delta!r}")
        size = self.problem.network.n_params
        if len(self.lens.z) != size:
            raise ValueError(f"z has {len(self.lens.z)} coordinates, the network {size} parameters")
        if size > LENS_PARAMS:
            raise ValueError(f"the lens looks at one to three parameters, not at {size}")

    @cached_property
    def region(self) -> Neighbourhood:
        """N(z, ε) ∩ C, with z on C."""
        return self.lens.within(self.problem.feasible)

    @quiet()
    def answer(self, interrupted: Callable[[], bool] = lambda: False) -> LensAnswer:
        """The verdicts; OPEN where nothing is proved within the work that is allowed."""
        rises = Rises(self.problem, self.region.z)
        found = locally(self.problem, rises)
        search = _Search(self, rises, interrupted)
        search.look_along(None if found.way is None else found.way.direction)
        search.look_around()
        exactly: Verdict = "open"
        if found.by == "signs" and search.lower is None and search.holds(0.0):
            exactly = "certified"
        up_to: Verdict = exactly
        if exactly == "open" and search.holds(-self.delta):
            up_to = "certified"
        lower = search.stated()
        if lower is not None and lower.drop[0] > self.delta:
            up_to = "refuted"
        if lower is not None or found.verdict == "refuted":
            exactly = "refuted"
        return LensAnswer(self, exactly, up_to, found, lower)


class _Search:
    """The lowest point found, and proofs that no other is lower by some amount."""

    def __init__(
        self, question: LensQuestion, rises: Rises, interrupted: Callable[[], bool]
    ) -> None:
        self.problem, self.region, self.rises = question.problem, question.region, rises
        self.epsilon, self.interrupted = question.lens.epsilon, interrupted
        self.most = int(MAX_JUDGED / max(1.0, len(self.problem.data) / MOST_SAMPLES))
        self.lower: Array | None = None
        self.bowl: tuple[Array, Array] | None = None  # where all is proved to be high enough
        self.rise = 0.0  # proven upper bound of J(lower) - J(z)

    # -- lower points --------------------------------------------------------------------------

    def look_along(self, direction: Array | None) -> None:
        """Compare points along a way that falls at z, and along -∇J, near and far."""
        lengths = self.epsilon * 0.5 ** np.arange(SHORTEST)[:, None]
        slope = -self.problem.gradient(self.region.z)
        for way in (slope, direction):
            size = 0.0 if way is None else float(np.abs(way).max())
            if way is None or not 0.0 < size < np.inf:
                continue
            unit = way / size
            unit /= np.linalg.norm(unit)
            self._offer(self.region.near(self.region.z + lengths * unit))
            if self.region.reach is not None:
                # The corner of a square lies farther along.
                corner = self.region.z + self.epsilon * np.sign(way)
                self._offer(self.region.near(corner[None]))

    def look_around(self) -> None:
        """Compare the points of a grid over the neighbourhood that is drawn around the lowest."""
        lo, hi = self.region.corners
        centre, half = 0.5 * lo + 0.5 * hi, 0.5 * hi - 0.5 * lo
        side = np.linspace(-1.0, 1.0, GRID[len(lo) - 1])
        grid = np.stack(np.meshgrid(*[side] * len(lo)), axis=-1).reshape(-1, len(lo))
        found = list[Array]()
        for _ in range(ZOOMS):
            points = self.region.near(centre + grid * half)
            values = self.problem.value(points)
            best = np.argsort(np.where(np.isnan(values), np.inf, values))[:COMPARED]
            found.append(points[best])
            centre, half = points[best[0]], half * ZOOM
        self._offer(np.concatenate(found))

    def _offer(self, points: Array) -> None:
        """Keep the point that is proved to be lowest, if it is lower than z."""
        points, inside = self.region.surely(points)
        if not inside.any():
            return
        points = points[inside]
        rise = self.rises.of(points, PIECES).hi
        best = int(rise.argmin())
        if rise[best] < self.rise:
            self.lower, self.rise = points[best], float(rise[best])

    def stated(self) -> Lower | None:
        """The lowest point with close bounds of the drop."""
        if self.lower is None:
            return None
        rise = self.rises.of(self.lower[None], MANY_PIECES)
        return Lower(self.lower, (max(-self.rise, -float(rise.hi[0])), -float(rise.lo[0])))

    # -- proofs --------------------------------------------------------------------------------

    def holds(self, level: float) -> bool:
        """Whether J(u) - J(z) ≥ level is proved for every u of the neighbourhood.

        Boxes are split until each is proved to lie outside, to hold no minimiser over the
        neighbourhood, or to be high enough. A lower point that comes up on the way ends it.
        """
        self.bowl = bowl(self.problem, self.rises, self.region, level)
        lo, hi = (corner[None] for corner in self.region.corners)
        waiting = [(lo, hi)]
        judged = 0
        while waiting:
            lo, hi = waiting.pop()
            judged += len(lo)
            if judged > self.most or self.rise < level or self.interrupted():
                return False
            boxes = self._undecided(lo, hi, level)
            if not len(boxes):
                continue
            if not boxes.splittable.all():
                return False
            lo, hi, _ = boxes.cut()
            waiting.extend((lo[i : i + BATCH], hi[i : i + BATCH]) for i in range(0, len(lo), BATCH))
        return True

    def _undecided(self, lo: Array, hi: Array, level: float) -> Boxes:
        """The boxes, shrunk, of which nothing is proved yet."""
        value, gradient = self.rises.enclosure.value_and_gradient(lo, hi)
        kept, lo, hi = self.region.prune(lo, hi, gradient)
        if self.bowl is not None:
            kept &= ~((lo >= self.bowl[0]) & (hi <= self.bowl[1])).all(axis=-1)
        lo, hi = lo[kept], hi[kept]
        value, gradient = (Interval(b.lo[kept], b.hi[kept]) for b in (value, gradient))
        slope = gradient.magnitude
        is_low = self.rises.above(lo, hi, value, gradient) < level
        lo, hi, slope = lo[is_low], hi[is_low], slope[is_low]
        is_low = self.rises.from_z(lo, hi) < level
        lo, hi, slope = lo[is_low], hi[is_low], slope[is_low]
        if len(lo):
            centres = self.region.near(0.5 * lo + 0.5 * hi)
            values = self.problem.value(centres)
            self._offer(centres[[int(np.where(np.isnan(values), np.inf, values).argmin())]])
        return Boxes(lo, hi, np.zeros(len(lo)), axis_of(lo, hi, slope))
