"""A value scale: linear or logarithmic, from values to a share of the axis, with its ticks."""

from dataclasses import dataclass

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.ticks import log_ticks, ticks_inside

AUTO_LOG = 100.0  # a scale turns logarithmic by itself where the values span this factor
_MARGIN = 0.05
_LEAST = -300.0  # decimal logarithm of the least tick; the greatest is its reciprocal
_LARGEST = 8e307  # so that the height of a linear scale does not overflow


@dataclass(frozen=True)
class Scale:
    """The values ``lo`` to ``hi`` along an axis; where ``log``, both are decimal logarithms."""

    lo: float
    hi: float
    log: bool

    def share(self, values: Array) -> Array:
        """0 at the lower end, 1 at the upper one; NaN for values that the scale cannot hold."""
        values = np.where(np.isfinite(values), values, np.nan)
        if self.log:
            values = np.log10(np.where(values > 0.0, values, np.nan))
        values = np.clip(values, -_LARGEST, _LARGEST)
        shares: Array = (values - self.lo) / (self.hi - self.lo)
        return shares

    def ticks(self, most: int) -> list[float]:
        """At most about ``most`` values at round places; two at least if there are as many."""
        if not self.log:
            return ticks_inside(self.lo, self.hi, most)
        lo, hi = 10.0 ** max(self.lo, _LEAST), 10.0 ** min(self.hi, -_LEAST)
        return ticks_inside(lo, hi, most, log_ticks)


def scale_for(values: Array, log: bool | None) -> Scale | None:
    """The scale that holds the finite values, logarithmic as asked or by itself (None).

    None if no value can be shown. A logarithmic scale leaves out values that are not positive.
    """
    finite = values[np.isfinite(values)]
    positive = finite[finite > 0.0]
    if log is None:
        log = len(positive) == len(finite) > 0 and _spans_decades(positive)
    shown = np.log10(positive) if log else finite
    if not len(shown):
        return None
    lo, hi = float(shown.min()), float(shown.max())
    room = _MARGIN * (hi - lo) or (0.5 if log else 0.1 * abs(hi) or 1.0)
    return Scale(max(lo - room, -_LARGEST), min(hi + room, _LARGEST), log)


def _spans_decades(values: Array) -> bool:
    # Compared as a product: the quotient with a value like 1e-300 could overflow.
    return bool(values.max() * (1.0 / AUTO_LOG) >= values.min())
