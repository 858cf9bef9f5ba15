"""Two thousand random things that a person does to the window, and what is left of them."""

import random
from collections.abc import Callable
from math import inf

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QMessageBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mlpsim.app.export import picture
from mlpsim.app.window import Window
from mlpsim.views.labels import number, whole
from mlpsim.views.widgets.number_entry import NumberEntry
from tests.runs import serial_replay

ACTIONS = 2_000
KEYS = (
    *(Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_Z, Qt.Key.Key_Y),
)
SIZES = ((1200, 800), (1000, 560), (600, 400), (300, 1200))
TYPED = ("0.1", "0,02", "1", "2", "3", "-1", "0", "1e3", "abc", "")


class Person:
    """Does something at random to the real widgets of a window."""

    def __init__(self, window: Window, seed: int) -> None:
        self.window = window
        self.rng = random.Random(seed)
        self.steps: list[str] = []

    def act(self) -> None:
        actions: list[Callable[[], None]] = [
            *(self.press_key, self.press_button, self.press_button, self.drag, self.drag),
            *(self.type_number, self.choose, self.turn_wheel, self.seek, self.edit_cell, self.rest),
        ]
        action = self.rng.choice(actions)
        self.steps.append(action.__name__)
        action()

    def press_key(self) -> None:
        key = self.rng.choice(KEYS)
        control = key in KEYS[5:]
        modifier = Qt.KeyboardModifier
        self.window.setFocus()
        QTest.keyClick(self.window, key, modifier.ControlModifier if control else modifier(0))

    def press_button(self) -> None:
        toolbar, places = self.window.toolbar, [self.window.transport, *self.window.cards.values()]
        buttons: list[QAbstractButton] = [
            *(toolbar.undo, toolbar.redo),
            *toolbar.method.findChildren(QAbstractButton),
        ]
        for place in places:
            for button in place.findChildren(QAbstractButton):
                has_menu = getattr(button, "menu", lambda: None)() is not None
                if not has_menu and "…" not in button.toolTip() + button.text():
                    buttons.append(button)
        shown = [button for button in buttons if button.isVisible() and button.isEnabled()]
        button = self.rng.choice(shown)
        if isinstance(button, QCheckBox):
            button.click()
        else:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def type_number(self) -> None:
        entries = [e for e in self.window.findChildren(NumberEntry) if e.isVisible()]
        entry = self.rng.choice(entries)
        entry.setFocus()
        entry.selectAll()
        QTest.keyClick(entry, Qt.Key.Key_Delete)
        QTest.keyClicks(entry, self.rng.choice(TYPED))
        QTest.keyClick(entry, self.rng.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape)))

    def choose(self) -> None:
        combos = [c for c in self.window.findChildren(QComboBox) if c.isVisible()]
        combo = self.rng.choice(combos)
        combo.setFocus()
        QTest.keyClick(combo, self.rng.choice((Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_End)))

    def _plot(self) -> QWidget:
        cards = self.window.cards
        plots = (cards["data"].scatter, cards["surface"].map, cards["network"].diagram)
        shown = [plot for plot in plots if plot.isVisible()]
        if not shown:
            self.window.turn_to("data")
            return plots[0]
        return self.rng.choice(shown)

    def _place(self, plot: QWidget) -> QPoint:
        return QPoint(self.rng.randrange(plot.width()), self.rng.randrange(plot.height()))

    def drag(self) -> None:
        plot = self._plot()
        button = self.rng.choice((Qt.MouseButton.LeftButton,) * 3 + (Qt.MouseButton.RightButton,))
        QTest.mousePress(plot, button, pos=self._place(plot))
        for _ in range(self.rng.randrange(3)):
            QTest.mouseMove(plot, self._place(plot))
            if self.rng.random() < 0.5:
                QApplication.processEvents()
        if self.rng.random() < 0.1:
            self.press_key()  # in the middle of a drag
        QTest.mouseRelease(plot, button, pos=self._place(plot))
        if popup := QApplication.activePopupWidget():
            popup.close()

    def turn_wheel(self) -> None:
        plot = self._plot()
        at = QPointF(self._place(plot))
        event = QWheelEvent(
            at,
            plot.mapToGlobal(at),
            QPoint(),
            QPoint(0, self.rng.choice((-120, 120))),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(plot, event)

    def seek(self) -> None:
        scrubber = self.window.transport.scrubber
        QTest.mouseClick(scrubber, Qt.MouseButton.LeftButton, pos=self._place(scrubber))

    def edit_cell(self) -> None:
        table = self.window.cards["table"].table
        model = table.model()
        index = model.index(self.rng.randrange(model.rowCount()), self.rng.randrange(3))
        is_free = table.isVisible() and table.state() == table.State.NoState
        if not (is_free and index.flags() & Qt.ItemFlag.ItemIsEditable):
            return
        table.edit_cell(index.row(), index.column())
        editor = QApplication.focusWidget()
        if isinstance(editor, QLineEdit) and table.isAncestorOf(editor):
            editor.setText(self.rng.choice(TYPED))
            QTest.keyClick(editor, self.rng.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape)))
            QApplication.processEvents()  # what Return asks for comes with the next event

    def rest(self) -> None:
        if self.rng.random() < 0.1:
            self.window.resize(*self.rng.choice(SIZES))
        if self.rng.random() < 0.02:  # another style takes Qt half a second
            toolbar = self.window.toolbar
            self.rng.choice((toolbar.theme, toolbar.smaller, toolbar.larger)).click()
        QApplication.processEvents()


@pytest.mark.parametrize("seed", [1])
def test_after_anything_at_all_the_state_is_that_of_a_serial_replay(
    window: Window, qtbot: QtBot, seed: int
) -> None:
    session, player, landscape = (
        window.context.session,
        window.context.player,
        window.context.landscape,
    )
    window.resize(*SIZES[0])
    person = Person(window, seed)
    for _ in range(ACTIONS):
        person.act()
        if session.run.last > 50_000:
            session.restart()
    player.pause()
    window.resize(1600, 1000)
    qtbot.waitUntil(lambda: not landscape.is_busy, timeout=20_000)
    assert set(person.steps) >= {"press_key", "press_button", "drag", "choose", "edit_cell"}
    assert window.findChildren(QMessageBox) == []
    run = session.run
    assert np.array_equal(run.theta(run.last), serial_replay(run))
    session.seek(run.last)
    problem = session.experiment.problem
    assert run.value(run.last) == float(problem.value(session.theta))
    assert landscape.problem == problem
    qtbot.waitUntil(lambda: window.transport.step_label.text() == f"step {whole(run.last)}")
    shown, value = window.transport.figures.objective, number(run.value(run.last), 12)
    qtbot.waitUntil(lambda: shown.toolTip().endswith(value))
    assert not picture(window, 1.0).isNull()
    assert inf not in session.theta
