"""The appraisal: what it finds of a state is what run and record tell of it."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core import edits
from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.appraisal import question_of, takes_long
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.network import Network
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import Adam, GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.readout import readout
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.second_order import Newton
from mlpsim.core.segment import first_segment
from mlpsim.core.starts import GlorotUniform, Zeros
from mlpsim.core.work import DEAR, LEAST_PARAMS
from tests.runs import grown

STEPS = 9


def new_run() -> Run:
    experiment = replace(lecture_experiment(), optimizer=Adam(0.1), sampling=Sampling(2))
    return grown(Run(first_segment(experiment)), STEPS)


@pytest.mark.parametrize("k", range(STEPS + 1))
def test_it_finds_what_the_run_tells(k: int) -> None:
    found, reference = question_of(new_run(), k).answer(), new_run()
    assert found is not None
    assert found.readout == readout(reference, k)
    assert np.array_equal(found.gradient, reference.gradient(k))
    errors = lecture_experiment().problem.errors(reference.theta(k))
    assert found.error == pytest.approx(errors.sum(), rel=1e-15)
    if k == 0:
        assert found.record is None
        return
    record = reference.record(k)
    assert found.record is not None
    assert np.array_equal(found.record.theta_after, record.theta_after)
    assert np.array_equal(found.record.errors_before, record.errors_before)
    assert found.record.value_after == record.value_after


def test_a_weight_that_was_set_by_hand_is_told() -> None:
    run = edits.with_theta(new_run(), 4, np.array([0.5, -0.5]))
    found = question_of(run, 4).answer()
    assert found is not None
    assert found.record is not None
    assert found.record.set_by_hand is not None
    assert found.record.set_by_hand.tolist() == [0.5, -0.5]


@pytest.mark.parametrize("looks", [0, 1, 2])
def test_a_question_can_be_dropped(looks: int) -> None:
    answers = iter([False] * looks + [True])
    assert question_of(new_run(), 3).answer(lambda: next(answers)) is None


def test_a_value_that_was_left_out_is_found_and_can_be_noted() -> None:
    experiment = lecture_experiment()
    x = np.tile(experiment.problem.data.x, (5001, 1))
    y = np.tile(experiment.problem.data.y, (5001, 1))
    problem = Problem(Dataset(x, y), experiment.problem.network)
    many = replace(experiment, problem=problem, sampling=Sampling(1))
    run = grown(Run(first_segment(many)), 1)
    assert np.isnan(run.recorded_value(1))  # J on so many samples is not recorded at every step
    found = question_of(run, 1).answer()
    assert found is not None
    assert found.readout.value == problem.value(run.theta(1))
    run.note(1, found.readout.value, found.gradient)
    assert run.recorded_value(1) == found.readout.value
    assert run.gradient(1) is found.gradient


def test_what_is_dear_grows_with_samples_and_parameters() -> None:
    def run_of(samples: int, weights: int) -> Run:
        network = Network((weights, 1), (SIGMOID,), (False,))
        problem = Problem(Dataset(np.ones((samples, weights)), np.ones((samples, 1))), network)
        return Run(first_segment(Experiment(problem, start=Zeros())))

    assert not takes_long(run_of(DEAR // 20, 20), 0)
    assert takes_long(run_of(DEAR // 20 + 1, 20), 0)
    # The errors of the samples cost time too, as few as the weights are.
    assert not takes_long(run_of(DEAR // LEAST_PARAMS, 1), 0)
    assert takes_long(run_of(DEAR // LEAST_PARAMS + 1, 1), 0)


def test_a_step_by_the_hessian_of_many_parameters_takes_long() -> None:
    x = np.linspace(-1.0, 1.0, 50)[:, None]

    def run_of(neurons: int, optimizer: Optimizer) -> Run:
        network = Network((1, neurons, 1), (TANH, IDENTITY), (True, True))
        problem = Problem(Dataset(x, x), network, reduction="mean")
        return grown(Run(first_segment(Experiment(problem, optimizer, start=GlorotUniform()))), 1)

    many = run_of(100, Newton(0.5, 0.1))
    assert takes_long(many, 1)
    assert not takes_long(many, 0)  # no step led there
    assert not takes_long(run_of(100, GradientDescent(0.1)), 1)
    assert not takes_long(run_of(10, Newton(0.5, 0.1)), 1)


@pytest.mark.parametrize("optimizer", [Adam(0.1), Newton(0.5, 0.1)])
def test_it_reaches_the_checkpoints_of_the_run(optimizer: Optimizer) -> None:
    experiment = replace(lecture_experiment(), optimizer=optimizer, sampling=Sampling(2))
    run = grown(Run(first_segment(experiment)), STEPS)
    found = question_of(run, 5).answer()
    assert found is not None
    for checkpoint, k in zip(found.reached, (4, 5), strict=True):
        known = run.checkpoint(k)
        assert (checkpoint.k, checkpoint.t) == (known.k, known.t)
        assert np.array_equal(checkpoint.theta, known.theta)
        for a, b in zip(checkpoint.state, known.state, strict=True):
            assert np.array_equal(a, b)


def test_another_learning_rate_leaves_the_objective_as_it_is() -> None:
    run = new_run()
    changed = replace(run.segments[0].experiment, optimizer=GradientDescent(0.5))
    forked = edits.edited(run, 5, changed)
    assert forked.recorded_value(5) == run.recorded_value(5)
    moved = changed.problem.data.with_sample(0, np.array([1.0, 1.0]), np.array([1.0]))
    other = replace(changed, problem=replace(changed.problem, data=moved))
    assert edits.edited(run, 5, other).recorded_value(5) == other.problem.value(run.theta(5))
