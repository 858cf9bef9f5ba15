"""Curves per sample against errors computed sample by sample."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core import held_out_curve
from mlpsim.core.curves import Decimation
from mlpsim.core.editing.data_edits import with_data
from mlpsim.core.editing.splitting import held_out_by
from mlpsim.core.edits import edited
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.generators import Moons
from mlpsim.core.held_out import Split
from mlpsim.core.held_out_curve import HeldOutCurve, TrainingMean
from mlpsim.core.losses import HALF_SQUARED_ERROR
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Penalty
from mlpsim.core.run import Run
from tests.runs import grown, passing, trained


@pytest.fixture
def run():
    """Four steps on all of 40 samples, then a quarter held out, then a penalty and the mean."""
    experiment = with_data(lecture_experiment(), Moons(samples=40).generate())[0]
    experiment = replace(experiment, optimizer=replace(experiment.optimizer, learning_rate=0.01))
    run = grown(Run.from_experiment(experiment), 4)
    split = held_out_by(experiment, Split(0.25, 1))[0]
    run = grown(edited(run, 4, split), 5)
    problem = replace(split.problem, penalty=Penalty(0.3, 0.2), reduction="mean")
    return grown(edited(run, 9, replace(split, problem=problem)), 6)


def refined(curve):
    """Find all of a curve; in how many rounds."""
    rounds = 0
    while (question := curve.question(100, 0)) is not None:
        curve.keep(question.answer())
        rounds += 1
    return rounds


def by_hand(run, k, data):
    """The mean of (y − σ(w·x))² over some samples."""
    y_hat = 1.0 / (1.0 + np.exp(-data.x @ run.theta(k)))
    return float(((data.y[:, 0] - y_hat) ** 2).mean())


def test_the_training_mean_is_that_of_the_samples_trained_on(run):
    values = TrainingMean(run).values(0, run.last)
    assert TrainingMean(run).last == run.last == 15
    for k in range(16):
        data = run.segment_at(k).experiment.problem.data
        assert len(data) == (40 if k < 4 else 30)
        assert values[k] == pytest.approx(by_hand(run, k, data), rel=1e-12)
    assert TrainingMean(run).values(7, 11) == pytest.approx(values[7:12], rel=1e-15)
    assert run.values(0, 0)[0] == pytest.approx(40.0 * values[0])  # and the run's own stay


def test_weights_that_are_not_recorded_leave_a_gap_where_there_is_a_penalty(run):
    run.thin(1, 1 << 20)
    assert run.stride > 1
    values = TrainingMean(run).values(0, run.last)
    assert np.isfinite(values[:9]).all()
    assert [k for k in range(9, 16) if np.isfinite(values[k])] == [
        k for k in range(9, 16) if k % run.stride == 0
    ]


def test_columns_of_the_training_mean_are_those_of_its_values(run):
    columns = Decimation(TrainingMean(run)).columns(np.arange(17))
    assert columns.mean == pytest.approx(TrainingMean(run).values(0, 15), rel=1e-15)


def test_the_held_out_mean_is_that_of_the_samples_held_out(run):
    curve = HeldOutCurve(run)
    assert np.isnan(curve.value(7))
    assert refined(curve) == 1
    steps, values = curve.curve(100)
    assert steps.tolist() == list(range(16))
    assert np.isnan(values[:4]).all()
    data = run.segments[-1].experiment.held_out.data
    for k in range(4, 16):
        assert values[k] == pytest.approx(by_hand(run, k, data), rel=1e-12)
        assert curve.value(k) == values[k]


def test_few_points_lie_on_a_grid_that_stays_as_the_run_grows(run):
    curve = HeldOutCurve(run)
    assert curve.steps(4).tolist() == [0, 4, 8, 12, 15]
    grown(run, 9)
    assert curve.steps(4).tolist() == [0, 8, 16, 24]
    run.thin(1, 1 << 20)
    assert curve.steps(1000)[:-1].tolist() == list(range(0, run.last, run.stride))


def test_what_is_dear_comes_bit_by_bit_from_coarse_to_fine(run, monkeypatch):
    monkeypatch.setattr(held_out_curve, "WORK", 1)
    curve = HeldOutCurve(run)
    rounds = []
    while (question := curve.question(100, 9)) is not None:
        assert question.work == 10 * 2  # one state of ten samples and two weights
        curve.keep(question.answer())
        rounds.append(set(curve.curve(100)[0].tolist()))
    # The state that is asked for comes first. Those before the split cost nothing; 8 is the
    # coarsest of the others, then 4 and 12.
    assert rounds[0] == {9}
    assert rounds[1] == {9, 0, 8}
    assert rounds[2] == {9, 0, 8, 4}
    assert rounds[3] == {9, 0, 8, 4, 12}
    assert rounds[-1] == set(range(16))
    assert len(rounds) == 12


def test_the_lowest_is_where_the_path_is_nearest_to_what_is_held_out():
    run = Run.from_experiment(passing(0.5, 0.05))  # 0.9⁶ = 0.531 and 0.9⁷ = 0.478
    curve = HeldOutCurve(run)
    assert curve.lowest(100) is None
    for steps, lowest in ((7, None), (1, 7), (30, 7)):
        grown(run, steps)
        refined(curve)
        assert curve.lowest(100) == lowest


def test_the_lowest_is_sought_among_states_that_can_be_compared():
    run = trained(passing(0.5, 0.05), 20)
    experiment = run.segments[0].experiment
    slower = grown(edited(run, 20, replace(experiment, optimizer=GradientDescent(0.01))), 5)
    halved = replace(experiment.problem, loss=HALF_SQUARED_ERROR)
    other = grown(edited(run, 12, replace(experiment, problem=halved)), 5)
    # 0.478 and 0.287 are farther from 0.35 than 0.478 is from 0.5.
    again = grown(edited(run, 7, passing(0.35, 0.2)), 5)
    for forked, lowest in ((slower, 7), (other, 12), (again, 8)):
        curve = HeldOutCurve(forked)
        refined(curve)
        assert curve.lowest(100) == lowest


def test_what_could_not_be_computed_is_no_lowest():
    curve = HeldOutCurve(trained(passing(0.5, 0.05), 20))
    refined(curve)
    curve.keep({3: np.nan, 7: np.nan})
    assert curve.lowest(100) == 6


def test_an_error_that_stays_has_no_lowest():
    curve = HeldOutCurve(trained(passing(1.0, 0.0), 5))
    refined(curve)
    assert curve.lowest(100) is None


def test_an_answer_that_is_cancelled_is_none(run):
    assert HeldOutCurve(run).question(100, 9).answer(lambda: True) is None
