"""Optimizers that ask for the Hessian."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.fields import check_numbers, number
from mlpsim.core.optimizer import ADAPTED, Objective, Optimizer, State

MOST_PARAMS = 512  # of a network whose Hessian is made at every step


@dataclass(frozen=True)
class Newton:
    """d = (∇² + λI)⁻¹ g; w ← w − η d   (Nocedal and Wright 2006, section 3.3).

    It goes wherever the gradient vanishes, to saddles and maxima as well. Saddle-free: |∇²|, which
    has the eigenvalues' magnitudes, in the place of ∇² (Dauphin and others 2014). Along directions
    in which ∇² + λI is singular nothing moves (the pseudo-inverse).
    """

    state_names: ClassVar[tuple[str, ...]] = ("d",)

    learning_rate: float = number(1.0, symbol="η", text="share of Newton's step that is taken")
    damping: float = number(0.0, symbol="λ", text="added to every curvature")
    saddle_free: bool = False

    def __post_init__(self) -> None:
        check_numbers(self)

    def init(self, theta: Array) -> State:
        return (np.zeros_like(theta),)

    def update(
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, objective: Objective
    ) -> tuple[Array, State]:
        matrix = objective.hessian(theta)
        direction = _solution(matrix, gradient, np.array(self.damping), self.saddle_free)
        return theta - rate * direction, (direction,)


@dataclass(frozen=True)
class ConjugateGradient:
    """d ← g + β d; s = (g·d / |d·∇²d|) d; w ← w − η s: on a quadratic to where it is least along d.

    β = max(0, g·(g − g before) / ‖g before‖²) (Polak and Ribière 1969; Nocedal and Wright 2006,
    chapter 5), but 0 where d would not lead down, and at every n-th step, if asked: with n = 1 it
    is steepest descent. λ is added to every curvature; along a direction without any nothing moves.
    """

    state_names: ClassVar[tuple[str, ...]] = ("d", "s", "g")

    learning_rate: float = number(1.0, symbol="η", text="share of the step that is taken")
    damping: float = number(0.0, symbol="λ", text="added to every curvature")
    restart: int = number(0, hi=1_000_000, symbol="n", text="steps until β is 0 again; 0: never")

    def __post_init__(self) -> None:
        check_numbers(self)

    def init(self, theta: Array) -> State:
        return (np.zeros_like(theta), np.zeros_like(theta), np.zeros_like(theta))

    def update(
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, objective: Objective
    ) -> tuple[Array, State]:
        direction = self._direction(gradient, state, t)
        downhill, length = _dot(gradient, direction), _dot(direction, direction)
        bent = (objective.hessian(theta) @ direction[..., None])[..., 0]
        curvature = np.abs(_dot(direction, bent)) + self.damping * length
        step = direction * _ratio(downhill, curvature)
        return theta - rate * step, (direction, step, gradient)

    def _direction(self, gradient: Array, state: State, t: int) -> Array:
        if t % self.restart == 0 if self.restart else t == 0:
            return gradient
        before, _, gradient_before = state
        rise = _dot(gradient, gradient - gradient_before)
        beta = np.maximum(_ratio(rise, _dot(gradient_before, gradient_before)), 0.0)
        direction = gradient + beta * before
        return np.where(_dot(gradient, direction) > 0.0, direction, gradient)


@dataclass(frozen=True)
class LevenbergMarquardt:
    """d = (G + λI)⁻¹ g; w ← w − η d and λ ← λ/ϑ if J does not rise there, else only λ ← λ ϑ.

    G is the Gauss-Newton matrix, of a squared error 2 AᵀA with the Jacobian A of the outputs
    (Marquardt 1963; Hagan and Menhaj 1994): with much damping λ the step is a short one of gradient
    descent, with little the one to the minimum of a least-squares problem that is linear. A step
    that would raise what its batch tells of J, from J to J′, is not taken.
    """

    state_names: ClassVar[tuple[str, ...]] = ("λ", "d", "J", "J′")

    learning_rate: float = number(1.0, symbol="η", text="share of the step that is taken")
    damping: float = number(0.01, symbol="λ₀", text="damping of the first step")
    factor: float = number(10.0, 1.0, symbol="ϑ", text="by which the damping falls and rises")

    def __post_init__(self) -> None:
        check_numbers(self)

    def init(self, theta: Array) -> State:
        one = np.ones((*theta.shape[:-1], 1))
        return (self.damping * one, np.zeros_like(theta), 0.0 * one, 0.0 * one)

    def update(
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, objective: Objective
    ) -> tuple[Array, State]:
        damping = state[0]
        direction = _solution(objective.gauss_newton(theta), gradient, damping)
        tried = theta - rate * direction
        here, there = objective.value(theta)[..., None], objective.value(tried)[..., None]
        is_taken = there <= here
        adapted = np.where(is_taken, damping / self.factor, damping * self.factor)
        adapted = np.clip(adapted, *ADAPTED)
        return np.where(is_taken, tried, theta), (adapted, direction, here, there)


SECOND_ORDER = (Newton, ConjugateGradient, LevenbergMarquardt)


def check_hessian(optimizer: Optimizer, n_params: int) -> None:
    """ValueError if the optimizer asks for the Hessian of too many parameters."""
    if isinstance(optimizer, SECOND_ORDER) and n_params > MOST_PARAMS:
        raise ValueError(
            f"the optimizer asks for the Hessian at every step: the network has {n_params}"
            f" parameters, and it takes at most {MOST_PARAMS}"
        )


def _solution(matrix: Array, gradient: Array, damping: Array, by_magnitude: bool = False) -> Array:
    """x (..., P) with (matrix + damping) x = gradient, the shortest where that is singular.

    By magnitude every eigenvalue of the matrix counts as positive. NaN where it is not finite.
    """
    is_finite = np.asarray(np.isfinite(matrix).all(axis=(-2, -1)))[..., None]
    curvatures, axes = np.linalg.eigh(np.where(is_finite[..., None], matrix, 0.0))
    curvatures = (np.abs(curvatures) if by_magnitude else curvatures) + damping
    sizes = np.abs(curvatures)
    least = gradient.shape[-1] * np.finfo(np.float64).eps * sizes.max(axis=-1, keepdims=True)
    inverse = np.divide(1.0, curvatures, np.zeros_like(sizes), where=sizes > least)
    along = (axes.mT @ gradient[..., None])[..., 0]
    x = (axes @ (inverse * along)[..., None])[..., 0]
    return np.where(is_finite, x, np.nan)


def _dot(a: Array, b: Array) -> Array:
    """(..., P), (..., P) -> (..., 1)."""
    product: Array = (a * b).sum(axis=-1, keepdims=True)
    return product


def _ratio(a: Array, b: Array) -> Array:
    """a / b, and 0 where b is 0."""
    return np.divide(a, b, np.zeros_like(a), where=b != 0.0)
