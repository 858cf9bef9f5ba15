"""The quadratic model: J near a state by its slope and curvature, as seen in a plane."""

from dataclasses import dataclass
from functools import cached_property
from math import isfinite, sqrt
from typing import Literal, NamedTuple

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.contours import contours
from mlpsim.core.plane import Plane
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.surface import Isoline
from mlpsim.core.window import Window

POINTS = 81  # of a grid along each axis: between them its lines are off by less than a pixel
FLAT = 1e-12  # curvature of an axis, relative to the other's, that rounding leaves of none

Shape = Literal["minimum", "maximum", "saddle", "valley"]


class Directional(NamedTuple):
    """The first and the second derivative of J along a direction of length 1."""

    slope: float
    curvature: float


@dataclass(frozen=True, eq=False)
class QuadraticModel:
    """m(d) = value + slope·d + ½ d·curvature·d at ``place`` + d, each (α, β) in the plane.

    Taylor's polynomial of degree two along the plane: slope (2,) and curvature (2, 2). The plane's
    directions have the lengths and the angle that their ``gram`` matrix (2, 2) tells.
    """

    place: Array
    value: float
    slope: Array
    curvature: Array
    gram: Array

    @quiet()
    def values(self, places: Array) -> Array:
        """m at places of the plane: (..., 2) -> (...)."""
        d = places - self.place
        result: Array = self.value + d @ self.slope + 0.5 * ((d @ self.curvature) * d).sum(axis=-1)
        return result

    @quiet()
    def towards(self, place: Array) -> Directional | None:
        """The derivatives of J along the line to another place (2,): dᵀ∇J and dᵀ∇²J·d, ‖d‖ = 1.

        None where there is no such line, or no such number (Hagan, Demuth, Beale and De Jesús,
        Neural Network Design, 2014, chapter 8).
        """
        d = place - self.place
        d /= np.abs(d).max()  # so that no square overflows
        square = float(d @ self.gram @ d)
        if not square > 0.0:
            return None
        found = Directional(
            float(d @ self.slope) / sqrt(square), float(d @ self.curvature @ d) / square
        )
        return found if all(map(isfinite, found)) else None

    @cached_property
    def shape(self) -> Shape:
        """What the place is where m is flat; a valley has none, or a line of them."""
        if not np.isfinite(self.curvature).all():
            return "valley"
        lower, upper = np.linalg.eigvalsh(self.curvature).tolist()
        if min(abs(lower), abs(upper)) <= FLAT * max(abs(lower), abs(upper)):
            return "valley"
        return "minimum" if lower > 0.0 else "maximum" if upper < 0.0 else "saddle"

    @cached_property
    @quiet()
    def flat_place(self) -> Array | None:
        """Where m is flat (2,): the end of Newton's step −H⁻¹∇ in the plane; None in a valley."""
        if self.shape == "valley":
            return None
        step = np.linalg.solve(self.curvature, -self.slope)
        return self.place + step if np.isfinite(step).all() else None

    def isolines(self, window: Window, levels: tuple[float, ...]) -> tuple[Isoline, ...]:
        """Its lines at some levels in a window."""
        xs = np.linspace(window.x0, window.x1, POINTS)
        ys = np.linspace(window.y0, window.y1, POINTS)
        values = self.values(np.stack(np.meshgrid(xs, ys), axis=-1))
        lines_at = contours(xs, ys, values)
        return tuple(Isoline(level, True, lines_at(level)) for level in levels)


@quiet()
def quadratic_model(problem: Problem, theta: Array, plane: Plane) -> QuadraticModel:
    """The model of J at the place of the plane that shows theta (P,)."""
    place = plane.project(theta)
    at = plane.point(*place.tolist())
    basis = np.stack([plane.u, plane.v])
    curvature = problem.hessian_vector_product(at, basis) @ basis.T
    return QuadraticModel(
        place,
        float(problem.value(at)),
        basis @ problem.gradient(at),
        0.5 * (curvature + curvature.T),
        basis @ basis.T,
    )
