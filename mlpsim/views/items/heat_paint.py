"""How a heat map is painted: tiles, their values, the axes, and a legend for every scale."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QPen

from mlpsim.core.studies.sweep_map import SweepMap, Tile
from mlpsim.views.items.scale import Scale, scale_for
from mlpsim.views.items.surface_item import LIGHT_FROM, ramp_colour
from mlpsim.views.labels import sweep_words
from mlpsim.views.theme import DARK, Theme, mix

_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_STOPS = 6
_BAR = 5.0  # in em: the length of a legend's bar
_GAP = 1.5  # pixels around a tile


@dataclass(frozen=True)
class HeatPainter:
    """Paints one map into ``room``; without a painter it only tells where tiles are."""

    painter: QPainter | None
    found: SweepMap
    theme: Theme
    room: QRectF
    font: QFont

    @cached_property
    def scales(self) -> dict[str, Scale | None]:
        """The scale of every kind of loss; values of one kind alone compare."""
        values: dict[str, list[float]] = {}
        for row, column in self.found.places():
            value = self.found.tiles[row][column].value
            values.setdefault(self.found.kinds[row][column], [])
            if value is not None:
                values[self.found.kinds[row][column]].append(value)
        return {kind: scale_for(np.array(found), None) for kind, found in values.items()}

    @cached_property
    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self.font)

    @property
    def _em(self) -> float:
        return self._metrics.height()

    @cached_property
    def _across(self) -> list[str]:
        return _names(self.found.look.across, self.found.columns)

    @cached_property
    def _up(self) -> list[str]:
        return _names(self.found.look.up, self.found.rows)

    @cached_property
    def area(self) -> QRectF:
        """The rectangle of all tiles."""
        widest = max((self._metrics.horizontalAdvance(name) for name in self._up), default=0.0)
        left = (
            1.3 * self._em + min(widest, 0.3 * self.room.width()) + 0.6 * self._em
            if widest
            else 2.0
        )
        top = 1.5 * self._em * len(self.scales) + 0.4 * self._em
        below = (2.6 if self._across else 0.3) * self._em
        return self.room.adjusted(left, top, -2.0, -below)

    def tile(self, row: int, column: int) -> QRectF:
        """The pixels of a tile; the first row is the lowest."""
        area = self.area
        width = area.width() / len(self.found.columns)
        height = area.height() / len(self.found.rows)
        top = area.bottom() - (row + 1) * height
        return QRectF(area.left() + column * width, top, width, height)

    def paint(self, brushed: tuple[int, int] | None) -> None:
        """Everything; a brushed tile stands out."""
        painter = self.painter
        assert painter is not None
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font)
        for place in self.found.places():
            self._paint_tile(painter, place)
        for place in self.found.chosen:
            self._frame(painter, place, self.theme.accent, 3.0)
        if brushed is not None:
            self._frame(painter, brushed, self.theme.text, 2.0)
        self._paint_axes(painter)
        self._paint_legends(painter)

    # -- tiles ---------------------------------------------------------------------------------

    def _paint_tile(self, painter: QPainter, place: tuple[int, int]) -> None:
        row, column = place
        tile, box = self.found.tiles[row][column], self._box(place)
        scale = self.scales[self.found.kinds[row][column]]
        if tile.diverged:
            self._paint_diverged(painter, tile, box)
        elif tile.value is None or scale is None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.theme.border, 1.0, Qt.PenStyle.DashLine))
            painter.drawRect(box)
        else:
            shade = float(np.nan_to_num(scale.share(np.array(tile.value))))
            painter.fillRect(box, ramp_colour(shade))
            painter.setPen(DARK.halo if shade > LIGHT_FROM else QColor("white"))
            self._write(painter, box, self._texts(tile))

    def _texts(self, tile: Tile) -> list[str]:
        """The value, and its spread or how many of the runs have ended."""
        measure = self.found.look.measure
        assert tile.value is not None
        texts = [sweep_words.value_text(measure, tile.value)]
        if tile.done < len(tile.cells):
            texts.append(f"{tile.done}/{len(tile.cells)}")
        elif tile.spread is not None:
            texts.append(f"± {sweep_words.value_text(measure, tile.spread, 2)}")
        return texts

    def _paint_diverged(self, painter: QPainter, tile: Tile, box: QRectF) -> None:
        painter.fillRect(box, self.theme.plot)
        hatch = QColor(mix(self.theme.plot, self.theme.danger, 0.45))
        painter.save()
        painter.setClipRect(box)
        painter.setPen(QPen(hatch, 1.0))
        step = 0.55 * self._em
        x = box.left() - box.height()
        while x < box.right():
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()))
            x += step
        painter.restore()
        count = len(tile.cells)
        words = ["diverged"] if count == 1 else [f"{tile.diverged}/{count}", "diverged"]
        painter.setPen(self.theme.danger)
        self._write(painter, box, words, self.theme.plot)

    def _write(
        self, painter: QPainter, box: QRectF, texts: list[str], ground: QColor | None = None
    ) -> None:
        """Lines in the middle of a box: as many of the first as have room."""
        room = int((box.height() - 2.0) / (0.95 * self._em))
        shown = texts[:room]
        if not shown or self._width(shown[0]) > box.width() - 4.0:
            return
        shown = [text for text in shown if self._width(text) <= box.width() - 4.0]
        height = 0.95 * self._em
        top = box.center().y() - 0.5 * height * len(shown)
        for n, text in enumerate(shown):
            line = QRectF(box.left(), top + n * height, box.width(), height)
            if ground is not None:
                width = self._width(text) + 0.4 * self._em
                back = QRectF(0.0, 0.0, width, height)
                back.moveCenter(line.center())
                painter.fillRect(back, ground)
            painter.drawText(line, _CENTRE, text)

    def _width(self, text: str) -> float:
        return self._metrics.horizontalAdvance(text)

    def _box(self, place: tuple[int, int]) -> QRectF:
        return self.tile(*place).adjusted(_GAP, _GAP, -_GAP, -_GAP)

    def _frame(
        self, painter: QPainter, place: tuple[int, int], colour: QColor, width: float
    ) -> None:
        box = self._box(place)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(self.theme.halo, width + 2.0), QPen(colour, width)):
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.setPen(pen)
            painter.drawRect(box)

    # -- around them ---------------------------------------------------------------------------

    def _paint_axes(self, painter: QPainter) -> None:
        area, em, look = self.area, self._em, self.found.look
        painter.setPen(self.theme.secondary)
        for column, name in enumerate(self._across):
            box = self.tile(0, column)
            text = self._metrics.elidedText(name, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(
                QRectF(box.left(), area.bottom(), box.width(), 1.2 * em), _CENTRE, text
            )
        for row, name in enumerate(self._up):
            box = self.tile(row, 0)
            left = 1.3 * em
            width = area.left() - 0.4 * em - left
            text = self._metrics.elidedText(name, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRectF(left, box.top(), width, box.height()), _RIGHT, text)
        if look.across:
            under = QRectF(area.left(), area.bottom() + 1.3 * em, area.width(), 1.2 * em)
            painter.drawText(under, _CENTRE, sweep_words.axis_words(look.across))
        if look.up:
            painter.save()
            painter.translate(0.0, area.center().y())
            painter.rotate(-90.0)
            beside = QRectF(-0.5 * area.height(), 0.0, area.height(), 1.1 * em)
            painter.drawText(
                beside, _CENTRE | Qt.TextFlag.TextDontClip, sweep_words.axis_words(look.up)
            )
            painter.restore()

    def _paint_legends(self, painter: QPainter) -> None:
        """A bar for every scale, with its ends, and what the frame means."""
        em, y = self._em, 0.1 * self._em
        for kind, scale in self.scales.items():
            x = self.area.left()
            if kind:
                x = self._paint_words(painter, x, y, sweep_words.value_words("loss", kind))
            if scale is not None:
                x = self._paint_bar(painter, x, y, scale, kind)
            y += 1.5 * em
        if self.found.chosen:
            self._paint_chosen(painter)

    def _paint_bar(self, painter: QPainter, x: float, y: float, scale: Scale, kind: str) -> float:
        em, measure = self._em, self.found.look.measure
        values = [
            tile.value
            for line, kinds in zip(self.found.tiles, self.found.kinds, strict=True)
            for tile, of in zip(line, kinds, strict=True)
            if tile.value is not None and of == kind
        ]
        low, high = min(values), max(values)
        x = self._paint_words(painter, x, y, sweep_words.value_text(measure, low))
        bar = QRectF(x, y + 0.25 * em, _BAR * em, 0.7 * em)
        ends = scale.share(np.array([low, high]))
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for stop in np.linspace(0.0, 1.0, _STOPS).tolist():
            shade = float(np.nan_to_num(ends[0] + stop * (ends[1] - ends[0])))
            gradient.setColorAt(stop, ramp_colour(shade))
        painter.fillRect(bar, gradient)
        x = bar.right() + 0.4 * em
        log = ", log" if scale.log else ""
        return self._paint_words(painter, x, y, sweep_words.value_text(measure, high) + log)

    def _paint_words(self, painter: QPainter, x: float, y: float, text: str) -> float:
        painter.setPen(self.theme.secondary)
        painter.drawText(QRectF(x, y, self._width(text) + 2.0, 1.2 * self._em), _LEFT, text)
        return x + self._width(text) + 0.5 * self._em

    def _paint_chosen(self, painter: QPainter) -> None:
        em = self._em
        width = self._width(sweep_words.CHOSEN)
        x = self.area.right() - width
        swatch = QRectF(x - 1.4 * em, 0.35 * em, 0.9 * em, 0.7 * em)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.theme.accent, 3.0))
        painter.drawRect(swatch)
        self._paint_words(painter, x, 0.1 * em, sweep_words.CHOSEN)


def _names(axis: str, values: tuple[str, ...]) -> list[str]:
    """The values of an axis as they stand beside the tiles."""
    return [sweep_words.value_words(axis, value) for value in values] if axis else []
