"""A place for a card, which is made when it is first seen or asked for."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QTableView, QVBoxLayout, QWidget

from mlpsim.views.widgets.card import Card, Modest


def leave_keys(button: QAbstractButton) -> None:
    """Let Tab reach the button, but a press of the mouse leave the keys to the window.

    Else Space would press it again, where a lecturer means to play.
    """
    if button.focusPolicy() & Qt.FocusPolicy.ClickFocus:
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)


class Place(QWidget):
    """Holds the card that ``make`` makes; until then it knows its title and costs nothing else.

    ``lines`` of text is the height that the card asks for at most.
    """

    made = Signal(object)  # Card
    needs_changed = Signal()

    def __init__(self, title: str, make: Callable[[], Card], lines: int) -> None:
        super().__init__()
        self.title, self.lines = title, lines
        self._make = make
        self._card: Card | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    @property
    def is_made(self) -> bool:
        return self._card is not None

    @property
    def card(self) -> Card:
        """The card; asking for it makes it."""
        if self._card is None:
            self._card = self._make()
            for button in self._card.findChildren(QAbstractButton):
                leave_keys(button)
            for table in self._card.findChildren(QTableView):
                table.setTabKeyNavigation(False)  # Tab leaves it; the arrow keys walk through it
            self._layout.addWidget(self._card)
            self._card.ensurePolished()
            if isinstance(self._card, Modest):
                self._card.needs_changed.connect(self.needs_changed)
            self.made.emit(self._card)
            self._card.show()
        return self._card

    @property
    def asked_height(self) -> int:
        """The height that the card asks for."""
        most = self.lines * self.fontMetrics().height()
        return min(most, self._card.needed_height()) if isinstance(self._card, Modest) else most

    def minimumSizeHint(self) -> QSize:
        # Qt tells no layout of what was never seen of a change of type: its room would be stale.
        if not self.isVisible():
            return QSize(0, 0)
        least = super().minimumSizeHint()
        # A splitter does not ask what a card needs at its width, where its tools take more lines.
        return least.expandedTo(QSize(0, self._layout.minimumHeightForWidth(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.is_made:
            _ = self.card
            self._layout.activate()  # before the first paint, not with the next event
