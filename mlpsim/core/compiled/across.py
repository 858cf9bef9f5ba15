"""Across lanes: single numbers of vectors, their sums, and matrices of vectors turned."""

from collections.abc import Iterator
from typing import Any

from llvmlite import ir
from numba import types

from mlpsim.core.compiled.program import WIDTH
from mlpsim.core.compiled.vectors import (
    FLOAT,
    INTEGER,
    TRUTHS,
    VECTOR,
    Generate,
    instruction,
    place_of,
    shuffled,
    vector_at,
)


@instruction
def is_any(typing: Any, truths: Any) -> tuple[Any, Generate]:
    """Whether one of them is true."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        bits = builder.bitcast(values[0], ir.IntType(WIDTH))
        return builder.icmp_unsigned("!=", bits, ir.Constant(bits.type, 0))

    return types.boolean(TRUTHS), generate


@instruction
def lane(typing: Any, x: Any, number: Any) -> tuple[Any, Generate]:
    """One of the numbers."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        return builder.extract_element(*values)

    return FLOAT(VECTOR, types.intp), generate


@instruction
def with_lane(typing: Any, x: Any, number: Any, y: Any) -> tuple[Any, Generate]:
    """The same vector with another number in a lane."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        return builder.insert_element(values[0], values[2], values[1])

    return VECTOR(VECTOR, types.intp, FLOAT), generate


def _halves(builder: Any, x: Any) -> Iterator[Any]:
    half = x.type.count // 2
    for first in (0, half):
        yield shuffled(builder, x, x, range(first, first + half))


def _added(builder: Any, x: Any, y: Any, places: tuple[int, ...], step: int) -> Any:
    """The numbers of x and y, one after the other, in some places, each plus that ``step`` on."""
    others = (place + step for place in places)
    return builder.fadd(shuffled(builder, x, y, places), shuffled(builder, x, y, others))


@instruction
def turn(
    typing: Any, rows: Any, row: Any, column: Any, to: Any, first: Any, apart: Any
) -> tuple[Any, Generate]:
    """W numbers of each of W rows, from a column on, column by column: W vectors.

    They go to row ``to``, so far apart from ``first`` on.
    """

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        room, row, column, to, first, apart = values
        kind, numbers = sig.args[0], [ir.Constant(INTEGER, i) for i in range(WIDTH)]
        places = [
            place_of(context, builder, kind, room, builder.add(row, i), column) for i in numbers
        ]
        vectors = [builder.load(vector_at(builder, place), align=8) for place in places]
        for step in (1, 2, 4):
            vectors = _exchanged(builder, vectors, step)
        for i, vector in zip(numbers, vectors, strict=True):
            at = builder.add(first, builder.mul(i, apart))
            place = place_of(context, builder, kind, room, to, at)
            builder.store(vector, vector_at(builder, place), align=8)
        return context.get_dummy_value()

    return types.void(rows, *[types.intp] * 5), generate


def _exchanged(builder: Any, vectors: list[Any], step: int) -> list[Any]:
    """Each vector's numbers whose place has the step's bit, for its partner's that do not."""
    exchanged, lanes = list(vectors), range(WIDTH)
    for i in lanes:
        if not i & step:
            pair = vectors[i], vectors[i + step]
            lower = [k if not k & step else WIDTH + k - step for k in lanes]
            upper = [k + step if not k & step else WIDTH + k for k in lanes]
            exchanged[i], exchanged[i + step] = (
                shuffled(builder, *pair, places) for places in (lower, upper)
            )
    return exchanged


@instruction
def total(typing: Any, x: Any) -> tuple[Any, Generate]:
    """The sum of the W numbers, by halves."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        (x,) = values
        while x.type.count > 1:
            x = builder.fadd(*_halves(builder, x))
        return builder.extract_element(x, ir.Constant(ir.IntType(32), 0))

    return FLOAT(VECTOR), generate


@instruction
def add_totals(
    typing: Any, sums: Any, first: Any, w: Any, x: Any, y: Any, z: Any
) -> tuple[Any, Generate]:
    """Adds the sums of four vectors to four entries of an array (n,), from ``first`` on."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        array = context.make_array(sig.args[0])(context, builder, value=values[0])
        v0, v1, v2, v3 = (builder.fadd(*_halves(builder, vector)) for vector in values[2:])
        one, other = (_added(builder, *pair, (0, 4, 2, 6), 1) for pair in ((v0, v1), (v2, v3)))
        found = _added(builder, one, other, (0, 1, 4, 5), 2)
        place = builder.bitcast(builder.gep(array.data, [values[1]]), found.type.as_pointer())
        builder.store(builder.fadd(builder.load(place, align=8), found), place, align=8)
        return context.get_dummy_value()

    return types.void(sums, types.intp, *[VECTOR] * 4), generate
