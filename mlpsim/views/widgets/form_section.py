"""A section of a form: rows of fields, and the reason below a field that is refused."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.refusing_edit import RefusingEdit

WIDEST_CAPTION = "schedule"


class FormSection(QWidget):
    """Rows of a caption and a field; a refused number has its reason below it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self._companions: dict[QWidget, tuple[QWidget, ...]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._align()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._align()

    def _align(self) -> None:
        """Give all sections the same column of captions."""
        width = self.fontMetrics().horizontalAdvance(WIDEST_CAPTION)
        self._grid.setColumnMinimumWidth(0, width)

    def add_row(self, caption: str, field: QWidget) -> None:
        """Append a field with its caption."""
        row = self._grid.rowCount()
        label = QLabel(caption)
        label.setProperty("role", "secondary")
        label.setBuddy(field)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(field, row, 1, Qt.AlignmentFlag.AlignLeft)
        self._companions[field] = (label, *self._reason(field))

    def add_wide(self, widget: QWidget) -> None:
        """Append a widget that takes the whole width."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)
        self._companions[widget] = self._reason(widget)

    def add_caption(self) -> QLabel:
        """Append a line of quiet, wrapped text."""
        label = QLabel()
        label.setProperty("role", "caption")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        self.add_wide(label)
        return label

    def set_shown(self, field: QWidget, shown: bool) -> None:
        """Show or hide a field with its caption and its reason."""
        field.setVisible(shown)
        for companion in self._companions[field]:
            has_text = not isinstance(companion, Reason) or bool(companion.text())
            companion.setVisible(shown and has_text)

    def _reason(self, field: QWidget) -> tuple[QWidget, ...]:
        if not isinstance(field, RefusingEdit):
            return ()
        reason = Reason(field)
        self._grid.addWidget(reason, self._grid.rowCount(), 0, 1, 2)
        return (reason,)


class Reason(Message):
    """Shows why an entry refuses its text, as long as it does."""

    def __init__(self, entry: RefusingEdit) -> None:
        super().__init__("error")
        entry.refusal_changed.connect(self.say)
