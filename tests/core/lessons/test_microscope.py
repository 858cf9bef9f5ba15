"""What the microscope sees of the lecture's steps."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.lessons.microscope import (
    FEW_POINTS,
    LEAST_POINTS,
    POINTS,
    ProfileQuestion,
    is_slow,
    is_too_large,
    profile,
)
from mlpsim.core.network import Network
from mlpsim.core.optimizers import Adam, GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.record import StepRecord, record_step
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.second_order import ConjugateGradient, Newton
from mlpsim.core.starts import Given, Zeros
from tests.runs import lecture_run

ON_4 = Sampling(order="given", batches=((3,),))


def first_step(**changes: object) -> StepRecord:
    return lecture_run(1, **changes).record(1)


def test_gradient_descent_of_the_lecture():
    seen = profile(first_step())
    assert seen.at_zero == 1.0
    assert seen.at_rate == pytest.approx(0.433931, abs=5e-7)
    # ‖∇E‖² = 2.75² + 1
    assert seen.slope == pytest.approx(-8.5625)
    # At w = 0: ∇²eˢ = 2·σ′²·xxᵀ = xxᵀ/8 (σ″ = 0); Σ xxᵀ = (33, 19; 19, 54)
    top = (33 + 54) / 2 + np.sqrt((21 / 2) ** 2 + 19**2)
    assert seen.limit == pytest.approx(16.0 / top)
    assert not seen.raises
    assert seen.minimum is not None
    assert seen.minimum.value <= seen.values.min()


@pytest.mark.parametrize("optimizer", [Adam(0.1), Newton(), ConjugateGradient()])
def test_the_curvature_limits_no_step_that_is_not_as_long_as_the_gradient(optimizer):
    assert profile(first_step(optimizer=optimizer)).limit is None


def test_the_step_on_sample_4_raises_e():
    seen = profile(first_step(sampling=ON_4))
    assert seen.raises
    assert seen.slope == pytest.approx(-0.125)
    assert profile(first_step(sampling=ON_4), 0.7).end == 0.7


def test_a_rate_of_0_shows_as_far_as_the_curvature_tells():
    seen = profile(first_step(optimizer=GradientDescent(0.0)))
    assert seen.limit is not None
    assert seen.end == pytest.approx(1.5 * seen.limit)
    assert (seen.rate, seen.raises) == (0.0, False)


def test_a_rate_at_the_end_of_the_floats_is_still_looked_along():
    run = Run.from_experiment(replace(lecture_experiment(), optimizer=GradientDescent(1.7e308)))
    record = record_step(run.segments[0], run.checkpoint(0))
    seen = profile(record)
    assert seen.end == 1e300
    assert np.isfinite(seen.etas).all()
    assert seen.at_zero == 1.0


def test_where_no_curvature_is_above_0_there_is_no_limit():
    # z = (12, 8, −16, 6): every term is concave along x, or flat to the last digit.
    seen = profile(first_step(optimizer=GradientDescent(0.0), start=Given((400.0, 400.0))))
    assert seen.limit is None
    assert seen.end == 1.0


def test_a_wall_that_stops_the_step_at_once_leaves_no_slope():
    problem = replace(lecture_experiment().problem, feasible=Box((0.0, 0.0), (1.0, 1.0)))
    seen = profile(first_step(problem=problem))
    assert seen.slope is None
    assert seen.at_rate == seen.at_zero == 1.0


def test_large_problems_have_fewer_points_and_then_none():
    lecture = lecture_experiment().problem
    assert not is_too_large(lecture)
    assert len(profile(first_step()).etas) == POINTS
    data = Dataset(np.ones((1_500, 2)), np.ones((1_500, 1)))
    large = first_step(problem=replace(lecture, data=data))
    assert len(profile(large).etas) == FEW_POINTS
    assert not is_slow(large.segment.experiment.problem)
    data = Dataset(np.ones((30_000, 2)), np.ones((30_000, 1)))
    slow = first_step(problem=replace(lecture, data=data))
    assert is_slow(slow.segment.experiment.problem)
    assert not is_too_large(slow.segment.experiment.problem)
    assert len(profile(slow).etas) == LEAST_POINTS
    data = Dataset(np.ones((60_000, 10)), np.ones((60_000, 1)))
    network = Network((10, 10, 1), (IDENTITY, IDENTITY), (False, False))
    assert is_too_large(Problem(data, network))


def test_the_question_is_answered_by_the_look_at_its_step():
    experiment = lecture_experiment()
    run = Run.from_experiment(experiment)
    question = ProfileQuestion(run.segments[0], run.checkpoint(0), 0.7)
    answer = question.answer()
    assert answer is not None
    assert (answer.at_zero, answer.end) == (1.0, 0.7)
    assert question.work == 8 * (POINTS // 2 + 30 + 4)  # 4 samples, 2 weights
    assert question.answer(lambda: True) is None


def test_a_large_network_is_looked_at_without_its_hessian():
    network = Network((2, 40, 1), (IDENTITY, IDENTITY), (False, False))
    experiment = replace(
        lecture_experiment(),
        problem=replace(lecture_experiment().problem, network=network),
        start=Zeros(),
    )
    run = Run.from_experiment(experiment)
    question = ProfileQuestion(run.segments[0], run.checkpoint(0), None)
    assert question.work == 4 * 120 * (POINTS // 2 + 30)
    answer = question.answer()
    assert answer is not None
    assert answer.limit is None


def test_a_look_is_given_up_wherever_it_is_cancelled():
    data = Dataset(np.ones((30_000, 2)), np.ones((30_000, 1)))
    slow = first_step(problem=replace(lecture_experiment().problem, data=data))
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 10

    assert profile(slow, cancelled=cancelled) is None
    # 2 rows of the Hessian and 8 values before; then every loop ends the first time it asks.
    assert asked <= 10 + 3
