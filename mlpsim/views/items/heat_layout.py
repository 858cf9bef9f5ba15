"""Where the parts of a heat map stand: tiles, the names of their values, and the legend's lines."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from mlpsim.core.studies.sweep_map import SweepMap
from mlpsim.views.items.scale import Scale, scale_for
from mlpsim.views.labels import sweep_words

BAR = 5.0  # in em: the length of a legend's bar
LINE = 1.5  # in em: the height of a legend's line
_LEAST = 1.1  # in em: the height of a tile that has room for a value


@dataclass(frozen=True)
class Key:
    """A line of the legend: the loss whose values it is for, the least and largest, their scale."""

    name: str
    least: float
    largest: float
    low: str
    high: str
    scale: Scale


@dataclass(frozen=True)
class HeatLayout:
    """A map laid out in ``room``, a rectangle of pixels; the first row is the lowest."""

    found: SweepMap
    room: QRectF
    font: QFont

    @cached_property
    def metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self.font)

    @property
    def em(self) -> float:
        return self.metrics.height()

    def width(self, text: str) -> float:
        return self.metrics.horizontalAdvance(text)

    @cached_property
    def keys(self) -> dict[str, Key]:
        """A scale for every kind of loss that has values: those of one kind alone compare."""
        values: dict[str, list[float]] = {}
        for row, column in self.found.places():
            value = self.found.tiles[row][column].value
            if value is not None:
                values.setdefault(self.found.kinds[row][column], []).append(value)
        found = {kind: self._key(kind, there) for kind, there in values.items()}
        return {kind: key for kind, key in found.items() if key is not None}

    def _key(self, kind: str, values: list[float]) -> Key | None:
        """A scale that ends at the start where some runs ended above it, however far."""
        measure, least, largest = self.found.pivot.measure, min(values), max(values)
        start = self.found.starts.get(kind, np.inf)
        is_cut = least < start < largest
        if is_cut:
            largest = start
        scale = scale_for(np.clip(values, least, largest), None)
        if scale is None:
            return None
        low, high = (sweep_words.value_text(measure, value) for value in (least, largest))
        high = f"≥ {high} {sweep_words.AT_START}" if is_cut else high
        name = sweep_words.value_words("loss", kind) if kind else ""
        return Key(name, least, largest, low, high + (", log" if scale.log else ""), scale)

    @cached_property
    def digits(self) -> int:
        """With how many digits every value has room in its tile; 0: with none."""
        values = [
            tile.value for line in self.found.tiles for tile in line if tile.value is not None
        ]
        tile, measure = self.tile((0, 0)), self.found.pivot.measure
        if tile.height() < _LEAST * self.em:
            return 0
        for digits in (3, 2):
            texts = [sweep_words.value_text(measure, value, digits) for value in values]
            if max(map(self.width, texts), default=0.0) <= tile.width() - 6.0:
                return digits
        return 0

    @cached_property
    def across(self) -> list[str]:
        """The values across, as they stand under the tiles; likewise ``up``.

        Where they would touch, small ones are powers of ten.
        """
        axis, values = self.found.pivot.across, self.found.columns
        names = _names(axis, values)
        room = self.tile((0, 0)).width() - 0.4 * self.em
        return (
            names
            if max(map(self.width, names), default=0.0) <= room
            else _names(axis, values, True)
        )

    @cached_property
    def up(self) -> list[str]:
        return _names(self.found.pivot.up, self.found.rows)

    @cached_property
    def area(self) -> QRectF:
        """The rectangle of all tiles."""
        em = self.em
        widest = max(map(self.width, self.up), default=0.0)
        left = 1.9 * em + min(widest, 0.3 * self.room.width()) if self.up else 2.0
        lines = max(1, len(self.keys)) + (self.found.chosen != frozenset() and not self.has_room)
        below = 2.6 * em if self.found.pivot.across else 0.3 * em
        return self.room.adjusted(left, (LINE * lines + 0.4) * em, -2.0, -below)

    @cached_property
    def has_room(self) -> bool:
        """Whether the legend's first line leaves room for the mark of what is chosen."""
        words = [sweep_words.CHOSEN]
        for key in list(self.keys.values())[:1]:
            words += [key.name, key.low, key.high]
        return sum(map(self.width, words)) + (BAR + 5.0) * self.em < 0.75 * self.room.width()

    def tile(self, place: tuple[int, int]) -> QRectF:
        """The pixels of the tile at a row and column."""
        area, (row, column) = self.area, place
        width = area.width() / len(self.found.columns)
        height = area.height() / len(self.found.rows)
        top = area.bottom() - (row + 1) * height
        return QRectF(area.left() + column * width, top, width, height)


def _names(axis: str, values: tuple[str, ...], brief: bool = False) -> list[str]:
    return [sweep_words.value_words(axis, value, brief) for value in values] if axis else []
