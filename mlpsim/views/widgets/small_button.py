"""A small button: one quiet sign in the midst of a drawing."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from mlpsim.views.appearance import Appearance, em


class SmallButton(QToolButton):
    """A square button of one sign, or one as wide as its word.

    ``tip`` is its tooltip and its accessible name.
    """

    def __init__(
        self, appearance: Appearance, sign: str, tip: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setStyleSheet("padding: 0px;")
        self.setText(sign)
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        side = round(1.5 * em(self._appearance.point_size))
        word = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(max(side, word + side // 2), side)
