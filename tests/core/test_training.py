"""Training: the lecture's steps, bursts, what of J is recorded, and where a run diverges."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.curvature import edge_of_stability
from mlpsim.core.edits import edited, with_start
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import Adam, GradientDescent, Momentum
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.training import advance, begin, recording_interval, replay
from tests.experiments import large, overflow, ravine
from tests.runs import grown, trained

LECTURE = lecture_experiment()


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
    grown(run, 2)
    assert (run.diverged_at, run.last) == (0, 0)


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
        grown(looked_at, 1)
        looked_at.value(looked_at.last)
    assert looked_at.diverged_at == run.diverged_at
    assert looked_at.last == run.last
    assert np.isfinite(looked_at.value(looked_at.last))


def test_a_run_diverges_while_keyframes_are_let_go() -> None:
    experiment = replace(large(1.0), scaling="batch_sum", optimizer=GradientDescent(200.0))
    run = trained(experiment, 400)
    run.thin(thetas=2**30, keyframes=1_000)
    grown(run, 1000)
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


def test_the_first_segment_has_to_set_theta() -> None:
    segment = replace(Run.from_experiment(LECTURE).segments[0], theta=None)
    with pytest.raises(ValueError, match="sets theta"):
        begin(segment, None)


def test_a_divergence_is_found_where_j_is_thinned(monkeypatch) -> None:
    monkeypatch.setattr("mlpsim.core.values.BUDGET", 0)
    run = trained(ravine(0.5), 1000, burst=7)
    assert run.value_stride > 7
    assert (run.diverged_at, run.last) == (131, 130)
    assert run.value(130) == trained(ravine(0.5), 130).value(130)
