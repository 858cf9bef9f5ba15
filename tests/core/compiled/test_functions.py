"""The compiled functions against decimals of 80 digits."""

from decimal import Decimal, localcontext
from math import ulp

import numpy as np
import pytest

from tests.core.engines import needs_numba

pytestmark = needs_numba

ALL = np.concatenate([np.linspace(-745.0, 0.0, 700), np.linspace(-3.0, 0.0, 300)])
SMALL = 10.0 ** np.linspace(-30.0, 0.0, 504)


def applied(name: str, numbers: np.ndarray, of_sums: bool = False, place: int = -1) -> np.ndarray:
    """The function of every number, by W at a time; those of sums over samples are others.

    Of one that gives two vectors, that at ``place``.
    """
    from mlpsim.core.compiled import functions, values
    from mlpsim.core.compiled.jit import kernel
    from mlpsim.core.compiled.program import WIDTH
    from mlpsim.core.compiled.vectors import get, put

    function = getattr(values if of_sums else functions, name)
    has_two = not of_sums and name in ("exp_and_expm1", "tanh")
    is_divided = not of_sums and name == "sigmoid"

    @kernel
    def apply(x, y):
        for s in range(0, x.shape[1], WIDTH):
            z = function(get(x, 0, s))
            if is_divided:
                z = z[place] * z[2]
            put(y, 0, s, z[place] if has_two else z)

    x = np.resize(numbers, (1, -(-len(numbers) // WIDTH) * WIDTH))
    y = np.empty_like(x)
    apply(x, y)
    return y[0, : len(numbers)]


@pytest.mark.parametrize(
    ("name", "numbers", "exact", "ulps"),
    [
        ("exp", ALL, lambda x: x.exp(), 1.0),
        ("exp_and_expm1", -SMALL, lambda x: x.exp() - 1, 1.0),
        ("exp_and_expm1", -np.linspace(0.0, 50.0, 504), lambda x: x.exp() - 1, 1.0),
        ("log1p_of_unit", SMALL, lambda x: (1 + x).ln(), 1.0),
        ("log1p_of_unit", np.linspace(0.0, 1.0, 504), lambda x: (1 + x).ln(), 1.0),
    ],
)
def test_a_function_is_within_so_many_units_in_the_last_place(name, numbers, exact, ulps) -> None:
    with localcontext() as context:
        context.prec = 80
        for x, found in zip(numbers.tolist(), applied(name, numbers).tolist(), strict=True):
            right = exact(Decimal(x))
            assert abs(Decimal(found) - right) <= Decimal(ulps * ulp(float(right))), x


WHOLE = np.concatenate([np.linspace(-700.0, 700.0, 700), np.linspace(-2.0, 2.0, 300)])


@pytest.mark.parametrize(
    ("name", "numbers", "exact"),
    [
        ("sigmoid", WHOLE, (lambda x: 1 / (1 + (-x).exp()), lambda x: 1 / (1 + x.exp()))),
        (
            "tanh",
            np.concatenate([0.5 * WHOLE, SMALL]),
            (
                lambda x: 1 - 2 / ((2 * x).exp() + 1),
                lambda x: 4 / (x.exp() + (-x).exp()) ** 2,
            ),
        ),
    ],
)
def test_an_activation_and_what_its_slope_needs_are_as_close_as_rounding(
    name, numbers, exact
) -> None:
    with localcontext() as context:
        context.prec = 350  # so that tanh of the largest is not 1
        for place, right in enumerate(exact):
            found = applied(name, numbers, place=place)
            for x, y in zip(numbers.tolist(), found.tolist(), strict=True):
                wanted = right(Decimal(x))
                assert abs(Decimal(y) - wanted) <= Decimal(5.0 * ulp(float(wanted))), x


def test_an_activation_that_cannot_be_told_from_its_limit_is_there() -> None:
    far = np.array([np.nan, -np.inf, -1e300, -800.0, 800.0, 1e300, np.inf])
    found = applied("tanh", far, place=0)
    np.testing.assert_array_equal(found, [np.nan, -1.0, -1.0, -1.0, 1.0, 1.0, 1.0])
    np.testing.assert_array_equal(applied("tanh", np.array([0.0]), place=0), [0.0])
    for place, limits in ((0, (0.0, 1.0)), (1, (1.0, 0.0))):
        found = applied("sigmoid", far, place=place)
        assert np.isnan(found[0])
        np.testing.assert_allclose(found[1:4], limits[0], rtol=1e-15, atol=4e-308)
        np.testing.assert_allclose(found[4:], limits[1], rtol=1e-15, atol=4e-308)


LARGE = 10.0 ** np.linspace(0.0, 300.0, 504)


@pytest.mark.parametrize(
    ("name", "numbers", "exact"),
    [
        ("exponential", np.linspace(-690.0, 690.0, 2000), lambda x: x.exp()),
        ("exponential", np.linspace(-2.0, 2.0, 504), lambda x: x.exp()),
        ("log1p", SMALL, lambda x: (1 + x).ln()),
        ("log1p", np.linspace(0.0, 8.0, 2000), lambda x: (1 + x).ln()),
        ("log1p", LARGE, lambda x: (1 + x).ln()),
        ("tanh", -SMALL, lambda t: 1 - 2 / (2**t + 1)),
        ("tanh", np.linspace(-60.0, 60.0, 2000), lambda t: 1 - 2 / (2**t + 1)),
    ],
)
def test_a_function_of_sums_is_as_close_as_rounding(name, numbers, exact) -> None:
    with localcontext() as context:
        context.prec = 80
        for x, found in zip(numbers.tolist(), applied(name, numbers, True).tolist(), strict=True):
            right = exact(Decimal(x))
            # eˣ comes from the product of x and a rounded number.
            slack = 2.0 * abs(x) if name == "exponential" else 0.0
            assert abs(Decimal(found) - right) <= Decimal((4.0 + slack) * ulp(float(right))), x


def test_what_is_no_number_or_too_large_stays_so() -> None:
    odd = np.array([np.nan, -np.inf, -746.0, -1e300, -0.0, 0.0])
    np.testing.assert_array_equal(applied("exp", odd), [np.nan, 0.0, 0.0, 0.0, 1.0, 1.0])
    np.testing.assert_array_equal(
        applied("exp_and_expm1", np.array([np.nan, -np.inf, -1e-300, -0.0])),
        [np.nan, -1.0, -1e-300, 0.0],
    )
    assert np.isnan(applied("log1p_of_unit", np.array([np.nan]))[0])
