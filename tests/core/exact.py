"""J of the lecture's example in decimal arithmetic of 60 digits, as an oracle."""

from decimal import Context, Decimal, localcontext

SAMPLES = (((-3, -3), 1), ((-2, -2), 1), ((4, 4), 0), ((2, -5), 0))


def lecture_error(w) -> Decimal:
    """E = Σ (y - σ(w·x))² at the exact values of two floats."""
    with localcontext(Context(prec=60)):
        first, second = (Decimal(float(value)) for value in w)
        result = Decimal(0)
        for (x1, x2), y in SAMPLES:
            z = first * x1 + second * x2
            # y - σ(z) is σ(-z) for y = 1 and -σ(z) for y = 0.
            residual = 1 / (1 + (z if y else -z).exp())
            result += residual * residual
        return result


def lecture_drop(z, u) -> Decimal:
    """E(z) - E(u)."""
    with localcontext(Context(prec=60)):
        return lecture_error(z) - lecture_error(u)
