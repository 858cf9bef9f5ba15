"""The legend of the loss map: its marks beside their names."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mlpsim.views.appearance import Appearance, sized
from mlpsim.views.items import marks
from mlpsim.views.items.overlays.batch_lines import LINES
from mlpsim.views.items.overlays.dashes import HALO
from mlpsim.views.items.overlays.model import COLOUR
from mlpsim.views.items.strokes import DEFAULT_HEIGHT
from mlpsim.views.items.trail_item import HALO_WIDTH, WIDTH
from mlpsim.views.theme import DARK, PENALTY, Theme, mix

SMALL = 0.9
SWATCH, GAP, SPACE = 1.3, 0.45, 1.1  # in em


class MapLegend(QWidget):
    """Shows as many entries as there is room for, the most important first."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._entries: tuple[tuple[str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Legend")

    def set_entries(self, entries: tuple[tuple[str, str], ...]) -> None:
        """Entries as (mark, name); marks are current, path, start, arrow,
        sample, penalty, batch, model, newton, halo, hidden and foot."""
        if entries != self._entries:
            self._entries = entries
            self.setAccessibleDescription(", ".join(name for _, name in entries))
            self.update()

    def _small(self) -> QFont:
        return sized(self.font(), SMALL)

    def sizeHint(self) -> QSize:
        return QSize(0, int(1.5 * QFontMetricsF(self._small()).height()))

    @property
    def whole_width(self) -> float:
        """The room that all entries need."""
        metrics = QFontMetricsF(self._small())
        names = sum(metrics.horizontalAdvance(name) for _, name in self._entries)
        return names + len(self._entries) * (SWATCH + GAP + SPACE) * metrics.height()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font, theme = self._small(), self._appearance.theme
        metrics = QFontMetricsF(font)
        em, x = metrics.height(), 0.0
        painter.setFont(font)
        for mark, name in self._entries:
            width = metrics.horizontalAdvance(name)
            if x + (SWATCH + GAP) * em + width > self.width():
                return
            _swatch(painter, mark, QPointF(x + 0.5 * SWATCH * em, 0.5 * self.height()), em, theme)
            x += (SWATCH + GAP) * em
            painter.setPen(theme.secondary)
            box = QRectF(x, 0.0, width + 1.0, self.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)
            x += width + SPACE * em


def _swatch(painter: QPainter, mark: str, at: QPointF, em: float, theme: Theme) -> None:
    reach, unit = QPointF(0.5 * SWATCH * em, 0.0), em / DEFAULT_HEIGHT
    painter.save()
    if mark == "current":
        marks.paint_current(painter, at, theme, 0.7 * unit)
    elif mark == "start":
        marks.paint_start(painter, at, theme, unit)
    elif mark == "path":
        for colour, width in ((theme.halo, HALO_WIDTH), (theme.path, WIDTH)):
            painter.setPen(QPen(colour, width * unit))
            painter.drawLine(at - reach, at + reach)
    elif mark == "hidden":
        pen = QPen(theme.path, 0.8 * WIDTH * unit, Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.drawLine(at - reach, at + reach)
    elif mark == "foot":
        painter.setPen(QPen(theme.secondary, 1.6 * unit))
        painter.drawLine(at - reach, at + reach)
    elif mark == "halo":
        painter.setPen(QPen(theme.secondary, unit, Qt.PenStyle.DashLine))
        painter.setBrush(mix(theme.card, theme.secondary, 0.3))
        painter.drawEllipse(at, 0.42 * em, 0.42 * em)
    elif mark in ("batch", "model"):
        colour = LINES if mark == "batch" else COLOUR
        for pen in (QPen(HALO, 3.6 * unit), QPen(colour, 2.0 * unit, Qt.PenStyle.DashLine)):
            painter.setPen(pen)
            painter.drawLine(at - reach, at + reach)
    elif mark in ("sample", "penalty", "newton"):
        colour = {"sample": DARK.classes[0], "penalty": PENALTY, "newton": COLOUR}[mark]
        marks.paint_arrow(painter, at - reach, at + reach, theme, colour, 1.7 * unit)
    else:
        marks.paint_arrow(painter, at - reach, at + reach, theme, marks.WHITE, 2.4 * unit)
    painter.restore()
