"""Room for type: a size at which the window would outgrow its screen is taken back."""

from PySide6.QtCore import QObject, QSize, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from mlpsim.app.scroller import Scroller
from mlpsim.views.appearance import Appearance

SMALLEST_SCREEN = QSize(1366, 768)
SETTLING_MS = 40
MOST_ROUNDS = 10  # in which the layouts of a window take in a change of type


class TypeRoom(QObject):
    """Looks at a window after each change of type, once its layouts have taken it in."""

    refused = Signal(str)

    def __init__(self, window: QWidget, scroller: Scroller, appearance: Appearance) -> None:
        super().__init__(window)
        self._window, self._scroller, self._appearance = window, scroller, appearance
        self._before = window.size()
        self._rounds = 0
        self._settling = QTimer(self, singleShot=True, interval=SETTLING_MS)
        self._settling.setObjectName("settling")
        self._settling.timeout.connect(self._on_settled)
        appearance.changed.connect(self.look)

    @property
    def is_settled(self) -> bool:
        """Whether the type on screen is there to stay."""
        return not self._settling.isActive()

    @Slot()
    def look(self) -> None:
        """Look whether there is room, once the layouts are at rest."""
        if self.is_settled:
            self._before = self._window.size()
        self._rounds = 0
        self._settling.start()

    @Slot()
    def _on_settled(self) -> None:
        window, least = self._window, self._scroller.least
        room = window.screen().availableSize().expandedTo(self._before).expandedTo(SMALLEST_SCREEN)
        if room.expandedTo(least) != room:
            self._settling.start()
            self._appearance.scale_type(-1)
            self.refused.emit("The screen has no room for larger type.")
        elif not window.isMaximized() and not window.isFullScreen():
            self._give_back(self._before.expandedTo(least))

    def _give_back(self, size: QSize) -> None:
        """The window's size before, as soon as its layouts allow it."""
        self._window.resize(size)
        self._rounds += 1
        if self._window.size() != size and self._rounds < MOST_ROUNDS:
            self._settling.start()
