"""The compiled functions against decimals of 80 digits."""

from decimal import Decimal, localcontext
from math import ulp

import numpy as np
import pytest

from tests.core.engines import needs_numba

pytestmark = needs_numba

ALL = np.concatenate([np.linspace(-745.0, 0.0, 700), np.linspace(-3.0, 0.0, 300)])
SMALL = 10.0 ** np.linspace(-30.0, 0.0, 504)


def applied(name: str, numbers: np.ndarray) -> np.ndarray:
    """The function of every number, by W at a time."""
    from mlpsim.core.compiled import functions
    from mlpsim.core.compiled.jit import kernel
    from mlpsim.core.compiled.program import WIDTH
    from mlpsim.core.compiled.vectors import get, put

    function, has_two = getattr(functions, name), name == "exp_and_expm1"

    @kernel
    def apply(x, y):
        for s in range(0, x.shape[1], WIDTH):
            z = function(get(x, 0, s))
            put(y, 0, s, z[1] if has_two else z)

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


def test_what_is_no_number_or_too_large_stays_so() -> None:
    odd = np.array([np.nan, -np.inf, -746.0, -1e300, -0.0, 0.0])
    np.testing.assert_array_equal(applied("exp", odd), [np.nan, 0.0, 0.0, 0.0, 1.0, 1.0])
    np.testing.assert_array_equal(
        applied("exp_and_expm1", np.array([np.nan, -np.inf, -1e-300, -0.0])),
        [np.nan, -1.0, -1e-300, 0.0],
    )
    assert np.isnan(applied("log1p_of_unit", np.array([np.nan]))[0])
