"""Feasible sets C of the optimization problem, and the projection onto them."""

from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Protocol

import numpy as np

from mlpsim.core.arrays import Array, Flags


class FeasibleSet(Protocol):
    """A closed convex set of parameter vectors."""

    def project(self, theta: Array) -> Array:
        """The nearest point of C: (..., P) -> (..., P)."""
        ...

    def contains(self, theta: Array) -> Flags:
        """Whether theta lies in C: (..., P) -> (...), bool."""
        ...

    def check(self, n_params: int) -> None:
        """ValueError if C does not live in a space of ``n_params`` dimensions."""
        ...


@dataclass(frozen=True)
class WholeSpace:
    """C = the whole space: no constraint."""

    def project(self, theta: Array) -> Array:
        return theta

    def contains(self, theta: Array) -> Flags:
        return np.ones(theta.shape[:-1], dtype=bool)

    def check(self, n_params: int) -> None:
        """Every parameter vector fits."""


@dataclass(frozen=True)
class Box:
    """C = {w : lo_p ≤ w_p ≤ hi_p for every parameter p}."""

    lo: tuple[float, ...]
    hi: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.lo) != len(self.hi):
            raise ValueError(f"the box has {len(self.lo)} lower and {len(self.hi)} upper limits")
        for p, (lo, hi) in enumerate(zip(self.lo, self.hi, strict=True)):
            if not (isfinite(lo) and isfinite(hi) and lo <= hi):
                raise ValueError(
                    f"the box's limits [{lo!r}, {hi!r}] of parameter {p + 1} are empty"
                )

    @cached_property
    def _limits(self) -> tuple[Array, Array]:
        return np.array(self.lo, dtype=np.float64), np.array(self.hi, dtype=np.float64)

    def project(self, theta: Array) -> Array:
        lo, hi = self._limits
        return np.minimum(np.maximum(theta, lo), hi)

    def contains(self, theta: Array) -> Flags:
        lo, hi = self._limits
        inside: Flags = np.all((theta >= lo) & (theta <= hi), axis=-1)
        return inside

    def check(self, n_params: int) -> None:
        if len(self.lo) != n_params:
            raise ValueError(
                f"the box limits {len(self.lo)} parameters, the network has {n_params}"
            )


@dataclass(frozen=True)
class Ball:
    """C = {w : ‖w - center‖₂ ≤ radius}."""

    center: tuple[float, ...]
    radius: float

    def __post_init__(self) -> None:
        if not (isfinite(self.radius) and self.radius >= 0.0):
            raise ValueError(f"the ball's radius {self.radius!r} is not 0 or above")
        if not all(isfinite(c) for c in self.center):
            raise ValueError("the ball's centre is not finite")

    @cached_property
    def _center(self) -> Array:
        return np.array(self.center)

    def project(self, theta: Array) -> Array:
        offset = theta - self._center
        distance = np.linalg.norm(offset, axis=-1, keepdims=True)
        outside = distance > self.radius
        scale = self.radius / np.where(outside, distance, 1.0)
        return np.where(outside, self._center + offset * scale, theta)

    def contains(self, theta: Array) -> Flags:
        # A projected point may lie one rounding outside.
        distance = np.linalg.norm(theta - self._center, axis=-1)
        inside: Flags = distance <= self.radius * (1.0 + 1e-12)
        return inside

    def check(self, n_params: int) -> None:
        if len(self.center) != n_params:
            raise ValueError(
                f"the ball's centre has {len(self.center)} coordinates,"
                f" the network {n_params} parameters"
            )
