"""The heat map of a sweep: a tile for every pair of values, coloured by what its runs came to."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from mlpsim.core.studies.sweep_map import SweepMap, Tile
from mlpsim.views.arrow_keys import ARROWS
from mlpsim.views.enter_key import ENTER
from mlpsim.views.items.heat_layout import HeatLayout
from mlpsim.views.items.heat_paint import HeatPainter
from mlpsim.views.labels import sweep_words
from mlpsim.views.theme import Theme


class HeatMap(QWidget):
    """``opened`` carries the tile that was clicked or entered, ``moved`` tells of another tile.

    The arrow keys move the current tile; the pointer points at one.
    """

    opened = Signal(object)  # Tile
    moved = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Heat map of the sweep")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._theme = theme
        self._map: SweepMap | None = None
        self._current = (0, 0)
        self._pointed: tuple[int, int] | None = None

    def show_map(self, found: SweepMap | None, theme: Theme) -> None:
        """Show another map, or none."""
        self._map, self._theme = found, theme
        if found is not None:
            row, column = self._current
            self._current = min(row, len(found.rows) - 1), min(column, len(found.columns) - 1)
            self._pointed = self._pointed if self._pointed in found.places() else None
        self._tell()

    @property
    def map(self) -> SweepMap | None:
        """What is on view."""
        return self._map

    @property
    def brushed(self) -> tuple[int, int] | None:
        """Row and column of the tile under the pointer, else of the current one while in focus."""
        return self._pointed or (self._current if self.hasFocus() else None)

    @property
    def brushed_tile(self) -> Tile | None:
        """The tile there."""
        place = self.brushed
        return None if self._map is None or place is None else self._map.tiles[place[0]][place[1]]

    def point_at(self, place: tuple[int, int] | None) -> None:
        """Bring a tile out, as if the pointer were on it."""
        if place != self._pointed:
            self._pointed = place
            self._tell()
            self.moved.emit()

    def place_at(self, at: QPointF) -> tuple[int, int] | None:
        """Row and column of the tile at a pixel."""
        layout = self._layout()
        if layout is None:
            return None
        return next((p for p in layout.found.places() if layout.tile(p).contains(at)), None)

    def _tell(self) -> None:
        place = self._pointed or self._current
        self.setAccessibleDescription(
            "" if self._map is None else sweep_words.tile_words(self._map, place)
        )
        self.update()

    # -- painting ------------------------------------------------------------------------------

    def _layout(self) -> HeatLayout | None:
        if self._map is None:
            return None
        return HeatLayout(self._map, QRectF(self.rect()), self.font())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            layout = self._layout()
            if layout is not None:
                HeatPainter(painter, layout, self._theme).paint(self.brushed)

    # -- pointing ------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        self.setCursor(
            Qt.CursorShape.ArrowCursor if place is None else Qt.CursorShape.PointingHandCursor
        )
        self.point_at(place)

    def leaveEvent(self, event: QEvent) -> None:
        self.point_at(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self._current = place
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self._map is not None and key in ARROWS and not _is_modified(event):
            rows, columns = len(self._map.rows), len(self._map.columns)
            (row, column), (right, up) = self._current, ARROWS[key]
            row, column = row + up, column + right
            self._current = min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)
            self._pointed = None
            self._tell()
            self.moved.emit()
        elif self._map is not None and key in ENTER:
            self._open()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QEvent) -> None:
        self.update()
        self.moved.emit()

    def focusOutEvent(self, event: QEvent) -> None:
        self.update()
        self.moved.emit()

    def _open(self) -> None:
        assert self._map is not None
        row, column = self._current
        self._tell()
        self.opened.emit(self._map.tiles[row][column])


def _is_modified(event: QKeyEvent) -> bool:
    return event.modifiers() not in (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.KeypadModifier,
    )
