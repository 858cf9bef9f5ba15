"""Lanes: what a run has cost, its E without the penalty, and when it came to a level."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.edits import edited
from mlpsim.core.evaluation import accuracy
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.files.document import go_on
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.rows import BLOCK
from mlpsim.core.sampling import Sampling
from mlpsim.core.segment import first_segment
from mlpsim.core.studies import lanes
from mlpsim.core.studies.lanes import (
    KEPT,
    ErrorSeries,
    evaluations,
    standing,
    standings_question,
)
from tests.runs import trained

LECTURE = lecture_experiment()
PENALIZED = replace(LECTURE, problem=replace(LECTURE.problem, penalty=Penalty(l2=0.5)))


@pytest.mark.parametrize(
    ("sampling", "costs"),
    [
        (Sampling(), [0, 4, 8, 12, 16, 20]),
        (Sampling(1), [0, 1, 2, 3, 4, 5]),
        (Sampling(3), [0, 3, 4, 7, 8, 11]),
        (Sampling(3, "with_replacement"), [0, 3, 4, 7, 8, 11]),
        (Sampling(9), [0, 4, 8, 12, 16, 20]),
        (Sampling(order="given", batches=((0, 1), (2,), (0, 1, 3))), [0, 2, 3, 6, 8, 9]),
    ],
)
def test_a_step_costs_the_samples_of_its_batch(sampling, costs) -> None:
    segment = first_segment(replace(LECTURE, sampling=sampling))
    assert evaluations((segment,), np.arange(6)).tolist() == costs
    batches = [len(segment.batch(k)) for k in range(1, 40)]
    assert evaluations((segment,), np.array([39])).tolist() == [sum(batches)]


def test_an_edit_changes_what_the_steps_after_it_cost() -> None:
    run = trained(replace(LECTURE, sampling=Sampling(3)), 5)
    run = edited(run, 3, replace(LECTURE, sampling=Sampling(1)))
    go_on(run, 9)
    run = edited(run, 6, LECTURE)
    go_on(run, 8)
    # 3 and 1 and 3 samples, then 1 a step from step 4 on, then 4 from step 7 on.
    assert evaluations(run.segments, np.arange(9)).tolist() == [0, 3, 4, 7, 8, 9, 10, 14, 18]
    counted = np.cumsum([0] + [len(run.record(k).batch) for k in range(1, 9)])
    assert evaluations(run.segments, np.arange(9)).tolist() == counted.tolist()


def test_e_is_that_of_the_run() -> None:
    series = ErrorSeries(trained(LECTURE, 10), "sum")
    assert series.last == 10
    # By hand: semantics.md, the lecture's example.
    assert series.values(0, 1) == pytest.approx([1.0, 0.433931], abs=1e-6)
    assert series.value(1) == pytest.approx(0.433931, abs=1e-6)
    means = ErrorSeries(series.run, "mean")
    assert means.values(0, 10) == pytest.approx(series.values(0, 10) / 4.0, rel=1e-14)
    assert means.value(0) == pytest.approx(0.25, rel=1e-14)


@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_a_penalty_is_no_part_of_e(reduction) -> None:
    problem = replace(PENALIZED.problem, reduction=reduction)
    run = trained(replace(PENALIZED, problem=problem), 6)
    series = ErrorSeries(run, "sum")
    wanted = [float(problem.errors(run.theta(k)).sum()) for k in range(7)]
    assert series.values(0, 6) == pytest.approx(wanted, rel=1e-12)
    assert [series.value(k) for k in range(7)] == pytest.approx(wanted, rel=1e-15)
    assert run.value(6) > problem.scale * wanted[6] + 1e-3  # there is something to take off


def test_what_is_kept_of_one_state_is_not_told_of_another() -> None:
    run = trained(replace(LECTURE, problem=replace(LECTURE.problem, penalty=Penalty(l2=0.1))), 12)
    series = ErrorSeries(run, "sum")
    problem = LECTURE.problem  # without the penalty
    for k in (3, 12, 3, 3):
        assert series.value(k) == problem.value(run.theta(k))
        assert series.accuracy(k) == accuracy(problem, run.theta(k))
    assert series.accuracy(0) != series.accuracy(3)


def test_a_value_that_was_not_recorded_is_computed(monkeypatch) -> None:
    recorded = trained(LECTURE, 3).value(2)
    monkeypatch.setattr("mlpsim.core.values.BUDGET", 16 * 1024)
    run = trained(LECTURE, 5000)
    assert np.isnan(run.recorded_value(2))
    assert ErrorSeries(run, "sum").value(2) == pytest.approx(recorded, rel=1e-14)


def test_the_first_state_at_a_level_is_found_as_the_run_grows(monkeypatch) -> None:
    monkeypatch.setattr(lanes, "BLOCK", 7)
    run = trained(LECTURE, 2)
    series = ErrorSeries(run, "sum")
    values = [float(trained(LECTURE, 40).value(k)) for k in range(41)]
    assert series.first_at_most(1.0) == 0
    assert series.first_at_most(0.5) == 1
    assert series.first_at_most(0.05) is None
    go_on(run, 40)
    assert series.first_at_most(0.05) == next(k for k, e in enumerate(values) if e <= 0.05)
    assert series.first_at_most(0.05) == next(k for k, e in enumerate(values) if e <= 0.05)
    assert not series.misses_some
    assert series.first_at_most(0.0) is None


def test_a_level_is_met_at_the_latest_where_states_before_are_not_known(monkeypatch) -> None:
    monkeypatch.setattr(lanes, "BLOCK", 7)  # of which one begins at 2002
    run = trained(replace(PENALIZED, optimizer=GradientDescent(2e-4)), BLOCK + 100)
    level = ErrorSeries(run, "sum").value(2001)
    run.thin(16 * run.last, 8 * 2**20)
    assert run.stride == 2  # every other theta goes, and E with it
    series = ErrorSeries(run, "sum")
    assert series.first_at_most(level) == 2002
    assert series.misses_some
    assert not standing(series, 0, level).is_first


def test_a_lane_stands_where_it_is() -> None:
    run = trained(replace(LECTURE, sampling=Sampling(3)), 30)
    found = standing(ErrorSeries(run, "sum"), 12, 0.5)
    assert (found.k, found.last, found.diverged_at) == (12, 30, None)
    assert (found.error, found.final) == (run.value(12), run.value(30))
    reached = next(k for k in range(31) if run.value(k) <= 0.5)
    assert (found.reached, found.is_first) == (reached, True)
    assert found.cost == sum(len(run.segments[0].batch(k)) for k in range(1, reached + 1))
    assert found.accuracy == 1.0
    beyond = standing(ErrorSeries(run, "sum"), 99, 1e-9)
    assert (beyond.k, beyond.reached) == (30, None)
    assert beyond.cost == 15 * 4


def test_a_lane_that_diverges_stands_at_its_last_finite_state() -> None:
    line = Dataset(np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]]))
    network = Network((1, 1), (IDENTITY,), (False,))
    problem = Problem(line, network)
    start = replace(LECTURE.start, values=(1.0,))
    run = trained(Experiment(problem, GradientDescent(1e3), start=start), 500)
    found = standing(ErrorSeries(run, "sum"), 500, 0.1)
    assert found.diverged_at == run.last + 1
    assert found.k == run.last
    assert np.isfinite([found.error, found.final]).all()


@pytest.mark.usefixtures("dear")
def test_what_a_frame_cannot_wait_for_is_told_once_it_was_found_out() -> None:
    plain, penalized = trained(LECTURE, 20), trained(PENALIZED, 12)
    plain.value(0)
    series = [ErrorSeries(run, "sum") for run in (plain, penalized)]
    before = [standing(lane, 15, 0.1) for lane in series]
    assert [found.error for found in before] == [plain.value(15), None]  # the one is recorded
    assert [found.final for found in before] == [plain.value(20), None]
    assert np.isnan([found.accuracy for found in before]).all()
    question = standings_question(series, 15)
    assert [(reading.series, reading.k) for reading in question.readings] == [
        (series[0], 15),
        (series[1], 12),
        (series[1], 0),
    ]
    question.keep(question.answer())
    assert standings_question(series, 15) is None
    theta = penalized.theta(12)
    known = standing(series[1], 15, 0.1)
    assert known.error == known.final == LECTURE.problem.value(theta)
    assert known.accuracy == accuracy(LECTURE.problem, theta)
    assert standing(series[0], 15, 0.1).accuracy == 1.0
    assert standing(series[1], 6, 0.1).error is None


@pytest.mark.usefixtures("dear")
def test_the_start_and_the_states_asked_for_last_are_kept() -> None:
    series = ErrorSeries(trained(PENALIZED, 12), "sum")
    for k in range(KEPT + 3):
        question = standings_question([series], k)
        question.keep(question.answer())
    assert series.lacking(KEPT + 2) == []
    assert standing(series, KEPT + 1, 0.1).error is not None  # seen until the next is there
    assert series.lacking(1) == [1]
    assert series.value(0) is not None


@pytest.mark.usefixtures("dear")
def test_a_question_that_is_cancelled_is_left() -> None:
    series = [ErrorSeries(trained(LECTURE, 3), "sum") for _ in range(3)]
    looks = iter([False, True])
    assert len(standings_question(series, 3).answer(lambda: next(looks))) == 1
