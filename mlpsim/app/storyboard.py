"""Storyboards: chosen steps of a run on one sheet, sized in centimetres, with a caption."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from mlpsim.app.export import DPI, drawing, paint_vectors, vector_device
from mlpsim.app.stage import Stage
from mlpsim.session.files import write_whole
from mlpsim.views.appearance import app_font

CM = DPI / 2.54  # pixels a centimetre
GAP_CM, NARROWEST_CM = 0.3, 0.5  # between pictures, and of one
TYPE_POINTS = 9.0


@dataclass(frozen=True)
class Sheet:
    """Which steps, in how many columns, on a sheet how wide, with what below them."""

    steps: tuple[int, ...]
    columns: int
    width_cm: float
    caption: str

    def __post_init__(self) -> None:
        if self.picture_cm < NARROWEST_CM:
            raise ValueError(
                f"{self.columns} pictures in a row have no room on {self.width_cm:g} cm,"
                f" not even {NARROWEST_CM:g} cm each"
            )

    @property
    def picture_cm(self) -> float:
        """The width of a picture."""
        return (self.width_cm - GAP_CM * (self.columns + 1)) / self.columns


def usual_steps(last: int) -> tuple[int, ...]:
    """0, 1, 2, 5, 10, 20, 50 … and the last step."""
    digits = (digit * 10**power for power in range(len(str(last))) for digit in (1, 2, 5))
    return (0, *(step for step in digits if step < last), last) if last else (0,)


def usual_columns(steps: tuple[int, ...]) -> int:
    """Up to three pictures in a row."""
    return min(3, len(steps))


@dataclass(frozen=True)
class _Grid:
    """Where the cells stand: pixels of 1/96 inch."""

    sheet: Sheet
    widget: QWidget
    font: QFont

    @property
    def line(self) -> float:
        return QFontMetricsF(self.font).height()

    @property
    def scale(self) -> float:
        return self.sheet.picture_cm * CM / self.widget.width()

    @property
    def cell(self) -> QSizeF:
        """A picture with the line below it."""
        size = QSizeF(self.widget.size()) * self.scale
        return QSizeF(size.width(), size.height() + 1.4 * self.line)

    @property
    def rows(self) -> int:
        return -(-len(self.sheet.steps) // self.sheet.columns)

    def corner(self, place: int) -> tuple[float, float]:
        row, column = divmod(place, self.sheet.columns)
        gap, cell = GAP_CM * CM, self.cell
        return gap + column * (cell.width() + gap), gap + row * (cell.height() + gap)

    @property
    def caption(self) -> QRectF:
        """Below all rows, as high as its lines are."""
        gap, width = GAP_CM * CM, self.sheet.width_cm * CM
        top = gap + self.rows * (self.cell.height() + gap)
        room = QRectF(gap, top, width - 2.0 * gap, 1e4)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        height = QFontMetricsF(self.font).boundingRect(room, flags, self.sheet.caption).height()
        return QRectF(gap, top, room.width(), height if self.sheet.caption else 0.0)

    @property
    def size(self) -> QSizeF:
        return QSizeF(self.sheet.width_cm * CM, self.caption.bottom() + GAP_CM * CM)


class Board:
    """A sheet that is drawn cell by cell as vectors; ``close`` ends it, drawn or given up."""

    def __init__(self, widget: QWidget, sheet: Sheet, suffix: str) -> None:
        font = app_font(TYPE_POINTS)
        font.setPixelSize(round(TYPE_POINTS * DPI / 72.0))
        self._grid = _Grid(sheet, widget, font)
        self._suffix = suffix
        self._buffer = QBuffer()
        self._buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        self._device = vector_device(self._buffer, self._grid.size, suffix)
        self._painter = QPainter(self._device)

    def draw(self, place: int) -> None:
        """The widget as it is now, with its step below it."""
        grid, painter = self._grid, self._painter
        x, y = grid.corner(place)
        painter.save()
        painter.translate(x, y)
        painter.scale(grid.scale, grid.scale)
        paint_vectors(grid.widget, painter)
        painter.restore()
        below = QRectF(x, y + grid.cell.height() - 1.3 * grid.line, grid.cell.width(), grid.line)
        painter.setFont(grid.font)
        painter.setPen(Qt.GlobalColor.black)
        step = grid.sheet.steps[place]
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, f"step {step}")

    def finish(self) -> bytes:
        """The whole sheet, with its caption."""
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        self._painter.drawText(self._grid.caption, flags, self._grid.sheet.caption)
        self.close()
        return drawing(self._buffer, self._suffix)

    def close(self) -> None:
        """End the painting; nothing is drawn afterwards."""
        if self._painter.isActive():
            self._painter.end()


def storyboard(stage: Stage, sheet: Sheet, path: Path) -> None:
    """Draw the steps one after the other, and write the sheet."""
    board = Board(stage.widget, sheet, path.suffix.lower())
    try:
        for place, k in enumerate(sheet.steps):
            stage.show(k)
            board.draw(place)
        data = board.finish()
    finally:
        board.close()
    write_whole(path, [data])
