"""The start: the window comes first, then formulas, the compiled engine, the cards behind tabs."""

import gc

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mlpsim.app.window import Window
from mlpsim.session.engine_room import EngineRoom
from mlpsim.views.widgets.typesetting import fetching

PAINTED_MS = 50  # until the window has been painted, with all that it shows or that has come
LOOK_MS = 10  # between two looks whether formulas can be set
LONGEST_MS = 20_000  # without a collection of garbage


class Start(QObject):
    """Gets ready what the first paint does without, one after another, so that nothing is held up.

    What is loaded on a worker's thread holds Python's lock now and then, and what makes cards does
    so all the while. Afterwards collections of garbage pass over what was made.
    """

    over = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.engine_room = EngineRoom(window.context.session, self)
        self.engine_room.changed.connect(self._on_changed)
        self._preparation = window.preparation
        self._preparation.finished.connect(self._end)
        self._longest = QTimer(self, singleShot=True)
        self._longest.setObjectName("longest start")
        self._longest.timeout.connect(self._collect)

    def begin(self) -> None:
        """Begin once the window is shown."""
        self._longest.start(LONGEST_MS)
        self._preparation.hold(True)
        QTimer.singleShot(PAINTED_MS, self, self._begin)

    @Slot()
    def _begin(self) -> None:
        if fetching().is_alive():
            QTimer.singleShot(LOOK_MS, self, self._begin)
            return
        self.engine_room.start()
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        self._preparation.hold(self.engine_room.is_loading)

    @Slot()
    def _end(self) -> None:
        self._longest.stop()
        self._collect()
        self.over.emit()

    @Slot()
    def _collect(self) -> None:
        if not gc.isenabled():
            gc.freeze()
            gc.enable()

    def stop(self) -> None:
        """End what is still under way."""
        self.engine_room.stop()
