"""A line edit that refuses: the text stays to be mended, marked, with the reason beside it."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget

from mlpsim.views.labels.plain import plain
from mlpsim.views.stylesheet import restyle


class RefusingEdit(QLineEdit):
    """While a text is refused, its reason is the tooltip and the accessible description.

    ``refusal_changed`` carries the reason, or "" when it is gone: typing takes it back. A text
    that has no room ends in dots while it is not edited, and the tooltip has all of it.
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

    @property
    def seen(self) -> str:
        """The text as far as there is room for it; of a power of ten the exponent stays."""
        metrics, right = self.fontMetrics(), Qt.TextElideMode.ElideRight
        room = self._room(self._option()).width()
        digits, e, exponent = self.text().partition("e")
        power = f"{e}{exponent}" if exponent.lstrip("+-").isdigit() else ""
        if not power or metrics.horizontalAdvance(self.text()) <= room:
            return metrics.elidedText(self.text(), right, room)
        head = metrics.elidedText(digits, right, room - metrics.horizontalAdvance(power))
        return f"{head or '…'}{power}"

    def _option(self) -> QStyleOptionFrame:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        return option

    def _room(self, option: QStyleOptionFrame) -> QRect:
        """Where the text stands, as QLineEdit has it."""
        contents = QStyle.SubElement.SE_LineEditContents
        return self.style().subElementRect(contents, option, self).adjusted(2, 1, -2, -1)

    def _tell(self) -> None:
        whole = self.text() if self.seen != self.text() else ""
        self.setToolTip(plain("\n".join(filter(None, (whole, self._refusal or self._tip)))))
        self.setAccessibleDescription(self._refusal or self._tip)

    # -- Qt ------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            self._tell()  # whether the text has room
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus() or self.seen == self.text():
            super().paintEvent(event)
            return
        option, panel = self._option(), QStyle.PrimitiveElement.PE_PanelLineEdit
        with QPainter(self) as painter:
            self.style().drawPrimitive(panel, option, painter, self)
            painter.setPen(self.palette().color(self.foregroundRole()))
            where = self.alignment() | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self._room(option), where, self.seen)
