"""Intervals and boxes, written by their ends."""

import numpy as np

from mlpsim.core.proofs.interval import Interval


def rows(*values):
    """A single row of numbers."""
    return np.array([values], dtype=float)


def box(*sides):
    """A single box of (lo, hi) pairs."""
    lo, hi = np.array([sides], dtype=float).transpose(2, 0, 1)
    return Interval(lo, hi)


def above(z, width):
    """From a number up by a width."""
    return Interval(np.array([z]), np.array([z + width]))


def inside(x, value):
    """Whether a single interval holds a number, and neither end is NaN."""
    assert not np.isnan([*x.lo, *x.hi]).any()
    return bool(x.lo.item() <= value <= x.hi.item())
