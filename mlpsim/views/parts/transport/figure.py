"""A figure: a number in large type under its quiet name."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mlpsim.views.stylesheet import restyle
from mlpsim.views.widgets.still_label import StillLabel


class Figure(QWidget):
    """Shows a name and a large number; it never gets narrower, so that digits do not dance."""

    def __init__(self) -> None:
        super().__init__()
        self._name = StillLabel(keeps_room=True)
        self._name.setProperty("role", "caption")
        self.number = StillLabel(keeps_room=True)
        self.number.setProperty("role", "large")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addStretch(1)
        layout.addWidget(self._name)
        layout.addWidget(self.number)
        layout.addStretch(1)

    @property
    def name(self) -> str:
        return self._name.text()

    @property
    def text(self) -> str:
        return self.number.text()

    def show_number(self, name: str, text: str, is_pending: bool = False) -> None:
        """Show another number under a name; a pending one, which is quiet, is not the present's."""
        self._name.setText(name)
        self.number.setText(text)
        self.setAccessibleName(f"{name} {'…' if is_pending else text}")
        restyle(self.number, "role", "large-quiet" if is_pending else "large")

    def forget_width(self) -> None:
        """Start again from the width of the present number: the type has changed."""
        for label in (self._name, self.number):
            label.forget_room()
