"""The document: its log replayed gives every state, bit for bit."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.edits import edited, with_theta
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.document import (
    Document,
    document_of,
    new_document,
    reopened,
    replayed,
    states,
)
from mlpsim.core.optimizers import Adam, GradientDescent, Momentum
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given
from mlpsim.core.training import FULL_RECORDING, recording_interval
from tests.runs import grown


@pytest.fixture
def edited_run() -> Run:
    """Edits of every kind: optimizer, rate, a weight, data, batch size."""
    experiment = replace(lecture_experiment(), optimizer=Adam(0.05))
    run = grown(Run.from_experiment(experiment), 7)
    run = grown(edited(run, 5, replace(experiment, optimizer=Adam(0.01))), 6)
    run = grown(with_theta(run, 11, np.array([0.25, -1 / 3])), 3)
    experiment = replace(run.segments[-1].experiment, optimizer=Momentum(0.1))
    run = grown(edited(run, 13, experiment), 4)
    x = experiment.problem.data.x.copy()
    x[2, 1] = 3.5
    problem = replace(experiment.problem, data=Dataset(x, experiment.problem.data.y))
    run = grown(edited(run, 17, replace(experiment, problem=problem)), 5)
    experiment = replace(experiment, problem=problem, sampling=Sampling(3, seed=4))
    return grown(edited(run, 20, experiment), 9)


def test_replaying_the_log_gives_every_state_bit_for_bit(edited_run) -> None:
    document = document_of(edited_run, 12)
    again = replayed(document)
    assert again.last == edited_run.last == 29
    assert again.segments == edited_run.segments
    for k in range(30):
        assert again.theta(k).tobytes() == edited_run.theta(k).tobytes()
    assert document.experiment is edited_run.segment_at(12).experiment


def test_states_are_those_of_the_run_and_go_on_beyond_its_end(edited_run) -> None:
    found = list(states(edited_run.segments, 40))
    assert [state.k for _, state in found] == list(range(41))
    for segment, state in found[:30]:
        assert state.theta.tobytes() == edited_run.theta(state.k).tobytes()
        assert segment is edited_run.segment_at(state.k)
    grown(edited_run, 11)
    assert found[40][1].theta.tobytes() == edited_run.theta(40).tobytes()


@pytest.mark.parametrize("steps", [0, 4, 5, 6])
def test_states_may_end_before_the_log_does(edited_run, steps) -> None:
    assert [state.k for _, state in states(edited_run.segments, steps)] == list(range(steps + 1))


def test_a_replay_can_be_interrupted_and_ends_at_a_divergence() -> None:
    experiment = lecture_experiment()
    document = new_document(experiment)
    assert (document.last, document.cursor, document.segments[0].theta) == (0, 0, (0.0, 0.0))
    long = Document(experiment, document.segments, 10**9)
    asked: list[int] = []

    def interrupted() -> bool:
        asked.append(1)
        return len(asked) > 20

    assert 0 < replayed(long, interrupted).last < 10**9
    diverging = replace(
        experiment,
        optimizer=GradientDescent(1e300),
        problem=replace(experiment.problem, data=Dataset([[1e150, 1.0]], [[0.0]])),
    )
    identity = replace(diverging.problem.network, activations=(IDENTITY,))
    diverging = replace(diverging, problem=replace(diverging.problem, network=identity))
    diverging = replace(diverging, start=Given((1.0, 1.0)))
    again = replayed(Document(diverging, new_document(diverging).segments, 1000))
    assert again.diverged_at is not None
    assert again.last < 1000


def test_a_run_that_had_diverged_is_known_to_when_it_is_reopened() -> None:
    experiment = lecture_experiment()
    network = replace(experiment.problem.network, activations=(IDENTITY,))
    problem = replace(experiment.problem, network=network)
    wild = replace(experiment, problem=problem, optimizer=GradientDescent(1.0))
    for sampling in (wild.sampling, Sampling(1)):
        run = grown(Run.from_experiment(replace(wild, sampling=sampling)), 5000)
        assert run.diverged_at == run.last + 1
        again = reopened(document_of(run, 3))
        assert (again.last, again.diverged_at) == (run.last, run.diverged_at)
        assert np.array_equal(again.theta(again.last), run.theta(run.last))
        before = document_of(run.head(run.last - 1), 3)
        assert reopened(before).diverged_at is None
        assert reopened(before).last == run.last - 1
        assert reopened(document_of(run, 3), lambda: True).diverged_at is None


def test_a_divergence_between_recorded_states_is_known_too() -> None:
    experiment = lecture_experiment()
    network = replace(experiment.problem.network, activations=(IDENTITY,))
    x, y = np.zeros((FULL_RECORDING, 2)), np.ones((FULL_RECORDING, 1))
    x[3], x[9] = 1.0, 1e200  # the first one to move a weight makes the error of the other infinite
    problem = replace(experiment.problem, network=network, data=Dataset(x, y))
    cyclic = replace(experiment, problem=problem, sampling=Sampling(1, "cyclic"))
    run = grown(Run.from_experiment(cyclic), 20)
    assert (run.last, run.diverged_at) == (3, 4)
    again = reopened(document_of(run, 3))
    assert recording_interval(again.segments[-1]) > 4
    assert (again.last, again.diverged_at) == (3, 4)


def test_a_new_document_tries_no_step() -> None:
    wild = replace(lecture_experiment(), optimizer=GradientDescent(1e308))
    assert reopened(new_document(wild)).diverged_at is None
