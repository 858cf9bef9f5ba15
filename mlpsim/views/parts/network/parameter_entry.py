"""A parameter entry: a small field over the diagram to type one weight exactly."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from mlpsim.views.widgets.number_entry import NumberEntry


class ParameterEntry(QFrame):
    """Opens at a place of its parent; Return commits, Escape or leaving the field closes it."""

    value_committed = Signal(int, float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("parameter entry")
        self.setProperty("role", "card")
        self._parameter: int | None = None  # none while nothing is asked
        self._name = QLabel()
        self.entry = NumberEntry(parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 4, 4)
        row.setSpacing(4)
        row.addWidget(self._name)
        row.addWidget(self.entry)
        self.entry.value_committed.connect(self._commit)
        self.entry.returnPressed.connect(self._close_if_accepted)
        self.entry.installEventFilter(self)
        self.hide()

    def open(self, parameter: int, name: str, words: str, value: float, place: QPointF) -> None:
        """Ask for a value of a parameter near ``place``, within the parent."""
        self._parameter = parameter
        self._name.setText(f"{name} =")
        self.entry.setAccessibleName(f"{name}, {words}")
        self.entry.set_tip(f"{name}: the {words}. Enter takes it, Escape leaves it.")
        self.entry.set_value(value)
        # Room for all digits of any number.
        digits = self.entry.fontMetrics().horizontalAdvance("-0.00000000000000000000")
        self.entry.setMinimumWidth(min(digits, round(0.6 * self._over.width())))
        self.adjustSize()
        room = self._over.rect()
        x = min(max(place.x() - 0.5 * self.width(), 0.0), room.width() - self.width())
        y = min(max(place.y() - 0.5 * self.height(), 0.0), room.height() - self.height())
        self.move(round(x), round(y))
        self.show()
        self.raise_()
        self.entry.setFocus(Qt.FocusReason.PopupFocusReason)
        self.entry.selectAll()

    def leave(self) -> None:
        """Close without taking what is typed: its parameter is no more."""
        self._parameter = None
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Keys that the field leaves must not reach the diagram below: Return would open it again.
        event.accept()
        if event.key() == Qt.Key.Key_Escape:
            self._close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.entry.commit()
            if not self.entry.refusal:
                self.hide()
        return False

    @Slot(object)
    def _commit(self, value: float) -> None:
        if self._parameter is not None:
            self.value_committed.emit(self._parameter, value)

    @Slot()
    def _close_if_accepted(self) -> None:
        if not self.entry.refusal:
            self._close()

    def _close(self) -> None:
        self.hide()
        self._over.setFocus(Qt.FocusReason.OtherFocusReason)
