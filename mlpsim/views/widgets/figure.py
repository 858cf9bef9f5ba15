"""A figure: a number in large type under its quiet name."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget


class Figure(QWidget):
    """Shows a name and a large number; it never gets narrower, so that digits do not dance."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = QLabel()
        self._name.setProperty("role", "caption")
        self._number = QLabel()
        self._number.setProperty("role", "large")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addStretch(1)
        layout.addWidget(self._name)
        layout.addWidget(self._number)
        layout.addStretch(1)

    @property
    def name(self) -> str:
        return self._name.text()

    @property
    def text(self) -> str:
        return self._number.text()

    def show_number(self, name: str, text: str) -> None:
        """Show another number under a name."""
        self._name.setText(name)
        self._number.setText(text)
        self.setAccessibleName(f"{name} {text}")
        self.setMinimumWidth(max(self.minimumWidth(), self.sizeHint().width()))

    def forget_width(self) -> None:
        """Start again from the width of the present number: the type has changed."""
        self.setMinimumWidth(0)
