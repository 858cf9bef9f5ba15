"""The presets' texts, clause by clause: what each says is to be seen is seen in its runs.

The clauses of a preset, put together, are its whole text: a claim that is added has to be checked.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise
from math import log

import numpy as np
import pytest

from mlpsim.core.experiment import Experiment
from mlpsim.core.feasible import Box
from mlpsim.core.files.document import states
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.certify import minimize
from mlpsim.core.segment import first_segment

PRESETS = load_presets()


@dataclass(frozen=True)
class Course:
    """What a run went through: theta (N + 1, P) and, worked out from it, E and the gradients."""

    problem: Problem
    theta: np.ndarray

    @cached_property
    def loss(self) -> np.ndarray:
        return np.array([float(self.problem.value(theta)) for theta in self.theta])

    @cached_property
    def steepness(self) -> np.ndarray:
        """‖∇J‖ at every state (N + 1,)."""
        return np.array([np.linalg.norm(self.problem.gradient(theta)) for theta in self.theta])

    @property
    def end(self) -> np.ndarray:
        return self.theta[-1]

    @property
    def moves(self) -> np.ndarray:
        return np.diff(self.theta, axis=0)

    def first_below(self, value: float) -> int:
        return int(np.argmax(self.loss < value))

    def distance(self, *point: float) -> np.ndarray:
        """How far every state is from a point (N + 1,)."""
        return np.linalg.norm(self.theta - point, axis=-1)

    def right(self, k: int) -> int:
        """How many samples are on their side at state k."""
        predicted = self.problem.predict(self.theta[k], self.problem.data.x)
        y = self.problem.data.y
        if y.shape[1] > 1:
            return int((predicted.argmax(axis=1) == y.argmax(axis=1)).sum())
        return int(((predicted > 0.5) == (y > 0.5)).sum())

    def output(self, k: int) -> np.ndarray:
        """ŷ of every sample at state k (S,)."""
        return self.problem.predict(self.theta[k], self.problem.data.x)[:, 0]


def course(experiment: Experiment, steps: int) -> Course:
    theta = [state.theta for _, state in states((first_segment(experiment),), steps)]
    return Course(experiment.problem, np.array(theta))


@cache
def ran(preset: str, variant: str, steps: int | None = None) -> Course:
    """A variant, for as many steps as it asks for or for more of them."""
    found = find_preset(preset, PRESETS).variant(variant)
    return course(found.experiment, found.steps if steps is None else steps)


def learning_rate(name: str, steps: int | None = None) -> Course:
    return ran("lecture-learning-rate", name, steps)


def order(name: str) -> Course:
    return ran("lecture-gd-sgd-minibatch", name)


def plateau(name: str) -> Course:
    return ran("lecture-plateau", name)


def fence(name: str) -> Course:
    return ran("lecture-constrained", name)


def wall(name: str) -> Course:
    return ran("constraint-local-optimum", name)


def line(name: str) -> Course:
    return ran("line-sgd", name)


def valleys(name: str) -> Course:
    return ran("bad-local-minimum", name)


def saddle(name: str) -> Course:
    return ran("saddle", name)


def ravine(name: str) -> Course:
    return ran("ravine", name)


def conjugate(name: str) -> Course:
    return ran("conjugate-gradient", name)


def newton(name: str) -> Course:
    return ran("newton", name)


def tried(name: str) -> Course:
    return ran("levenberg-marquardt", name)


def relu(name: str) -> Course:
    return ran("dying-relu", name)


def xor(name: str) -> Course:
    return ran("xor-symmetry", name)


def blobs(name: str) -> Course:
    return ran("blobs-softmax", name)


def sine(name: str) -> Course:
    return ran("sine", name)


def spiral(name: str) -> Course:
    return ran("spiral", name)


def polynomial(name: str) -> Course:
    return ran("polynomial", name)


def cubic() -> np.ndarray:
    """How far the least-squares cubic is from each sample, squared (S,)."""
    data = polynomial("as measured").problem.data
    x, y = data.x[:, 0], data.y[:, 0]
    return (np.polyval(np.polyfit(x, y, 3), x) - y) ** 2


def curvatures(name: str) -> np.ndarray:
    """Those of the mean of (Aw - y)², in order: the eigenvalues of 2AᵀA/S."""
    x = polynomial(name).problem.data.x
    a = np.column_stack([x, np.ones(len(x))])
    return np.linalg.eigvalsh(2.0 * a.T @ a / len(a))


def within_a_percent(name: str) -> int:
    return polynomial(name).first_below(1.01 * cubic().mean())


def too_long_a_step_diverges() -> bool:
    experiment = find_preset("polynomial", PRESETS).variant("as measured").experiment

    def last(rate: float) -> float:
        segment = first_segment(replace(experiment, optimizer=GradientDescent(rate)))
        *_, (_, state) = states((segment,), 2000)
        return float(experiment.problem.value(state.theta))

    return last(0.0074) < 0.01 < 1.0 < last(0.0075)


def near(here: object, expected: object, tolerance: float) -> bool:
    return bool(np.all(np.abs(np.asarray(here) - expected) <= tolerance))


def falls(values: np.ndarray) -> bool:
    return bool((np.diff(values) < 0).all())


def parallel(a: np.ndarray, b: np.ndarray) -> bool:
    return abs(a[0] * b[1] - a[1] * b[0]) <= 1e-9 * np.linalg.norm(a) * np.linalg.norm(b)


def turning(seen: Course) -> float:
    """How much a path turns from move to move, in whole turns."""
    heading = np.unwrap(np.arctan2(seen.moves[:, 1], seen.moves[:, 0]))
    return float(np.abs(np.diff(heading)).sum() / (2 * np.pi))


def length(seen: Course) -> float:
    return float(np.linalg.norm(seen.moves, axis=1).sum())


def steps_not_taken(seen: Course) -> list[int]:
    return [int(k) + 1 for k in np.flatnonzero(~seen.moves.any(axis=1))]


def last_rate(seen: Course) -> float:
    """How much longer than the gradient the last step is."""
    return float(np.linalg.norm(seen.moves[-1]) / seen.steepness[-2])


def is_a_saddle(seen: Course) -> bool:
    """Where the course ends, the gradient vanishes and curvatures have both signs."""
    low, high = np.linalg.eigvalsh(seen.problem.hessian(seen.end))
    return bool(seen.steepness[-1] < 1e-12 and low < 0.0 < high)


def root_mean_square(distance: np.ndarray) -> float:
    return float(np.sqrt((distance**2).mean()))


def between(low: float, value: float, high: float) -> bool:
    return low < value < high


def never_stops() -> bool:
    """Every step moves, and ten times as far out E is lower still: nothing is a minimum."""
    good = learning_rate("good")
    beyond = float(good.problem.value(10 * good.end))
    return bool((np.linalg.norm(good.moves, axis=1) > 0).all()) and beyond < good.loss[-1]


def follows_the_samples() -> bool:
    """Every step of SGD is along one of the four samples, and its turns are sharp."""
    sgd = order("SGD")
    x = sgd.problem.data.x
    return all(any(parallel(move, direction) for direction in x) for move in sgd.moves)


def lands_on_the_ball() -> bool:
    ball = fence("ball")
    gradient = ball.problem.gradient(ball.end)
    outwards = float(gradient @ ball.end) < 0
    return near(np.linalg.norm(ball.end), 1.0, 1e-12) and parallel(gradient, ball.end) and outwards


def wall_losses() -> tuple[np.ndarray, np.ndarray]:
    """E along the wall w11 = 1 of the constraint's preset, between the two ends of its runs."""
    w12 = np.linspace(-3.0, 0.78, 40_000)
    theta = np.stack([np.ones_like(w12), w12], axis=-1)
    return w12, wall("upper start").problem.value(theta)


def is_lowest_nearby(problem: Problem, point: tuple[float, float], box: Box) -> bool:
    """No point of C on a small grid around it is lower than the point itself."""
    near_by = np.linspace(-0.01, 0.01, 21)
    grid = np.array(point) + np.stack(np.meshgrid(near_by, near_by), axis=-1).reshape(-1, 2)
    inside = np.clip(grid, box.lo, box.hi)
    return bool(problem.value(inside).min() >= problem.value(np.array(point)) - 1e-9)


def saddle_between_the_valleys() -> bool:
    problem, place = valleys("local").problem, np.array([-0.4336809, 0.2855456])
    low, high = np.linalg.eigvalsh(problem.hessian(place))
    still = np.linalg.norm(problem.gradient(place)) < 1e-5
    return bool(still) and low < 0 < high and near(problem.value(place), 1.7128288, 5e-8)


def certified_valley() -> bool:
    found = minimize(valleys("global").problem, Box((-10.0, -10.0), (10.0, 10.0)))
    reached = valleys("global").loss[-1]
    return found.verdict == "certified" and near(found.f_hi, reached, 1e-8)


def a_relu_of_a_line() -> bool:
    alive = relu("alive")
    x = alive.problem.data.x[:, 0]
    return all(
        near(alive.output(k), np.maximum(w * x + b, 0.0), 1e-15)
        for k, (w, b) in enumerate(alive.theta)
    )


def rate_of_the_sine_too_large() -> tuple[Course, np.ndarray]:
    """GD with 0.005 and the largest eigenvalue of the Hessian at its late states."""
    experiment = find_preset("sine", PRESETS).variant("GD").experiment
    seen = course(replace(experiment, optimizer=GradientDescent(0.005)), 2000)
    sharpest = [np.linalg.eigvalsh(seen.problem.hessian(w))[-1] for w in seen.theta[1000::50]]
    return seen, np.array(sharpest)


def never_settles() -> bool:
    seen, _ = rate_of_the_sine_too_large()
    return bool(np.isfinite(seen.loss).all() and (np.diff(seen.loss[1000:]) > 0).any())


CLAIMS: dict[str, tuple[tuple[str, Callable[[], bool]], ...]] = {
    "lecture-learning-rate": (
        (
            "η = 0.0005: E is still above 2.5 after 200 steps.",
            lambda: learning_rate("too small").loss[200] > 2.5,
        ),
        (
            "η = 0.2: E falls at every step to below 0.002;",
            lambda: falls(learning_rate("good").loss) and learning_rate("good").loss[-1] < 0.002,
        ),
        (
            "the path bends into the valley near w¹₁₂ = 0.06",
            lambda: (
                near(learning_rate("good").theta[100:, 1], 0.06, 0.01)
                and not parallel(*learning_rate("good").moves[[0, -1]])
            ),
        ),
        ("and never stops, because S* is empty.", never_stops),
        (
            "η = 20: the first step lands at (−17.0, −9.4)",
            lambda: near(learning_rate("too large").theta[1], (-17.0, -9.4), 0.05),
        ),
        (
            "with E = 1.0000 and sample 4 wrong;",
            lambda: (
                near(learning_rate("too large").loss[1], 1.0, 5e-5)
                and near(learning_rate("too large").output(1), (1, 1, 0, 1), 1e-3)
            ),
        ),
        (
            "‖∇E‖ is 2.6·10⁻⁵,",
            lambda: near(learning_rate("too large").steepness[1], 2.6e-5, 5e-7),
        ),
        (
            "and for all 200 steps nothing visible happens",
            lambda: np.ptp(learning_rate("too large").loss[1:]) < 1e-4,
        ),
        (
            "(only near step 370 does it come off).",
            lambda: between(360, learning_rate("too large", 400).first_below(0.9), 380),
        ),
    ),
    "lecture-gd-sgd-minibatch": (
        (
            "From w = 0 with η = 0.1. GD: the first step goes to (−0.275, −0.1),",
            lambda: (
                not order("GD").theta[0].any() and near(order("GD").theta[1], (-0.275, -0.1), 1e-15)
            ),
        ),
        ("E from 1 to 0.4339,", lambda: near(order("GD").loss[:2], (1.0, 0.4339), 5e-5)),
        ("and E falls at every step.", lambda: falls(order("GD").loss)),
        (
            "SGD: a single step can raise E (the first epoch visits the samples in the order "
            "4, 3, 2, 1: the very first step raises E to 1.0344),",
            lambda: (
                near(order("SGD").loss[1], 1.0344, 5e-5)
                and all(
                    parallel(order("SGD").moves[k], order("SGD").problem.data.x[3 - k])
                    for k in range(4)
                )
            ),
        ),
        (
            "and the path zig-zags along the four fixed directions of the samples.",
            lambda: follows_the_samples() and turning(order("SGD")) > 20,
        ),
        (
            "Mini-batches of 2: in between.",
            lambda: all(
                between(measure(order("GD")), measure(order("mini-batch 2")), measure(order("SGD")))
                for measure in (turning, length)
            ),
        ),
    ),
    "lecture-plateau": (
        (
            "From (3, 3). Squared error: E = 2.99999, ‖∇E‖ = 3·10⁻⁵,",
            lambda: (
                near(plateau("squared error").theta[0], 3.0, 0.0)
                and near(plateau("squared error").loss[0], 2.99999, 5e-6)
                and near(plateau("squared error").steepness[0], 3e-5, 5e-6)
            ),
        ),
        (
            "500 steps move w by 0.002.",
            lambda: near(plateau("squared error").distance(3.0, 3.0)[500], 0.002, 5e-4),
        ),
        (
            "Cross-entropy: ‖∇E‖ = 12.7,",
            lambda: near(plateau("cross-entropy").steepness[0], 12.7, 0.05),
        ),
        (
            "and after 10 steps E = 0.23.",
            lambda: near(plateau("cross-entropy").loss[10], 0.23, 5e-3),
        ),
    ),
    "lecture-constrained": (
        (
            "Box: sticks to the left edge",
            lambda: fence("box").theta[20:, 0].max() == -1.0 == fence("box").theta[20:, 0].min(),
        ),
        (
            "and slides to (−1, 0.0526083), E = 0.0294851,",
            lambda: (
                near(fence("box").end, (-1, 0.0526083), 5e-8)
                and near(fence("box").loss[-1], 0.0294851, 5e-8)
                and np.ptp(fence("box").theta[20:, 1]) > 0
            ),
        ),
        (
            "where ‖∇E‖ = 0.1126 is not 0 but the projected gradient is.",
            lambda: (
                near(fence("box").steepness[-1], 0.1126, 5e-5)
                and near(fence("box").problem.gradient(fence("box").end)[1], 0.0, 1e-8)
            ),
        ),
        (
            "Ball: (−0.9988795, 0.0473251), E = 0.0296255,",
            lambda: (
                near(fence("ball").end, (-0.9988795, 0.0473251), 5e-8)
                and near(fence("ball").loss[-1], 0.0296255, 5e-8)
            ),
        ),
        ("and −∇E is parallel to w.", lands_on_the_ball),
        (
            "Penalty (l2 = 0.02, that is + 0.01‖w‖²): "
            "the interior point (−1.3710363, 0.0568676), J = 0.0258918.",
            lambda: (
                near(fence("penalty").end, (-1.3710363, 0.0568676), 1e-6)
                and near(fence("penalty").loss[-1], 0.0258918, 5e-8)
                and near(
                    fence("penalty").problem.errors(fence("penalty").end).sum()
                    + 0.01 * (fence("penalty").end ** 2).sum(),
                    fence("penalty").loss[-1],
                    1e-12,
                )
            ),
        ),
    ),
    "constraint-local-optimum": (
        (
            "C = [1, 4] × [−4, 4]. The start (1.5, 0.5) ends at (1, 0.7892582), E = 2.9512134:",
            lambda: (
                wall("upper start").problem.feasible == Box((1.0, -4.0), (4.0, 4.0))
                and near(wall("upper start").theta[0], (1.5, 0.5), 0.0)
                and near(wall("upper start").end, (1, 0.7892582), 5e-8)
                and near(wall("upper start").loss[-1], 2.9512134, 5e-8)
            ),
        ),
        (
            "locally optimal on C.",
            lambda: is_lowest_nearby(
                wall("upper start").problem, (1, 0.7892581681), Box((1.0, -4.0), (4.0, 4.0))
            ),
        ),
        (
            "The start (1.5, −0.5) ends on the wall at w¹₁₂ = −3.008 with E = 1.0003,",
            lambda: (
                near(wall("lower start").theta[0], (1.5, -0.5), 0.0)
                and near(wall("lower start").end, (1, -3.008), 5e-4)
                and near(wall("lower start").loss[-1], 1.0003, 5e-5)
            ),
        ),
        (
            "still falling towards the corner (1, −4), E = 1.0000061: the global optimum on C.",
            lambda: (
                wall("lower start").moves[-1, 1] < 0
                and near(minimize(wall("lower start").problem).f_hi, 1.0000061, 5e-8)
                and near(minimize(wall("lower start").problem).theta, (1, -4), 1e-6)
            ),
        ),
        (
            "Between them on the wall: a barrier of E = 3.4260 at w¹₁₂ = −0.0340.",
            lambda: (
                near(wall_losses()[1].max(), 3.4260, 5e-5)
                and near(wall_losses()[0][wall_losses()[1].argmax()], -0.0340, 1e-4)
            ),
        ),
    ),
    "line-sgd": (
        (
            "E* = 2.7139200 at (1.5541747, 0.625).",
            lambda: (
                near(line("GD").loss[-1], 2.71392, 5e-8)
                and line("GD").steepness[-1] < 1e-12
                and near(line("GD").end, (1.5541747, 0.625), 5e-8)
            ),
        ),
        ("GD, 50 steps: on it.", lambda: line("GD").distance(1.5541747, 0.625)[50] < 1e-6),
        (
            "SGD, η = 0.1: over the last 1000 of 2000 steps about 0.13 away (root mean square).",
            lambda: near(
                root_mean_square(line("SGD constant").distance(1.5541747, 0.625)[1001:]),
                0.13,
                5e-3,
            ),
        ),
        (
            "Mini-batches of 5 (summed), η = 0.1: about 0.17, with a fifth of the steps.",
            lambda: (
                near(
                    root_mean_square(line("mini-batch 5").distance(1.5541747, 0.625)[201:]),
                    0.17,
                    5e-3,
                )
                and 5 * len(line("mini-batch 5").moves) == len(line("SGD constant").moves)
            ),
        ),
        (
            "η = 0.1/(1 + 0.05 t): ends less than 0.005 away.",
            lambda: line("SGD η/t").distance(1.5541747, 0.625)[-1] < 0.005,
        ),
        (
            "η = 0.02/(1 + 0.05 t): stops about 0.64 away.",
            lambda: near(line("SGD η/t too fast").distance(1.5541747, 0.625)[-1], 0.64, 5e-3),
        ),
    ),
    "bad-local-minimum": (
        (
            "The start (1, 1) ends at (0.3348347, 0.1576304), E = 1.2521085",
            lambda: (
                near(valleys("global").theta[0], 1.0, 0.0)
                and near(valleys("global").end, (0.3348347, 0.1576304), 5e-8)
                and near(valleys("global").loss[-1], 1.2521085, 5e-8)
            ),
        ),
        ("(global on [−10, 10]², certified);", certified_valley),
        (
            "the start (−2, 1) at (−1.1533197, 0.4937425), E = 1.6661157",
            lambda: (
                near(valleys("local").theta[0], (-2.0, 1.0), 0.0)
                and near(valleys("local").end, (-1.1533197, 0.4937425), 6e-8)
                and near(valleys("local").loss[-1], 1.6661157, 5e-8)
            ),
        ),
        (
            "(local, 33 % worse).",
            lambda: (
                near(valleys("local").loss[-1] / valleys("global").loss[-1], 1.33, 5e-3)
                and np.linalg.eigvalsh(valleys("local").problem.hessian(valleys("local").end))[0]
                > 0
            ),
        ),
        (
            "The saddle between them: (−0.4336809, 0.2855456), E = 1.7128288.",
            saddle_between_the_valleys,
        ),
    ),
    "saddle": (
        (
            "E = (1 − w²₁₁ w¹₁₁)²:",
            lambda: near(
                saddle("0.001 off").loss,
                (1 - saddle("0.001 off").theta.prod(axis=1)) ** 2,
                1e-12,
            ),
        ),
        (
            "a saddle at (0, 0) with E = 1, where the Hessian has the eigenvalues −2 and +2;",
            lambda: (
                near(saddle("on the ridge").problem.value(np.zeros(2)), 1.0, 0.0)
                and near(saddle("on the ridge").problem.gradient(np.zeros(2)), 0.0, 0.0)
                and near(
                    np.linalg.eigvalsh(saddle("on the ridge").problem.hessian(np.zeros(2))),
                    (-2, 2),
                    1e-12,
                )
            ),
        ),
        (
            "the minima are the hyperbola w¹₁₁ w²₁₁ = 1.",
            lambda: all(
                saddle("on the ridge").problem.value(np.array([w, 1 / w])) < 1e-30
                for w in (-2.0, 0.25, 0.7, 4.0)
            ),
        ),
        (
            "From (1, −1): E → 1.000 and ‖∇E‖ → 0.",
            lambda: (
                near(saddle("on the ridge").theta[0], (1, -1), 0.0)
                and near(saddle("on the ridge").loss[-1], 1.0, 5e-4)
                and saddle("on the ridge").steepness[-1] < 1e-6
            ),
        ),
        (
            "From (1, −0.999): E near 1 for about 40 steps",
            lambda: (
                near(saddle("0.001 off").theta[0], (1, -0.999), 0.0)
                and between(35, int((np.abs(saddle("0.001 off").loss - 1) < 0.05).sum()), 45)
            ),
        ),
        ("(0.987 at step 50),", lambda: near(saddle("0.001 off").loss[50], 0.987, 5e-4)),
        ("below 0.0001 at step 100.", lambda: saddle("0.001 off").loss[100] < 0.0001),
    ),
    "ravine": (
        (
            "The Hessian's eigenvalues are 0.32 and 32, so 2/L = 0.0625.",
            lambda: near(
                np.linalg.eigvalsh(ravine("GD").problem.hessian(np.zeros(2))), (0.32, 32), 1e-12
            ),
        ),
        (
            "E < 10⁻⁶ is first reached by GD (0.0619) at step 385,",
            lambda: ravine("GD").first_below(1e-6) == 385,
        ),
        (
            "by the heavy ball (η = 0.05, μ = 0.8) at 67,",
            lambda: ravine("momentum").first_below(1e-6) == 67,
        ),
        (
            "by Nesterov (0.03, 0.82) at 94,",
            lambda: ravine("Nesterov").first_below(1e-6) == 94,
        ),
        ("by Adam (0.1) at 216.", lambda: ravine("Adam").first_below(1e-6) == 216),
        (
            "GD with 0.0625 bounces for ever, E → 2.",
            lambda: (
                near(ravine("at the limit").loss[-1], 2.0, 1e-6)
                and near(ravine("at the limit").moves[-1], -ravine("at the limit").moves[-2], 1e-3)
                and length(ravine("at the limit")) > 300
            ),
        ),
        (
            "GD with 0.0640 diverges (E > 10⁸ at step 200).",
            lambda: (
                ravine("beyond the limit").loss[200] > 1e8
                and not falls(ravine("beyond the limit").loss)
            ),
        ),
    ),
    "conjugate-gradient": (
        (
            "E < 10⁻⁶ is first reached by GD (η = 0.05) at step 444;",
            lambda: conjugate("GD").first_below(1e-6) == 444,
        ),
        (
            "by steepest descent at 19, turning by a right angle at every step;",
            lambda: (
                conjugate("steepest descent").first_below(1e-6) == 19
                and all(
                    abs(a @ b) < 1e-6 * np.linalg.norm(a) * np.linalg.norm(b)
                    for a, b in pairwise(conjugate("steepest descent").moves)
                )
            ),
        ),
        (
            "by conjugate gradients at 2, in as many steps as there are weights;",
            lambda: (
                conjugate("conjugate gradient").first_below(1e-6) == 2
                and conjugate("conjugate gradient").problem.network.n_params == 2
            ),
        ),
        ("by Newton's method at 1.", lambda: conjugate("Newton").first_below(1e-6) == 1),
    ),
    "newton": (
        (
            "From (0.1, 0.1): ‖∇E‖ = 0.80, 0.20, 0.0043, 1.1·10⁻⁵, 6.1·10⁻¹¹;",
            lambda: (
                near(newton("to the minimum").theta[0], (0.1, 0.1), 0.0)
                and np.allclose(
                    newton("to the minimum").steepness[:5],
                    (0.8, 0.2, 0.0043, 1.1e-5, 6.1e-11),
                    0.05,
                )
            ),
        ),
        (
            "GD (η = 0.1) takes 78 steps.",
            lambda: int(np.argmax(newton("GD").steepness < 6.2e-11)) == 78,
        ),
        (
            "From (−0.2, 0.3): to the saddle at (−0.434, 0.286),",
            lambda: (
                near(newton("to the saddle").theta[0], (-0.2, 0.3), 0.0)
                and near(newton("to the saddle").end, (-0.434, 0.286), 5e-4)
                and is_a_saddle(newton("to the saddle"))
            ),
        ),
        (
            "where E is higher than at the start;",
            lambda: newton("to the saddle").loss[-1] > newton("to the saddle").loss[0],
        ),
        (
            "by |∇²E| to the global minimum.",
            lambda: (
                near(newton("saddle-free").theta[0], (-0.2, 0.3), 0.0)
                and near(newton("saddle-free").end, (0.3348347, 0.1576304), 1e-7)
            ),
        ),
        (
            "From (1, 1): away, E → 2, ‖∇E‖ < 10⁻⁵ at step 12;",
            lambda: (
                near(newton("away").theta[0], (1, 1), 0.0)
                and near(newton("away").loss[-1], 2.0, 1e-4)
                and newton("away").steepness[12] < 1e-5
                and length(newton("away")) > 5.0
            ),
        ),
        (
            "with |∇²E| + I to the global minimum, E = 1.2521 from step 6 on.",
            lambda: (
                near(newton("damped").theta[0], (1, 1), 0.0)
                and near(newton("damped").loss[6:], 1.2521, 5e-5)
                and not near(newton("damped").loss[5], 1.2521, 5e-5)
                and near(newton("damped").end, (0.3348347, 0.1576304), 1e-7)
            ),
        ),
    ),
    "levenberg-marquardt": (
        (
            "GD: with η = 0.1 E > 10⁷ at step 10;",
            lambda: tried("GD too fast").loss[10] > 1e7,
        ),
        (
            "with 0.02 E = 0.546 at step 500.",
            lambda: near(tried("GD").loss[500], 0.546, 5e-4),
        ),
        (
            "A rate that adapts, from 0.1 on: steps 1, 2 and 5 are not taken;",
            lambda: steps_not_taken(tried("variable rate"))[:3] == [1, 2, 5],
        ),
        (
            "step 500 is taken at the rate 0.043, E = 0.411;",
            lambda: (
                near(last_rate(tried("variable rate")), 0.043, 5e-4)
                and near(tried("variable rate").loss[500], 0.411, 5e-4)
            ),
        ),
        (
            "with momentum (μ = 0.8) 0.191.",
            lambda: near(tried("with momentum").loss[500], 0.191, 5e-4),
        ),
        (
            "Levenberg–Marquardt: 23 of 50 steps are not taken;",
            lambda: (
                len(steps_not_taken(tried("Levenberg–Marquardt"))) == 23
                and len(tried("Levenberg–Marquardt").moves) == 50
            ),
        ),
        (
            "E = 0.547 at step 10, 0.00053 at step 50.",
            lambda: (
                near(tried("Levenberg–Marquardt").loss[10], 0.547, 5e-4)
                and near(tried("Levenberg–Marquardt").loss[50], 0.00053, 5e-6)
            ),
        ),
    ),
    "dying-relu": (
        (
            "ŷ = relu(w x + b).",
            a_relu_of_a_line,
        ),
        (
            "From (3, 0): η = 0.05 recovers to (1, 0.5), E = 0.",
            lambda: (
                near(relu("alive").theta[0], (3, 0), 0.0)
                and near(relu("alive").end, (1, 0.5), 1e-5)
                and relu("alive").loss[-1] < 1e-11
            ),
        ),
        (
            "η = 0.1: E falls from 21 to 13.5 = Σ y² in one step, to (0.5, −1.6),",
            lambda: (
                near(relu("dead").loss[:2], (21, 13.5), 1e-12)
                and near((relu("dead").problem.data.y ** 2).sum(), 13.5, 1e-12)
                and near(relu("dead").theta[1], (0.5, -1.6), 1e-12)
            ),
        ),
        (
            "and the gradient is exactly 0 from then on",
            lambda: not relu("dead").steepness[1:].any() and not relu("dead").moves[1:].any(),
        ),
        (
            "(the flat region 0.5 w + b ≤ 0, 2 w + b ≤ 0).",
            lambda: (
                near(np.sort(relu("dead").problem.data.x[:, 0])[[0, -1]], (0.5, 2), 0.0)
                and not relu("dead").problem.gradient(np.array([-3.0, 1.49])).any()
                and not relu("dead").problem.gradient(np.array([1.0, -2.01])).any()
                and relu("dead").problem.gradient(np.array([1.0, -1.99])).any()
            ),
        ),
    ),
    "xor-symmetry": (
        (
            "2-2-1, tanh and sigmoid.",
            lambda: (
                [xor("twins").problem.network.sizes]
                + [a.name for a in xor("twins").problem.network.activations]
                == [(2, 2, 1), "tanh", "sigmoid"]
            ),
        ),
        (
            "Twins: E → 0.667, predictions (0.01, 0.67, 0.67, 0.67),",
            lambda: (
                near(xor("twins").loss[-1], 0.667, 5e-4)
                and near(xor("twins").output(-1), (0.01, 0.67, 0.67, 0.67), 5e-3)
            ),
        ),
        (
            "and the rows of W¹ stay equal.",
            lambda: all(
                np.array_equal(*xor("twins").problem.network.weights(theta, 0))
                for theta in xor("twins").theta
            ),
        ),
        ("Random A: E < 0.001.", lambda: xor("random A").loss[-1] < 0.001),
        (
            "Random B: E → 0.5 (stuck).",
            lambda: (
                near(xor("random B").loss[-1], 0.5, 1e-3)
                and np.ptp(xor("random B").loss[-500:]) < 1e-3
            ),
        ),
        (
            "All zero: the gradient is exactly 0, E = 1.",
            lambda: not xor("all zero").steepness.any() and near(xor("all zero").loss, 1.0, 0.0),
        ),
    ),
    "blobs-softmax": (
        (
            "2-3 with softmax, from all weights 0: E = 30 ln 3 = 32.9584 exactly,",
            lambda: (
                blobs("GD").problem.network.sizes == (2, 3)
                and near(blobs("GD").loss[0], 30 * log(3), 1e-13)
            ),
        ),
        ("a third of the samples right;", lambda: blobs("GD").right(0) == 10),
        (
            "after 200 steps of GD E = 3.72 and 29 of 30 are right,",
            lambda: near(blobs("GD").loss[200], 3.72, 5e-3) and blobs("GD").right(200) == 29,
        ),
        (
            "and E falls on, ever more slowly.",
            lambda: falls(blobs("GD").loss) and falls(-np.diff(blobs("GD").loss[200:])),
        ),
        (
            "Mini-batches of 10: the same 29, and E falls and rises.",
            lambda: (
                blobs("mini-batch 10").right(200) == 29
                and between(100, int((np.diff(blobs("mini-batch 10").loss) > 0).sum()), 400)
            ),
        ),
    ),
    "sine": (
        (
            "1-8-1, tanh, 2000 full-batch steps.",
            lambda: sine("GD").problem.network.sizes == (1, 8, 1) and len(sine("GD").moves) == 2000,
        ),
        (
            "GD with 0.002: E falls at every step, from 39.7 to 0.171.",
            lambda: (
                falls(sine("GD").loss)
                and near(sine("GD").loss[[0, -1]], (39.7, 0.171), (0.05, 5e-4))
            ),
        ),
        (
            "Momentum (0.002, μ = 0.9): 0.0887.",
            lambda: near(sine("momentum").loss[-1], 0.0887, 5e-5),
        ),
        (
            "Adam with 0.02: below 0.02 at the latest from step 600 on (its late steps are "
            "chaotic: two machines agree in the picture, not in the digits).",
            lambda: (
                sine("Adam").loss[600:].max() < 0.02
                and find_preset("sine", PRESETS).variant("Adam").chaotic
            ),
        ),
        ("GD with 0.005 (try it): never settles,", never_settles),
        (
            "the sharpest curvature sits at about 2/η = 400.",
            lambda: near(rate_of_the_sine_too_large()[1], 400, 40),
        ),
    ),
    "spiral": (
        (
            "tanh, cross-entropy (mean), Adam with 0.02, mini-batches of 16, "
            "300 epochs (1800 steps):",
            lambda: (
                len(spiral("Adam").moves) == 1800 == 300 * len(spiral("Adam").problem.data) // 16
                and spiral("Adam").problem.reduction == "mean"
            ),
        ),
        (
            "from 40 % of the samples right to 99 %,",
            lambda: (
                near(spiral("Adam").right(0) / 96, 0.40, 5e-3)
                and spiral("Adam").right(-1) / 96 > 0.97
            ),
        ),
        ("E < 0.05.", lambda: spiral("Adam").loss[-1] < 0.05),
        (
            "SGD with 0.3 and the same batches gets as far.",
            lambda: spiral("SGD").right(-1) >= 95 and spiral("SGD").loss[-1] < 0.05,
        ),
    ),
    "polynomial": (
        (
            "From E/S = 0.503 at zero weights down to 0.0039058, the least-squares cubic.",
            lambda: (
                near(polynomial("momentum").loss[[0, -1]], (0.503, 0.0039058), (5e-4, 5e-8))
                and near(polynomial("momentum").loss[-1], cubic().mean(), 1e-14)
                and not polynomial("momentum").theta[0].any()
            ),
        ),
        (
            "The curvatures lie between 0.861 and 269:",
            lambda: near(curvatures("as measured")[[0, -1]], (0.861, 269), (5e-4, 0.5)),
        ),
        ("a step length above 2/269 = 0.00745 diverges (try it).", too_long_a_step_diverges),
        (
            "With 0.007, E/S is within 1 % of its minimum after 649 steps.",
            lambda: within_a_percent("as measured") == 649,
        ),
        (
            "Momentum with the same step length: after 73.",
            lambda: within_a_percent("momentum") == 73,
        ),
        (
            "Standardised, the curvatures lie between 0.165 and 3.83, a step length of 0.5 is "
            "allowed, and 55 steps are enough.",
            lambda: (
                near(curvatures("standardised")[[0, -1]], (0.165, 3.83), (5e-4, 5e-3))
                and 2 / curvatures("standardised")[-1] > 0.5
                and within_a_percent("standardised") == 55
            ),
        ),
    ),
}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_every_clause_of_the_text_is_a_claim(preset) -> None:
    assert " ".join(clause for clause, _ in CLAIMS[preset.id]) == preset.see


@pytest.mark.parametrize(
    "seen",
    [
        pytest.param(seen, id=f"{preset}: {clause}")
        for preset, claims in CLAIMS.items()
        for clause, seen in claims
    ],
)
def test_what_the_text_says_is_seen(seen: Callable[[], bool]) -> None:
    assert seen()
