"""Decimated curves equal what a loop over all steps finds."""

import tracemalloc
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import mlpsim.core.curves as curves_module
from mlpsim.core import edits
from mlpsim.core.curves import BLOCK, Decimation, ErrorCurves, epoch_axis, step_axis
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Penalty
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.training import Burst, Checkpoint
from tests.runs import grown, lecture_run


def run_with_values(values: np.ndarray) -> Run:
    """The lecture's run with the given J at states 1, 2, … (parameters all zero)."""
    run = Run.from_experiment(lecture_experiment())
    n = len(values)
    last = Checkpoint(n, np.zeros(2), (), n)
    run.extend(Burst(run.tip, np.zeros((n, 2)), values, (), run.tip, last, None))
    return run


def errors_at(run: Run, k: int) -> np.ndarray:
    return run.segment_at(k).experiment.problem.errors(run.theta(k))


@pytest.mark.parametrize("n", [10, 700, 3 * BLOCK * 8, 200_000])
def test_columns_hold_the_extremes_and_the_mean_of_their_steps(n):
    values = np.random.default_rng(n).normal(size=n)
    run = run_with_values(values)
    every = run.values(0, run.last)
    edges = np.unique(np.linspace(0, n + 1, 6).astype(np.intp))
    edges[1:-1] -= edges[1:-1] % BLOCK if n > BLOCK * 40 else 0
    columns = Decimation(run).columns(edges)
    for place, (first, end) in enumerate(pairwise(edges)):
        part = every[first:end]
        assert columns.lo[place] == part.min()
        assert columns.hi[place] == part.max()
        assert columns.mean[place] == pytest.approx(part.mean(), rel=1e-9, abs=1e-12)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("n", [10, 3 * BLOCK * 8])
def test_the_mean_of_values_whose_sum_overflows_is_between_them(n):
    run = run_with_values(np.linspace(1.0e308, 1.7e308, n))
    lo, hi, mean = (part.item() for part in Decimation(run).columns(np.array([0, n + 1])))
    assert (lo, hi) == (1.0, 1.7e308)  # the first is the start's
    assert lo <= mean <= hi


def test_a_growing_run_is_summed_up_piece_by_piece():
    values = np.random.default_rng(1).normal(size=40_000)
    whole = run_with_values(values)
    growing = run_with_values(values[:15_000])
    decimation = Decimation(growing)
    decimation.columns(np.array([0, 15_001]))
    rest = Burst(
        growing.tip, np.zeros((25_000, 2)), values[15_000:], (), growing.tip, whole.tip, None
    )
    growing.extend(rest)
    edges = np.array([0, 64 * 200, 40_001])
    once = decimation.columns(edges)
    assert [part.tolist() for part in decimation.columns(edges)] == [p.tolist() for p in once]
    for ours, theirs in zip(
        decimation.columns(edges), Decimation(whole).columns(edges), strict=True
    ):
        assert np.allclose(ours, theirs, rtol=1e-12)


def test_a_very_long_run_is_summed_up_in_longer_blocks(monkeypatch):
    monkeypatch.setattr(curves_module, "MOST_BLOCKS", 30)
    values = np.random.default_rng(2).normal(size=50_000)
    whole, growing = run_with_values(values), run_with_values(values[:700])
    decimation = Decimation(growing)
    for first, last in pairwise((700, 4_000, 20_000, 50_000)):
        burst = values[first:last]
        end = Checkpoint(last, np.zeros(2), (), last)
        growing.extend(
            Burst(growing.tip, np.zeros((len(burst), 2)), burst, (), growing.tip, end, None)
        )
        edges = np.array([0, last - last % (64 * 32), last + 1])
        columns, every = decimation.columns(edges), whole.values(0, last)
        for place, (first_step, end_step) in enumerate(pairwise(edges)):
            part = every[first_step:end_step]
            assert (columns.lo[place], columns.hi[place]) == (part.min(), part.max())
            assert columns.mean[place] == pytest.approx(part.mean(), rel=1e-9, abs=1e-12)
    tracemalloc.start()
    Decimation(growing).follow()
    assert tracemalloc.get_traced_memory()[0] < 5_000  # with blocks of 64 it takes 26,000
    tracemalloc.stop()


@pytest.mark.parametrize("n", [20, 30_000])
def test_values_that_are_not_recorded_count_for_nothing(n):
    values = np.full(n, np.nan)
    values[4::5] = 7.0
    columns = Decimation(run_with_values(values)).columns(
        np.array([min(n // 5, 64), n // 2, n + 1])
    )
    assert columns.lo.tolist() == columns.hi.tolist() == columns.mean.tolist() == [7.0, 7.0]


def test_a_column_without_a_recorded_value_is_nan():
    columns = Decimation(run_with_values(np.full(9, np.nan))).columns(np.array([0, 1, 10]))
    assert columns.mean[0] == 1.0
    assert np.isnan(columns.mean[1])


def test_error_curves_follow_the_experiment_of_their_segment():
    run = lecture_run(100)
    changed = replace(
        run.segments[0].experiment,
        problem=replace(
            run.segments[0].experiment.problem,
            data=run.segments[0].experiment.problem.data.without([3]),
        ),
    )
    run = grown(edits.edited(run, 60, changed), 40)
    first, second = ErrorCurves(run, 30, 4).curves()
    assert first[1].shape[1] == 4
    assert second[1].shape[1] == 3
    assert first[0].tolist() == list(range(0, 60, 4))
    assert second[0].tolist() == list(range(60, 101, 4))
    for steps, errors in (first, second):
        for k, row in zip(steps, errors, strict=True):
            assert row == pytest.approx(errors_at(run, int(k)), rel=1e-12)
    assert [len(errors.T) for _, errors in ErrorCurves(run, 30, 3).curves()] == [3]


def test_an_edit_that_leaves_the_errors_what_they_are_leaves_their_curves_whole():
    run = lecture_run(20)
    experiment = run.segments[0].experiment
    penalised = replace(experiment.problem, penalty=Penalty(l2=0.1))
    run = grown(edits.edited(run, 12, replace(experiment, optimizer=GradientDescent(0.5))), 4)
    run = grown(edits.edited(run, 15, replace(experiment, problem=penalised)), 4)
    ((steps, errors),) = ErrorCurves(run, 30, 4).curves()
    assert steps.tolist() == list(range(20))
    for k, row in zip(steps, errors, strict=True):
        assert row == pytest.approx(errors_at(run, int(k)), rel=1e-12)


def test_errors_along_a_run_that_grows_are_computed_at_new_states_only(monkeypatch):
    run = lecture_run(40)
    curves = ErrorCurves(run, 50, 4)
    curves.curves()
    asked, theta = [], run.theta
    monkeypatch.setattr(run, "theta", lambda k: asked.append(k) or theta(k))
    for steps, new in ((10, list(range(41, 51))), (1, [51]), (8, [52, 54, 56, 58, 59])):
        grown(run, steps)
        asked.clear()
        ((shown, errors),) = curves.curves()
        assert asked == new
        assert shown[-1] == run.last
        for k, row in zip(shown, errors, strict=True):
            assert row == pytest.approx(errors_at(run, int(k)), rel=1e-12)


def test_the_step_axis_counts_steps():
    steps = np.array([0, 3, 17])
    assert np.array_equal(step_axis().of_steps(steps), steps)
    assert np.array_equal(step_axis().to_steps(np.array([-1.0, 2.5])), [0.0, 2.5])


def test_the_epoch_axis_jumps_where_an_epoch_is_cut_short():
    run = lecture_run(6, sampling=Sampling(1))
    changed = replace(run.segments[0].experiment, sampling=Sampling(batch_size=2))
    run = grown(edits.edited(run, 6, changed), 4)
    axis = epoch_axis(run)
    assert axis.of_steps(np.array([0, 4, 5, 6, 8, 10])).tolist() == [0, 1, 1.25, 2, 3, 4]
    assert axis.to_steps(np.array([1.25, 1.75, 2.0, 3.5])).tolist() == [5, 6, 6, 9]
