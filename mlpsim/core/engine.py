"""Engines: who computes the steps of a run, where it is not NumPy."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.experiment import Experiment
from mlpsim.core.problem import Problem

if TYPE_CHECKING:
    from mlpsim.core.segment import Segment
    from mlpsim.core.slices import Slice
    from mlpsim.core.training import Burst, Checkpoint

NUMPY = "numpy"  # what files call the reference, which every segment has that names no engine


class Engine(Protocol):
    """Computes what ``training`` does, by the same rules, faster, and equal but for rounding.

    A segment names the engine that makes its states, since only that one makes them bit for bit.
    """

    @property
    def name(self) -> str:
        """What files and the screen call it."""
        ...

    def lacks(self, experiment: Experiment) -> str:
        """The part of the experiment that this engine cannot compute, or nothing."""
        ...

    def advance(
        self,
        segment: "Segment",
        first: "Checkpoint",
        n: int,
        interrupted: Callable[[], bool],
        tolerance: float | None,
    ) -> "Burst":
        """As ``training.advance``."""
        ...

    def replay(self, segment: "Segment", checkpoint: "Checkpoint", k: int) -> "Checkpoint":
        """As ``training.replay``."""
        ...

    def fleet(
        self,
        experiment: Experiment,
        starts: Array,
        steps: int,
        interrupted: Callable[[], bool],
    ) -> tuple[Array, Flags] | None:
        """theta (R, P) after the steps from every start (R, P), and who was lost (R,).

        All members see the batches of the experiment; one that is lost stays at its last finite
        theta. None when interrupted.
        """
        ...

    def paths(
        self,
        experiment: Experiment,
        seeds: Sequence[int],
        starts: Array,
        steps: int,
        stride: int,
        interrupted: Callable[[], bool],
    ) -> Array | None:
        """The states 0, ``stride``, … (R, n, P) from every start (R, P), which lies in C.

        ``seeds`` (R,) are the members' own, of sampling. NaN from where one is lost. None when
        interrupted.
        """
        ...

    def lacks_for(self, problem: Problem) -> str:
        """As ``lacks``, of a problem alone."""
        ...

    def errors_over(
        self, over: "Slice", alphas: Array, betas: Array, cancelled: Callable[[], bool]
    ) -> Array | None:
        """Σ e^s over a grid of a plane (ny, nx). None when cancelled."""
        ...

    def sample_gradients(self, problem: Problem, theta: Array) -> Array:
        """∇e^s of every sample, unscaled and without R: theta (P,) -> (S, P)."""
        ...
