"""Long jobs on several threads: the same bits, and an end when someone interrupts."""

from dataclasses import replace
from threading import get_ident

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, TANH
from mlpsim.core.compiled import threads
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.generators import Moons
from mlpsim.core.losses import BCE_LOGITS
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.plane import filter_normalised, random_directions
from mlpsim.core.problem import Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.slices import Slice
from mlpsim.core.studies.fan import FanQuestion, fan
from tests.core.engines import needs_numba

pytestmark = needs_numba

LECTURE = replace(lecture_experiment(), optimizer=GradientDescent(0.05))
STEPS = 500


def on_threads(monkeypatch, count, answer):
    monkeypatch.setenv("NUMBA_NUM_THREADS", str(count))
    return answer()


def starts() -> np.ndarray:
    """So many that the fleet is long enough for threads."""
    samples, n_params = 4, 2
    members = threads.SHORTEST // (STEPS * samples * n_params) + 1
    return np.random.default_rng(0).uniform(-4.0, 4.0, (members, n_params))


def test_a_fleet_ends_where_it_ends_on_one_thread(monkeypatch) -> None:
    given = starts()
    one, three = (
        on_threads(monkeypatch, count, lambda: COMPILED.fleet(LECTURE, given, STEPS, lambda: False))
        for count in (1, 3)
    )
    assert np.array_equal(one[0], three[0])
    assert np.array_equal(one[1], three[1])


def test_the_paths_of_seeds_are_those_of_one_thread(monkeypatch) -> None:
    monkeypatch.setattr(threads, "SHORTEST", 0)
    question = FanQuestion(replace(LECTURE, sampling=Sampling(1)), 600, 40, COMPILED)
    one, three = (on_threads(monkeypatch, count, lambda: fan(question)) for count in (1, 3))
    assert np.array_equal(one.thetas, three.thetas)


def test_a_surface_has_the_values_of_one_thread(monkeypatch) -> None:
    problem = Problem(
        Moons(samples=200).generate(),
        Network((2, 8, 8, 1), (TANH, TANH, IDENTITY), (True,) * 3),
        BCE_LOGITS,
    )
    theta = np.random.default_rng(4).normal(size=problem.network.n_params)
    random = random_directions(problem.network, 4)
    plane = filter_normalised(problem.network, theta, *random)
    over = Slice(problem, plane, COMPILED)
    axis = np.linspace(-1.0, 1.0, 60)
    one, three = (on_threads(monkeypatch, n, lambda: over.values(axis, axis)) for n in (1, 3))
    assert np.array_equal(one, three)
    monkeypatch.setenv("NUMBA_NUM_THREADS", "3")
    assert over.values(axis, axis, lambda: True) is None


def test_an_interrupted_fleet_has_no_end(monkeypatch) -> None:
    assert (
        on_threads(monkeypatch, 3, lambda: COMPILED.fleet(LECTURE, starts(), STEPS, lambda: True))
        is None
    )


@pytest.mark.parametrize(("beyond", "stays"), [(-1, True), (0, False)])
def test_a_short_job_stays_on_the_thread_that_asks(monkeypatch, beyond, stays) -> None:
    monkeypatch.setenv("NUMBA_NUM_THREADS", "3")
    seen = set[int]()
    length = threads.SHORTEST + beyond
    assert threads.side_by_side(lambda part: not seen.add(get_ident()), range(5), length)
    assert (seen == {get_ident()}) == stays


def test_what_is_not_done_ends_the_job() -> None:
    done = list[int]()
    assert not threads.side_by_side(lambda part: not done.append(part) and part < 2, range(5), 0)
    assert done == [0, 1, 2]


@pytest.mark.parametrize(
    ("said", "processors", "count"),
    [("", 8, 7), ("", 1, 1), ("2", 8, 2), ("0", 4, 3), ("all", 4, 3)],
)
def test_one_processor_is_left_to_the_window_unless_numbas_variable_says_more(
    monkeypatch, said, processors, count
) -> None:
    monkeypatch.setenv("NUMBA_NUM_THREADS", said)
    monkeypatch.setattr(threads, "processors", lambda: processors)
    assert threads.count() == count
