"""Vectors: W numbers side by side, a type of their own in machine code.

A loop over samples goes W at a time, over rows whose length is a multiple of W. Left to the
compiler, such a loop first looks whether its rows overlap, and ends with single samples; in a small
network the two take longer than its arithmetic.
"""

import operator
from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model

from mlpsim.core.compiled.program import ROW, WIDTH

_DOUBLE, INTEGER = ir.DoubleType(), ir.IntType(64)
FLOAT = types.float64


class _Type(types.Type):  # type: ignore[misc] # Numba has no types of its own
    """W numbers, or W truths; no object of Python has this type."""

    def __init__(self, name: str, number: ir.Type) -> None:
        super().__init__(name)
        self.content = ir.VectorType(number, WIDTH)


class _Model(models.PrimitiveModel):  # type: ignore[misc] # the same
    def __init__(self, manager: Any, type_: _Type) -> None:
        super().__init__(manager, type_, type_.content)


register_model(_Type)(_Model)
VECTOR, TRUTHS = _Type("Vector", _DOUBLE), _Type("Truths", ir.IntType(1))
Vector = Any  # what annotations call the type, whose operators only the compiler knows
Generate = Callable[..., Any]


def instruction(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of machine code; this one says which types it takes, and how it is made."""
    made: Callable[..., Any] = intrinsic(function)
    return made


# -- arithmetic ------------------------------------------------------------------------------------


def shuffled(builder: Any, x: Any, y: Any, places: Iterable[int]) -> Any:
    numbers = list(places)
    mask = ir.Constant(ir.VectorType(ir.IntType(32), len(numbers)), numbers)
    return builder.shuffle_vector(x, y, mask)


def _spread(builder: Any, x: Any) -> Any:
    """W times the same number; a vector as it is."""
    if isinstance(x.type, ir.VectorType):
        return x
    nothing = ir.Constant(ir.VectorType(x.type, WIDTH), ir.Undefined)
    one = builder.insert_element(nothing, x, ir.Constant(ir.IntType(32), 0))
    return shuffled(builder, one, nothing, [0] * WIDTH)


def _define(name: Any, arguments: int, result: types.Type, make: Callable[..., Any]) -> None:
    """An operator on vectors, and on a vector and a number, which stands for W of it."""
    kinds = [kinds for kinds in product((VECTOR, FLOAT), repeat=arguments) if VECTOR in kinds]

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        return make(builder, *(_spread(builder, value) for value in values))

    infer_global(name)(
        type(
            "Operator", (ConcreteTemplate,), {"cases": [signature(result, *kind) for kind in kinds]}
        )
    )
    for kind in kinds:
        lower_builtin(name, *kind)(generate)


def _compared(sign: str) -> Callable[..., Any]:
    return lambda builder, x, y: builder.fcmp_ordered(sign, x, y)


def _magnitude(builder: Any, x: Any) -> Any:
    kind = ir.FunctionType(x.type, [x.type])
    return builder.call(builder.module.declare_intrinsic(f"llvm.fabs.v{WIDTH}f64", fnty=kind), [x])


for _names, _arithmetic in (
    ((operator.add, operator.iadd), lambda builder, x, y: builder.fadd(x, y)),
    ((operator.sub, operator.isub), lambda builder, x, y: builder.fsub(x, y)),
    ((operator.mul, operator.imul), lambda builder, x, y: builder.fmul(x, y)),
    ((operator.truediv, operator.itruediv), lambda builder, x, y: builder.fdiv(x, y)),
):
    for _name in _names:
        _define(_name, 2, VECTOR, _arithmetic)
_define(operator.neg, 1, VECTOR, lambda builder, x: builder.fneg(x))
_define(abs, 1, VECTOR, _magnitude)
for _name, _sign in (
    (operator.gt, ">"),
    (operator.ge, ">="),
    (operator.lt, "<"),
    (operator.le, "<="),
    (operator.eq, "=="),
):
    _define(_name, 2, TRUTHS, _compared(_sign))


@instruction
def spread(typing: Any, x: Any) -> tuple[Any, Generate]:
    """W times the same number."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        return _spread(builder, values[0])

    return VECTOR(FLOAT), generate


@instruction
def select(typing: Any, which: Any, x: Any, y: Any) -> tuple[Any, Generate]:
    """x where it is true, elsewhere y; either may be a number."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        return builder.select(values[0], *(_spread(builder, value) for value in values[1:]))

    return VECTOR(TRUTHS, *(kind if kind is VECTOR else FLOAT for kind in (x, y))), generate


@instruction
def powers_of_two(typing: Any, shifted: Any, offset: Any) -> tuple[Any, Generate]:
    """Two powers of 2 whose product is 2ⁿ, where n stands in the last bits of the numbers.

    ``offset`` is what those bits are beyond n and the biases of two exponents.
    """

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        integers = ir.VectorType(INTEGER, WIDTH)
        bits = builder.bitcast(values[0], integers)
        exponent = builder.sub(bits, _spread(builder, values[1]))
        half = builder.lshr(exponent, _spread(builder, ir.Constant(INTEGER, 1)))
        powers = [
            builder.bitcast(
                builder.shl(part, _spread(builder, ir.Constant(INTEGER, 52))), values[0].type
            )
            for part in (half, builder.sub(exponent, half))
        ]
        return context.make_tuple(builder, sig.return_type, powers)

    return types.UniTuple(VECTOR, 2)(VECTOR, types.uint64), generate


@instruction
def power_of_two(typing: Any, shifted: Any) -> tuple[Any, Generate]:
    """2ⁿ, where n, from −1022 to 1023, stands in the last bits of the numbers."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        bits = builder.bitcast(values[0], ir.VectorType(INTEGER, WIDTH))
        exponent = builder.shl(bits, _spread(builder, ir.Constant(INTEGER, 52)))
        one = _spread(builder, ir.Constant(INTEGER, 1023 << 52))
        return builder.bitcast(builder.add(exponent, one), values[0].type)

    return VECTOR(VECTOR), generate


@instruction
def whole_log2(typing: Any, x: Any) -> tuple[Any, Generate]:
    """The whole number n with ¾·2ⁿ ≤ x < 1½·2ⁿ, for x ≥ ¾."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        bits = builder.bitcast(values[0], ir.VectorType(INTEGER, WIDTH))
        bits = builder.sub(bits, _spread(builder, ir.Constant(INTEGER, 1022 << 52 | 1 << 51)))
        exponent = builder.lshr(bits, _spread(builder, ir.Constant(INTEGER, 52)))
        whole = builder.or_(exponent, _spread(builder, ir.Constant(INTEGER, 1075 << 52)))
        shifted = builder.bitcast(whole, values[0].type)  # 2⁵² + n
        return builder.fsub(shifted, _spread(builder, ir.Constant(_DOUBLE, 2.0**52)))

    return VECTOR(VECTOR), generate


# -- memory ----------------------------------------------------------------------------------------


def place_of(context: Any, builder: Any, kind: Any, rows: Any, row: Any, column: Any) -> Any:
    """Where an entry of rows stands: of an array (n, m), or of the passes' room, which is flat."""
    array = context.make_array(kind)(context, builder, value=rows)
    length = ir.Constant(INTEGER, ROW) if kind.ndim == 1 else builder.extract_value(array.shape, 1)
    return builder.gep(array.data, [builder.add(builder.mul(row, length), column)])


@instruction
def weight(typing: Any, theta: Any, p: Any, column: Any) -> tuple[Any, Generate]:
    """Parameter p: W times that of theta (P,), or of W members from a column of theta (P, R) on."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        if sig.args[0].ndim == 1:
            array = context.make_array(sig.args[0])(context, builder, value=values[0])
            return _spread(builder, builder.load(builder.gep(array.data, [values[1]])))
        place = place_of(context, builder, sig.args[0], *values)
        return builder.load(vector_at(builder, place), align=8)

    return VECTOR(theta, types.intp, types.intp), generate


def vector_at(builder: Any, place: Any) -> Any:
    return builder.bitcast(place, ir.VectorType(_DOUBLE, WIDTH).as_pointer())


@instruction
def get(typing: Any, rows: Any, row: Any, column: Any) -> tuple[Any, Generate]:
    """W numbers of a row (n, m), from a column on."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        place = place_of(context, builder, sig.args[0], *values)
        return builder.load(vector_at(builder, place), align=8)

    return VECTOR(rows, types.intp, types.intp), generate


@instruction
def spread_at(typing: Any, rows: Any, row: Any, column: Any) -> tuple[Any, Generate]:
    """W times a number of a row (n, m)."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        return _spread(builder, builder.load(place_of(context, builder, sig.args[0], *values)))

    return VECTOR(rows, types.intp, types.intp), generate


@instruction
def gather(typing: Any, rows: Any, row: Any, order: Any, first: Any) -> tuple[Any, Generate]:
    """W numbers of a row (n, m), in the columns that an order (k,) names from ``first`` on."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        numbers, line, named, start = values
        columns = context.make_array(sig.args[2])(context, builder, value=named)
        found = ir.Constant(ir.VectorType(_DOUBLE, WIDTH), ir.Undefined)
        for i in range(WIDTH):
            place = builder.add(start, ir.Constant(INTEGER, i))
            column = builder.load(builder.gep(columns.data, [place]))
            number = builder.load(place_of(context, builder, sig.args[0], numbers, line, column))
            found = builder.insert_element(found, number, ir.Constant(ir.IntType(32), i))
        return found

    return VECTOR(rows, types.intp, order, types.intp), generate


@instruction
def put(typing: Any, rows: Any, row: Any, column: Any, x: Any) -> tuple[Any, Generate]:
    """W numbers into a row (n, m), from a column on."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        place = place_of(context, builder, sig.args[0], *values[:3])
        builder.store(values[3], vector_at(builder, place), align=8)
        return context.get_dummy_value()

    return types.void(rows, types.intp, types.intp, VECTOR), generate


@instruction
def add(typing: Any, sums: Any, first: Any, x: Any) -> tuple[Any, Generate]:
    """Adds W numbers to an array (n,), from ``first`` on."""

    def generate(context: Any, builder: Any, sig: Any, values: Any) -> Any:
        array = context.make_array(sig.args[0])(context, builder, value=values[0])
        place = vector_at(builder, builder.gep(array.data, [values[1]]))
        builder.store(builder.fadd(builder.load(place, align=8), values[2]), place, align=8)
        return context.get_dummy_value()

    return types.void(sums, types.intp, VECTOR), generate
