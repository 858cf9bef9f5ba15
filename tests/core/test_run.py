"""Runs: every state comes back bit for bit, whatever of them is kept."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

import mlpsim.core.run as run_module
from mlpsim.core import rows
from mlpsim.core.activations import TANH
from mlpsim.core.edits import edited, with_theta
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.network import Network
from mlpsim.core.optimizers import Adam, GradientDescent, Momentum
from mlpsim.core.problem import Problem
from mlpsim.core.run import EARLY
from mlpsim.core.sampling import Sampling
from mlpsim.core.schedules import Exponential
from mlpsim.core.starts import GlorotUniform
from mlpsim.core.training import advance, begin, replay
from tests.runs import grown, trained

LECTURE = lecture_experiment()
BLOCK = 1024
DOUBLED = replace(LECTURE.problem, reduction="mean")


@pytest.fixture(autouse=True)
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that short runs have several of them."""
    monkeypatch.setattr(rows, "BLOCK", BLOCK)


def test_every_state_comes_back_bit_for_bit_from_a_thinned_history(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    experiment = replace(LECTURE, optimizer=Momentum(0.05), sampling=Sampling(2, seed=1))
    full = trained(experiment, 9000)
    monkeypatch.setattr(run_module, "THETA_BUDGET", 3 * BLOCK * 16)
    monkeypatch.setattr(run_module, "KEYFRAME_BUDGET", 600)
    thin = trained(experiment, 9000, burst=100)
    assert thin.stride == 4
    for k in (0, 1, 2, 255, 256, 257, 5003, 8998, 9000):
        assert np.array_equal(thin.theta(k), full.theta(k))
        assert all(
            np.array_equal(a, b)
            for a, b in zip(thin.checkpoint(k).state, full.checkpoint(k).state, strict=True)
        )
    ks, thetas = thin.recorded(5, 14)
    assert list(ks) == [8, 12]
    assert np.array_equal(thetas[1], full.theta(12))


@pytest.mark.parametrize(("budget", "stride"), [(2**30, 1), (3 * BLOCK * 16, 4)])
def test_what_needs_its_parameters_alone_goes_on_from_any_that_are_recorded(
    monkeypatch: pytest.MonkeyPatch, budget: int, stride: int
) -> None:
    monkeypatch.setattr(run_module, "THETA_BUDGET", budget)
    experiment = replace(LECTURE, sampling=Sampling(2, seed=1), schedule=Exponential(0.999))
    before = trained(experiment, 140)
    edit = replace(experiment, optimizer=GradientDescent(0.02))
    run = grown(edited(before, 130, edit), 9000)
    assert run.stride == stride
    segment = run.segments[-1]
    for k in (130, 131, 200, 301, 8003):
        assert run.key_before(k).k == max(130, k - k % stride)
        again = replay(segment, begin(segment, before.checkpoint(130)), k)
        assert run.checkpoint(k).t == again.t == k
        assert np.array_equal(run.checkpoint(k).theta, again.theta)


def test_an_edit_that_ends_the_optimizers_state_replays_none_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    experiment = replace(LECTURE, optimizer=Momentum(0.05))
    run = trained(experiment, 100)
    monkeypatch.setattr(run_module, "replay", None)
    forked = edited(run, 50, replace(experiment, problem=DOUBLED))
    assert np.array_equal(forked.tip.theta, run.theta(50))
    assert not forked.tip.state[0].any()


def test_keyframes_take_no_more_memory_than_they_may() -> None:
    tracemalloc.start()
    run = trained(LECTURE, 20_000)
    before = tracemalloc.get_traced_memory()[0]
    run.thin(thetas=2**30, keyframes=0)
    run.settle()
    freed = before - tracemalloc.get_traced_memory()[0]
    run = trained(LECTURE, 20_000)
    before = tracemalloc.get_traced_memory()[0]
    run.thin(thetas=2**30, keyframes=50_000)
    run.settle()
    kept = freed - (before - tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert 20_000 < kept < 60_000 < freed


def test_the_widest_network_is_thinned_to_its_budget() -> None:
    network = Network((2, 64, 64, 64, 64, 64, 64, 64, 1), (TANH,) * 8, (True,) * 8)
    problem = Problem(LECTURE.problem.data, network)
    run = trained(Experiment(problem, start=GlorotUniform()), 3)
    assert run.stride == 1
    run.thin(run.tip.theta.nbytes, 2**20)
    assert run.stride == 4
    assert np.array_equal(run.theta(3), trained(run.segments[0].experiment, 3).theta(3))
    run.thin(0, 0)
    assert len(run.recorded(0, 3)[0]) == 1


def test_a_thinned_history_forks_at_any_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "THETA_BUDGET", BLOCK * 16)
    thin = trained(replace(LECTURE, optimizer=Momentum(0.05)), 3000, burst=100)
    assert thin.stride == 4
    for k in (2001, 2002, 2004):
        forked = with_theta(thin, k, np.array([0.25, -0.5]))
        grown(forked, 9, burst=2)
        assert forked.theta(k).tolist() == [0.25, -0.5]
        assert np.array_equal(forked.theta(k - 1), thin.theta(k - 1))
        following = replay(forked.segments[-1], forked.checkpoint(k), k + 9)
        assert np.array_equal(forked.theta(k + 9), following.theta)


def test_the_last_step_of_a_run_that_plays_needs_no_replay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    experiment = replace(LECTURE, optimizer=Adam(0.05), sampling=Sampling(1))
    run = trained(experiment, 100, burst=7)
    before = replay(run.segments[0], begin(run.segments[0], None), 99)
    monkeypatch.setattr(run_module, "replay", None)
    record = run.record(100)
    assert record.t == 99
    np.testing.assert_array_equal(record.theta_before, before.theta)
    np.testing.assert_array_equal(record.state_before, before.state)
    np.testing.assert_array_equal(record.theta_after, run.theta(100))


def test_the_gradient_of_a_state_is_that_of_the_experiment_in_force_there() -> None:
    run = trained(lecture_experiment(), 4)
    forked = edited(run, 2, replace(run.segments[0].experiment, problem=DOUBLED))
    grown(forked, 2)
    for k in (0, 4, 4, 1, 2):
        problem = forked.segment_at(k).experiment.problem
        np.testing.assert_array_equal(forked.gradient(k), problem.gradient(forked.theta(k)))
    np.testing.assert_allclose(run.gradient(0), [2.75, 1.0])  # the lecture's
    with pytest.raises(IndexError):
        run.gradient(5)


def test_a_step_is_asked_for_only_where_there_is_one() -> None:
    run = trained(LECTURE, 3)
    with pytest.raises(IndexError, match="ends at step 3"):
        run.theta(4)
    with pytest.raises(ValueError, match="state 0"):
        run.record(0)
    with pytest.raises(ValueError, match="does not begin"):
        run.extend(advance(run.segments[-1], run.checkpoint(1), 1))


def test_the_head_of_a_run_goes_on_as_the_run_did() -> None:
    experiment = replace(LECTURE, optimizer=Adam(0.05), sampling=Sampling(1, seed=2))
    run = edited(trained(experiment, 20), 10, replace(experiment, optimizer=Adam(0.1)))
    grown(run, 20)
    for k in (5, 10, 17, 30):
        head = run.head(k)
        assert head.last == k
        grown(head, 3)
        if k not in (5, 30):
            assert np.array_equal(head.theta(k + 3), run.theta(k + 3))
    assert len(run.head(5).segments) == 1


def test_keyframes_are_thinned_evenly_however_far_the_run_has_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_module, "KEYFRAME_BUDGET", 10_000)
    momentum, faster = (replace(LECTURE, optimizer=Momentum(rate)) for rate in (0.1, 0.2))
    run = grown(edited(trained(momentum, 100), 100, faster), 20_000, burst=50)
    keys = sorted({run.key_before(k).k for k in range(run.last - 1)})
    assert keys[:2] == [0, 100]  # the segments begin there
    assert 10 < len(keys) < 33
    assert len(set(np.diff(keys[2:]))) == 1
    assert np.array_equal(run.theta(19_000), run.checkpoint(19_000).theta)


def test_keyframes_that_were_dropped_are_let_go_as_the_run_grows() -> None:
    tracemalloc.start()
    run = trained(LECTURE, 20_000)
    held = tracemalloc.get_traced_memory()[0]
    run.thin(thetas=2**30, keyframes=50_000)
    grown(run, 320, burst=64)
    assert held - tracemalloc.get_traced_memory()[0] > 20_000
    tracemalloc.stop()


def test_some_of_the_recorded_states_are_read_evenly() -> None:
    run = trained(LECTURE, 500)
    states = run.recorded(0, 500)[1]
    steps, some = run.recorded(0, 500, 100)
    assert np.array_equal(steps, np.arange(0, 501, 6))
    assert np.array_equal(some, states[::6])
    assert np.array_equal(run.recorded(20, 29, 100)[1], states[20:30])
    run.thin(thetas=4000, keyframes=2**20)
    assert run.stride > 1
    assert np.array_equal(run.recorded(1, 499, 10_000)[1], run.recorded(1, 499)[1])
    assert run.recorded(1, 1, 10)[1].shape == (0, 2)


def test_a_path_goes_through_the_first_states_however_thin_the_run() -> None:
    full, thin = trained(LECTURE, 3000), trained(LECTURE, 3000)
    thin.thin(thetas=4000, keyframes=2**20)
    for most in (None, 20):
        steps, thetas = thin.path(0, 3000, most)
        recorded, _ = thin.recorded(0, 3000, most)
        assert list(steps[: EARLY + 1]) == list(range(EARLY + 1))
        assert set(recorded[recorded > EARLY]) <= set(steps.tolist())
        assert most is not None or len(steps) == EARLY + 1 + (recorded > EARLY).sum()
        for k, theta in zip(steps, thetas, strict=True):
            assert np.array_equal(theta, full.theta(k))
    assert np.array_equal(thin.path(100, 3000)[0], thin.recorded(100, 3000)[0])
    assert np.array_equal(thin.path(0, 5)[0], np.arange(6))
    assert np.array_equal(full.path(0, 3000)[1], full.recorded(0, 3000)[1])


def test_a_long_path_goes_through_few_states_and_closer_ones_where_it_begins() -> None:
    run = trained(replace(LECTURE, sampling=Sampling(1)), 9000)
    steps, thetas = run.path(0, 9000, 200)
    assert len(steps) <= EARLY + 400
    assert (steps[0], steps[-1]) == (0, 9000)
    gaps = np.diff(steps)
    assert gaps.max() <= 9000 // 200 + 1
    assert all(gaps[EARLY : EARLY + 20] < 26)  # evenly they would be 46 apart
    for k, theta in zip(steps, thetas, strict=True):
        assert np.array_equal(theta, run.theta(k))
    assert np.array_equal(run.path(1, 9000, 200)[0], run.recorded(1, 9000, 200)[0])


@pytest.mark.parametrize("sampling", [Sampling(), Sampling(1, seed=2)])
def test_j_of_a_very_long_run_is_thinned_and_found_again(monkeypatch, sampling) -> None:
    experiment = replace(LECTURE, sampling=sampling)
    full = trained(experiment, 5000)
    monkeypatch.setattr("mlpsim.core.values.BUDGET", 16 * 1024)
    thinned = trained(experiment, 5000)
    assert thinned.value_stride == 4
    for first, last in ((0, 5000), (3, 4), (4, 4), (4093, 5000)):
        known = thinned.values(first, last)
        there = np.arange(first, last + 1) % 4 == 0
        assert np.array_equal(known[there], full.values(first, last)[there])
        assert np.isnan(known[~there]).all()
    for k in (0, 1, 4097, 4998, 5000):
        assert thinned.value(k) == full.value(k)
        assert thinned.recorded_value(k) == full.value(k)
    assert np.isnan(thinned.recorded_value(3))
    head = thinned.head(4097)
    assert (head.last, head.value_stride) == (4097, 4)
    assert head.value(4097) == full.value(4097)
    head.extend(advance(head.segments[-1], head.tip, 100))
    assert head.value(4190) == full.value(4190)
    assert np.array_equal(head.values(4100, 4197)[::4], full.values(4100, 4197)[::4])
