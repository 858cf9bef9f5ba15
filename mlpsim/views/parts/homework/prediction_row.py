"""Predict, then reveal: a ghost of w⁺ is put on the loss map, and held against the step."""

from math import floor, log10

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mlpsim.core.lessons.exercise import Exercise
from mlpsim.core.lessons.homework import miss
from mlpsim.core.plane import Plane
from mlpsim.core.window import Window
from mlpsim.views.context import Context
from mlpsim.views.items.overlays.ghost import Ghost
from mlpsim.views.labels.homework import miss_words
from mlpsim.views.parts.homework.nudge_button import NudgeButton
from mlpsim.views.widgets.message import Message

FIRST_GUESS = 0.12  # of the window, to the right
NUDGE = 0.01
HINT = "Drag the ring on the loss surface to where w⁺ will be (or press the arrow keys here)."


class PredictionRow(QWidget):
    """Two buttons and a sentence; the ghost lies over the map while the first one is down."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._landscape = context.landscape
        self._exercise: Exercise | None = None
        self._windows: tuple[Window, Window] | None = None  # the one to go back to, and ours
        self._axes: object = None  # of the map that the ghost was put on
        self.ghost = Ghost(context, self)
        context.overlays.add(self.ghost)
        self.predict = NudgeButton("Predict w⁺ on the map")
        self.predict.setCheckable(True)
        self.predict.setToolTip(HINT)
        self.compare = QPushButton("Compare")
        self.compare.setToolTip("Show the true step, and how far the guess is from it")
        self.said = Message("caption")
        row = QHBoxLayout()
        row.addWidget(self.predict)
        row.addWidget(self.compare)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.said)
        self.predict.toggled.connect(self._on_toggled)
        self.predict.nudged.connect(self._on_nudged)
        self.compare.clicked.connect(self._on_compare)
        self.ghost.moved.connect(self._on_moved)
        self._landscape.plane_changed.connect(self._on_plane_changed)
        self._on_plane_changed()

    def set_exercise(self, task: Exercise | None) -> None:
        """Another exercise: a guess that was made is gone."""
        self.predict.setChecked(False)
        self._exercise = task
        self._on_plane_changed()

    @Slot()
    def _on_plane_changed(self) -> None:
        """A ghost stays on its own axes; only a map over two axes of space has room for one."""
        task, plane = self._exercise, self._landscape.plane
        fits = task is not None and len(plane.origin) == len(task.theta)
        possible = fits and not plane.is_line
        if not possible or self._axes != _axes(plane):
            self.predict.setChecked(False)
        self.predict.setEnabled(possible)
        self.compare.setEnabled(self.ghost.place is not None)

    @Slot(bool)
    def _on_toggled(self, down: bool) -> None:
        self.compare.setEnabled(down)
        self.said.say(HINT if down else "")
        if down and self._exercise is not None:
            self._begin(self._exercise)
            return
        self.ghost.set(None, None)
        # Who has looked elsewhere meanwhile stays there.
        if self._windows is not None and self._landscape.window == self._windows[1]:
            self._landscape.set_window(self._windows[0])
        self._windows = self._axes = None

    def _begin(self, task: Exercise) -> None:
        plane, before = self._landscape.plane, self._landscape.window
        here, reach = plane.project(np.array(task.theta)), _reach(task)
        window = Window.within_reach(
            here[0] - reach, here[0] + reach, here[1] - reach, here[1] + reach
        )
        self._windows, self._axes = (before, window), _axes(plane)
        self._landscape.set_window(window)
        self.ghost.set(task, here + np.array([FIRST_GUESS * window.width, 0.0]))

    @Slot(int, int)
    def _on_nudged(self, right: int, up: int) -> None:
        if self.ghost.place is not None:
            step = NUDGE * self._landscape.window.width
            self.ghost.move(self.ghost.place + step * np.array([right, up]))

    @Slot()
    def _on_compare(self) -> None:
        self.ghost.reveal()
        self._on_moved()

    @Slot()
    def _on_moved(self) -> None:
        if self.ghost.is_revealed and self.ghost.place is not None:
            here, there = self.ghost.ends()
            found = miss(here, there, self.ghost.place)
            self.said.say(miss_words(found))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.predict.setChecked(False)


def _axes(plane: Plane) -> tuple[object, ...]:
    """What the map's axes mean: a slice that moves along with the state keeps them."""
    if plane.kind == "two_weights":
        return plane.kind, plane.parameters
    return plane.kind, plane.origin.tobytes(), plane.u.tobytes(), plane.v.tobytes()


def _reach(task: Exercise) -> float:
    """Half a window's width: some 3 to 7 steps, so that it does not tell the length of one."""
    length = float(np.abs(task.after - np.array(task.theta)).max())
    if not 1e-6 < length < 1e6:
        return 1.0
    exponent = log10(3.0 * length)
    power = 10.0 ** floor(exponent)
    return next(power * step for step in (1.0, 2.0, 5.0, 10.0) if power * step >= 3.0 * length)
