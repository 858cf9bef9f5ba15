"""J of a run's states: of all of them, or thinned, with the last one and the one asked for last."""

from math import isnan

import numpy as np
import pytest

from mlpsim.core import rows, values
from mlpsim.core.values import Values


@pytest.fixture
def thinned(monkeypatch: pytest.MonkeyPatch) -> Values:
    """J = k of states 0 … 40, of which every fourth is kept."""
    monkeypatch.setattr(rows, "BLOCK", 16)
    monkeypatch.setattr(values, "BUDGET", 16 * 8)
    kept = Values()
    kept.append(0, np.arange(41.0))
    kept.thin()
    assert kept.stride == 4
    return kept


@pytest.mark.parametrize("many", range(1, 9))
def test_what_follows_is_kept_at_the_same_stride_whatever_it_is_cut_into(thinned, many) -> None:
    for first in range(41, 61, many):
        thinned.append(first, np.arange(float(first), min(first + many, 61)))
    found = thinned.between(0, 60)
    assert found[::4].tolist() == list(range(0, 61, 4))
    assert np.isnan(found[1::4]).all()
    assert thinned.at(np.array([44, 56])).tolist() == [44.0, 56.0]


def test_the_last_state_and_one_that_is_noted_stay_known(thinned) -> None:
    thinned.append(41, np.array([41.0, 42.0]))
    assert thinned[42] == 42.0
    assert isnan(thinned[41])
    thinned[17] = 5.0
    assert thinned[17] == 5.0
    assert isnan(thinned[42])
    thinned.append(43, np.array([]))
    assert thinned[17] == 5.0


def test_a_stretch_has_what_is_kept_in_its_place(thinned) -> None:
    found = thinned.between(5, 14)
    assert len(found) == 10
    assert np.flatnonzero(np.isfinite(found)).tolist() == [3, 7]
    assert found[[3, 7]].tolist() == [8.0, 12.0]
    assert [thinned[8], thinned[12]] == [8.0, 12.0]
    thinned[8] = 0.5
    assert thinned[8] == thinned.between(8, 8)[0] == 0.5
    whole = Values()
    whole.append(0, np.arange(9.0))
    assert whole.between(2, 4).tolist() == [2.0, 3.0, 4.0]
