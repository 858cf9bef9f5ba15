"""Bars of σ′(zˢ): how much of each sample's error the activations let through."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mlpsim.core.arrays import Array
from mlpsim.views.labels import number
from mlpsim.views.labels.numbers import sup, whole
from mlpsim.views.theme import Theme
from mlpsim.views.widgets.quiet_delegate import QUIET

MOST = 8
_FULL = 0.25  # the largest slope of the sigmoid; a longer one stretches the axis
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class SlopeBars(QWidget):
    """A bar for each sample, at most the eight smallest; those that hold the run are marked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Slopes of the activations, by sample")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._slopes: Array = np.zeros(0)
        self._held: frozenset[int] = frozenset()
        self._shown: list[int] = []

    @property
    def shown(self) -> list[int]:
        """The samples (from 0) with a bar."""
        return self._shown

    def show_slopes(self, slopes: Array, held: frozenset[int], theme: Theme) -> None:
        """Show other slopes (S,)."""
        self._slopes, self._held, self._theme = slopes, held, theme
        smallest = np.argsort(slopes, kind="stable")[:MOST]
        self._shown = sorted(smallest.tolist())
        told = (f"sample {s + 1}: {number(float(slopes[s]), 3)}" for s in self._shown)
        self.setAccessibleDescription("; ".join(told))
        part = f", the {len(self._shown)} smallest of {whole(len(slopes))}"
        self.setToolTip("σ′(zˢ)" + (part if len(slopes) > MOST else ""))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        line = 1.35 * QFontMetricsF(self.font()).height()
        return QSize(round(16 * line), round(line * max(len(self._shown), 1)) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(1.0 if self.isEnabled() else QUIET)
            for row, sample in enumerate(self._shown):
                self._paint_row(painter, row, sample)

    def _paint_row(self, painter: QPainter, row: int, sample: int) -> None:
        theme, metrics = self._theme, QFontMetricsF(self.font())
        line = self.height() / max(len(self._shown), 1)
        largest = max(888, *self._shown)
        name = metrics.horizontalAdvance(f"σ′(z{sup(largest + 1)})") + 8.0
        value = metrics.horizontalAdvance("8.88·10⁻¹⁸⁸") + 8.0
        area = QRectF(0.0, row * line, self.width(), line)
        slope, is_held = float(self._slopes[sample]), sample in self._held
        painter.setPen(theme.text if is_held else theme.secondary)
        painter.drawText(area, _LEFT, f"σ′(z{sup(sample + 1)})")
        painter.setPen(theme.warning if is_held else theme.secondary)
        painter.drawText(area, _RIGHT, number(slope, 3))
        track = area.adjusted(name, 0.3 * line, -value, -0.3 * line)
        painter.setPen(QPen(theme.warning, 1.0) if is_held else Qt.PenStyle.NoPen)
        painter.setBrush(theme.field)
        painter.drawRoundedRect(track, 3.0, 3.0)
        painter.setPen(Qt.PenStyle.NoPen)
        full = max(_FULL, float(np.nanmax(self._slopes)))
        share = slope / full if np.isfinite(slope) and np.isfinite(full) else 0.0
        painter.setBrush(theme.accent)
        bar = QRectF(track.left(), track.top(), max(share * track.width(), 1.5), track.height())
        painter.drawRoundedRect(bar, 3.0, 3.0)
