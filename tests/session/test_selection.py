"""The selection: what is highlighted everywhere, as long as it is there."""

from dataclasses import replace

from pytestqt.qtbot import QtBot

from mlpsim.core.activations import TANH
from mlpsim.core.editing import surgery
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.sampling import Sampling
from mlpsim.session.session import Session
from tests.runs import train

LECTURE = lecture_experiment()


def test_a_selected_sample_is_announced_once_and_dropped_with_its_data(
    session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.selection.sample_selected):
        session.selection.select_sample(3)
    with qtbot.assertNotEmitted(session.selection.sample_selected):
        session.selection.select_sample(3)
    session.edit(replace(LECTURE, sampling=Sampling(1)), "SGD")
    assert session.selection.sample == 3
    session.edit_problem("Delete", data=LECTURE.problem.data.without([3]))
    assert session.selection.sample is None


def test_the_sample_under_the_pointer_is_brushed_before_the_selected_one(
    qtbot: QtBot, session: Session
) -> None:
    session.selection.select_sample(1)
    assert session.selection.brushed_sample == 1
    with qtbot.waitSignal(session.selection.sample_pointed) as pointed:
        session.selection.point_at_sample(3)
    assert pointed.args == [3]
    assert (session.selection.brushed_sample, session.selection.sample) == (3, 1)
    with qtbot.assertNotEmitted(session.selection.sample_pointed):
        session.selection.point_at_sample(3)
    data = session.experiment.problem.data
    session.edit_problem("Remove", data=data.without([3]))
    assert session.selection.pointed_sample is None
    assert session.selection.brushed_sample == 1


def test_a_selected_sample_is_dropped_where_looking_back_finds_fewer(session: Session) -> None:
    session.edit_problem("Delete", data=LECTURE.problem.data.without([3]))
    train(session, 2)
    session.edit_problem("Add", data=LECTURE.problem.data)
    session.selection.select_sample(3)
    session.seek(1)
    assert session.selection.sample is None


def test_a_selected_parameter_is_announced_once_and_dropped_with_the_networks_shape(
    session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.selection.parameter_selected) as selected:
        session.selection.select_parameter(1)
    assert selected.args == [1]
    with qtbot.assertNotEmitted(session.selection.parameter_selected):
        session.selection.select_parameter(1)
    session.edit(replace(LECTURE, optimizer=GradientDescent(0.5)), "Set η")
    tanh, _ = surgery.with_activation(session.experiment, 1, TANH)
    session.edit(tanh, "tanh")
    assert session.selection.parameter == 1
    biased, _ = surgery.with_bias(session.experiment, 1, True)
    with qtbot.waitSignal(session.selection.parameter_selected) as dropped:
        session.edit(biased, "Bias")
    assert dropped.args == [None]
    assert session.selection.parameter is None


def test_a_sample_that_is_no_more_is_neither_selected_nor_pointed_at(session: Session) -> None:
    session.selection.select_sample(2)
    session.selection.point_at_sample(1)
    session.selection.select_sample(4)
    session.selection.point_at_sample(145)
    assert (session.selection.sample, session.selection.pointed_sample) == (2, 1)
