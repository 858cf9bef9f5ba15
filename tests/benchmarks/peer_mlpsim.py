"""mlpsim as a contestant: its own functions, as the app calls them, with either engine."""

from collections.abc import Callable
from itertools import count

import numpy as np
from peer_jobs import Drawn, Fleet, Gradients, Seeds, Slice, Training

from mlpsim.core import slices
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.engine import Engine
from mlpsim.core.sampling import Draw, drawn, visits_of_seeds
from mlpsim.core.segment import first_segment
from mlpsim.core.studies.fan import FanQuestion, fan
from mlpsim.core.studies.fleet import chunk_size, run_fleet
from mlpsim.core.studies.sweep import with_seed
from mlpsim.core.surface import smooth_values
from mlpsim.core.training import advance, begin, replay

Solver = Callable[[], np.ndarray]


def solver(job: object, engine: Engine | None = None) -> Solver | None:
    """A function that does the job, by an engine where it has a part in it.

    Training goes to the last state as when a state is shown again, as the peers do: what a run
    records besides is another contestant.
    """
    match job:
        case Training():
            segment = first_segment(job.experiment, engine)
            return lambda: replay(segment, begin(segment, None), job.steps).theta
        case Fleet():
            size = chunk_size(job.experiment)
            parts = [job.starts[i : i + size] for i in range(0, len(job.starts), size)]
            return lambda: np.concatenate(
                [run_fleet(job.experiment, part, job.steps, engine=engine).thetas for part in parts]
            )
        case Seeds():
            question = FanQuestion(job.experiment, job.seeds, job.steps, engine)
            return lambda: fan(question).thetas[:, -1]
        case Drawn():
            draw, times = drawn, count()
            if engine is not None:
                from mlpsim.core.compiled.draws import drawn as draw
            return lambda: drawn_and_run(job.seeds, next(times), engine, draw)
        case Slice():
            over, axis = slices.Slice(job.problem, job.plane, engine), job.axis
            return lambda: over.values(axis, axis)
        case Gradients() if engine is not None:
            return lambda: engine.sample_gradients(job.problem, job.theta)
        case Gradients():
            return lambda: job.problem.sample_gradients(job.theta)
    return None


def drawn_and_run(seeds: Seeds, times: int, engine: Engine | None, draw: Draw) -> np.ndarray:
    """What each seed's steps see, and where they end, of seeds that were not asked for before."""
    experiment = with_seed(seeds.experiment, times * seeds.seeds)
    sampling, samples = experiment.sampling, len(experiment.problem.data)
    members = range(sampling.seed, sampling.seed + seeds.seeds)
    visits, _ = visits_of_seeds(sampling, members, samples, 0, seeds.steps, draw)
    # The fan finds remembered what was drawn just now.
    ends = fan(FanQuestion(experiment, seeds.seeds, seeds.steps, engine)).thetas[:, -1]
    return np.concatenate([visits.T, ends], axis=1)


def compiled(job: object) -> Solver | None:
    """The same by the compiled engine."""
    return solver(job, COMPILED)


def recorded(job: object) -> Solver | None:
    """Training as a run on screen: every state, and J on all data where it is recorded."""
    if not isinstance(job, Training):
        return None
    segment = first_segment(job.experiment, COMPILED)
    return lambda: advance(segment, begin(segment, None), job.steps).last.theta


def smooth(job: object, engine: Engine | None = None) -> Solver | None:
    """A slice as the screen shows it where it is smooth; every value within 1e-4 of the range."""
    if not isinstance(job, Slice):
        return None
    over, axis = slices.Slice(job.problem, job.plane, engine), job.axis
    if smooth_values(over, axis, axis, None, 10**6) is None:
        return None
    return lambda: smooth_values(over, axis, axis, None, 10**6).values
