"""Surface jobs: how fine, in which parts, and how they end early."""

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.generators import Moons
from mlpsim.core.losses import BCE_LOGITS
from mlpsim.core.network import Network
from mlpsim.core.plane import two_weights
from mlpsim.core.problem import Problem
from mlpsim.core.surface import Window
from mlpsim.session.surface_job import Part, first_detail, next_detail, surface_job

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


def test_a_cancelled_job_has_no_answer() -> None:
    problem, plane = problem_of(10), two_weights(np.zeros(105), 0, 1)
    assert surface_job(problem, plane, WINDOW, None, "fine").run(lambda: True) is None
