"""Numbers that no one should type, typed into every field of the real window."""

import re
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from mlpsim.app.export import picture
from mlpsim.app.window import Window
from mlpsim.core.activations import IDENTITY
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Ball, Box, FeasibleSet
from mlpsim.core.losses import huber
from mlpsim.core.network import Network
from mlpsim.core.optimizers import OPTIMIZERS
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.schedules import SCHEDULES
from mlpsim.core.starts import Given, Uniform
from mlpsim.views.parts.surface.window_form import WindowForm
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.numbers_entry import NumbersEntry

TEXTS = ("0", "-1", "1e308", "-1e308", "5e-324", "nan", "")
ROW = ("0 0", "1e308 -1e308", "5e-324 1", "nan 0", "1")
LECTURE = lecture_experiment()


def with_problem(**changes: object) -> Experiment:
    return replace(LECTURE, problem=replace(LECTURE.problem, **changes))


def with_set(feasible: FeasibleSet) -> Experiment:
    return with_problem(feasible=feasible)


EXPERIMENTS: dict[str, Experiment] = {
    "lecture": LECTURE,
    **{
        kind.__name__: replace(LECTURE, optimizer=kind(learning_rate=0.1))
        for kind in OPTIMIZERS[1:]
    },
    **{kind.__name__: replace(LECTURE, schedule=kind()) for kind in SCHEDULES[1:]},
    "box": with_set(Box((-1.0, -1.0), (1.0, 1.0))),
    "ball": with_set(Ball((0.0, 0.0), 1.0)),
    "huber": with_problem(loss=huber()),
    "mini-batch": replace(LECTURE, sampling=Sampling(2)),
    "uniform": replace(LECTURE, start=Uniform()),
}


def type_in(entry: QLineEdit, text: str) -> None:
    """What a person does: mark all, write, Enter."""
    entry.setFocus()
    entry.selectAll()
    QTest.keyClick(entry, Qt.Key.Key_Delete)
    QTest.keyClicks(entry, text)
    QTest.keyClick(entry, Qt.Key.Key_Return)


def settle(window: Window, qtbot: QtBot) -> None:
    """Take a step from here, wait for the surface, and paint everything."""
    session, landscape = window.context.session, window.context.landscape
    window.context.player.step()
    qtbot.waitUntil(lambda: session.run.last > 0 or session.run.diverged_at is not None)
    qtbot.waitUntil(lambda: not landscape.is_busy)
    QApplication.processEvents()
    assert not picture(window, 1.0).isNull()


def check(window: Window) -> None:
    """No box has opened; no number that is none is shown or kept."""
    assert window.findChildren(QMessageBox) == []
    shown = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    wrong = [text for text in shown if re.search(r"\bnan\b(?! is not)", text, re.IGNORECASE)]
    assert wrong == []
    run = window.context.session.run
    assert np.isfinite(run.recorded(0, run.last)[1]).all()


def fields(window: Window) -> dict[str, QLineEdit]:
    """Every field for numbers that can be reached, by its name."""
    limits, training = window.cards["surface"].findChild(WindowForm), window.cards["training"]
    places = (window.toolbar, window.transport, limits, *training.forms)
    return {
        f"{type(place).__name__}: {entry.accessibleName()}": entry
        for place in places
        for entry in place.findChildren(QLineEdit)
        if isinstance(entry, NumberEntry | NumbersEntry) and entry.isVisibleTo(place)
    }


def put(window: Window, experiment: Experiment) -> None:
    window.context.session.open(Run.from_experiment(experiment), 0)
    QApplication.processEvents()


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_no_typed_number_breaks_anything(window: Window, qtbot: QtBot, name: str) -> None:
    usual = fields(window).keys() if name != "lecture" else set()
    put(window, EXPERIMENTS[name])
    names = fields(window).keys() - usual
    assert names
    for field in sorted(names):
        for text in ROW if isinstance(fields(window)[field], NumbersEntry) else TEXTS:
            type_in(fields(window)[field], text)
            settle(window, qtbot)
            check(window)
            put(window, EXPERIMENTS[name])


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("experiment", ["line", "lecture"])
def test_no_typed_cell_breaks_anything(
    window: Window, qtbot: QtBot, text: str, experiment: str
) -> None:
    if experiment == "line":
        line = Network((1, 1), (IDENTITY,), (True,))
        data = replace(LECTURE.problem.data, x=LECTURE.problem.data.x[:, :1])
        problem = replace(LECTURE.problem, network=line, data=data)
        put(window, replace(LECTURE, problem=problem, start=Given((0.5, 0.0))))
    table = window.cards["table"].table
    for column in (0, 1):
        table.edit_cell(1, column)
        type_in(table.findChildren(QLineEdit)[-1], text)
        if text not in ("nan", ""):
            qtbot.waitUntil(lambda: table.state() == table.State.NoState)
        settle(window, qtbot)
        check(window)
        for editor in table.findChildren(QLineEdit):
            QTest.keyClick(editor, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: table.state() == table.State.NoState)
        put(window, window.context.session.experiment)


@pytest.mark.parametrize("value", [1e200, 1e307, -3e307])
@pytest.mark.parametrize("network", ["lecture", "linear", "one weight"])
def test_a_start_far_away_is_shown_or_said(
    window: Window, qtbot: QtBot, value: float, network: str
) -> None:
    experiment = LECTURE
    if network == "linear":
        experiment = with_problem(network=Network((2, 1), (IDENTITY,), (False,)))
    theta = (value, 0.5 * value)
    if network == "one weight":
        data = replace(LECTURE.problem.data, x=LECTURE.problem.data.x[:, :1])
        problem = replace(
            LECTURE.problem, data=data, network=Network((1, 1), (IDENTITY,), (False,))
        )
        experiment, theta = replace(LECTURE, problem=problem, start=Given((0.0,))), (value,)
    put(window, replace(experiment, start=Given(theta)))
    settle(window, qtbot)
    check(window)
    run = window.context.session.run
    assert (run.diverged_at == 0) == (network != "lecture")
    window.context.landscape.fit_path()
    settle(window, qtbot)
    check(window)
