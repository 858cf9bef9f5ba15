"""A value scale holds what is finite, and its ticks are round."""

import numpy as np
import pytest

from mlpsim.views.items.scale import Scale, scale_for


def test_values_that_span_decades_turn_it_logarithmic():
    assert scale_for(np.array([1.0, 0.5, 0.02]), None).log is False
    assert scale_for(np.array([1.0, 0.5, 0.01]), None).log is True
    assert scale_for(np.array([1.0, 0.0, 0.001]), None).log is False
    assert scale_for(np.array([1.0, 0.001]), False).log is False


@pytest.mark.parametrize(
    "values", [[3.0], [0.0], [1e-80, 1.0], [1e-323, 1e308], [-5.0, 2.0], [1.79e308, -1.79e308]]
)
@pytest.mark.parametrize("log", [None, False])
def test_every_finite_value_has_a_place_inside(values: list[float], log: bool | None):
    scale = scale_for(np.array([*values, np.nan, np.inf]), log)
    assert scale is not None
    shares = scale.share(np.array(values))
    assert ((shares >= 0.0) & (shares <= 1.0)).all()
    ticks = scale.ticks(5)
    assert np.isfinite(scale.share(np.array(ticks))).all()
    assert len(ticks) <= 7


def test_what_cannot_be_shown_has_no_place():
    scale = Scale(-2.0, 0.0, log=True)
    assert np.isnan(scale.share(np.array([0.0, -1.0, np.nan, np.inf]))).all()
    assert scale.share(np.array([0.1]))[0] == pytest.approx(0.5)
    assert scale_for(np.array([np.nan]), None) is None
    assert scale_for(np.array([-1.0, 0.0]), True) is None


def test_ticks_are_powers_of_ten_over_many_decades():
    scale = scale_for(np.array([1e-80, 1.0]), None)
    assert scale is not None
    ticks = scale.ticks(6)
    assert 3 <= len(ticks) <= 7
    assert all(np.log10(tick) == pytest.approx(round(np.log10(tick))) for tick in ticks)


@pytest.mark.parametrize("span", [(0.5, 700.0), (0.012, 40.0), (1e-24, 1.0), (0.4, 2.0)])
def test_a_low_logarithmic_axis_has_two_ticks_at_least(span: tuple[float, float]):
    scale = scale_for(np.array(span), True)
    assert scale is not None
    assert 2 <= len(scale.ticks(2)) <= 3


@pytest.mark.parametrize("span", [(0.98, 1.04), (0.0, 40.0), (2.9, 5.8), (-0.3, 0.7)])
def test_a_low_linear_axis_has_two_ticks_at_least(span: tuple[float, float]):
    assert 2 <= len(Scale(*span, log=False).ticks(2)) <= 3
