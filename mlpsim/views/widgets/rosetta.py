"""The Rosetta bar: one line that says what the letters of (OP) mean in the experiment in force."""

from html import escape

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy

from mlpsim.views.context import Context
from mlpsim.views.labels.rosetta import Meaning, meanings
from mlpsim.views.widgets.icon_button import IconButton

GAP = 4 * "\u00a0"  # between two meanings
HEAD = "(OP)  min f(x), x ∈ C"
BRIEF_HEAD = "(OP)"


class RosettaBar(QFrame):
    """As many of the long words as fit stand in the line; the tooltip has all of them."""

    toggled = Signal(bool)  # whether it is shown

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("rosetta")
        self.setProperty("role", "card")
        self.setAccessibleName("What the letters mean")
        self._session, self._appearance = context.session, context.appearance
        self._meanings: tuple[Meaning, ...] = ()
        self.line = QLabel()
        self.line.setTextFormat(Qt.TextFormat.RichText)
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.close_button = IconButton("close", "Close this line (F3)", 1.0)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.close_button.clicked.connect(self.toggle)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 2, 6, 2)
        row.addWidget(self.line, 1)
        row.addWidget(self.close_button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._session.experiment_changed.connect(self._show)
        self._appearance.changed.connect(self._fit)
        self._show()

    @Slot()
    def toggle(self) -> None:
        """Show the line, or hide it."""
        self.setVisible(self.isHidden())
        self.toggled.emit(not self.isHidden())

    @property
    def text(self) -> str:
        """What the line says, without its colours."""
        return _plain(*self._choice())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    @Slot()
    def _show(self) -> None:
        found = meanings(self._session.experiment.problem)
        if found == self._meanings:
            return
        self._meanings = found
        whole = _plain(HEAD, [(m.letter, m.long) for m in self._meanings])
        self.setToolTip(whole.replace(GAP, "\n"))
        self.setAccessibleDescription(whole)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        head, parts = self._choice()
        theme = self._appearance.theme
        letter, quiet = theme.accent.name(), theme.secondary.name()
        spans = [f'<span style="color:{quiet}">{escape(head)}</span>']
        spans += [
            f'<span style="color:{letter}; font-weight:600">{escape(key)}</span> {escape(said)}'
            for key, said in parts
        ]
        self.line.setText(f"<nobr>{(GAP).join(spans)}</nobr>")

    def _choice(self) -> tuple[str, list[tuple[str, str]]]:
        """The fullest line that fits; what comes first in (OP) is shortened first."""
        room = self.line.width()
        metrics = self.line.fontMetrics()
        choices = [
            (
                HEAD,
                [(m.letter, m.short if i < cut else m.long) for i, m in enumerate(self._meanings)],
            )
            for cut in range(len(self._meanings) + 1)
        ]
        choices += [
            (BRIEF_HEAD, parts[:count]) for parts in [choices[-1][1]] for count in (4, 3, 2)
        ]
        for head, parts in choices:
            # Letters are set bold: a little wider.
            if 1.04 * metrics.horizontalAdvance(_plain(head, parts)) <= room:
                break
        return head, parts

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()


def _plain(head: str, parts: list[tuple[str, str]]) -> str:
    return GAP.join([head, *(f"{key} {said}" for key, said in parts)])
