"""The reel: steps of the run on view one after the other, each whole, without holding up events."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from mlpsim.app.scroller import UNBOUNDED
from mlpsim.app.stage import Stage
from mlpsim.views.context import Context
from mlpsim.views.widgets.card import Card

LOOK_MS = 10


class Reel(QObject):
    """Shows the steps that are asked for; at the end the state that was on view comes back.

    A state that is far, what is dear to know of it, and the surface are waited for, not computed
    here and now, so that whoever looks on can still say that it is enough.
    """

    shown = Signal(int)  # the step is on view, and nothing of it is missing
    stopped = Signal()  # whatever is being made of the steps is given up now

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._cursor = self._step = 0
        self.stage: Stage | None = None
        self._bites: list[Callable[[Stage], bool]] = []  # what is left to do for the step
        self._timer = QTimer(self, singleShot=True)
        self._timer.setObjectName("reel")
        self._timer.timeout.connect(self._look)

    @property
    def is_turning(self) -> bool:
        return self.stage is not None

    @property
    def last(self) -> int:
        """The last step that there is."""
        return self._context.session.run.last

    def begin(self, widget: QWidget) -> None:
        """Look at a widget, while nothing plays; a panel is a figure meanwhile."""
        self._context.player.pause()
        self._cursor = self._context.session.cursor
        self.stage = Stage(widget, self._context, has_person=True)
        if isinstance(widget, Card):
            widget.setFixedSize(widget.size())  # else the columns would shift
            widget.set_figure(True)

    def show(self, k: int) -> None:
        """Show a step; ``shown`` comes later."""
        assert self.stage is not None
        seek = [self._seek, self._arrive, self._turn]
        self._step, self._bites = k, [*seek, self._complete, self._learn, self._finish]
        self._timer.start(0)

    def end(self) -> None:
        """Back to the state that was on view."""
        self._timer.stop()
        if self.stage is not None:
            widget = self.stage.widget
            if isinstance(widget, Card):
                widget.set_figure(False)
                widget.setMinimumSize(0, 0)
                widget.setMaximumSize(UNBOUNDED)
            self.stage = None
            self._context.player.seek(self._cursor)

    def stop(self) -> None:
        """Give up what is being made."""
        self.stopped.emit()

    @Slot()
    def _look(self) -> None:
        """One bite, so that a press on Cancel never waits for more."""
        stage = self.stage
        if stage is None or not self._bites:
            return
        is_done = self._bites[0](stage)
        if self.stage is not stage:
            return
        if is_done:
            del self._bites[0]
        if self._bites:
            self._timer.start(0 if is_done else LOOK_MS)
        else:
            self.shown.emit(self._step)

    def _seek(self, stage: Stage) -> bool:
        self._context.player.seek(self._step)
        return True

    def _arrive(self, stage: Stage) -> bool:
        return self._context.player.seeker.expected is None

    def _turn(self, stage: Stage) -> bool:
        stage.turn_to(self._step)
        return True

    def _complete(self, stage: Stage) -> bool:
        """Whether the surface is whole."""
        return not self._context.landscape.is_busy

    def _learn(self, stage: Stage) -> bool:
        """Whether all is known of the state."""
        return not self._context.appraiser.is_pending

    def _finish(self, stage: Stage) -> bool:
        stage.finish()
        return True
