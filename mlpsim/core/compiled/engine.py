"""The compiled engine: stretches of steps by kernels, cut where someone may interrupt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from mlpsim.core.arrays import Array, Flags
from mlpsim.core.compiled.program import WIDTH, missing_part, missing_twin, objective_of
from mlpsim.core.compiled.room import empty, work_for
from mlpsim.core.experiment import Experiment
from mlpsim.core.problem import Problem
from mlpsim.core.segment import Segment
from mlpsim.core.slices import Slice
from mlpsim.core.training import Burst, Checkpoint

LOOKED_AT = 64  # steps in one call where every state is tried for being stationary


@dataclass(frozen=True)
class CompiledEngine:
    """Training by Numba. Its bits depend on the processor, as NumPy's do."""

    name: str = "numba"

    def lacks(self, experiment: Experiment) -> str:
        return missing_part(experiment)

    def advance(
        self,
        segment: Segment,
        first: Checkpoint,
        n: int,
        interrupted: Callable[[], bool],
        tolerance: float | None,
    ) -> Burst:
        from mlpsim.core.compiled.trainer import Trainer

        trainer = Trainer(segment, records=True)
        most = trainer.steps_a_call if tolerance is None else min(LOOKED_AT, trainer.steps_a_call)
        # Room for all is made at once, since memory that is new costs more than a step.
        thetas, values = np.empty((n, len(first.theta))), np.empty(n)
        keyframes: list[Checkpoint] = []
        before_last = last = first
        diverged, stationary = False, False
        while last.k < first.k + n and not (diverged or stationary):
            if last.k > first.k and interrupted():
                break
            done = last.k - first.k
            part = trainer.stretch(last, thetas[done : done + most])
            if tolerance is not None:
                met = segment.experiment.problem.stationarity(part.thetas) <= tolerance
                if met.any():
                    stationary = True
                    part = trainer.stretch(last, part.thetas[: int(met.argmax()) + 1])
            values[done : done + len(part.values)] = part.values
            keyframes += part.keyframes
            diverged = part.has_diverged
            if len(part.thetas):
                before_last, last = part.before_last, part.last
        return Burst(
            first,
            thetas[: last.k - first.k],
            values[: last.k - first.k],
            tuple(keyframes),
            before_last,
            last,
            last.k + 1 if diverged else None,
            stationary,
        )

    def replay(self, segment: Segment, checkpoint: Checkpoint, k: int) -> Checkpoint:
        from mlpsim.core.compiled.trainer import Trainer

        trainer = Trainer(segment, records=False)
        while checkpoint.k < k:
            checkpoint = trainer.moved(checkpoint, min(trainer.steps_a_call, k - checkpoint.k))
        return checkpoint

    def fleet(
        self,
        experiment: Experiment,
        starts: Array,
        steps: int,
        interrupted: Callable[[], bool],
    ) -> tuple[Array, Flags] | None:
        from mlpsim.core.compiled.fleet import fleet

        return fleet(experiment, starts, steps, interrupted)

    def paths(
        self,
        experiment: Experiment,
        seeds: Sequence[int],
        starts: Array,
        steps: int,
        stride: int,
        interrupted: Callable[[], bool],
    ) -> Array | None:
        from mlpsim.core.compiled.fleet import paths

        return paths(experiment, seeds, starts, steps, stride, interrupted)

    def lacks_for(self, problem: Problem) -> str:
        return missing_twin(problem)

    def errors_over(
        self, over: Slice, alphas: Array, betas: Array, cancelled: Callable[[], bool]
    ) -> Array | None:
        from mlpsim.core.compiled.surfaces import errors_over

        return errors_over(over, alphas, betas, cancelled)

    def sample_gradients(self, problem: Problem, theta: Array) -> Array:
        from mlpsim.core.compiled.sample_wise import store_gradients

        samples = len(problem.data)
        gradients = empty(len(theta), samples + -samples % WIDTH)
        work = work_for(problem.network)
        store_gradients(objective_of(problem), theta.copy(), np.arange(samples), work, gradients)
        return gradients[:, :samples].T


COMPILED = CompiledEngine()


def is_installed() -> bool:
    """Whether Numba is here, which is not imported for the answer."""
    return find_spec("numba") is not None


def engine_named(name: str) -> CompiledEngine | None:
    """The engine of that name, if it is here."""
    return COMPILED if name == COMPILED.name and is_installed() else None
