"""The jobs that mlpsim and its peers do side by side: what is given, and what must come out.

Every job is plain numbers, so that each contestant writes it in its own manner. ``expected`` comes
from plain loops over the reference's J and gradients, which the tests hold against other oracles;
that of sample-wise gradients from differences of errors.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.generators import Moons
from mlpsim.core.losses import BCE_LOGITS
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.plane import Plane, filter_normalised, random_directions, two_weights
from mlpsim.core.problem import Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import GlorotUniform
from mlpsim.core.studies.sweep import with_seed

GRID = 200
LECTURE = lecture_experiment()


@dataclass(frozen=True)
class Training:
    """``steps`` steps of an experiment; the answer is theta (P,) after the last."""

    experiment: Experiment
    steps: int

    @cached_property
    def batches(self) -> np.ndarray:
        """The samples of every step (steps, B); jobs are chosen so that no batch is smaller."""
        sampling, samples = self.experiment.sampling, len(self.experiment.problem.data)
        per_epoch = sampling.steps_per_epoch(samples)
        return np.stack([sampling.batch(samples, *divmod(k, per_epoch)) for k in range(self.steps)])


@dataclass(frozen=True)
class Fleet:
    """Full gradient descent from many starts (R, P); the answer is where they end (R, P)."""

    experiment: Experiment
    starts: np.ndarray
    steps: int


@dataclass(frozen=True)
class Seeds:
    """Single-sample steps under many seeds; the answer is where they end (R, P).

    The samples that the steps see are given to the peers; mlpsim remembers them.
    """

    experiment: Experiment
    seeds: int
    steps: int

    @cached_property
    def members(self) -> tuple[Training, ...]:
        return tuple(
            Training(with_seed(self.experiment, seed), self.steps) for seed in range(self.seeds)
        )


@dataclass(frozen=True)
class Drawn:
    """The same, but each seed draws an order of the samples for each of so many epochs.

    New seeds each time. The answer is what the steps see, and where they end: (R, steps + P).
    """

    seeds: Seeds
    epochs: int


@dataclass(frozen=True)
class Slice:
    """J over 200 × 200 points of a plane; the answer is (200, 200)."""

    problem: Problem
    plane: Plane
    reach: float = 1.0
    side: int = GRID

    @property
    def axis(self) -> np.ndarray:
        return np.linspace(-self.reach, self.reach, self.side)


@dataclass(frozen=True)
class Gradients:
    """Every sample's gradient at theta; the answer is (S, P)."""

    problem: Problem
    theta: np.ndarray


def deep_problem(samples: int, *sizes: int) -> Problem:
    """Two moons, and a network of tanh layers of these sizes that tells them apart."""
    layers = (TANH,) * (len(sizes) - 2) + (IDENTITY,)
    network = Network(sizes, layers, (True,) * len(layers))
    return Problem(Moons(samples=samples).generate(), network, BCE_LOGITS, "mean")


def training(problem: Problem, rate: float, batch: int, steps: int) -> Training:
    """Mini-batch SGD."""
    start = GlorotUniform()
    sampling = Sampling(batch)
    optimizer = GradientDescent(rate)
    return Training(
        Experiment(problem, optimizer, sampling=sampling, scaling="unbiased", start=start), steps
    )


def _lecture(sampling: Sampling) -> Experiment:
    return replace(LECTURE, sampling=sampling, optimizer=GradientDescent(0.05))


SLICED = deep_problem(500, 2, 8, 8, 1)
THETA = GlorotUniform(seed=1).theta(SLICED.network)
LAYER_1, LAYER_2, LAYER_3 = (slots.w.start for slots in SLICED.network.layout)
WIDE = deep_problem(1000, 2, 16, 16, 1)

SEEDS = Seeds(_lecture(Sampling(1)), 256, 200)

JOBS = {
    "J1 GD: lecture, 10,000 steps": Training(_lecture(Sampling()), 10_000),
    "J1 SGD: lecture, 10,000 steps": Training(_lecture(Sampling(1)), 10_000),
    "J2: 2-4-2-1, batch 10, 500 samples, 20 epochs": training(
        deep_problem(500, 2, 4, 2, 1), 0.1, 10, 1000
    ),
    "J3: 2-64-64-1, batch 32, 10,000 samples, 1 epoch": training(
        deep_problem(10_000, 2, 64, 64, 1), 0.1, 32, 312
    ),
    "surface: lecture": Slice(LECTURE.problem, two_weights(np.zeros(2), 0, 1), 4.0),
    "slice: random plane": Slice(
        SLICED, filter_normalised(SLICED.network, THETA, *random_directions(SLICED.network, 3))
    ),
    "slice: two weights of layer 1": Slice(SLICED, two_weights(THETA, LAYER_1, LAYER_1 + 2)),
    "slice: layers 1 and 3": Slice(SLICED, two_weights(THETA, LAYER_1, LAYER_3)),
    "slice: two weights of layer 2": Slice(SLICED, two_weights(THETA, LAYER_2, LAYER_2 + 8)),
    "per-sample gradients: 1000 × 337": Gradients(WIDE, GlorotUniform(seed=1).theta(WIDE.network)),
    "fleet: 16,384 × 500 GD steps": Fleet(
        _lecture(Sampling()), np.random.default_rng(0).uniform(-4.0, 4.0, (16_384, 2)), 500
    ),
    "seeds: 256 × 200 single samples": SEEDS,
    "seeds that draw: 256 × 50 epochs of 4 samples": Drawn(SEEDS, 50),
}


def expected(job: object) -> np.ndarray:
    """The answer, by the plainest code there is."""
    match job:
        case Training():
            return _descended(job)
        case Fleet():
            theta, problem = job.starts.copy(), job.experiment.problem
            for _ in range(job.steps):
                theta -= job.experiment.optimizer.learning_rate * problem.gradient(theta)
            return theta
        case Seeds():
            return np.stack([_descended(member) for member in job.members])
        case Drawn():
            return np.empty(0)  # what is right depends on what was drawn
        case Slice():
            rows = (job.plane.points(job.axis, job.axis[i : i + 1])[0] for i in range(job.side))
            return np.stack([_values(job.problem, row) for row in rows])
        case Gradients():
            return _sample_gradients(job)
    raise ValueError(job)


def _values(problem: Problem, thetas: np.ndarray) -> np.ndarray:
    return np.concatenate([problem.value(part) for part in np.array_split(thetas, 20)])


def _descended(job: Training, batches: np.ndarray | None = None) -> np.ndarray:
    """Where the job ends, on its own batches or others."""
    problem = job.experiment.problem
    theta = job.experiment.start_theta()
    for batch in job.batches if batches is None else batches:
        gradient = problem.step_gradient(theta, batch, job.experiment.scaling)
        theta = theta - job.experiment.optimizer.learning_rate * gradient
    return theta


def _sample_gradients(job: Gradients) -> np.ndarray:
    """Central differences of each sample's error by every seventh parameter.

    Elsewhere NaN, which is not compared.
    """
    found = np.full((len(job.problem.data), len(job.theta)), np.nan)
    for p in range(0, len(job.theta), 7):
        step = np.zeros(len(job.theta))
        step[p] = 1e-5
        ahead, behind = job.problem.errors(job.theta + step), job.problem.errors(job.theta - step)
        found[:, p] = (ahead - behind) / 2e-5
    return found


def check(job: object, answer: np.ndarray, right: np.ndarray, slack: float = 0.0) -> None:
    """ValueError unless the answer is right, up to rounding that a job's length explains."""
    if isinstance(job, Drawn):
        visits, answer = np.split(answer, [job.seeds.steps], axis=1)
        right = _ends_of(job, visits.astype(int))
    tolerance = slack + (1e-7 if isinstance(job, Gradients) else 1e-9)
    known = np.isfinite(right)
    size = np.abs(right[known]).max()
    worst = np.abs(np.asarray(answer)[known] - right[known]).max() / size
    if not worst <= tolerance:
        raise ValueError(f"wrong by {worst:.1e} of the largest number")


def _ends_of(job: Drawn, visits: np.ndarray) -> np.ndarray:
    """Where steps on these visits (R, steps) lead; ValueError unless they were drawn as asked."""
    member = job.seeds.members[0]
    samples = len(member.experiment.problem.data)
    orders = visits.reshape(-1, samples)
    if not np.array_equal(np.sort(orders), np.tile(np.arange(samples), (len(orders), 1))):
        raise ValueError("an epoch does not see every sample once")
    shares = (orders[:, :, None] == np.arange(samples)).mean(axis=0) * samples
    if not np.abs(shares - 1.0).max() < 0.1:
        raise ValueError("some samples are seen early or late too often")
    if len(np.unique(visits, axis=0)) < len(visits):
        raise ValueError("two seeds see the same")
    return np.stack([_descended(member, row[:, None]) for row in visits])
