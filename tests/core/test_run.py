"""Runs: steps are pure, every state comes back bit for bit, edits fork by one rule."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

import mlpsim.core.experiment as experiment_module
import mlpsim.core.run as run_module
from mlpsim.core import rows
from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.curvature import edge_of_stability
from mlpsim.core.dataset import Dataset
from mlpsim.core.edits import edited, with_start, with_theta
from mlpsim.core.experiment import Experiment, Segment, lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.network import Network
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import Adam, GradientDescent, Momentum
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.rows import Rows
from mlpsim.core.run import EARLY, Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.schedules import InverseTime
from mlpsim.core.starts import Given, GlorotUniform
from mlpsim.core.training import advance, begin, recording_interval, replay

LECTURE = lecture_experiment()
BLOCK = 1024


@pytest.fixture(autouse=True)
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that short runs have several of them."""
    monkeypatch.setattr(rows, "BLOCK", BLOCK)


def trained(experiment: Experiment, steps: int, burst: int = 10_000) -> Run:
    run = Run.from_experiment(experiment)
    train(run, steps, burst)
    return run


def train(run: Run, steps: int, burst: int = 10_000) -> None:
    end = run.last + steps
    while run.last < end and run.diverged_at is None:
        run.extend(advance(run.segments[-1], run.tip, min(burst, end - run.last)))


def ravine(rate: float) -> Experiment:
    x = np.array([[2, 2], [-2, -2], [0.2, -0.2], [-0.2, 0.2]])
    y = np.array([[0.0], [0.0], [0.4], [-0.4]])
    problem = Problem(Dataset(x, y), Network((2, 1), (IDENTITY,), (False,)))
    return Experiment(problem, GradientDescent(rate), start=Given((-1.0, 1.5)))


def overflow() -> Experiment:
    """J is not finite anywhere, but rarely recorded; the first three batches do not tell."""
    x = np.ones((24_000, 1))
    x[3] = 1e200
    problem = Problem(Dataset(x, np.zeros(x.shape)), Network((1, 1), (IDENTITY,), (False,)))
    given = Sampling(order="given", batches=((0,), (1,), (2,), (3,)))
    return Experiment(problem, GradientDescent(0.1), sampling=given, start=Given((1.0,)))


DOUBLED = replace(lecture_experiment().problem, reduction="mean")


def test_the_lectures_first_steps() -> None:
    run = trained(LECTURE, 1)
    np.testing.assert_allclose(run.theta(1), [-0.275, -0.1], rtol=1e-15)
    assert abs(run.value(1) - 0.433931) < 1e-6
    pair = trained(replace(LECTURE, sampling=Sampling(2, "given", batches=((0, 3),))), 1)
    np.testing.assert_allclose(pair.theta(1), [-0.125, 0.05], rtol=1e-12)
    assert abs(pair.value(1) - 0.7347) < 5e-5


def test_sgd_on_sample_4_lowers_its_error_and_raises_the_sum() -> None:
    record = trained(replace(LECTURE, sampling=Sampling(1)), 1).record(1)
    assert list(record.batch) == [3]
    np.testing.assert_allclose(record.errors_before[3], 0.25)
    np.testing.assert_allclose(record.errors_after[3], 0.1065, atol=5e-5)
    np.testing.assert_allclose([record.value_before, record.value_after], [1, 1.0344], atol=5e-5)
    assert not record.projected
    assert record.set_by_hand is None


def test_states_do_not_depend_on_how_steps_are_cut_into_bursts() -> None:
    experiment = replace(LECTURE, optimizer=Adam(0.05), sampling=Sampling(1, seed=3))
    whole, pieces = trained(experiment, 700), trained(experiment, 700, burst=13)
    assert np.array_equal(whole.recorded(0, 700)[1], pieces.recorded(0, 700)[1])
    assert np.array_equal(whole.values(0, 700), pieces.values(0, 700))
    for a, b in zip(whole.tip.state, pieces.tip.state, strict=True):
        assert np.array_equal(a, b)


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(),
        Sampling(3, seed=2),
        Sampling(2, "with_replacement"),
        Sampling(3, "cyclic"),
        Sampling(2, "given", batches=((0, 3), (1,), (2, 2, 0))),
    ],
    ids=lambda sampling: f"{sampling.order} {sampling.batch_size}",
)
def test_batches_gathered_ahead_are_those_of_each_step(
    sampling: Sampling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experiment_module, "VISITS_AT_ONCE", 7)
    segment, data = Segment(0, replace(LECTURE, sampling=sampling), epoch=1), LECTURE.problem.data
    for k, seen in zip(range(4, 24), segment.batches(4), strict=False):
        samples = segment.batch(k)
        assert np.array_equal(seen.x, data.x[samples].T)
        assert np.array_equal(seen.y, data.y[samples].T)
        assert np.array_equal(seen.y_complement, 1.0 - data.y[samples].T)


@pytest.mark.parametrize("optimizer", [GradientDescent(0.05), Momentum(0.05), Adam(0.05)])
def test_what_a_burst_hands_out_stays_as_it_is(optimizer: Optimizer) -> None:
    segment = Run.from_experiment(replace(LECTURE, optimizer=optimizer)).segments[0]
    first = begin(segment, None)
    before = first.theta.copy()
    burst = advance(segment, first, 3)
    held = [burst.before_last.theta.copy(), *(array.copy() for array in burst.before_last.state)]
    advance(segment, burst.before_last, 5)
    assert np.array_equal(first.theta, before)
    for array, kept in zip((burst.before_last.theta, *burst.before_last.state), held, strict=True):
        assert np.array_equal(array, kept)
    for k, theta in enumerate(burst.thetas, start=1):
        state = replay(segment, first, k)
        assert np.array_equal(state.theta, theta)
    assert all(map(np.array_equal, burst.last.state, state.state))


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
        train(forked, 9, burst=2)
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
    train(forked, 2)
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


def test_a_new_learning_rate_keeps_the_optimizers_state() -> None:
    experiment = replace(LECTURE, optimizer=Momentum(0.05))
    run = trained(experiment, 10)
    forked = edited(run, 4, replace(experiment, optimizer=Momentum(0.01)))
    assert forked.last == 4
    assert np.array_equal(forked.tip.state[0], run.checkpoint(4).state[0])
    assert forked.tip.t == 4
    train(forked, 1)
    v = 0.9 * run.checkpoint(4).state[0] + LECTURE.problem.gradient(run.theta(4))
    np.testing.assert_allclose(forked.theta(5), run.theta(4) - 0.01 * v, rtol=1e-14)
    assert run.last == 10
    assert np.array_equal(forked.theta(3), run.theta(3))
    assert forked.segment_at(3).experiment is experiment


@pytest.mark.parametrize(
    "change",
    [
        lambda e: replace(e, optimizer=Adam(0.05)),
        lambda e: replace(e, problem=replace(e.problem, penalty=Penalty(l2=0.1))),
        lambda e: replace(e, problem=replace(e.problem, reduction="mean")),
    ],
)
def test_another_optimizer_or_objective_empties_the_state(change: object) -> None:
    experiment = replace(LECTURE, optimizer=Momentum(0.05))
    run = trained(experiment, 10)
    forked = edited(run, 4, change(experiment))
    assert forked.tip.t == 0
    assert not forked.tip.state[0].any()
    assert np.array_equal(forked.theta(4), run.theta(4))


def test_a_feasible_set_projects_the_state() -> None:
    run = trained(LECTURE, 10)
    fenced = replace(LECTURE, problem=replace(LECTURE.problem, feasible=Box((-0.1, -1), (1, 1))))
    forked = edited(run, 5, fenced)
    assert forked.theta(5)[0] == -0.1
    assert forked.segments[-1].theta is not None
    train(forked, 3)
    record = forked.record(6)
    assert record.projected
    assert record.theta_after[0] == -0.1


def test_the_next_epoch_begins_with_an_edit_of_the_sampling() -> None:
    experiment = replace(LECTURE, sampling=Sampling(1, seed=0))
    run = trained(experiment, 10)  # in epoch 2, two of four steps taken
    forked = edited(run, 10, replace(experiment, sampling=Sampling(1, seed=5)))
    train(forked, 4)
    assert forked.segments[-1].visit(11) == (3, 0)
    visits = [int(forked.record(k).batch[0]) for k in range(11, 15)]
    assert visits == list(Sampling(1, seed=5).epoch_order(4, 3))
    at_boundary = edited(run, 8, replace(experiment, sampling=Sampling(2, seed=0)))
    assert at_boundary.segments[-1].visit(9) == (2, 0)
    again = edited(at_boundary, 8, replace(experiment, sampling=Sampling(3, seed=0)))
    assert again.segments[-1].visit(9) == (2, 0)
    assert len(again.segments) == 2


def test_an_edit_of_the_rate_goes_on_in_the_epoch() -> None:
    experiment = replace(LECTURE, sampling=Sampling(1, seed=0))
    run = trained(experiment, 10)
    forked = edited(run, 6, replace(experiment, schedule=InverseTime(0.1)))
    train(forked, 4)
    assert [list(forked.record(k).batch) for k in range(7, 11)] == [
        list(run.record(k).batch) for k in range(7, 11)
    ]


def test_a_new_sample_begins_an_epoch() -> None:
    experiment = replace(LECTURE, sampling=Sampling(1, seed=0))
    run = trained(experiment, 6)
    data = LECTURE.problem.data.appended(np.ones(2), np.ones(1))
    forked = edited(run, 6, replace(experiment, problem=replace(experiment.problem, data=data)))
    assert forked.segments[-1].visit(7) == (2, 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda e: with_start(e, np.array([1.0, 2.0])),
        lambda e: replace(
            e,
            start=GlorotUniform(),
            problem=replace(e.problem, network=Network((2, 1), (TANH,), (True,))),
        ),
    ],
)
def test_another_start_or_shape_begins_a_new_run(change: object) -> None:
    run = trained(LECTURE, 5)
    assert edited(run, 5, change(LECTURE)).last == 0


def test_an_edit_at_state_0_changes_the_experiment() -> None:
    run = trained(LECTURE, 5)
    changed = edited(run, 0, replace(LECTURE, optimizer=Adam()))
    assert changed.last == 0
    assert len(changed.segments) == 1


def test_a_weight_set_by_hand_keeps_the_state_and_shows_in_the_record() -> None:
    run = trained(replace(LECTURE, optimizer=Momentum(0.05)), 6)
    forked = with_theta(run, 4, np.array([0.5, 0.25]))
    assert list(forked.theta(4)) == [0.5, 0.25]
    assert np.array_equal(forked.tip.state[0], run.checkpoint(4).state[0])
    train(forked, 2)
    record = forked.record(4)
    assert np.array_equal(record.theta_after, run.theta(4))
    assert list(record.set_by_hand) == [0.5, 0.25]
    twice = with_theta(forked, 4, np.array([0.75, 0.25]))
    assert list(twice.theta(4)) == [0.75, 0.25]
    assert len(twice.segments) == 2
    rate = edited(twice, 4, replace(twice.segments[-1].experiment, scaling="unbiased"))
    assert list(rate.theta(4)) == [0.75, 0.25]


def test_the_head_of_a_run_goes_on_as_the_run_did() -> None:
    experiment = replace(LECTURE, optimizer=Adam(0.05), sampling=Sampling(1, seed=2))
    run = edited(trained(experiment, 20), 10, replace(experiment, optimizer=Adam(0.1)))
    train(run, 20)
    for k in (5, 10, 17, 30):
        head = run.head(k)
        assert head.last == k
        train(head, 3)
        if k not in (5, 30):
            assert np.array_equal(head.theta(k + 3), run.theta(k + 3))
    assert len(run.head(5).segments) == 1


def test_divergence_ends_the_run_at_its_step() -> None:
    run = trained(ravine(0.5), 1000)
    assert run.diverged_at == 131
    assert run.last == 130
    assert np.isfinite(run.value(130))
    assert edge_of_stability(run) == pytest.approx(16.0)


def test_a_start_that_is_not_finite_ends_the_run() -> None:
    run = trained(with_start(ravine(0.1), np.array([1e200, 1e200])), 5)
    assert run.diverged_at == 0 == run.last


@pytest.mark.usefixtures("dear")
def test_where_j_is_dear_it_is_not_found_where_a_segment_begins() -> None:
    run = trained(LECTURE, 3)
    values = run.values(0, 3)
    assert np.isnan(values[0])
    assert np.isfinite(values[1:]).all()
    other = edited(run, 2, replace(LECTURE, problem=replace(LECTURE.problem, reduction="mean")))
    assert np.isnan(other.recorded_value(2))
    assert other.value(2) == pytest.approx(0.25 * run.value(2), rel=1e-15)
    slower = edited(run, 2, replace(LECTURE, optimizer=GradientDescent(0.01)))
    assert slower.recorded_value(2) == run.value(2)  # of the same problem it was known
    assert run.value(0) == 1.0 == run.recorded_value(0)
    assert run.diverged_at is None


@pytest.mark.usefixtures("dear")
def test_a_dear_start_that_is_not_finite_ends_the_run_once_it_is_known() -> None:
    run = Run.from_experiment(with_start(ravine(0.1), np.array([1e200, 1e200])))
    assert run.diverged_at is None
    run.note(0, np.inf, np.zeros(2))
    assert run.diverged_at == 0
    assert trained(run.segments[0].experiment, 5).diverged_at == 0


@pytest.mark.usefixtures("dear")
def test_steps_from_a_dear_start_that_turns_out_not_finite_are_dropped() -> None:
    run = trained(overflow(), 3)
    assert (run.diverged_at, run.last) == (None, 3)
    train(run, 2)
    assert (run.diverged_at, run.last) == (0, 0)


def large(rate: float) -> Experiment:
    rng = np.random.default_rng(0)
    data = Dataset(rng.normal(size=(12_000, 1)), rng.normal(size=(12_000, 1)))
    network = Network((1, 1), (IDENTITY,), (True,))
    problem = Problem(data, network, reduction="mean")
    return Experiment(
        problem, GradientDescent(rate), sampling=Sampling(100), start=Given((1.0, 1.0))
    )


def test_a_large_problem_records_the_objective_now_and_then() -> None:
    run = trained(large(1e-4), 600)
    every = recording_interval(run.segments[0])
    assert every == 256
    values = run.values(0, 600)
    assert list(np.flatnonzero(np.isfinite(values))) == [0, every, 2 * every]
    theta = run.theta(123)
    assert run.value(123) == run.segments[0].experiment.problem.value(theta)
    assert np.isfinite(run.values(123, 123)).all()


def test_given_batches_record_the_objective_as_rarely_as_drawn_ones() -> None:
    given = Sampling(order="given", batches=(tuple(range(100)), (7,)))
    runs = [Run.from_experiment(replace(large(1e-4), sampling=s)) for s in (given, Sampling(100))]
    assert recording_interval(runs[0].segments[0]) == recording_interval(runs[1].segments[0]) > 1


def test_the_first_divergent_step_is_found_between_recorded_ones() -> None:
    experiment = replace(large(1.0), scaling="batch_sum", optimizer=GradientDescent(3000.0))
    run = trained(experiment, 1000, burst=7)
    every_step = replay(run.segments[0], begin(run.segments[0], None), run.last)
    assert np.array_equal(every_step.theta, run.theta(run.last))
    problem = experiment.problem
    assert np.isfinite(problem.value(run.theta(run.last)))
    following = replay(run.segments[0], run.tip, run.last + 1)
    assert run.diverged_at == run.last + 1
    assert not (np.isfinite(problem.value(following.theta)) and np.isfinite(following.theta).all())


def test_states_that_were_looked_at_change_nothing_about_the_divergence() -> None:
    """J of a state between recorded ones may overflow before training meets it."""
    experiment = replace(large(1.0), scaling="batch_sum", optimizer=GradientDescent(200.0))
    run, looked_at = trained(experiment, 1000), trained(experiment, 400)
    while looked_at.diverged_at is None:
        train(looked_at, 1)
        looked_at.value(looked_at.last)
    assert looked_at.diverged_at == run.diverged_at
    assert looked_at.last == run.last
    assert np.isfinite(looked_at.value(looked_at.last))


def test_a_run_diverges_while_keyframes_are_let_go() -> None:
    experiment = replace(large(1.0), scaling="batch_sum", optimizer=GradientDescent(200.0))
    run = trained(experiment, 400)
    run.thin(thetas=2**30, keyframes=1_000)
    train(run, 1000)
    assert run.diverged_at == run.last + 1 < 1000
    assert run.checkpoint(300).theta.tolist() == run.theta(300).tolist()


def test_a_run_may_stop_where_it_is_stationary() -> None:
    experiment = ravine(0.05)
    segment = Run.from_experiment(experiment).segments[0]
    burst = advance(segment, begin(segment, None), 5000, tolerance=1e-6)
    assert burst.stationary
    assert experiment.problem.stationarity(burst.last.theta) <= 1e-6
    assert experiment.problem.stationarity(burst.thetas[-2]) > 1e-6


def test_a_burst_gives_way_when_interrupted_but_makes_a_step() -> None:
    segment = Run.from_experiment(LECTURE).segments[0]
    assert len(advance(segment, begin(segment, None), 100, lambda: True).values) == 1


def test_rows_share_full_blocks_with_their_heads() -> None:
    rows = Rows(2)
    rows.append(np.arange(2 * 2500, dtype=np.float64).reshape(-1, 2))
    head = rows.head(1500)
    head.append(np.zeros((3, 2)))
    assert len(head) == 1503
    assert list(rows[1500]) == [3000, 3001]
    assert list(head[1499]) == [2998, 2999]
    assert rows.every_other()[1000][0] == 4000
    assert rows.slice(1020, 1030)[:, 0].tolist() == list(range(2040, 2060, 2))
    assert len(rows.slice(9000, 9001)) == 0
    with pytest.raises(IndexError, match="row 2500 of 2500"):
        rows[2500]


def test_a_table_is_halved_without_a_copy_and_lets_go_of_memory_as_it_grows() -> None:
    rows, numbers = Rows(2), np.arange(600_000.0).reshape(-1, 2)
    tracemalloc.start()
    rows.append(numbers[:200_000])
    full = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    rows = rows.every_other()
    assert tracemalloc.get_traced_memory()[1] - full < full // 10
    for first in range(200_000, 300_000, 1_000):
        rows.append(numbers[first : first + 1_000][::2])
    assert tracemalloc.get_traced_memory()[0] < 0.8 * full
    assert np.array_equal(rows.slice(0, len(rows)), numbers[:300_000:2])
    rows = rows.every_other().every_other()
    rows.settle()
    assert tracemalloc.get_traced_memory()[0] < full // 4
    tracemalloc.stop()
    assert np.array_equal(rows.slice(0, len(rows)), numbers[:300_000:8])
    assert [list(rows.head(30_000)[i]) for i in (0, 29_999)] == [[0, 1], [479_984, 479_985]]


def test_keyframes_are_thinned_evenly_however_far_the_run_has_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_module, "KEYFRAME_BUDGET", 10_000)
    run = edited(trained(LECTURE, 100), 100, replace(LECTURE, optimizer=GradientDescent(0.2)))
    train(run, 20_000, burst=50)
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
    train(run, 320, burst=64)
    assert held - tracemalloc.get_traced_memory()[0] > 20_000
    tracemalloc.stop()


def test_the_first_segment_has_to_set_theta() -> None:
    segment = replace(Run.from_experiment(LECTURE).segments[0], theta=None)
    with pytest.raises(ValueError, match="sets theta"):
        begin(segment, None)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scaling": "mean"}, "unknown scaling"),
        ({"start": Given((1.0,))}, "1 values"),
        ({"sampling": Sampling(1, "given", batches=((9,),))}, "sample 10"),
    ],
)
def test_what_is_not_an_experiment_is_refused(change: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(LECTURE, **change)


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


@pytest.mark.parametrize("every", [1, 7, 1023, 5000])
def test_every_so_many_rows_are_read_across_blocks(every: int) -> None:
    table, rows = Rows(3), np.arange(15_000.0).reshape(-1, 3)
    table.append(rows)
    assert len(rows) > 4 * table.block
    assert np.array_equal(table.slice(100, 4_900, every), rows[100:4_900:every])
    assert np.array_equal(table.slice(4_000, 9_999, every), rows[4_000::every])
    assert table.slice(200, 200, every).shape == (0, 3)
    places = np.array([4_999, 0, 4_096, 7, 7])
    assert np.array_equal(table.take(places), rows[places])


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


def test_a_divergence_is_found_where_j_is_thinned(monkeypatch) -> None:
    monkeypatch.setattr("mlpsim.core.values.BUDGET", 0)
    run = trained(ravine(0.5), 1000, burst=7)
    assert run.value_stride > 7
    assert (run.diverged_at, run.last) == (131, 130)
    assert run.value(130) == trained(ravine(0.5), 130).value(130)
