"""A line edit that refuses: the text stays to be mended, marked, with the reason beside it."""

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from mlpsim.views.labels.plain import plain
from mlpsim.views.stylesheet import restyle


class RefusingEdit(QLineEdit):
    """While a text is refused, its reason is the tooltip and the accessible description.

    ``refusal_changed`` carries the reason, or "" when it is gone: typing takes it back.
    """

    refusal_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._refusal = self._tip = ""
        self._columns: int | None = None
        self.textEdited.connect(self.accept)

    @property
    def refusal(self) -> str:
        """Why the text on view is refused; empty if it is not."""
        return self._refusal

    def set_tip(self, text: str) -> None:
        """The tooltip while nothing is wrong."""
        self._tip = text
        self._tell()

    def set_columns(self, columns: int) -> None:
        """How many digits the field likes to show."""
        self._columns = columns
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint, metrics = super().sizeHint(), self.fontMetrics()
        if self._columns is None:
            return hint
        # QLineEdit reckons with 17 letters.
        margins = hint.width() - 17 * metrics.horizontalAdvance("x")
        return QSize(margins + self._columns * metrics.horizontalAdvance("0"), hint.height())

    def refuse(self, reason: str) -> None:
        """Mark the text on view as refused for a reason; the text stays."""
        if reason == self._refusal:
            return
        self._refusal = reason
        self._tell()
        restyle(self, "invalid", bool(reason))
        self.refusal_changed.emit(reason)

    @Slot()
    def accept(self) -> None:
        """Take the refusal back."""
        self.refuse("")

    def _tell(self) -> None:
        self.setToolTip(plain(self._refusal or self._tip))
        self.setAccessibleDescription(self._refusal or self._tip)
