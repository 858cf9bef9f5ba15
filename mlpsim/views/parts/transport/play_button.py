"""The play button: a round, accented switch between play and pause."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton

from mlpsim.views.appearance import Appearance, em
from mlpsim.views.theme import mix


class PlayButton(QAbstractButton):
    """Painted as a triangle while paused and as two bars while playing; checked means playing."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setObjectName("play")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def nextCheckState(self) -> None:
        """A click leaves it as it is: what plays says so."""

    def sizeHint(self) -> QSize:
        side = round(3.4 * em(self._appearance.point_size))
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        theme = self._appearance.theme
        middle = QPointF(self.width() / 2.0, self.height() / 2.0)
        radius = min(self.width(), self.height()) / 2.0 - 3.0
        disc = theme.accent
        if self.isDown():
            disc = mix(theme.accent, theme.card, 0.25)
        elif self.underMouse():
            disc = mix(theme.accent, theme.text, 0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(disc)
        painter.drawEllipse(middle, radius, radius)
        painter.setBrush(theme.on_accent)
        size = 0.42 * radius
        if self.isChecked():
            for x in (-0.95, 0.25):
                bar = QRectF(middle.x() + x * size, middle.y() - size, 0.7 * size, 2.0 * size)
                painter.drawRoundedRect(bar, 1.0, 1.0)
        else:
            x, y = middle.x(), middle.y()
            corners = ((-0.7, -1.0), (-0.7, 1.0), (1.1, 0.0))
            painter.drawPolygon(
                QPolygonF([QPointF(x + size * i, y + size * j) for i, j in corners])
            )
        if self.hasFocus():
            painter.setPen(QPen(theme.text, 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, radius + 1.5, radius + 1.5)
