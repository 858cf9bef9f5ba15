"""Edits of a run: what goes on, what begins anew, and what is projected."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import TANH
from mlpsim.core.edits import edited, with_start, with_theta
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.network import Network
from mlpsim.core.optimizers import Adam, Momentum
from mlpsim.core.problem import Penalty
from mlpsim.core.sampling import Sampling
from mlpsim.core.schedules import InverseTime
from mlpsim.core.starts import GlorotUniform
from tests.runs import grown, trained

LECTURE = lecture_experiment()


def test_a_new_learning_rate_keeps_the_optimizers_state() -> None:
    experiment = replace(LECTURE, optimizer=Momentum(0.05))
    run = trained(experiment, 10)
    forked = edited(run, 4, replace(experiment, optimizer=Momentum(0.01)))
    assert forked.last == 4
    assert np.array_equal(forked.tip.state[0], run.checkpoint(4).state[0])
    assert forked.tip.t == 4
    grown(forked, 1)
    v = 0.9 * run.checkpoint(4).state[0] + LECTURE.problem.gradient(run.theta(4))
    np.testing.assert_allclose(forked.theta(5), run.theta(4) - 0.01 * v, rtol=1e-14)
    assert run.last == 10
    assert np.array_equal(forked.theta(3), run.theta(3))
    assert forked.segment_at(3).experiment is experiment


@pytest.mark.parametrize(
    "change",
    [
        lambda e: replace(e, optimizer=Adam(0.05)),
        lambda e: replace(e, problem=replace(e.problem, penalty=Penalty(l2=0.1))),
        lambda e: replace(e, problem=replace(e.problem, reduction="mean")),
    ],
)
def test_another_optimizer_or_objective_empties_the_state(change: object) -> None:
    experiment = replace(LECTURE, optimizer=Momentum(0.05))
    run = trained(experiment, 10)
    forked = edited(run, 4, change(experiment))
    assert forked.tip.t == 0
    assert not forked.tip.state[0].any()
    assert np.array_equal(forked.theta(4), run.theta(4))


def test_a_feasible_set_projects_the_state() -> None:
    run = trained(LECTURE, 10)
    fenced = replace(LECTURE, problem=replace(LECTURE.problem, feasible=Box((-0.1, -1), (1, 1))))
    forked = edited(run, 5, fenced)
    assert forked.theta(5)[0] == -0.1
    assert forked.segments[-1].theta is not None
    grown(forked, 3)
    record = forked.record(6)
    assert record.projected
    assert record.theta_after[0] == -0.1


def test_the_next_epoch_begins_with_an_edit_of_the_sampling() -> None:
    experiment = replace(LECTURE, sampling=Sampling(1, seed=0))
    run = trained(experiment, 10)  # in epoch 2, two of four steps taken
    forked = edited(run, 10, replace(experiment, sampling=Sampling(1, seed=5)))
    grown(forked, 4)
    assert forked.segments[-1].visit(11) == (3, 0)
    visits = [int(forked.record(k).batch[0]) for k in range(11, 15)]
    assert visits == list(Sampling(1, seed=5).epoch_order(4, 3))
    at_boundary = edited(run, 8, replace(experiment, sampling=Sampling(2, seed=0)))
    assert at_boundary.segments[-1].visit(9) == (2, 0)
    again = edited(at_boundary, 8, replace(experiment, sampling=Sampling(3, seed=0)))
    assert again.segments[-1].visit(9) == (2, 0)
    assert len(again.segments) == 2


def test_an_edit_of_the_rate_goes_on_in_the_epoch() -> None:
    experiment = replace(LECTURE, sampling=Sampling(1, seed=0))
    run = trained(experiment, 10)
    forked = edited(run, 6, replace(experiment, schedule=InverseTime(0.1)))
    grown(forked, 4)
    assert [list(forked.record(k).batch) for k in range(7, 11)] == [
        list(run.record(k).batch) for k in range(7, 11)
    ]


def test_a_new_sample_begins_an_epoch() -> None:
    experiment = replace(LECTURE, sampling=Sampling(1, seed=0))
    run = trained(experiment, 6)
    data = LECTURE.problem.data.appended(np.ones(2), np.ones(1))
    forked = edited(run, 6, replace(experiment, problem=replace(experiment.problem, data=data)))
    assert forked.segments[-1].visit(7) == (2, 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda e: with_start(e, np.array([1.0, 2.0])),
        lambda e: replace(
            e,
            start=GlorotUniform(),
            problem=replace(e.problem, network=Network((2, 1), (TANH,), (True,))),
        ),
    ],
)
def test_another_start_or_shape_begins_a_new_run(change: object) -> None:
    run = trained(LECTURE, 5)
    assert edited(run, 5, change(LECTURE)).last == 0


def test_an_edit_at_state_0_changes_the_experiment() -> None:
    run = trained(LECTURE, 5)
    changed = edited(run, 0, replace(LECTURE, optimizer=Adam()))
    assert changed.last == 0
    assert len(changed.segments) == 1


def test_a_weight_set_by_hand_keeps_the_state_and_shows_in_the_record() -> None:
    run = trained(replace(LECTURE, optimizer=Momentum(0.05)), 6)
    forked = with_theta(run, 4, np.array([0.5, 0.25]))
    assert list(forked.theta(4)) == [0.5, 0.25]
    assert np.array_equal(forked.tip.state[0], run.checkpoint(4).state[0])
    grown(forked, 2)
    record = forked.record(4)
    assert np.array_equal(record.theta_after, run.theta(4))
    assert list(record.set_by_hand) == [0.5, 0.25]
    twice = with_theta(forked, 4, np.array([0.75, 0.25]))
    assert list(twice.theta(4)) == [0.75, 0.25]
    assert len(twice.segments) == 2
    rate = edited(twice, 4, replace(twice.segments[-1].experiment, scaling="unbiased"))
    assert list(rate.theta(4)) == [0.75, 0.25]
