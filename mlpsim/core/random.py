"""Random draws by one rule: the raw stream of PCG64(seed), which NumPy promises to keep."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from mlpsim.core.arrays import Array

Draws = npt.NDArray[np.uint64]
Words = npt.NDArray[np.uint32]

MAX_SEED = 2**63 - 1
_MASK = 2**128 - 1
MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645  # of PCG64's steps


def moved(seed: int, offset: int) -> int:
    """The seed so far on; after the last comes the first."""
    return (seed + offset) % (MAX_SEED + 1)


def raw(seed: int, first: int, count: int) -> Draws:
    """Draws first … first + count - 1 of the stream of ``seed``, as unsigned 64-bit integers."""
    if not 0 <= seed <= MAX_SEED:
        raise ValueError(f"seed {seed!r} is not between 0 and {MAX_SEED}")
    generator = np.random.PCG64(seed)
    generator.advance(first)
    return generator.random_raw(count)


def raw_of_seeds(seeds: Sequence[int], first: int, count: int) -> Draws:
    """``raw`` of many seeds (R, count): their generators are seeded together."""
    if len(seeds) == 1:  # which NumPy seeds in a tenth of the time
        return raw(seeds[0], first, count)[None]
    draws = np.empty((len(seeds), count), dtype=np.uint64)
    generator: Any = np.random.PCG64(0)
    template = generator.state
    for row, (state, step) in zip(draws, _seeded(seeds), strict=True):
        generator.state = template | {"state": {"state": state, "inc": step}}
        generator.advance(first)
        row[:] = generator.random_raw(count)
    return draws


def _seeded(seeds: Sequence[int]) -> Iterator[tuple[int, int]]:
    """State and increment of PCG64(seed): both hashed from the seed as NumPy's SeedSequence does.

    Each is 128 bits of O'Neill's seed_seq (2015), and the generator has taken two steps.
    """
    entropy = np.array(seeds, dtype=np.uint64)
    zeros = np.zeros(len(seeds), dtype=np.uint32)
    words = [entropy.astype(np.uint32), (entropy >> np.uint64(32)).astype(np.uint32), zeros, zeros]
    keys = _keys(0x43B0D7E5, 0x931E8875)
    pool = [_hashed(word, next(keys)) for word in words]
    for source in range(4):
        for target in range(4):
            if source != target:
                other = _hashed(pool[source], next(keys))
                mixed = pool[target] * np.uint32(0xCA01F9DD) - other * np.uint32(0x4973F715)
                pool[target] = mixed ^ (mixed >> np.uint32(16))
    keys = _keys(0x8B51F9DD, 0x58F38DED)
    hashed = [_hashed(pool[i % 4], next(keys)).tolist() for i in range(8)]
    for b, a, d, c, f, e, h, g in zip(*hashed, strict=True):
        start = a << 96 | b << 64 | c << 32 | d
        step = (e << 96 | f << 64 | g << 32 | h) << 1 & _MASK | 1
        yield ((step + start) * MULTIPLIER + step) & _MASK, step


def _keys(key: int, factor: int) -> Iterator[tuple[np.uint32, np.uint32]]:
    """The pairs of neighbours in key, key·factor, key·factor² …"""
    while True:
        before, key = key, key * factor & 0xFFFFFFFF
        yield np.uint32(before), np.uint32(key)


def _hashed(words: Words, keys: tuple[np.uint32, np.uint32]) -> Words:
    hashed = (words ^ keys[0]) * keys[1]
    return hashed ^ (hashed >> np.uint32(16))


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
