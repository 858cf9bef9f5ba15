"""A label of one line that is cut with an ellipsis where there is no room."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from mlpsim.views.labels.plain import plain
from mlpsim.views.widgets.still_label import StillLabel

STUMP = 14  # a cut text of fewer signs says nothing
BETWEEN = " · "  # two facts


class ElidedLabel(StillLabel):
    """Shows as much of its text as fits; the tooltip has all of it when it does not.

    Of facts with dots between them it shows whole ones, and the tooltip has a line of each. What
    would be a stump is not shown at all. A tooltip of its own stands whether it fits or not.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._tip = ""

    def set_tip(self, tip: str) -> None:
        """A tooltip of its own, rich text."""
        self._tip = tip
        self.setToolTip(tip)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )
        if shown != self.text():
            self.setToolTip(self._tip or plain(self.text().replace(BETWEEN, "\n")))
            if BETWEEN in shown:
                shown = shown[: shown.rindex(BETWEEN)] + " …"
            elif len(shown) < STUMP:
                return
        else:
            self.setToolTip(self._tip)
        self._paint_text(shown)
