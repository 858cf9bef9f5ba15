"""Activations and logarithms, compiled, where only values count: of samples that are summed up.

As close as rounding to what is looked at, which is a sum over samples. Sigmoid and tanh come from a
power of 2 and a fraction whose division they need anyway; the others from ``layers``, whose slopes
the compiler leaves out.
"""

from mlpsim.core.arrays import Array
from mlpsim.core.compiled.functions import log1p_of_unit
from mlpsim.core.compiled.grid_program import LOG2E
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.layers import activated
from mlpsim.core.compiled.program import SIGMOID, TANH, WIDTH
from mlpsim.core.compiled.vectors import Vector, get, power_of_two, put, select, whole_log2

LN2 = 0.6931471805599453
MAGIC = 6755399441055744.0  # 1.5·2⁵²: rounds to a whole number, which the last bits hold
FARTHEST = 1000.0  # exponents of 2, beyond which a number counts as no larger
STEEPEST = 60.0  # where tanh is 1 to the last digit


@compiled
def _clipped(t: Vector, limit: float) -> Vector:
    t = select(t > limit, limit, t)
    return select(t < -limit, -limit, t)


@compiled
def _halved(t: Vector) -> tuple[Vector, Vector, Vector]:
    """2ⁿ and two numbers whose fraction is tanh(½ f ln 2), f = t − n, n being the whole number next
    to t, |t| ≤ 1000; NaN of NaN.

    By a rational function of degree 5 that is right at Chebyshev's nodes (error 4e-17).
    """
    shifted = t + MAGIC
    f = t - (shifted - MAGIC)
    u = f * f
    upper = 1513.860750670445 + u * (20.2016706494636 + 0.023094399453830353 * u)
    return power_of_two(shifted), f * upper, 4368.078795177389 + u * (233.1777519752325 + u)


@compiled
def exponential(x: Vector) -> Vector:
    """eˣ for x ≤ 690, not less than 2⁻¹⁰⁰⁰; NaN of NaN."""
    return power_of(x * LOG2E)


@compiled
def power_of(t: Vector) -> Vector:
    """2ᵗ for t ≤ 1000, not less than 2⁻¹⁰⁰⁰; NaN of NaN.

    2ⁿ(1 + τ)/(1 − τ) with τ = tanh(½(t − n) ln 2).
    """
    power, upper, lower = _halved(select(t < -FARTHEST, -FARTHEST, t))
    return power + power * ((upper + upper) / (lower - upper))


@compiled
def tanh(t: Vector) -> Vector:
    """tanh z of t = 2 z log₂e, |t| ≤ 1000; exact about 0.

    (2ⁿ(1 + τ) − (1 − τ))/(2ⁿ(1 + τ) + (1 − τ)) with τ = tanh(½(t − n) ln 2).
    """
    power, upper, lower = _halved(t)
    less, more = power - 1.0, power + 1.0
    return (less * lower + more * upper) / (more * lower + less * upper)


@compiled
def log1p(x: Vector) -> Vector:
    """ln(1 + x) for 0 ≤ x ≤ 2¹⁰⁰⁰, without cancellation about 0; NaN of NaN."""
    n = whole_log2(1.0 + x)
    power = power_of_two(MAGIC - n)
    return n * LN2 + log1p_of_unit(x * power + (power - 1.0))


@compiled
def activate(
    code: int, value: float, a: Array, first: int, last: int, is_near: bool, complements: Array
) -> None:
    """From z to a in rows that stand one after the other, with 1 − a of sigmoids.

    z of a sigmoid or tanh was multiplied by its EXPONENTS; ``is_near`` says that no z of tanh is
    beyond NEAR, so that none need be cut off.
    """
    for s in range(0, (last - first) * a.shape[1], WIDTH):
        z = get(a, first, s)
        if code == TANH and is_near:
            put(a, first, s, tanh(z))
        elif code == TANH:
            put(a, first, s, tanh(_clipped(z, STEEPEST)))
        elif code == SIGMOID:
            power, upper, lower = _halved(_clipped(z, FARTHEST))
            grown, rest = power * (lower + upper), lower - upper
            inverse = 1.0 / (grown + rest)
            put(a, first, s, grown * inverse)
            put(complements, 0, s, rest * inverse)
        else:
            put(a, first, s, activated(code, value, z)[0])
