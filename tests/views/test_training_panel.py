"""The training panel: every choice becomes one undoable edit; what is refused stays as typed."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QScrollArea
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.losses import BCE_LOGITS, HINGE, LOSSES, SQUARED_ERROR, huber
from mlpsim.core.network import Network
from mlpsim.core.optimizers import OPTIMIZERS, Adam, GradientDescent, Momentum
from mlpsim.core.problem import Penalty
from mlpsim.core.sampling import ORDERS, Sampling
from mlpsim.core.schedules import SCHEDULES, Constant, InverseTime
from mlpsim.core.second_order import SECOND_ORDER
from mlpsim.core.starts import STARTS, Given, GlorotUniform, Uniform, Zeros
from mlpsim.views.context import Context
from mlpsim.views.panels.training import TOPICS, TrainingPanel
from mlpsim.views.parts.training.feasible_form import FeasibleForm
from mlpsim.views.parts.training.sampling_form import SamplingForm, read_batches, write_batches
from mlpsim.views.widgets.form_section import FormSection
from tests.runs import train
from tests.views.controls import is_inside, on_view, running, typed

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot, context: Context) -> TrainingPanel:
    return shown(qtbot, context)


def shown(qtbot: QtBot, context: Context) -> TrainingPanel:
    return on_view(qtbot, TrainingPanel(context), 400, 600)


def choose(combo: QComboBox, row: int) -> None:
    combo.setCurrentIndex(row)
    combo.activated.emit(row)


def undone(context: Context) -> Experiment:
    """The experiment after one undo; the edit is redone."""
    stack = context.session.undo_stack
    stack.undo()
    found = context.session.experiment
    stack.redo()
    return found


def test_a_topic_is_one_press_away_and_needs_no_scroll_bar(
    qtbot: QtBot, panel: TrainingPanel
) -> None:
    panel.resize(420, 310)
    bar = panel.findChild(QScrollArea).verticalScrollBar()
    for place, form in enumerate(panel.forms):
        qtbot.mouseClick(panel.topics.chip(place), LEFT)
        assert [other.isVisible() for other in panel.forms].count(True) == 1
        assert form.isVisible()
        qtbot.waitUntil(lambda: bar.maximum() == 0)


def test_topics_wrap_where_there_is_no_room(
    qtbot: QtBot, context: Context, panel: TrainingPanel
) -> None:
    for _ in range(6):
        context.appearance.scale_type(1)
    panel.resize(panel.minimumSizeHint().width(), 600)
    chips = [panel.topics.chip(place) for place in range(len(panel.forms))]
    qtbot.waitUntil(lambda: chips[-1].y() > chips[0].y())
    qtbot.waitUntil(lambda: all(is_inside(chip, panel.topics) for chip in chips))


# -- sampling --------------------------------------------------------------------------------------


def test_every_order_can_be_chosen(qtbot: QtBot, context: Context, panel: TrainingPanel) -> None:
    qtbot.mouseClick(panel.sampling.method.choice.button("mini-batch"), LEFT)
    for row, order in enumerate(ORDERS):
        choose(panel.sampling.order, row)
        assert context.session.experiment.sampling.order == order
    assert context.session.experiment.sampling.batches == ((0, 1), (2, 3))


def test_batches_are_typed_from_one(qtbot: QtBot, context: Context, panel: TrainingPanel) -> None:
    qtbot.mouseClick(panel.sampling.method.choice.button("SGD"), LEFT)
    choose(panel.sampling.order, ORDERS.index("given"))
    assert panel.sampling.batches.text() == "1; 2; 3; 4"
    typed(qtbot, panel.sampling.batches, "1 4; 2 3")
    assert context.session.experiment.sampling.batches == ((0, 3), (1, 2))


@pytest.mark.parametrize("text", ["1 5", "1;;2", "0 1", "x", ""])
def test_wrong_batches_stay_as_typed(
    qtbot: QtBot, context: Context, panel: TrainingPanel, text: str
) -> None:
    qtbot.mouseClick(panel.sampling.method.choice.button("SGD"), LEFT)
    choose(panel.sampling.order, ORDERS.index("given"))
    panel.sampling.batches.clear()
    typed(qtbot, panel.sampling.batches, text)
    assert panel.sampling.batches.text() == text
    assert panel.sampling.batches.refusal
    assert context.session.experiment.sampling.batches == ((0,), (1,), (2,), (3,))


def test_batches_are_read_as_they_are_written() -> None:
    batches = ((0, 3), (1,), (2, 2))
    assert read_batches(write_batches(batches)) == batches


def test_the_sampling_seed(qtbot: QtBot, context: Context, panel: TrainingPanel) -> None:
    assert panel.sampling.seed.isHidden()
    qtbot.mouseClick(panel.sampling.method.choice.button("SGD"), LEFT)
    typed(qtbot, panel.sampling.seed, "9223372036854775807")
    assert context.session.experiment.sampling.seed == 2**63 - 1
    typed(qtbot, panel.sampling.seed, "1.5")
    assert panel.sampling.seed.text() == "1.5"
    assert context.session.experiment.sampling.seed == 2**63 - 1


# -- optimizer -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_every_optimizer_has_its_form(context: Context, panel: TrainingPanel, kind: type) -> None:
    choose(panel.optimizer.optimizer, OPTIMIZERS.index(kind))
    optimizer, rate = context.session.experiment.optimizer, 1.0 if kind in SECOND_ORDER else 0.1
    assert optimizer == kind(learning_rate=rate)
    assert panel.optimizer.hyperparameters.entry("learning_rate").text() == f"{rate:g}"


def test_a_hyperparameter_is_typed(qtbot: QtBot, context: Context, panel: TrainingPanel) -> None:
    choose(panel.optimizer.optimizer, OPTIMIZERS.index(Adam))
    typed(qtbot, panel.optimizer.hyperparameters.entry("beta2"), "0,9")
    assert context.session.experiment.optimizer == Adam(0.1, beta2=0.9)
    assert undone(context).optimizer == Adam(0.1)


def test_hyperparameters_that_do_not_go_together_are_refused_with_the_reason(
    qtbot: QtBot, context: Context, panel: TrainingPanel
) -> None:
    choose(panel.optimizer.optimizer, OPTIMIZERS.index(Momentum))
    form = panel.optimizer.hyperparameters
    typed(qtbot, form.entry("dampening"), "0.5")
    form.check("nesterov").click()
    assert "Nesterov" in form.error
    assert form.check("nesterov").isChecked()
    assert context.session.experiment.optimizer == Momentum(0.1, dampening=0.5)


@pytest.mark.parametrize("kind", SCHEDULES)
def test_every_schedule_has_its_form(context: Context, panel: TrainingPanel, kind: type) -> None:
    choose(panel.optimizer.schedule, SCHEDULES.index(kind))
    assert context.session.experiment.schedule == kind()
    assert panel.optimizer.schedule_form.isHidden() == (kind is Constant)


def test_a_schedule_is_typed(qtbot: QtBot, context: Context, panel: TrainingPanel) -> None:
    choose(panel.optimizer.schedule, SCHEDULES.index(InverseTime))
    typed(qtbot, panel.optimizer.schedule_form.entry("decay"), "0.2")
    assert context.session.experiment.schedule == InverseTime(0.2)


def test_a_run_stops_at_a_plateau_when_asked(
    qtbot: QtBot, context: Context, panel: TrainingPanel
) -> None:
    context.session.edit(replace(context.session.experiment, start=Given((9.0, 9.0))), "plateau")
    panel.optimizer.stops.click()
    context.player.run_to(500)
    qtbot.waitUntil(lambda: context.session.run.last == 1)
    panel.optimizer.stops.click()
    context.player.run_to(500)
    qtbot.waitUntil(lambda: context.session.run.last == 500)


# -- loss ------------------------------------------------------------------------------------------


def row_of(name: str) -> int:
    return [entry.name for entry in LOSSES].index(name)


def test_cross_entropy_after_a_sigmoid_is_offered_as_one_edit(
    qtbot: QtBot, context: Context, panel: TrainingPanel
) -> None:
    before = context.session.experiment
    choose(panel.loss.loss, row_of("bce_logits"))
    assert context.session.experiment == before
    assert panel.loss.loss.value == "bce_logits"
    assert panel.loss.loss_offer.button.text() == "Use the logit (identity output)"
    assert "The same model" in panel.loss.loss_offer.sentence.text()
    qtbot.mouseClick(panel.loss.loss_offer.button, LEFT)
    problem = context.session.experiment.problem
    assert problem.loss == BCE_LOGITS
    assert problem.network.activations == (IDENTITY,)
    assert panel.loss.loss_offer.isHidden()
    assert undone(context) == before


def test_a_wanted_loss_can_be_given_up(context: Context, panel: TrainingPanel) -> None:
    choose(panel.loss.loss, row_of("bce_logits"))
    choose(panel.loss.loss, row_of("squared_error"))
    assert panel.loss.loss_offer.isHidden()
    assert context.session.experiment.problem.loss == SQUARED_ERROR


def test_labels_that_do_not_fit_are_converted_only_when_asked(
    qtbot: QtBot, context: Context, panel: TrainingPanel
) -> None:
    choose(panel.loss.loss, row_of("hinge"))
    problem = context.session.experiment.problem
    assert problem.loss == HINGE
    assert problem.data.y[:, 0].tolist() == [1, 1, 0, 0]
    assert not panel.loss.loss_offer.isHidden()
    qtbot.mouseClick(panel.loss.loss_offer.button, LEFT)
    assert context.session.experiment.problem.data.y[:, 0].tolist() == [1, 1, -1, -1]
    assert panel.loss.loss_offer.isHidden()
    assert undone(context).problem.data.y[:, 0].tolist() == [1, 1, 0, 0]


def test_labels_beyond_conversion_are_said(qtbot: QtBot) -> None:
    experiment = lecture_experiment()
    data = Dataset(experiment.problem.data.x, [[0.5], [1.5], [2.5], [7.0]])
    given = replace(experiment, problem=replace(experiment.problem, data=data))
    with running(given) as context:
        panel = shown(qtbot, context)
        choose(panel.loss.loss, row_of("hinge"))
        assert not panel.loss.loss_offer.isHidden()
        assert panel.loss.loss_offer.button.isHidden()


def test_delta_belongs_to_huber(qtbot: QtBot, context: Context, panel: TrainingPanel) -> None:
    assert panel.loss.delta.isHidden()
    choose(panel.loss.loss, row_of("huber"))
    typed(qtbot, panel.loss.delta, "0.5")
    assert context.session.experiment.problem.loss == huber(0.5)
    typed(qtbot, panel.loss.delta, "0")
    assert panel.loss.delta.text() == "0"
    assert panel.loss.delta.refusal
    assert context.session.experiment.problem.loss == huber(0.5)


def test_the_mean_offers_eta_times_s(qtbot: QtBot, context: Context, panel: TrainingPanel) -> None:
    qtbot.mouseClick(panel.loss.reduction.button("mean"), LEFT)
    assert context.session.experiment.problem.reduction == "mean"
    assert context.session.experiment.optimizer == GradientDescent(0.1)
    assert panel.loss.rate_offer.button.text() == "Use η·S"
    qtbot.mouseClick(panel.loss.rate_offer.button, LEFT)
    assert context.session.experiment.optimizer == GradientDescent(0.4)
    assert panel.loss.rate_offer.isHidden()
    assert undone(context).optimizer == GradientDescent(0.1)


def test_a_rate_typed_meanwhile_withdraws_the_offer(
    qtbot: QtBot, context: Context, panel: TrainingPanel
) -> None:
    qtbot.mouseClick(panel.loss.reduction.button("mean"), LEFT)
    typed(qtbot, panel.optimizer.hyperparameters.entry("learning_rate"), "0.3")
    assert panel.loss.rate_offer.isHidden()


def test_the_formula_follows_the_scaling(
    qtbot: QtBot, context: Context, panel: TrainingPanel
) -> None:
    lecture = panel.loss.scaling_formula.text()
    qtbot.mouseClick(panel.loss.scaling.button("unbiased"), LEFT)
    assert context.session.experiment.scaling == "unbiased"
    assert "S/B" in panel.loss.scaling_formula.text()
    assert panel.loss.scaling_formula.text() != lecture


# -- penalty and feasible set ----------------------------------------------------------------------


def test_a_penalty_is_typed(qtbot: QtBot, context: Context, panel: TrainingPanel) -> None:
    typed(qtbot, panel.penalty.form.entry("l2"), "0.02")
    panel.penalty.form.check("include_bias").click()
    assert context.session.experiment.problem.penalty == Penalty(l2=0.02, include_bias=True)
    assert "0.01·‖w‖²" in panel.penalty.formula.text()
    typed(qtbot, panel.penalty.form.entry("l1"), "-1")
    assert panel.penalty.form.entry("l1").text() == "-1"
    assert context.session.experiment.problem.penalty == Penalty(l2=0.02, include_bias=True)


def test_a_box_is_typed(qtbot: QtBot, context: Context, panel: TrainingPanel) -> None:
    qtbot.mouseClick(panel.feasible.kind.button(Box), LEFT)
    assert context.session.experiment.problem.feasible == Box((-1.0, -1.0), (1.0, 1.0))
    typed(qtbot, panel.feasible.limits.entries(0)[1], "4")
    typed(qtbot, panel.feasible.limits.entries(1)[0], "-2,5")
    assert context.session.experiment.problem.feasible == Box((-1.0, -2.5), (4.0, 1.0))
    typed(qtbot, panel.feasible.limits.entries(1)[1], "-3")
    assert panel.feasible.limits.entries(1)[1].text() == "-3"
    assert panel.feasible.limits.entries(1)[1].refusal
    assert context.session.experiment.problem.feasible == Box((-1.0, -2.5), (4.0, 1.0))
    qtbot.mouseClick(panel.feasible.kind.button(WholeSpace), LEFT)
    assert context.session.experiment.problem.feasible == WholeSpace()


def test_a_new_set_holds_the_weights_on_view(
    qtbot: QtBot, context: Context, panel: TrainingPanel
) -> None:
    train(context.session, 3000)
    theta = context.session.theta
    qtbot.mouseClick(panel.feasible.kind.button(Ball), LEFT)
    assert context.session.cursor == 3000
    assert context.session.theta.tolist() == theta.tolist()


def test_a_ball_is_typed(qtbot: QtBot, context: Context, panel: TrainingPanel) -> None:
    qtbot.mouseClick(panel.feasible.kind.button(Ball), LEFT)
    typed(qtbot, panel.feasible.radius, "2")
    typed(qtbot, panel.feasible.center, "0,5 -1")
    assert context.session.experiment.problem.feasible == Ball((0.5, -1.0), 2.0)
    typed(qtbot, panel.feasible.center, "1 2 3")
    assert panel.feasible.center.text() == "1 2 3"
    assert "3 here" in panel.feasible.center.refusal
    typed(qtbot, panel.feasible.radius, "-1")
    assert "the least is 0" in panel.feasible.radius.refusal
    assert context.session.experiment.problem.feasible == Ball((0.5, -1.0), 2.0)
    typed(qtbot, panel.feasible.radius, "0")
    assert context.session.experiment.problem.feasible == Ball((0.5, -1.0), 0.0)
    assert context.session.theta.tolist() == [0.5, -1.0]


def test_many_parameters_have_a_common_limit(qtbot: QtBot) -> None:
    experiment = lecture_experiment()
    network = Network((2, 3, 1), (IDENTITY, IDENTITY), (True, True))
    given = replace(experiment, problem=replace(experiment.problem, network=network), start=Zeros())
    with running(given) as context:
        panel = shown(qtbot, context)
        qtbot.mouseClick(panel.feasible.kind.button(Box), LEFT)
        assert panel.feasible.limits.isHidden()
        typed(qtbot, panel.feasible.common, "3")
        count = network.n_params
        assert context.session.experiment.problem.feasible == Box((-3.0,) * count, (3.0,) * count)
        assert panel.feasible.note.isHidden()
        context.session.edit_problem("limits", feasible=Box((-9.0,) * count, (3.0,) * count))
        assert not panel.feasible.note.isHidden()


# -- start -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", STARTS)
def test_every_start_can_be_chosen(context: Context, panel: TrainingPanel, kind: type) -> None:
    choose(panel.start.kind, STARTS.index(kind))
    assert type(context.session.experiment.start) is kind
    choose(panel.start.kind, STARTS.index(Given))
    values = kind().theta(context.session.experiment.problem.network)
    expected = Given((0.0, 0.0)) if kind is Given else Given(tuple(values.tolist()))
    assert context.session.experiment.start == expected


def test_a_start_is_typed(qtbot: QtBot, context: Context, panel: TrainingPanel) -> None:
    train(context.session, 5)
    typed(qtbot, panel.start.values, "1.5 -0,25")
    assert context.session.experiment.start == Given((1.5, -0.25))
    assert context.session.cursor == 0
    assert context.session.theta.tolist() == [1.5, -0.25]
    typed(qtbot, panel.start.values, "1.5")
    assert panel.start.values.text() == "1.5"
    assert "2 numbers are needed" in panel.start.values.refusal
    typed(qtbot, panel.start.values, "1 zwei")
    assert "“zwei” is not a number" in panel.start.values.refusal


def test_a_new_random_start_takes_the_next_seed(
    qtbot: QtBot, context: Context, panel: TrainingPanel
) -> None:
    qtbot.mouseClick(panel.start.again, LEFT)
    assert context.session.experiment.start == GlorotUniform(seed=0)
    qtbot.mouseClick(panel.start.again, LEFT)
    assert context.session.experiment.start == GlorotUniform(seed=1)
    choose(panel.start.kind, STARTS.index(Uniform))
    typed(qtbot, panel.start.form.entry("radius"), "0.5")
    typed(qtbot, panel.start.form.entry("seed"), "7")
    assert context.session.experiment.start == Uniform(0.5, 7)


# -- all of it -------------------------------------------------------------------------------------


def test_a_form_is_made_when_its_topic_is_first_chosen(qtbot: QtBot, panel: TrainingPanel) -> None:
    def made() -> list[FormSection]:
        return panel.findChildren(FormSection)

    assert [type(form) for form in made()] == [SamplingForm]
    qtbot.mouseClick(panel.topics.chip(4), LEFT)
    shown = [form for form in made() if form.isVisible()]
    assert [type(form) for form in shown] == [FeasibleForm]
    assert len(made()) == 2
    qtbot.mouseClick(panel.topics.chip(0), LEFT)
    qtbot.mouseClick(panel.topics.chip(4), LEFT)
    assert [form for form in made() if form.isVisible()] == shown


@pytest.mark.parametrize("place", range(len(TOPICS)))
def test_no_form_is_cut_at_the_least_width(qtbot: QtBot, panel: TrainingPanel, place: int) -> None:
    panel.show_topic(place)
    panel.resize(panel.minimumSizeHint().width(), 600)
    qtbot.waitUntil(lambda: panel.width() == panel.minimumSizeHint().width())
    form = panel.form(place)
    assert form.width() >= form.minimumSizeHint().width()


def test_nothing_changes_without_an_edit(context: Context, panel: TrainingPanel) -> None:
    assert context.session.undo_stack.count() == 0
    assert context.session.experiment == lecture_experiment()


def test_the_forms_follow_undo(context: Context, panel: TrainingPanel) -> None:
    choose(panel.optimizer.optimizer, OPTIMIZERS.index(Adam))
    context.session.edit(
        replace(context.session.experiment, sampling=Sampling(2), start=Zeros()), "more"
    )
    assert panel.sampling.method.batch_size.text() == "2"
    context.session.undo_stack.undo()
    context.session.undo_stack.undo()
    assert panel.optimizer.optimizer.value is GradientDescent
    assert panel.sampling.method.choice.value == "GD"
    assert panel.start.values.text() == "0  0"
