"""Array types, and the letters that name their axes.

R runs, S samples, B samples of a batch, D features, K outputs, P parameters. Inside the network,
samples are columns: an activation of a layer with n neurons is ``(..., n, S)``.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


def frozen_matrix(values: npt.ArrayLike | Sequence[object], name: str) -> Array:
    """A read-only, contiguous float64 copy; ValueError unless finite and with two axes."""
    array = np.array(values, dtype=np.float64, order="C")
    if array.ndim != 2:
        raise ValueError(f"{name} has {array.ndim} axes, expected 2")
    if not np.isfinite(array).all():
        place = "".join(f"[{i}]" for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name}{place} is not a finite number")
    array.setflags(write=False)
    return array


def joined(parts: Sequence[Array]) -> Array:
    """The parts one after the other along the first axis; a single one as it is, not copied."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
