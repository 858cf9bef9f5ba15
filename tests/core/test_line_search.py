"""The objective along a step against parabolas and the lecture's numbers."""

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.feasible import Ball, Box, FeasibleSet, WholeSpace
from mlpsim.core.line_search import Minimum, Ray, minimise, ray_of
from mlpsim.core.network import Network
from mlpsim.core.optimizers import OPTIMIZERS, GradientDescent, Momentum
from mlpsim.core.problem import Problem
from mlpsim.core.sampling import Sampling
from tests.runs import lecture_run


def parabola(feasible: FeasibleSet | None = None) -> Problem:
    """J(w) = (3 − w)²."""
    data = Dataset(np.array([[1.0]]), np.array([[3.0]]))
    network = Network((1, 1), (IDENTITY,), (False,))
    return Problem(data, network, feasible=feasible or WholeSpace())


def least(ray: Ray, end: float) -> Minimum | None:
    etas = np.linspace(0.0, end, 129)
    return minimise(ray, etas, ray.values(etas))


def test_the_minimiser_of_a_parabola_is_one_over_its_curvature():
    # From w = 0 with d = ∇J = −6: φ(η) = (3 − 6η)².
    ray = Ray(parabola(), np.array([0.0]), np.array([-6.0]))
    assert ray.values(np.array([0.0, 0.25, 0.5])) == pytest.approx([9.0, 2.25, 0.0])
    assert ray.slope(0.0) == -36.0
    found = least(ray, 1.7)
    assert found is not None
    assert found.eta == pytest.approx(0.5, abs=2e-10)
    assert found.value == pytest.approx(0.0, abs=1e-15)
    assert not found.at_end


def test_a_minimiser_beyond_the_end_is_said_to_be_at_the_end():
    found = least(Ray(parabola(), np.array([0.0]), np.array([-6.0])), 0.3)
    assert found is not None
    assert (found.eta, found.at_end) == (0.3, True)


def test_a_wall_ends_the_fall():
    for feasible in (Box((-2.0,), (2.0,)), Ball((0.0,), 2.0)):
        ray = Ray(parabola(feasible), np.array([0.0]), np.array([-6.0]))
        assert ray.values(np.array([1.0])) == pytest.approx([1.0])
        assert ray.is_free(0.3)
        assert not ray.is_free(0.4)
        found = least(ray, 1.0)
        assert found is not None
        assert found.value == pytest.approx(1.0)
        assert found.eta >= 1.0 / 3.0 - 1e-6


def test_a_direction_that_rises_has_its_minimum_at_0():
    found = least(Ray(parabola(), np.array([0.0]), np.array([6.0])), 1.0)
    assert found is not None
    assert found.eta == pytest.approx(0.0, abs=1e-9)
    assert found.value == 9.0


def test_what_is_not_a_number_is_no_minimum():
    ray = Ray(parabola(), np.array([0.0]), np.array([-6.0]))
    etas = np.linspace(0.0, 1.7, 129)
    found = minimise(ray, etas, np.where(etas > 1.0, np.nan, ray.values(etas)))
    assert found is not None
    assert found.eta == pytest.approx(0.5, abs=2e-10)


@pytest.mark.parametrize("feasible", [WholeSpace(), Box((-9.0, -9.0), (0.5, 9.0))])
def test_a_search_that_is_cancelled_ends_where_it_is(feasible: FeasibleSet):
    # φ(η) = (3 − min(η, wall))² + (1 − η)², with its least value at 2, or behind the wall at 1.
    data = Dataset(np.eye(2), np.array([[3.0], [1.0]]))
    problem = Problem(data, Network((2, 1), (IDENTITY,), (False,)), feasible=feasible)
    ray = Ray(problem, np.zeros(2), np.array([-1.0, -1.0]))
    etas = np.array([0.0, 0.7, 1.5, 2.4])
    lowest = 2.0 if isinstance(feasible, WholeSpace) else 1.0
    whole = minimise(ray, etas, ray.values(etas))
    cut = minimise(ray, etas, ray.values(etas), lambda: True)
    assert whole is not None
    assert cut is not None
    assert whole.eta == pytest.approx(lowest, abs=1e-7)
    assert abs(cut.eta - lowest) > 0.01


def test_where_nothing_is_finite_there_is_no_minimum():
    assert least(Ray(parabola(), np.array([1e200]), np.array([1.0])), 1.0) is None


def test_the_lectures_step_on_sample_4_is_on_its_ray():
    sampling = Sampling(order="given", batches=((3,),))
    run = lecture_run(1, sampling=sampling)
    ray = ray_of(run.record(1))
    assert ray.direction.tolist() == [0.5, -1.25]
    assert ray.values(np.array([0.0, 0.1])) == pytest.approx([1.0, 1.0344], abs=5e-5)
    # ∇E·∇e⁴ = 2.75·0.5 − 1·1.25
    assert ray.slope(0.0) == pytest.approx(-0.125)
    found = least(ray, 0.2)
    assert found is not None
    dense = np.linspace(0.0, 0.2, 20_001)
    assert found.eta == pytest.approx(dense[ray.values(dense).argmin()], abs=1e-5)
    assert ray.slope(found.eta) == pytest.approx(0.0, abs=1e-8)


@pytest.mark.parametrize("kind", [*OPTIMIZERS, GradientDescent, Momentum])
def test_every_optimizer_steps_along_its_ray(kind: type):
    run = lecture_run(3, optimizer=kind(learning_rate=0.05))
    record = run.record(3)
    point = ray_of(record).points(np.array([record.rate]))[0]
    assert point == pytest.approx(record.theta_after, abs=1e-12)
