"""Replaying: states that a run does not keep come back bit for bit, and can be given up."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core import edits, replaying, rows
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.optimizers import Adam
from mlpsim.core.replaying import is_far, replayed, way_to
from mlpsim.core.run import VISITED, Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.segment import first_segment
from mlpsim.core.training import advance

EXPERIMENT = replace(lecture_experiment(), optimizer=Adam(0.1), sampling=Sampling(2))
LAST = 1500


@pytest.fixture
def whole() -> Run:
    return trained(Run(first_segment(EXPERIMENT)))


@pytest.fixture
def thin(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Of which every other state is kept, and every 64th checkpoint."""
    monkeypatch.setattr(rows, "BLOCK", 1024)
    run = trained(Run(first_segment(EXPERIMENT)))
    run.thin(thetas=2**14, keyframes=2**20)
    assert run.stride == 2
    return run


def trained(run: Run) -> Run:
    run.extend(advance(run.segments[-1], run.tip, LAST - run.last))
    return run


def test_the_way_leads_there_bit_for_bit(whole: Run, thin: Run) -> None:
    before, there = way_to(thin, 91).answer()
    assert (before.k, there.k) == (90, 91)
    assert np.array_equal(there.theta, whole.theta(91))
    assert np.array_equal(before.theta, whole.theta(90))
    for a, b in zip(there.state, whole.checkpoint(91).state, strict=True):
        assert np.array_equal(a, b)


def test_where_the_way_begins_there_is_none_before(thin: Run) -> None:
    assert [checkpoint.k for checkpoint in way_to(thin, 64).answer()] == [64, 64]


def test_how_long_a_way_is_goes_by_its_steps_wherever_it_begins(whole: Run) -> None:
    near = way_to(whole, LAST - 1)
    assert not near.is_long
    assert replace(near, key=whole.checkpoint(0)).is_long


def test_what_was_visited_is_there_from_then_on(
    whole: Run, thin: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "AT_ONCE", 0)
    assert is_far(thin, 91)
    thin.visit(way_to(thin, 91).answer())
    assert not is_far(thin, 91)
    assert thin.key_before(95).k == 91
    assert np.array_equal(thin.theta(95), whole.theta(95))
    for k in range(1, VISITED):
        thin.visit(way_to(thin, k).answer()[1:])
    assert not is_far(thin, 91)
    thin.visit(way_to(thin, VISITED).answer()[1:])
    assert is_far(thin, 91)


def test_no_way_leads_through_an_edit(thin: Run) -> None:
    forked = edits.with_theta(thin, 70, np.array([0.5, -0.5]))
    assert not forked.keeps(69)
    trained(forked)
    forked.visit(way_to(forked, 69).answer())
    assert forked.key_before(70).theta.tolist() == [0.5, -0.5]
    assert way_to(forked, 75).key.k == 70
    assert way_to(forked, 68).key.k == 68
    assert np.array_equal(forked.theta(69), thin.theta(69))


def test_a_recorded_state_is_never_far(thin: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "AT_ONCE", 0)
    assert way_to(thin, 80).is_long
    assert not is_far(thin, 80)
    assert not is_far(thin, LAST)


def test_short_ways_of_small_networks_are_not_far(thin: Run) -> None:
    assert not is_far(thin, 63)


def test_an_engine_gets_further_in_the_same_time() -> None:
    way = way_to(trained(Run(first_segment(EXPERIMENT))), 63)
    compiled = replace(way, segment=replace(way.segment, engine=COMPILED))
    assert replace(way, k=1000).is_long
    assert not replace(compiled, k=1000).is_long


@pytest.mark.parametrize(("looks", "states"), [(0, 0), (62, 0), (63, 1)])
def test_a_replay_is_given_up_between_its_steps(
    thin: Run, looks: int, states: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "AT_ONCE", 0)
    answers = iter([False] * looks + [True])
    way = way_to(thin, 64)
    found = replace(way, key=thin.key_before(0)).answer(lambda: next(answers))
    assert len(found) == states


def test_nothing_is_replayed_to_where_one_is(thin: Run) -> None:
    key = thin.key_before(64)
    assert replayed(thin.segments[0], key, 64, lambda: True) is key
