"""The microscope panel: the objective along one step, and the learning rate dragged on it."""

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QToolButton

from mlpsim.core.experiment import Experiment
from mlpsim.core.lessons.microscope import MOST_WORK, is_slow, is_too_large
from mlpsim.core.optimizers import GradientDescent
from mlpsim.session.step_looker import StepLooker
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.labels.failures import not_computed
from mlpsim.views.labels.microscope_words import microscope_sentence
from mlpsim.views.parts.steps.microscope_plot import MicroscopePlot
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.message import Message

PLAYING_MS, PAUSED_MS = 200, 16
TOO_LARGE = (
    "There are too many samples and parameters to draw the objective along a step:"
    f" it is drawn up to {labels.whole(MOST_WORK)} samples × parameters."
)
AT_REST = "With this many samples and parameters the objective along a step is drawn at rest."
COMING = "The objective along this step is being computed."
NEXT_TIP = "Look along the step that would be taken from the state on view"


class MicroscopePanel(Card):
    """φ(η) along the step on view; a drag goes back before the step and sets η there."""

    def __init__(self, context: Context) -> None:
        super().__init__("Microscope", "")
        self._session, self._player = context.session, context.player
        self._appearance, self._appraiser = context.appearance, context.appraiser
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
        self._looker = StepLooker(context.session, self)
        self._throttle = Throttle(self, self._show, context.pace(PLAYING_MS, PAUSED_MS))
        session = context.session
        self._throttle.follow(session.run_started, session.cursor_moved, session.experiment_changed)
        self._throttle.follow(self._appraiser.changed, context.player.playing_changed)
        self._throttle.follow(context.appearance.changed, self._looker.changed)
        self._throttle.follow(self.next_step.toggled)
        self._looker.failed.connect(self._say_failure)
        self.plot.dragged.connect(self._set_rate)
        self.plot.released.connect(self._end_drag)
        self._show()

    def complete(self) -> None:
        """What is seen along the step on view here and now, for a picture."""
        if not self._refusal:
            self._looker.complete(self._step, self._end)
        self._show()

    @property
    def _is_taken(self) -> bool:
        """Whether it is the step that led to the state on view; else it is the next one."""
        return self._session.cursor > 0 and not self.next_step.isChecked()

    @property
    def _step(self) -> int:
        return self._session.cursor + (0 if self._is_taken else 1)

    @property
    def _experiment(self) -> Experiment:
        """That of the step."""
        return self._session.run.segment_at(self._step - 1).experiment

    @property
    def _refusal(self) -> str:
        """Why nothing is drawn."""
        problem = self._experiment.problem
        if is_too_large(problem):
            return TOO_LARGE
        return AT_REST if self._player.playing and is_slow(problem) else ""

    def _show(self) -> None:
        experiment = self._experiment
        symbol = labels.objective_symbol(experiment.problem)
        ray = "w − ηg" if isinstance(experiment.optimizer, GradientDescent) else "w − ηd"
        k = labels.whole(self._step)
        step = f"step {k}" if self._is_taken else f"next step, {k}"
        self.next_step.setEnabled(self._session.cursor > 0)
        refusal = self._refusal
        is_coming = not refusal and self._show_profile(symbol)
        self.set_subtitle(f"{step}: φ(η) = {symbol}({ray})" + (" …" if is_coming else ""))
        self.plot.set_quiet(is_coming)
        self.sentence.setEnabled(not is_coming)
        if refusal:
            self._looker.cancel()
            self.plot.show_profile(None, symbol, self._appearance.theme)
            self._say(refusal)

    def _show_profile(self, symbol: str) -> bool:
        """Show what is seen last; True if that is of another step, and this one's is to come."""
        is_pending = self._appraiser.is_pending  # as long as it is, the step may be far
        present = None if is_pending else self._looker.present(self._step, self._end)
        seen = present or self._looker.latest
        self.plot.show_profile(seen, symbol, self._appearance.theme)
        self._say(COMING if seen is None else microscope_sentence(seen, symbol))
        return present is None

    def _say(self, text: str) -> None:
        self.plot.setAccessibleDescription(text)
        self.sentence.say(text)

    @Slot(str)
    def _say_failure(self, message: str) -> None:
        self._session.say(not_computed("The objective along this step", message))

    @Slot(float)
    def _set_rate(self, rate: float) -> None:
        session = self._session
        before = session.run.checkpoint(self._step - 1)
        factor = self._experiment.schedule.factor(before.t)
        if not (np.isfinite(factor) and factor > 0.0):
            session.say("The schedule leaves no learning rate to set at this step.")
            return
        if self._end is None and self.plot.profile is not None:
            self._end = self.plot.profile.end
        if self._is_taken:
            # η acts on the steps after the state on view: go back to before this one.
            self.next_step.setChecked(True)
            session.seek(before.k)
        experiment = session.experiment
        optimizer: Any = experiment.optimizer
        changed = replace(optimizer, learning_rate=rate / factor)
        session.edit(replace(experiment, optimizer=changed), "Drag η", merge="microscope")

    @Slot()
    def _end_drag(self) -> None:
        self._session.end_merge()
        self._end = None
        self._throttle.request()
