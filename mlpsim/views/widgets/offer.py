"""An offer: a sentence that something does not fit, and a button that mends it as one edit."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from mlpsim.core.editing.conversions import Conversion
from mlpsim.views.widgets.message import Message


class Offer(QFrame):
    """Hidden until there is something to say; ``accepted`` carries the conversion."""

    accepted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "offer")
        self._conversion: Conversion | None = None
        self.sentence = Message("warning")
        self.button = QPushButton()
        self.button.clicked.connect(self._accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.sentence)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_offer(self, reason: str, conversion: Conversion | None) -> None:
        """Say a reason and offer a conversion; either may be missing, and with both it hides."""
        self._conversion = conversion
        effect = conversion.sentence if conversion else ""
        self.sentence.say(" ".join(filter(None, (reason, effect))))
        self.button.setVisible(conversion is not None)
        if conversion is not None:
            self.button.setText(conversion.text)
            self.button.setToolTip(f"{conversion.sentence} One edit, can be undone.")
            self.button.setAccessibleName(conversion.text)
        self.setVisible(bool(reason) or conversion is not None)

    @Slot()
    def _accept(self) -> None:
        self.accepted.emit(self._conversion)
