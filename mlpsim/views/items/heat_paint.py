"""How a heat map is painted: tiles, their values, the axes, and a legend for every scale."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPen

from mlpsim.core.studies.sweep_map import Tile
from mlpsim.views.items.heat_layout import BAR, LINE, HeatLayout, Key
from mlpsim.views.items.surface_item import LIGHT_FROM, ramp_colour
from mlpsim.views.labels import sweep_words
from mlpsim.views.theme import DARK, Theme, mix

_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_STOPS = 6
_GAP = 1.5  # pixels around a tile
_ROW = 0.95  # in em: the height of a line in a tile


@dataclass(frozen=True)
class HeatPainter:
    """Paints a map as it is laid out; a tile that diverged has no colour of the scale."""

    painter: QPainter
    layout: HeatLayout
    theme: Theme

    def paint(self, brushed: tuple[int, int] | None) -> None:
        """Everything; a brushed tile stands out."""
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setFont(self.layout.font)
        for place in self.layout.found.places():
            self._paint_tile(place)
        for place in self.layout.found.chosen:
            self._frame(self._box(place), self.theme.accent, 3.0)
        if brushed is not None:
            inset = 3.0 if brushed in self.layout.found.chosen else 0.0
            box = self._box(brushed).adjusted(inset, inset, -inset, -inset)
            self._frame(box, QColor("white"), 2.0)
        self._paint_values()
        self._paint_names()
        self._paint_legend()

    # -- tiles ---------------------------------------------------------------------------------

    def _box(self, place: tuple[int, int]) -> QRectF:
        return self.layout.tile(place).adjusted(_GAP, _GAP, -_GAP, -_GAP)

    def _paint_tile(self, place: tuple[int, int]) -> None:
        found, painter, box = self.layout.found, self.painter, self._box(place)
        tile = found.tiles[place[0]][place[1]]
        key = self.layout.keys.get(found.kinds[place[0]][place[1]])
        if tile.diverged:
            self._paint_diverged(tile, box)
        elif tile.value is None or key is None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.theme.border, 1.0, Qt.PenStyle.DashLine))
            painter.drawRect(box)
        else:
            shade = float(np.nan_to_num(key.scale.share(np.array(min(tile.value, key.largest)))))
            painter.fillRect(box, ramp_colour(shade))
            painter.setPen(DARK.halo if shade > LIGHT_FROM else QColor("white"))
            if self.layout.digits:
                self._write(box, self._texts(tile, tile.value))

    def _texts(self, tile: Tile, value: float) -> list[str]:
        """The value, and its spread or how many of the runs have ended."""
        measure = self.layout.found.pivot.measure
        texts = [sweep_words.value_text(measure, value, self.layout.digits)]
        if tile.done < len(tile.cells):
            texts.append(f"{tile.done}/{len(tile.cells)}")
        elif tile.spread is not None:
            texts.append(f"± {sweep_words.value_text(measure, tile.spread, 2)}")
        return texts

    def _paint_diverged(self, tile: Tile, box: QRectF) -> None:
        painter, height = self.painter, box.height()
        painter.fillRect(box, self.theme.plot)
        painter.setPen(QPen(mix(self.theme.plot, self.theme.danger, 0.45), 1.0))
        painter.save()
        painter.setClipRect(box)
        for x in np.arange(box.left() - height, box.right(), 0.55 * self.layout.em).tolist():
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x + height, box.top()))
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        painter.setPen(self.theme.danger)
        count = len(tile.cells)
        some = f"{tile.diverged}/{count} " if count > 1 else ""
        words = [f"{some}diverged", f"{some}div.", "∞"]
        room = box.width() - 4.0
        fitting = next((text for text in words if self.layout.width(text) <= room), words[-1])
        self._write(box, [fitting], self.theme.plot)

    def _write(self, box: QRectF, texts: list[str], ground: QColor | None = None) -> None:
        """Lines in the middle of a box: as many as have room; none if the first has not."""
        height = _ROW * self.layout.em
        fits = [self.layout.width(text) <= box.width() - 4.0 for text in texts]
        shown = [text for text, fit in zip(texts, fits, strict=True) if fit]
        shown = shown[: int((box.height() - 2.0) / height)] if fits[0] else []
        top = box.center().y() - 0.5 * height * len(shown)
        for n, text in enumerate(shown):
            line = QRectF(box.left(), top + n * height, box.width(), height)
            if ground is not None:
                back = QRectF(0.0, 0.0, self.layout.width(text) + 0.4 * height, height)
                back.moveCenter(line.center())
                self.painter.fillRect(back.intersected(box), ground)
            self.painter.drawText(line, _CENTRE, text)

    def _frame(self, box: QRectF, colour: QColor, width: float) -> None:
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(self.theme.halo, width + 2.0), QPen(colour, width)):
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            self.painter.setPen(pen)
            self.painter.drawRect(box)

    # -- around them ---------------------------------------------------------------------------

    def _paint_values(self) -> None:
        """The values of the axes, under the columns and beside the rows."""
        layout, em = self.layout, self.layout.em
        self.painter.setPen(self.theme.secondary)
        taken = 0.0
        for column, name in enumerate(layout.across):
            x, width = layout.tile((0, column)).center().x(), layout.width(name) + 0.4 * em
            if x - 0.5 * width >= taken:  # else it would touch its neighbour
                under = QRectF(x - 0.5 * width, layout.area.bottom(), width, 1.2 * em)
                self.painter.drawText(under, _CENTRE, name)
                taken = under.right()
        free = layout.area.bottom()
        for row, name in enumerate(layout.up):
            y, left = layout.tile((row, 0)).center().y(), layout.room.left() + 1.3 * em
            beside = QRectF(left, y - 0.5 * em, layout.area.left() - 0.4 * em - left, em)
            if beside.bottom() <= free + 0.5 * em:
                self._cut(beside, name)
                free = beside.top()

    def _cut(self, box: QRectF, text: str) -> None:
        cut = self.layout.metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        self.painter.drawText(box, _RIGHT, cut)

    def _paint_names(self) -> None:
        painter, area, em = self.painter, self.layout.area, self.layout.em
        pivot = self.layout.found.pivot
        if pivot.across:
            under = QRectF(area.left(), area.bottom() + 1.3 * em, area.width(), 1.2 * em)
            painter.drawText(under, _CENTRE, sweep_words.axis_words(pivot.across))
        if pivot.up:
            painter.save()
            painter.translate(self.layout.room.left(), area.center().y())
            painter.rotate(-90.0)
            beside = QRectF(-0.5 * area.height(), 0.0, area.height(), 1.1 * em)
            flags = _CENTRE | Qt.TextFlag.TextDontClip
            painter.drawText(beside, flags, sweep_words.axis_words(pivot.up))
            painter.restore()

    def _paint_legend(self) -> None:
        """A bar for every scale, with its ends, and what the frame means."""
        layout, em = self.layout, self.layout.em
        first = y = layout.room.top() + 0.1 * em
        for key in layout.keys.values():
            self._paint_key(key, y)
            y += LINE * em
        if layout.found.chosen:
            y = first if layout.has_room else y
            x = layout.area.right() - layout.width(sweep_words.CHOSEN)
            self._paint_words(x, y, sweep_words.CHOSEN)
            self.painter.setBrush(Qt.BrushStyle.NoBrush)
            self.painter.setPen(QPen(self.theme.accent, 3.0))
            self.painter.drawRect(QRectF(x - 1.4 * em, y + 0.25 * em, 0.9 * em, 0.7 * em))

    def _paint_key(self, key: Key, y: float) -> None:
        em, x = self.layout.em, self.layout.area.left()
        if key.name:
            x = self._paint_words(x, y, key.name)
        x = self._paint_words(x, y, key.low)
        bar = QRectF(x, y + 0.25 * em, BAR * em, 0.7 * em)
        low, high = np.nan_to_num(key.scale.share(np.array([key.least, key.largest]))).tolist()
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for stop in np.linspace(0.0, 1.0, _STOPS).tolist():
            gradient.setColorAt(stop, ramp_colour(low + stop * (high - low)))
        self.painter.fillRect(bar, gradient)
        self._paint_words(bar.right() + 0.4 * em, y, key.high)

    def _paint_words(self, x: float, y: float, text: str) -> float:
        """Words at a place; where the next may stand."""
        width = self.layout.width(text)
        self.painter.setPen(self.theme.secondary)
        self.painter.drawText(QRectF(x, y, width + 2.0, 1.2 * self.layout.em), _LEFT, text)
        return x + width + 0.5 * self.layout.em
