"""Draws, compiled: the visits of random orders, bit for bit those of ``core.sampling``.

PCG64 (O'Neill 2014) calculates with 128 bits: pairs of words, the upper one first.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types

from mlpsim.core.arrays import Indices
from mlpsim.core.compiled.jit import compiled, kernel
from mlpsim.core.compiled.program import WIDTH
from mlpsim.core.compiled.vectors import instruction
from mlpsim.core.random import MULTIPLIER
from mlpsim.core.sampling import Order

FEW = 16  # samples that are sorted faster by comparing each with each, W epochs side by side
Word = np.uint64
Words = npt.NDArray[np.uint64]
Pair = tuple[Word, Word]
FACTOR = Word(MULTIPLIER >> 64), Word(MULTIPLIER & 2**64 - 1)
ZERO, ONE = (Word(0), Word(0)), (Word(0), Word(1))
LOWER_HALF = Word(2**32 - 1)


def _keys(key: int, factor: int, count: int) -> Words:
    return np.array([key * factor**n & 2**32 - 1 for n in range(count)], np.uint64)


POOL_KEYS, WORD_KEYS = _keys(0x43B0D7E5, 0x931E8875, 17), _keys(0x8B51F9DD, 0x58F38DED, 9)


def drawn(seeds: Sequence[int], order: Order, samples: int, first: int, count: int) -> Indices:
    """As ``core.sampling.drawn``."""
    visits = np.empty((count, len(seeds)), np.intp)
    epoch, offset = divmod(first, samples)
    is_sorted = order == "without_replacement"
    draws = np.empty((samples, WIDTH if is_sorted and samples <= FEW else 1), np.uint64)
    places = np.empty((samples + 1, draws.shape[1]), np.intp)
    room = np.empty(12, np.uint64), draws, places, np.empty(samples, np.intp)
    draw(np.array(seeds, np.uint64), _jump(epoch * samples), is_sorted, -offset, *room, visits)
    return visits


def _jump(draws: int) -> Words:
    """a and c (4,), with which a·state + c·increment is the state so many draws on."""
    a = pow(MULTIPLIER, draws, MULTIPLIER - 1 << 128)
    c = (a - 1) // (MULTIPLIER - 1)
    return np.array([a >> 64 & 2**64 - 1, a & 2**64 - 1, c >> 64, c & 2**64 - 1], np.uint64)


@instruction
def _multiply_add(typing: Any, x: Any, y: Any, z: Any) -> tuple[Any, Callable[..., Any]]:
    """x·y + z, of pairs."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        number = ir.IntType(128)

        def whole(pair: Any) -> Any:
            upper, lower = (builder.zext(builder.extract_value(pair, i), number) for i in (0, 1))
            return builder.or_(builder.shl(upper, ir.Constant(number, 64)), lower)

        found = builder.add(builder.mul(whole(values[0]), whole(values[1])), whole(values[2]))
        parts = builder.lshr(found, ir.Constant(number, 64)), found
        words = [builder.trunc(part, ir.IntType(64)) for part in parts]
        return context.make_tuple(builder, sig.return_type, words)

    pair = types.UniTuple(types.uint64, 2)
    return pair(pair, pair, pair), generate


@compiled
def _hashed(word: Word, keys: Words, i: int) -> Word:
    found: Word = (word ^ keys[i]) * keys[i + 1] & LOWER_HALF
    return found ^ found >> Word(16)


@compiled
def _seeded(seed: Word, jump: Words, words: Words) -> tuple[Pair, Pair]:
    """State and increment of PCG64(seed), some draws on; NumPy's hash as ``core.random`` has it.

    ``words`` (12,) is room.
    """
    words[0], words[1], words[2], words[3] = seed & LOWER_HALF, seed >> Word(32), Word(0), Word(0)
    for i in range(4):
        words[i] = _hashed(words[i], POOL_KEYS, i)
    key = 4
    for source in range(4):
        for target in range(4):
            if source != target:
                other = _hashed(words[source], POOL_KEYS, key) * Word(0x4973F715)
                mixed = words[target] * Word(0xCA01F9DD) - other & LOWER_HALF
                words[target] = mixed ^ mixed >> Word(16)
                key += 1
    for i in range(8):
        words[4 + i] = _hashed(words[i & 3], WORD_KEYS, i)
    for i in range(4):
        words[i] = words[5 + 2 * i] << Word(32) | words[4 + 2 * i]
    step = words[2] << Word(1) | words[3] >> Word(63), words[3] << Word(1) | Word(1)
    state = _multiply_add(_multiply_add((words[0], words[1]), ONE, step), FACTOR, step)
    ahead = _multiply_add(step, (jump[2], jump[3]), ZERO)
    return _multiply_add(state, (jump[0], jump[1]), ahead), step


@compiled
def _fill(state: Pair, step: Pair, draws: Words) -> Pair:
    """The draws of epochs, each a column of draws (S, n); the state after them."""
    for epoch in range(draws.shape[1]):
        for s in range(len(draws)):
            state = _multiply_add(state, FACTOR, step)
            word, turn = state[0] ^ state[1], state[0] >> Word(58)
            draws[s, epoch] = word >> turn | word << (-turn & Word(63))
    return state


@compiled
def _put(s: int | np.intp, visits: Indices, place: int, r: int) -> None:
    if 0 <= place < len(visits):
        visits[place, r] = s


@compiled
def rank(draws: Words, first: int, places: Indices, visits: Indices, r: int) -> None:
    """Orders of W epochs: how many draws of a sample's epoch are smaller, or equal and before it.

    ``first`` is the place of the first epoch's first visit; those before 0 were not asked for.
    """
    samples = len(draws)
    for s in range(samples):
        for w in range(WIDTH):
            places[s, w] = first + w * samples
        for before in range(s):
            for w in range(WIDTH):
                is_smaller = draws[s, w] < draws[before, w]
                places[before, w] += is_smaller
                places[s, w] += not is_smaller
    for s in range(samples):
        for w in range(WIDTH):
            _put(s, visits, places[s, w], r)


@compiled
def sort(
    draws: Words, first: int, places: Indices, order: Indices, visits: Indices, r: int
) -> None:
    """The order of an epoch: samples by S equal parts of all draws, then by insertion."""
    samples = len(draws)
    for s in range(samples + 1):
        places[s, 0] = 0
    for s in range(samples):
        places[_scaled(draws[s, 0], samples) + 1, 0] += 1
    for s in range(samples):
        places[s + 1, 0] += places[s, 0]
    for s in range(samples):
        part = _scaled(draws[s, 0], samples)
        order[places[part, 0]] = s
        places[part, 0] += 1
    for last in range(1, samples):
        s, place = order[last], last
        while place > 0 and draws[order[place - 1], 0] > draws[s, 0]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = s
    for place in range(samples):
        _put(order[place], visits, first + place, r)


@compiled
def _scaled(draw: Word, samples: int) -> np.intp:
    """A draw as a sample: S times the number that its upper half stands for, in [0, 1)."""
    return np.intp((draw >> Word(32)) * Word(samples) >> Word(32))


@kernel
def draw(
    seeds: Words,
    jump: Words,
    is_sorted: bool,
    first: int,
    words: Words,
    draws: Words,
    places: Indices,
    order: Indices,
    visits: Indices,
) -> None:
    """The visits (N, R) of R seeds, ``first`` ≤ 0 being the place of the first epoch's first."""
    samples = len(draws)
    for r in range(len(seeds)):
        state, step = _seeded(seeds[r], jump, words)
        for place in range(first, len(visits), draws.size):
            state = _fill(state, step, draws)
            if not is_sorted:
                for s in range(samples):
                    _put(_scaled(draws[s, 0], samples), visits, place + s, r)
            elif draws.shape[1] == WIDTH:
                rank(draws, place, places, visits, r)
            else:
                sort(draws, place, places, order, visits, r)
