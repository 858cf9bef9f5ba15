"""Sampling: which samples a step sees, a pure function of (seed, epoch)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np

from mlpsim.core.arrays import Indices
from mlpsim.core.random import MAX_SEED, Draws, raw_of_seeds

Order = Literal["without_replacement", "with_replacement", "cyclic", "given"]
ORDERS: tuple[Order, ...] = get_args(Order)
_DRAWS_PER_BLOCK = 4096
DRAWS_AT_ONCE = 4_000_000  # of many seeds: 32 MB, and as much for the orders they decide on
VISITS_REMEMBERED = 500_000  # of a question about many seeds: 4 MB

Draw = Callable[[Sequence[int], Order, int, int, int], Indices]  # as ``drawn``


def drawn(seeds: Sequence[int], order: Order, samples: int, first: int, count: int) -> Indices:
    """The visits first … first + count − 1 of a random order under each of some seeds: (count, R).

    Epoch e owns the visits e·S … e·S + S − 1, and these draws of a seed.
    """
    visits = np.empty((count, len(seeds)), np.intp)
    begin, end = first // samples * samples, -(-(first + count) // samples) * samples
    at_once = max(1, DRAWS_AT_ONCE // max(1, end - begin))
    for start in range(0, len(seeds), at_once):
        some = slice(start, start + at_once)
        draws = raw_of_seeds(seeds[some], begin, end - begin)
        orders = _order_of(draws.reshape(len(draws), -1, samples), order).reshape(draws.shape)
        visits[:, some] = orders[:, first - begin : first - begin + count].T
    return visits


def _order_of(draws: Draws, order: Order) -> Indices:
    """The visits that the draws of epochs (..., S) decide on (..., S)."""
    if order == "without_replacement":
        return np.argsort(draws, axis=-1, kind="stable")
    upper, samples = draws >> np.uint64(32), np.uint64(draws.shape[-1])
    return ((upper * samples) >> np.uint64(32)).astype(np.intp)


@dataclass(frozen=True)
class Sampling:
    """How an epoch is cut into batches.

    ``batch_size`` None is gradient descent: every step sees all samples. Else it is 1 (SGD) or B
    (mini-batch SGD), in the given order; the last batch of an epoch may be smaller and is used.
    With order "given" the batches are the listed ones, over and over; an epoch is one pass.
    """

    batch_size: int | None = None
    order: Order = "without_replacement"
    seed: int = 0
    batches: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        if self.batch_size is not None and self.batch_size < 1:
            raise ValueError(f"batch size {self.batch_size!r} is below 1")
        if self.order not in ORDERS:
            raise ValueError(f"unknown sampling order {self.order!r}; known: {', '.join(ORDERS)}")
        if not 0 <= self.seed <= MAX_SEED:
            raise ValueError(f"sampling seed {self.seed!r} is not between 0 and {MAX_SEED}")
        if self.order == "given" and not (self.batches and all(self.batches)):
            raise ValueError("sampling order 'given' needs at least one batch, none of them empty")
        if any(s < 0 for batch in self.batches for s in batch):
            raise ValueError("a given batch names a sample before the first one")

    def check(self, samples: int) -> None:
        """ValueError if a given batch names a sample that the data does not have."""
        if self.order == "given":
            for number, batch in enumerate(self.batches, start=1):
                if max(batch) >= samples:
                    raise ValueError(
                        f"batch {number} names sample {max(batch) + 1}, the data has {samples}"
                    )

    @property
    def is_full(self) -> bool:
        """Whether every step sees all samples, in data order."""
        return self.batch_size is None and self.order != "given"

    def steps_per_epoch(self, samples: int) -> int:
        if self.order == "given":
            return len(self.batches)
        return 1 if self.batch_size is None else -(-samples // self.batch_size)

    def starts(self, samples: int) -> Indices:
        """Where each of an epoch's n batches begins among its visits, and the end: (n + 1,)."""
        if self.order == "given":
            return np.cumsum([0, *map(len, self.batches)])
        return np.append(np.arange(0, samples, self.batch_size or samples), samples)

    def batch(self, samples: int, epoch: int, place: int) -> Indices:
        """The samples (from 0) of step ``place`` (from 0) of an epoch (from 0)."""
        if self.order == "given":
            return np.array(self.batches[place], dtype=np.intp)
        order = self.epoch_order(samples, epoch)
        if self.batch_size is None:
            return order
        return order[place * self.batch_size : (place + 1) * self.batch_size]

    def visits(
        self, samples: int, epoch: int, place: int, steps: int, draw: Draw = drawn
    ) -> tuple[Indices, Indices]:
        """The samples of ``steps`` steps in a row, from ``place`` of an epoch: (N,), (steps + 1,).

        The i-th of these steps sees the visits from bounds[i] to bounds[i + 1].
        """
        epochs, first, bounds = self._bounds(samples, place, steps)
        visits = np.concatenate(self._epochs(samples, epoch, epochs, draw), axis=None)
        return visits[first : first + bounds[-1]], bounds

    def _bounds(self, samples: int, place: int, steps: int) -> tuple[int, int, Indices]:
        """How many epochs these steps see, where their visits begin in them, and from there on
        where each step's begin.
        """
        per_epoch = self.steps_per_epoch(samples)
        first, last = place // per_epoch, (place + max(1, steps) - 1) // per_epoch
        size = self.batch_size or samples
        if self.order != "given" and samples == per_epoch * size:
            return last + 1, place * size, np.arange(0, steps * size + 1, size)
        starts = self.starts(samples)
        bounds = np.add.outer(np.arange(first, last + 2) * starts[-1], starts[:-1]).reshape(-1)
        begin = place - first * per_epoch
        bounds = bounds[begin : begin + steps + 1]
        return last + 1, int(bounds[0]), bounds - bounds[0]

    def _epochs(self, samples: int, first: int, count: int, draw: Draw) -> list[Indices]:
        """The visits of some epochs in a row, in pieces."""
        if self.is_full or self.order in ("given", "cyclic"):
            return [self.epoch_order(samples, first)] * count
        per_block = max(1, _DRAWS_PER_BLOCK // samples)
        pieces = []
        for block in range(first // per_block, (first + count - 1) // per_block + 1):
            start = block * per_block
            orders = _orders(draw, self.seed, self.order, samples, start, per_block)
            pieces.append(orders[max(0, first - start) : first + count - start])
        return pieces

    def largest_batch(self, samples: int) -> int:
        """How many samples a step sees at most."""
        if self.order == "given":
            return max(map(len, self.batches))
        return min(self.batch_size or samples, samples)

    def epoch_order(self, samples: int, epoch: int) -> Indices:
        """All visits of an epoch in order: (S,), or those of the given batches."""
        if self.order == "given":
            return np.array([s for batch in self.batches for s in batch], dtype=np.intp)
        if self.is_full or self.order == "cyclic":
            return _data_order(samples)
        order: Indices = self._epochs(samples, epoch, 1, drawn)[0][0]
        return order


@lru_cache(maxsize=8)
def _data_order(samples: int) -> Indices:
    order = np.arange(samples)
    order.setflags(write=False)
    return order


@lru_cache(maxsize=8)
def _orders(draw: Draw, seed: int, order: Order, samples: int, first: int, epochs: int) -> Indices:
    """The orders of some epochs (epochs, S)."""
    orders = draw([seed], order, samples, first * samples, epochs * samples)
    orders.setflags(write=False)
    return orders.reshape(epochs, samples)


def visits_of_seeds(
    sampling: Sampling,
    seeds: Sequence[int],
    samples: int,
    place: int,
    steps: int,
    draw: Draw = drawn,
) -> tuple[Indices, Indices]:
    """``visits`` of a sampling under each of some seeds, from a place on: (N, R), bounds.

    The place counts from the first step of all. One column (N, 1) where nothing is drawn. What was
    drawn lately is remembered, since the same steps are asked for under one rate after the other;
    the visits are read-only.
    """
    if sampling.is_full or sampling.order in ("given", "cyclic"):
        visits, bounds = sampling.visits(samples, 0, place, steps)
        visits.setflags(write=False)
        return visits[:, None], bounds
    _, first, bounds = sampling._bounds(samples, place, steps)
    count = int(bounds[-1])
    find = _remembered if len(seeds) * count <= VISITS_REMEMBERED else _frozen
    return find(draw, tuple(seeds), sampling.order, samples, first, count), bounds


def _frozen(
    draw: Draw, seeds: tuple[int, ...], order: Order, samples: int, first: int, count: int
) -> Indices:
    visits = draw(seeds, order, samples, first, count)
    visits.setflags(write=False)
    return visits


_remembered = lru_cache(maxsize=8)(_frozen)
