"""Optimizers that ask for the Hessian."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.fields import check_numbers, number
from mlpsim.core.optimizer import Hessian, Optimizer, State

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
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, hessian: Hessian
    ) -> tuple[Array, State]:
        direction = self._direction(gradient, hessian(theta))
        return theta - rate * direction, (direction,)

    def _direction(self, gradient: Array, matrix: Array) -> Array:
        is_finite = np.asarray(np.isfinite(matrix).all(axis=(-2, -1)))[..., None]
        curvatures, axes = np.linalg.eigh(np.where(is_finite[..., None], matrix, 0.0))
        if self.saddle_free:
            curvatures = np.abs(curvatures)
        curvatures = curvatures + self.damping
        sizes = np.abs(curvatures)
        least = gradient.shape[-1] * np.finfo(np.float64).eps * sizes.max(axis=-1, keepdims=True)
        inverse = np.divide(1.0, curvatures, np.zeros_like(sizes), where=sizes > least)
        along = (axes.mT @ gradient[..., None])[..., 0]
        direction = (axes @ (inverse * along)[..., None])[..., 0]
        return np.where(is_finite, direction, np.nan)


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
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, hessian: Hessian
    ) -> tuple[Array, State]:
        direction = self._direction(gradient, state, t)
        downhill, length = _dot(gradient, direction), _dot(direction, direction)
        bent = (hessian(theta) @ direction[..., None])[..., 0]
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


SECOND_ORDER = (Newton, ConjugateGradient)


def check_hessian(optimizer: Optimizer, n_params: int) -> None:
    """ValueError if the optimizer asks for the Hessian of too many parameters."""
    if isinstance(optimizer, SECOND_ORDER) and n_params > MOST_PARAMS:
        raise ValueError(
            f"the optimizer asks for the Hessian at every step: the network has {n_params}"
            f" parameters, and it takes at most {MOST_PARAMS}"
        )


def _dot(a: Array, b: Array) -> Array:
    """(..., P), (..., P) -> (..., 1)."""
    product: Array = (a * b).sum(axis=-1, keepdims=True)
    return product


def _ratio(a: Array, b: Array) -> Array:
    """a / b, and 0 where b is 0."""
    return np.divide(a, b, np.zeros_like(a), where=b != 0.0)
