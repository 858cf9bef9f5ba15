"""Opening: the run that a document logs, and where it looks."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

import mlpsim.core.run as run_module
from mlpsim.core import replaying, rows
from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.files.document import View, ViewKind, document_of, new_document
from mlpsim.core.looks.camera import Camera
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.plane import pca
from mlpsim.core.problem import Problem
from mlpsim.core.starts import Given
from mlpsim.core.window import Window
from mlpsim.session.landscape import Landscape
from mlpsim.session.opening import Replay, guide_of, show_view, view_of
from mlpsim.session.session import Session
from tests.runs import trained

LECTURE = lecture_experiment()
WINDOW = Window(-1.0, 2.0, -3.0, 4.0)


@pytest.fixture
def landscape(open_session: Callable[..., Session]) -> Landscape:
    return Landscape(open_session(LECTURE, 20))


def test_a_replay_is_the_run_and_the_path_it_would_take() -> None:
    run = trained(LECTURE, 20)
    again, path = Replay(document_of(run, 20), None, 30).run(lambda: False)
    assert again.last == 20
    assert np.array_equal(again.recorded(0, 20)[1], run.recorded(0, 20)[1])
    assert np.array_equal(path, trained(LECTURE, 30).recorded(0, 30)[1])


def test_a_replay_knows_the_state_on_view_however_far_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rows, "BLOCK", 16)
    monkeypatch.setattr(run_module, "THETA_BUDGET", 16 * 16)
    run = trained(LECTURE, 50)
    assert run.stride == 4
    again, _ = Replay(document_of(run, 41), None, 50).run(lambda: False)
    assert not again.keeps(41)
    monkeypatch.setattr(replaying, "AT_ONCE", 0)
    again, _ = Replay(document_of(run, 41), None, 50).run(lambda: False)
    assert again.keeps(41)
    assert np.array_equal(again.theta(41), run.theta(41))


def test_a_replay_knows_that_the_run_had_diverged() -> None:
    network = replace(LECTURE.problem.network, activations=(IDENTITY,))
    problem = replace(LECTURE.problem, network=network)
    run = trained(replace(LECTURE, problem=problem, optimizer=GradientDescent(1.0)), 5000)
    again, _ = Replay(document_of(run, run.last), None, run.last).run(lambda: False)
    assert again.diverged_at == run.diverged_at == run.last + 1


def test_the_path_is_needed_beyond_the_log_only_for_a_view_along_it() -> None:
    run = trained(LECTURE, 20)
    for kind, guide in (("pca", 50), ("data", 50), ("two_weights", 20), ("random", 20)):
        assert guide_of(document_of(run, 20, View(kind)), 50) == guide
    assert guide_of(document_of(run, 20, View("pca")), 5) == 20
    assert guide_of(replace(new_document(LECTURE), view=None), 50) == 0


@pytest.mark.parametrize(
    "view",
    [
        View("two_weights", (1, 0), WINDOW, True),
        View("random", window=WINDOW, log=False, seed=7),
        View("pca", window=WINDOW),
        View("random", window=WINDOW, seed=2, centre="start", follow="run"),
        View("two_weights", window=WINDOW, centre="mean", follow="off"),
        View("random", window=WINDOW, seed=2, step=5),
        View("pca", window=WINDOW, look="relief", camera=Camera(10.0, 20.0, 1.5)),
        View("two_weights", window=WINDOW, look="both"),
    ],
    ids=str,
)
def test_what_is_looked_at_is_written_and_seen_again(landscape: Landscape, view: View) -> None:
    path = trained(LECTURE, 20).recorded(0, 20)[1]
    show_view(landscape, view, path)
    assert view_of(landscape) == view
    assert landscape.plane.kind == view.kind
    assert landscape.home == WINDOW
    if view.kind == "pca":
        assert np.array_equal(landscape.plane.u, pca(path).u)


def test_without_a_view_everything_stays(landscape: Landscape) -> None:
    plane, window = landscape.plane, landscape.window
    show_view(landscape, None, np.zeros((1, 2)))
    assert (landscape.plane, landscape.window) == (plane, window)
    show_view(landscape, View("two_weights", (0, 1)), np.zeros((1, 2)))
    assert landscape.window == window


def test_a_path_that_does_not_move_is_seen_in_a_random_plane(landscape: Landscape) -> None:
    show_view(landscape, View("pca", seed=3), np.zeros((5, 2)))
    assert landscape.plane.kind == "random"
    assert landscape.aim.seed == 3


@pytest.mark.parametrize("kind", ["pca", "random"])
def test_weights_too_large_for_random_directions_are_seen_over_two_of_them(
    open_session: Callable[..., Session], kind: ViewKind
) -> None:
    session = open_session(replace(LECTURE, start=Given((1e300, 1e300))))
    landscape = Landscape(session, session)
    show_view(landscape, View(kind), session.run.recorded(0, 0)[1])
    assert landscape.plane.kind == "two_weights"


def test_one_weight_has_no_plane_to_choose(open_session: Callable[..., Session]) -> None:
    data = Dataset(np.ones((1, 1)), np.ones((1, 1)))
    problem = Problem(data, Network((1, 1), (IDENTITY,), (False,)))
    session = open_session(Experiment(problem, GradientDescent(0.1), start=Given((0.0,))), 5)
    landscape = Landscape(session, session)
    for kind in ("two_weights", "pca"):
        show_view(landscape, View(kind), session.run.recorded(0, 5)[1])
        assert landscape.plane.kind == "one_weight"
    landscape.set_window(WINDOW)
    assert view_of(landscape).window == WINDOW
