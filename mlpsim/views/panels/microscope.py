"""The microscope panel: the objective along one step, and the learning rate dragged on it."""

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QToolButton, QWidget

from mlpsim.core.lessons.microscope import Look, is_slow, is_too_large, look
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.record import StepRecord, record_step
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.labels.microscope_words import microscope_sentence
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.microscope_plot import MicroscopePlot

PLAYING_MS, PAUSED_MS = 200, 16
TOO_LARGE = "There are too many samples and parameters to draw the objective along a step."
AT_REST = "With this many samples and parameters the objective along a step is drawn at rest."
NEXT_TIP = "Look along the step that would be taken from the state on view"


class MicroscopePanel(Card):
    """φ(η) along the step on view; a drag goes back before the step and sets η there."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("Microscope", "", parent)
        self._session, self._player = context.session, context.player
        self._appearance = context.appearance
        self._end: float | None = None  # the axis stays while η is dragged
        self.next_step = QToolButton()
        self.next_step.setText("next step")
        self.next_step.setCheckable(True)
        self.next_step.setToolTip(NEXT_TIP)
        self.next_step.setAccessibleName(NEXT_TIP)
        self.next_step.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.header.addWidget(self.next_step)
        self.plot = MicroscopePlot(context.appearance.theme)
        self.plot.setToolTip("Drag to set the learning rate η")
        self.body.addWidget(self.plot, 1)
        self.sentence = Message("caption")
        self.body.addWidget(self.sentence)
        self._throttle = Throttle(self, self._show, context.pace(PLAYING_MS, PAUSED_MS))
        session = context.session
        session.run_started.connect(self._throttle.request)
        session.cursor_moved.connect(self._throttle.request)
        session.experiment_changed.connect(self._throttle.request)
        context.player.playing_changed.connect(self._throttle.request)
        context.appearance.changed.connect(self._throttle.request)
        self.next_step.toggled.connect(self._throttle.request)
        self.plot.dragged.connect(self._set_rate)
        self.plot.released.connect(self._end_drag)
        self._show()

    @property
    def record(self) -> StepRecord:
        """The step on view; at the start, or if asked for, the next one."""
        session = self._session
        record = session.record if self._is_taken else None
        return record or record_step(session.segment, session.run.checkpoint(session.cursor))

    @property
    def _is_taken(self) -> bool:
        """Whether it is the step that led to the state on view."""
        return self._session.cursor > 0 and not self.next_step.isChecked()

    def _show(self) -> None:
        k = self._session.cursor + (0 if self._is_taken else 1)
        experiment = self._session.run.segment_at(k - 1).experiment
        symbol = labels.objective_symbol(experiment.problem)
        seen: Look | None = None
        if is_too_large(experiment.problem):
            said = TOO_LARGE
        elif self._player.playing and is_slow(experiment.problem):
            said = AT_REST
        else:
            seen = look(self.record, self._end)
            said = microscope_sentence(seen, symbol)
        ray = "w − ηg" if isinstance(experiment.optimizer, GradientDescent) else "w − ηd"
        step = f"step {labels.whole(k)}" if self._is_taken else f"next step, {labels.whole(k)}"
        self.set_subtitle(f"{step}: φ(η) = {symbol}({ray})")
        self.next_step.setEnabled(self._session.cursor > 0)
        self.plot.show_look(seen, symbol, self._appearance.theme)
        self.plot.setAccessibleDescription(said)
        self.sentence.say(said)

    @Slot(float)
    def _set_rate(self, rate: float) -> None:
        session, record = self._session, self.record
        factor = record.segment.experiment.schedule.factor(record.t)
        if not (np.isfinite(factor) and factor > 0.0):
            session.say("The schedule leaves no learning rate to set at this step.")
            return
        if self._end is None and self.plot.look is not None:
            self._end = self.plot.look.end
        if record is session.record:
            # η acts on the steps after the state on view: go back to before this one.
            self.next_step.setChecked(True)
            session.seek(record.k - 1)
        experiment = session.experiment
        optimizer: Any = experiment.optimizer
        changed = replace(optimizer, learning_rate=rate / factor)
        session.edit(replace(experiment, optimizer=changed), "Drag η", merge="microscope")

    @Slot()
    def _end_drag(self) -> None:
        self._session.end_merge()
        self._end = None
        self._throttle.request()
