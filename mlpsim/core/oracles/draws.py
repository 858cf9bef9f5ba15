"""Recorded draws, ``mlpsim-rng/2``: the raw stream of PCG64, and the orders that it decides on."""

from typing import Literal

import numpy as np

from mlpsim.core.engine import Engine
from mlpsim.core.files.strict_json import DocumentError, decode_as
from mlpsim.core.files.structs import Integer, at
from mlpsim.core.oracles.case import shaped
from mlpsim.core.oracles.comparison import Comparison
from mlpsim.core.oracles.strict import Strict
from mlpsim.core.random import raw, uniform
from mlpsim.core.sampling import Sampling

EXACTLY = 0.0


class OrderCase(Strict):
    S: Integer
    epoch: Integer
    order: list[Integer]


class VectorCase(Strict):
    seed: Integer
    raw: tuple[str, ...] = ()
    raw_1000: str | None = None
    orders: tuple[OrderCase, ...] = ()
    with_replacement: tuple[OrderCase, ...] = ()
    uniform: tuple[float, ...] = ()


class DrawsWire(Strict):
    schema: Literal["mlpsim-rng/2"]
    vectors: list[VectorCase]
    bit_generator: str = ""
    note: str = ""


def check_draws(data: bytes, engine: Engine | None) -> list[Comparison]:
    """Comparisons of each seed in scanned JSON; DocumentError if it cannot be read.

    No engine has a part in them.
    """
    return [
        comparison
        for i, vector in enumerate(decode_as(data, DrawsWire).vectors)
        for comparison in _check_vector(vector, f"$.vectors[{i}]")
    ]


def _check_vector(vector: VectorCase, where: str) -> list[Comparison]:
    seed = vector.seed
    draws = Comparison(f"seed {seed}, draws", EXACTLY)
    orders = Comparison(f"seed {seed}, orders", EXACTLY)
    with at(f"{where}.seed"):
        Sampling(1, seed=seed)
    recorded = [("raw", 0, vector.raw)]
    if vector.raw_1000 is not None:
        recorded.append(("raw_1000", 1000, (vector.raw_1000,)))
    for name, first, texts in recorded:
        place = f"{where}.{name}"
        here = np.array([_halves(draw) for draw in raw(seed, first, len(texts)).tolist()])
        draws.add(here, np.array([_halves(_draw(text, place)) for text in texts]), place)
    draws.add(uniform(seed, 0, len(vector.uniform)), np.array(vector.uniform), f"{where}.uniform")
    for i, entry in enumerate(vector.orders):
        _check_order(entry, Sampling(1, seed=seed), f"{where}.orders[{i}]", orders)
    replaced = Sampling(1, "with_replacement", seed)
    for i, entry in enumerate(vector.with_replacement):
        _check_order(entry, replaced, f"{where}.with_replacement[{i}]", orders)
    return [draws, orders]


def _check_order(entry: OrderCase, sampling: Sampling, where: str, found: Comparison) -> None:
    if entry.S < 1 or entry.epoch < 0:
        raise DocumentError(f"There is no epoch {entry.epoch} of {entry.S} samples", where)
    expected = shaped(entry.order, (entry.S,), f"{where}.order")
    here = sampling.epoch_order(entry.S, entry.epoch).astype(np.float64)
    found.add(here, expected, f"{where}.order")


def _draw(text: str, where: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 2**64):
        raise DocumentError(f"{text!r} is no unsigned number of 64 bits", where)
    return int(text)


def _halves(draw: int) -> tuple[float, float]:
    """Upper and lower 32 bits, which a float holds."""
    return float(draw >> 32), float(draw & 0xFFFFFFFF)
