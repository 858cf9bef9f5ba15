"""A smooth slice from few points: J interpolated between Chebyshev nodes of a window.

The error of such an interpolation falls geometrically with the number of nodes where J is analytic
(Trefethen 2013, Approximation Theory and Approximation Practice, chapter 8), and hardly at all
across a kink. It is estimated from the last coefficients and from exact values between the nodes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.slices import Slice

NODES = (33, 65, 129)  # a side: what is tried, one after the other
LAST = 4  # rows and columns of coefficients that tell the error
CONTROLS = 9  # a side: exact values that tell it too
SAFETY = 4.0
_CONTROLS_AT = np.linspace(-0.957, 0.943, CONTROLS)  # of [-1, 1]


@dataclass(frozen=True, eq=False)
class Interpolated:
    """J on a grid (ny, nx), each value within ``error`` of the exact one by the estimate."""

    values: Array
    error: float


def interpolated(
    slice_: Slice,
    xs: Array,
    ys: Array,
    tolerance: Callable[[Array], float],
    most: int,
    cancelled: Callable[[], bool] = lambda: False,
) -> Interpolated | None:
    """J at xs (nx,) and ys (ny,), rising and evenly spaced, from fewer points than these.

    ``tolerance`` says of the values found how far off they may be. None where that cannot be
    reached with a fourth of the points, and at most ``most``, or when it was cancelled.
    """
    controls = _controls(xs), _controls(ys)
    exact = slice_.values(*controls, cancelled)
    for n in NODES:
        if exact is None or n * n > min(most, len(xs) * len(ys) // 4):
            return None
        nodes = np.cos(np.pi * np.arange(n) / (n - 1))
        held = slice_.values(_spread(nodes, xs), _spread(nodes, ys), cancelled)
        if held is None or not np.isfinite(held).all():
            return None
        c = _coefficients(held)
        values = _at(c, _on_grid(n, len(xs)), _on_grid(n, len(ys)))
        last = np.abs(c[-LAST:]).sum() + np.abs(c[:, -LAST:]).sum()
        between = np.abs(_at(c, _on_controls(n), _on_controls(n)) - exact).max()
        error, allowed = SAFETY * float(np.maximum(last, between)), tolerance(values)
        if error <= allowed:
            return Interpolated(values, error)
        span = float(np.ptp(held))
        # Twice the nodes square the relative error, where it falls geometrically.
        if not (0.0 < error < span and span * (error / span) ** 4 <= allowed):
            return None
    return None


def _spread(nodes: Array, axis: Array) -> Array:
    """Places in [-1, 1] on the stretch of an axis."""
    places: Array = 0.5 * ((axis[-1] - axis[0]) * nodes + (axis[0] + axis[-1]))
    return places


def _controls(axis: Array) -> Array:
    """Places between the nodes, evenly spaced but for a share of the stretch at both ends."""
    return _spread(_CONTROLS_AT, axis)


def _coefficients(held: Array) -> Array:
    """c (n, n) with J = Σ c_kl T_k(y) T_l(x), from J at the nodes: a discrete cosine transform."""
    matrix = _transform(len(held))
    c: Array = matrix @ held @ matrix.T
    return c


def _at(c: Array, across: Array, up: Array) -> Array:
    """The polynomial (ny, nx) from T_l across (nx, n) and T_k up (ny, n)."""
    result: Array = up @ c @ across.T
    return result


# Matrices that are the same for every surface of a size.


@lru_cache(maxsize=len(NODES))
def _transform(n: int) -> Array:
    """From J at n nodes to coefficients: (n, n)."""
    k = np.arange(n)
    matrix: Array = np.cos(np.pi * np.outer(k, k) / (n - 1)) * (2.0 / (n - 1))
    matrix[:, [0, -1]] *= 0.5
    matrix[[0, -1]] *= 0.5
    return matrix


@lru_cache(maxsize=8)
def _on_grid(n: int, points: int) -> Array:
    """T_k at evenly spaced places of [-1, 1]: (points, n)."""
    return _polynomials(n, np.linspace(-1.0, 1.0, points))


@lru_cache(maxsize=len(NODES))
def _on_controls(n: int) -> Array:
    """T_k at the controls: (CONTROLS, n)."""
    return _polynomials(n, _CONTROLS_AT)


def _polynomials(n: int, places: Array) -> Array:
    """T_k at some places of [-1, 1]: (len(places), n)."""
    found: Array = np.cos(np.outer(np.arccos(places), np.arange(n)))
    return found
