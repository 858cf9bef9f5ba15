"""Surface jobs: how fine, in which parts, and how they end early."""

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.generators import Moons
from mlpsim.core.losses import BCE_LOGITS
from mlpsim.core.network import Network
from mlpsim.core.plane import directions, two_weights
from mlpsim.core.problem import Problem
from mlpsim.core.surface import Surface
from mlpsim.core.window import Window
from mlpsim.session.surface_job import Part, first_detail, next_detail, surface_job
from tests.core.engines import needs_numba

WINDOW = Window(-1.0, 1.0, -1.0, 1.0)


def problem_of(samples: int) -> Problem:
    network = Network((2, 8, 8, 1), (TANH, TANH, IDENTITY), (True, True, True))
    return Problem(Moons(samples=samples).generate(), network, BCE_LOGITS, "mean")


def test_a_slice_of_500_samples_comes_in_three_grids_up_to_200_by_200() -> None:
    problem, plane = problem_of(500), two_weights(np.zeros(105), 0, 1)
    detail, sizes = first_detail(problem), []
    while detail is not None:
        job = surface_job(problem, plane, WINDOW, None, detail)
        sizes.append((job.nx, job.ny))
        detail = next_detail(problem, detail)
    assert sizes == [(19, 20), (61, 62), (200, 200)]


def test_a_job_in_parts_gives_the_values_of_the_whole() -> None:
    problem = problem_of(1500)
    plane = two_weights(np.linspace(-1.0, 1.0, 105), 0, 1)
    job = surface_job(problem, plane, WINDOW, None, "coarse")
    answer, shares = job.run(), []
    while isinstance(answer, Part):
        shares.append(answer.share)
        answer = job.going_on(answer).run()
    assert answer is not None
    assert shares == sorted(shares)
    expected = problem.value(plane.points(answer.xs, answer.ys))
    assert answer.values == pytest.approx(expected, rel=1e-12)


def test_a_cheap_surface_is_computed_at_every_point() -> None:
    problem, plane = lecture_experiment().problem, two_weights(np.zeros(2), 0, 1)
    surface = surface_job(problem, plane, WINDOW, None, "fine").run()
    assert isinstance(surface, Surface)
    assert surface.error == 0.0
    expected = problem.value(plane.points(surface.xs, surface.ys))
    assert surface.values == pytest.approx(expected, rel=1e-13)


def test_a_dear_smooth_surface_is_interpolated() -> None:
    problem, plane = problem_of(500), two_weights(np.linspace(-1.0, 1.0, 105), 0, 1)
    surface = surface_job(problem, plane, WINDOW, None, "fine").run()
    assert isinstance(surface, Surface)
    assert 0.0 < surface.error < 1e-3
    expected = problem.value(plane.points(surface.xs, surface.ys[::40]))
    assert surface.values[::40] == pytest.approx(expected, abs=2.0 * surface.error)


def test_a_cancelled_job_has_no_answer() -> None:
    problem, plane = problem_of(10), two_weights(np.zeros(105), 0, 1)
    assert surface_job(problem, plane, WINDOW, None, "fine").run(lambda: True) is None


@needs_numba
@pytest.mark.parametrize("kind", ["two weights", "random"])
def test_who_computes_a_surface_changes_nothing_but_its_rounding(kind: str) -> None:
    problem, rng = problem_of(200), np.random.default_rng(4)
    theta = rng.normal(0.0, 0.5, problem.network.n_params)
    plane = two_weights(theta, 0, 90)
    if kind == "random":
        plane = directions(theta, *rng.normal(0.0, 1.0, (2, len(theta))))
    found = []
    for engine in (None, COMPILED):
        job = surface_job(problem, plane, WINDOW, None, "coarse", engine)
        found.append(job.finish())
    reference, compiled = found
    assert compiled.values == pytest.approx(reference.values, rel=1e-11)
    assert (compiled.log, compiled.ticks) == (reference.log, reference.ticks)
    assert (compiled.error > 0.0) == (reference.error > 0.0)


@needs_numba
def test_an_engine_leaves_out_what_only_fills_the_time() -> None:
    problem, plane = problem_of(40), two_weights(np.zeros(105), 0, 1)
    assert first_detail(problem) == "coarse"
    small = problem_of(1)
    assert (first_detail(small), first_detail(small, COMPILED)) == ("coarse", "fine")
    with_numpy = surface_job(problem, plane, WINDOW, None, "coarse")
    compiled = surface_job(problem, plane, WINDOW, None, "coarse", COMPILED)
    assert with_numpy.is_same_as(compiled)
    assert (compiled.nx, compiled.ny) == (with_numpy.nx, with_numpy.ny)
