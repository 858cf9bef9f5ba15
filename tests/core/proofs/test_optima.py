"""The optima of golden/optima.json: values, gradients and curvatures known to 18 digits."""

import numpy as np
import pytest

from tests.recorded import OPTIMA, problem_of

POINTS = [
    pytest.param(case, point, id=f"{case['id']}-{point['kind']}-{i}")
    for case in OPTIMA.values()
    for i, point in enumerate(case["points"])
]


def scale_of(problem, theta):
    """How far rounding theta to 53 bits can move the gradient."""
    return np.abs(problem.hessian(theta)).sum(axis=1).max() * np.abs(theta).max() * 2.0**-52


@pytest.mark.parametrize(("case", "point"), POINTS)
def test_value_gradient_and_curvature_at_a_known_point(case, point) -> None:
    problem = problem_of(case)
    theta = np.array([float(w) for w in point["w"]])
    gradient = np.array([float(g) for g in point["gradient"]])
    eigenvalues = np.sort([float(e) for e in point["hessian_eigenvalues"]])
    value = float(point["f"])
    assert problem.value(theta) == pytest.approx(value, rel=2e-14, abs=0)
    slack = 4 * scale_of(problem, theta) + 1e-13 * np.abs(gradient).max()
    assert np.abs(problem.gradient(theta) - gradient).max() <= slack
    found = np.linalg.eigvalsh(problem.hessian(theta))
    assert np.abs(found - eigenvalues).max() <= 1e-12 * np.abs(eigenvalues).max()


@pytest.mark.parametrize(("case", "point"), POINTS)
def test_an_optimum_is_stationary_on_its_feasible_set(case, point) -> None:
    problem = problem_of(case)
    theta = np.array([float(w) for w in point["w"]])
    assert problem.feasible.contains(theta)
    assert problem.stationarity(theta) <= 1e-12
