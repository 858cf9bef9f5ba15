"""The transport: what its buttons do to a real run, and what it shows of it."""

from dataclasses import replace
from functools import partial
from math import inf

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mlpsim.app.stage import settle
from mlpsim.core.activations import IDENTITY
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.optimizers import GradientDescent, Momentum
from mlpsim.core.problem import Penalty
from mlpsim.views import throttle, turns
from mlpsim.views.context import Context
from mlpsim.views.panels.transport import SPEEDS, TransportPanel
from tests.runs import train
from tests.views.controls import Layouts, in_column, is_inside, on_view, running, typed

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot, context: Context) -> TransportPanel:
    return on_view(qtbot, TransportPanel(context), 1340, 90)


def step_text(panel: TransportPanel) -> str:
    return panel.step_label.text() + panel.last_label.text()


def test_one_step_and_back(qtbot: QtBot, context: Context, panel: TransportPanel) -> None:
    assert step_text(panel) == "step 0 / 0"
    assert panel.figures.objective.name == "E"
    assert panel.figures.objective.text == "1"
    qtbot.mouseClick(panel.step, LEFT)
    qtbot.waitUntil(lambda: step_text(panel) == "step 1 / 1")
    assert panel.figures.objective.text == "0.4339"
    assert panel.figures.accuracy.text == "100 %"
    assert panel.figures.accuracy.toolTip() == "4 of 4 samples right"
    assert panel.figures.epoch.text == "1"
    qtbot.mouseClick(panel.step_back, LEFT)
    qtbot.waitUntil(lambda: step_text(panel) == "step 0 / 1")
    assert panel.figures.gradient.name == "‖∇E‖"
    assert panel.figures.gradient.text == "2.93"  # √(2.75² + 1²) = 2.926…


def test_play_and_pause(qtbot: QtBot, context: Context, panel: TransportPanel) -> None:
    context.player.set_speed(inf)
    qtbot.mouseClick(panel.play, LEFT)
    assert panel.play.isChecked()
    assert panel.play.accessibleName() == "Pause (Space)"
    qtbot.waitUntil(lambda: context.session.run.last > 50)
    qtbot.mouseClick(panel.play, LEFT)
    assert not panel.play.isChecked()
    last = context.session.run.last
    assert step_text(panel).replace("\u202f", "") == f"step {last} / {last}"
    assert panel.scrubber.value() == last


def test_to_start_and_end(qtbot: QtBot, context: Context, panel: TransportPanel) -> None:
    train(context.session, 7)
    qtbot.waitUntil(panel.to_start.isEnabled)
    qtbot.mouseClick(panel.to_start, LEFT)
    assert context.session.cursor == 0
    qtbot.waitUntil(panel.to_end.isEnabled)
    assert not panel.step_back.isEnabled()
    qtbot.mouseClick(panel.to_end, LEFT)
    assert context.session.cursor == 7
    qtbot.waitUntil(lambda: not panel.to_end.isEnabled())


def test_restart_begins_at_step_0(qtbot: QtBot, context: Context, panel: TransportPanel) -> None:
    train(context.session, 5)
    qtbot.mouseClick(panel.restart, LEFT)
    qtbot.waitUntil(lambda: step_text(panel) == "step 0 / 0")


def test_an_epoch_of_sgd_is_four_steps(qtbot: QtBot, context: Context) -> None:
    experiment = lecture_experiment()
    sampling = replace(experiment.sampling, batch_size=1)
    with running(replace(experiment, sampling=sampling)) as sgd:
        panel = TransportPanel(sgd)
        qtbot.addWidget(panel)
        panel.show()
        qtbot.mouseClick(panel.epoch, LEFT)
        qtbot.waitUntil(lambda: step_text(panel) == "step 4 / 4")
        assert panel.figures.epoch.text == "1"
        assert "step 4 of 4" in panel.figures.epoch.toolTip()


def test_a_click_on_the_scrubber_seeks(
    qtbot: QtBot, context: Context, panel: TransportPanel
) -> None:
    train(context.session, 100)
    qtbot.waitUntil(lambda: panel.scrubber.maximum() == 100)
    bar = panel.scrubber
    qtbot.mousePress(bar, LEFT, pos=QPoint(round(bar.position_of(40)), bar.height() // 2))
    assert context.session.cursor == 40
    qtbot.mouseMove(bar, QPoint(round(bar.position_of(60)), bar.height() // 2))
    qtbot.waitUntil(lambda: context.session.cursor == 60)
    qtbot.mouseMove(bar, QPoint(-500, 0))
    qtbot.waitUntil(lambda: context.session.cursor == 0)
    qtbot.mouseRelease(bar, LEFT)
    qtbot.waitUntil(lambda: step_text(panel) == "step 0 / 100")


def test_the_scrubber_follows_the_hand_whoevers_turn_it_is(
    qtbot: QtBot, context: Context, panel: TransportPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(context.session, 20)
    qtbot.waitUntil(lambda: panel.scrubber.maximum() == 20)
    other = QWidget()
    qtbot.addWidget(other)
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 60.0)
    monkeypatch.setattr(throttle, "TURNS", turns.Turns())
    throttle.TURNS.take(throttle.Throttle(other, other.update, 60))  # and it is never over
    scrubber = panel.scrubber
    for k in (15, 10, 5):
        at = QPoint(round(scrubber.position_of(k)), scrubber.height() // 2)
        qtbot.mousePress(scrubber, LEFT, pos=at)
        assert context.session.cursor == k
        qtbot.waitUntil(lambda: scrubber.value() == context.session.cursor)


def test_seeking_pauses(context: Context, panel: TransportPanel) -> None:
    train(context.session, 100)
    context.player.play()
    panel.scrubber.sought.emit(3)
    assert not context.player.playing
    assert context.session.cursor == 3
    assert np.array_equal(context.session.theta, context.session.run.theta(3))


def test_keys_on_the_scrubber_seek(qtbot: QtBot, context: Context, panel: TransportPanel) -> None:
    train(context.session, 100)
    qtbot.waitUntil(lambda: panel.scrubber.value() == 100)
    qtbot.keyClick(panel.scrubber, Qt.Key.Key_PageDown)
    assert context.session.cursor == 95


def test_forks_are_ticks(qtbot: QtBot, context: Context, panel: TransportPanel) -> None:
    train(context.session, 50)
    context.session.seek(20)
    context.session.edit(
        replace(context.session.experiment, optimizer=GradientDescent(0.2)), "faster"
    )
    qtbot.waitUntil(lambda: panel.scrubber.ticks == (20,))
    assert panel.scrubber.maximum() == 20


def test_run_to_a_typed_step(qtbot: QtBot, context: Context, panel: TransportPanel) -> None:
    typed(qtbot, panel.run_to, "250")
    qtbot.waitUntil(lambda: step_text(panel) == "step 250 / 250")
    qtbot.mouseClick(panel.to_start, LEFT)
    qtbot.keyClick(panel.run_to, Qt.Key.Key_Return)
    assert context.session.cursor == 250


def test_a_refused_step_keeps_its_text(
    qtbot: QtBot, context: Context, panel: TransportPanel
) -> None:
    typed(qtbot, panel.run_to, "-3")
    assert panel.run_to.text() == "-3"
    assert "too small" in panel.run_to.toolTip()
    assert not context.player.playing


def test_every_speed_can_be_chosen(context: Context, panel: TransportPanel) -> None:
    for row, speed in enumerate(SPEEDS):
        panel.speed.setCurrentIndex(row)
        panel.speed.activated.emit(row)
        assert context.player.speed == speed
    assert panel.speed.currentText() == "max"


def test_a_speed_from_elsewhere_is_shown(context: Context, panel: TransportPanel) -> None:
    context.player.set_speed(7.0)
    assert panel.speed.currentText() == "7/s"


def test_a_penalty_turns_e_into_j(qtbot: QtBot, context: Context, panel: TransportPanel) -> None:
    context.session.edit_problem("penalty", penalty=Penalty(l2=0.5))
    qtbot.waitUntil(lambda: panel.figures.objective.name == "J")
    assert panel.figures.gradient.name == "‖∇J‖"


def test_no_accuracy_without_classes(qtbot: QtBot, context: Context, panel: TransportPanel) -> None:
    network = replace(context.session.experiment.problem.network, activations=(IDENTITY,))
    context.session.edit_problem("identity", network=network)
    qtbot.waitUntil(panel.figures.accuracy.isHidden)


def test_another_run_is_told_of_before_any_view_has_its_turn(
    qtbot: QtBot, context: Context, panel: TransportPanel
) -> None:
    train(context.session, 7)
    qtbot.waitUntil(lambda: step_text(panel) == "step 7 / 7")
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    throttle.Throttle(other, other.update, 60).request()  # its turn now
    context.session.edit_problem("Mean", reduction="mean")
    context.session.restart()
    assert step_text(panel) == "step 0 / 0"
    assert panel.figures.objective.text == "0.25"


def test_what_is_said_stays_until_the_next_step(
    qtbot: QtBot, context: Context, panel: TransportPanel
) -> None:
    context.session.said.emit("The start lies outside C: state 0 is its projection.")
    assert panel.sentence.text().startswith("The start lies outside C")
    assert not panel.sentence.isHidden()
    train(context.session, 1)
    qtbot.waitUntil(panel.sentence.isHidden)


def test_of_a_state_that_flies_by_only_divergence_is_said(
    qtbot: QtBot, context: Context, panel: TransportPanel
) -> None:
    session, player = context.session, context.player
    player.set_speed(1e-6)
    flat = replace(session.experiment.problem.data, x=np.zeros((4, 2)))
    session.edit_problem("Flat", data=flat)
    qtbot.waitUntil(lambda: "stationary" in panel.sentence.text())
    player.play()
    assert panel.sentence.isHidden()
    qtbot.waitUntil(lambda: session.run.last == 1)
    qtbot.waitUntil(lambda: step_text(panel) == "step 1 / 1")
    assert panel.sentence.isHidden()
    session.edit_problem("Infinite", data=replace(flat, y=np.full((4, 1), 1e200)))
    assert player.playing
    qtbot.waitUntil(lambda: "not finite" in panel.sentence.text())
    player.pause()


def test_divergence_is_said_and_no_nan_is_shown(qtbot: QtBot) -> None:
    experiment = lecture_experiment()
    network = replace(experiment.problem.network, activations=(IDENTITY,))
    wild = replace(
        experiment,
        problem=replace(experiment.problem, network=network),
        optimizer=Momentum(1e3, 0.9),
    )
    with running(wild) as context:
        panel = TransportPanel(context)
        qtbot.addWidget(panel)
        panel.show()
        context.player.run_to(100_000)
        qtbot.waitUntil(lambda: context.session.run.diverged_at is not None)
        qtbot.waitUntil(lambda: "Diverged at step" in panel.sentence.text())
        for figure in (panel.figures.objective, panel.figures.gradient):
            assert "nan" not in figure.text.lower()


def test_a_run_that_cannot_go_on_is_not_shown_as_playing(qtbot: QtBot) -> None:
    experiment = lecture_experiment()
    network = replace(experiment.problem.network, activations=(IDENTITY,))
    problem = replace(experiment.problem, network=network)
    with running(replace(experiment, problem=problem, optimizer=GradientDescent(1e3))) as context:
        panel = TransportPanel(context)
        qtbot.addWidget(panel)
        panel.show()
        train(context.session, 1000)
        assert context.session.run.diverged_at is not None
        qtbot.mouseClick(panel.play, LEFT)
        assert not context.player.playing
        assert not panel.play.isChecked()


def test_nothing_is_clipped_at_any_type_size(qtbot: QtBot, context: Context) -> None:
    panel = TransportPanel(context)
    _window = on_view(qtbot, in_column(panel), 1340, 700)
    train(context.session, 419)
    for step in (0, *[1] * 7):
        context.appearance.scale_type(step)
        for part in (panel.to_start, panel.scrubber, panel.figures.gradient, panel.speed):
            qtbot.waitUntil(partial(is_inside, part, panel), timeout=1000)


def test_a_drag_lays_nothing_out_while_the_numbers_have_room(
    qtbot: QtBot, context: Context, panel: TransportPanel
) -> None:
    session = context.session
    data = session.experiment.problem.data

    def move(x: float) -> None:
        moved = data.with_sample(0, np.array([x, -3.0]), data.y[0])
        session.edit_problem("Move", merge="drag", data=moved)
        throttle.flush(panel)

    move(-2.5)
    assert panel.figures.gradient.text == "2.81"
    settle()
    layouts = Layouts(panel)
    places = (-2.52, -2.54, -2.56, -2.58, -2.6)
    for x in places:
        move(x)
        settle()
    assert panel.figures.gradient.text == "2.83"
    # One may still come of what was shown before; were it of the moves, each would bring one.
    assert layouts.count < len(places)
    session.end_merge()
    session.restart()
    qtbot.waitUntil(lambda: layouts.count > 0)
