"""Random draws by one rule: the raw stream of PCG64(seed), which NumPy promises to keep."""

import numpy as np
import numpy.typing as npt

from mlpsim.core.arrays import Array

Draws = npt.NDArray[np.uint64]

MAX_SEED = 2**63 - 1


def raw(seed: int, first: int, count: int) -> Draws:
    """Draws first … first + count - 1 of the stream of ``seed``, as unsigned 64-bit integers."""
    if not 0 <= seed <= MAX_SEED:
        raise ValueError(f"seed {seed!r} is not between 0 and {MAX_SEED}")
    generator = np.random.PCG64(seed)
    generator.advance(first)
    return generator.random_raw(count)


def uniform(seed: int, first: int, count: int) -> Array:
    """Uniform numbers in [0, 1): the upper 53 bits of each draw."""
    return (raw(seed, first, count) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def normal(seed: int, first: int, count: int) -> Array:
    """Standard normal numbers, two from every pair of uniforms (Box and Muller 1958)."""
    pairs = uniform(seed, first, 2 * ((count + 1) // 2)).reshape(-1, 2)
    radius = np.sqrt(-2.0 * np.log1p(-pairs[:, 0]))  # 1 - u lies in (0, 1]
    angle = 2.0 * np.pi * pairs[:, 1]
    numbers = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return numbers.reshape(-1)[:count]
