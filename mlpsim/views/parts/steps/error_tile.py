"""A tile: one part of the objective as a small map, with a tick that adds it to the sum."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QVBoxLayout, QWidget

from mlpsim.views.items.error_picture import ErrorPicture
from mlpsim.views.labels import number

DIGITS = (4, 3, 2)


class ErrorTile(QWidget):
    """Tells when its part is ticked, chosen by a click or a key, and pointed at."""

    ticked = Signal(int, bool)
    chosen = Signal(int)
    pointed = Signal(int, bool)

    def __init__(self, key: int, name: str, words: str) -> None:
        """``key`` is that of the part in ``ErrorMaps``, ``name`` its symbol."""
        super().__init__()
        self.key, self.name = key, name
        self.tick = QCheckBox(name)
        self.tick.setChecked(True)
        self.tick.setAccessibleName(f"Add {words} to the sum")
        self.tick.setToolTip(f"Add {words} to the sum, or leave it out")
        self.tick.toggled.connect(self._on_toggled)
        # All tiles are as wide as the others, whatever their numbers.
        self.tick.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.picture = ErrorPicture(detailed=False)
        self.picture.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.picture.setAccessibleName(f"Map of {words}")
        self.picture.setToolTip(f"The map of {words}: click to select it")
        self.picture.setCursor(Qt.CursorShape.PointingHandCursor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.tick)
        column.addWidget(self.picture, 1)

    def show_value(self, value: float | None) -> None:
        """The part's value at the state on view, in as many digits as there is room for.

        None is one that is still to come.
        """
        room = self.width() - 2.0 * self.fontMetrics().height()
        numbers = ["…"] if value is None else [number(value, digits) for digits in DIGITS]
        texts = [*(f"{self.name} = {text}" for text in numbers), self.name]
        advance = self.tick.fontMetrics().horizontalAdvance
        self.tick.setText(next((text for text in texts if advance(text) <= room), "…"))
        self.picture.setAccessibleDescription(texts[0])

    def show_light(self, is_lit: bool) -> None:
        """Stand out, or not; what is left out of the sum stands back."""
        self.picture.show_light(is_lit, not self.tick.isChecked())

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:
        self.ticked.emit(self.key, on)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.key)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.pointed.emit(self.key, True)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(self.key, False)
