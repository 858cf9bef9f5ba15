"""Storyboards: chosen steps of a run on one sheet, sized in centimetres, with a caption."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QMarginsF, QPoint, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from mlpsim.app.stage import Stage
from mlpsim.session.files import write_whole

SUFFIXES = (".pdf", ".svg")
DPI = 96.0
CM = DPI / 2.54  # pixels a centimetre
GAP_CM = 0.3
TYPE_POINTS = 9.0


@dataclass(frozen=True)
class Sheet:
    """Which steps, in how many columns, on a sheet how wide, with what below them."""

    steps: tuple[int, ...]
    columns: int
    width_cm: float
    caption: str


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
        gaps = GAP_CM * CM * (self.sheet.columns + 1)
        room = (self.sheet.width_cm * CM - gaps) / self.sheet.columns
        return room / self.widget.width()

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


def storyboard(stage: Stage, sheet: Sheet, path: Path) -> None:
    """Draw the steps one after the other as vectors, and write the sheet."""
    font = QFont("Inter")
    font.setPointSizeF(TYPE_POINTS)
    font.setPixelSize(round(TYPE_POINTS * DPI / 72.0))
    grid = _Grid(sheet, stage.widget, font)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    device = _device(buffer, grid.size, path.suffix.lower())
    painter = QPainter(device)
    try:
        _paint(painter, stage, grid)
    finally:
        painter.end()
    write_whole(path, [bytes(buffer.data().data())])


def _device(buffer: QBuffer, size: QSizeF, suffix: str) -> QPdfWriter | QSvgGenerator:
    if suffix == ".svg":
        svg = QSvgGenerator()
        svg.setOutputDevice(buffer)
        svg.setResolution(round(DPI))
        svg.setSize(size.toSize())
        svg.setViewBox(QRectF(0.0, 0.0, size.width(), size.height()))
        return svg
    pdf = QPdfWriter(buffer)
    pdf.setCreator("mlpsim")
    pdf.setResolution(round(DPI))
    page = QPageSize(
        size * (72.0 / DPI), QPageSize.Unit.Point, "sheet", QPageSize.SizeMatchPolicy.ExactMatch
    )
    pdf.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    return pdf


def _paint(painter: QPainter, stage: Stage, grid: _Grid) -> None:
    for place, k in enumerate(grid.sheet.steps):
        stage.show(k)
        x, y = grid.corner(place)
        painter.save()
        painter.translate(x, y)
        painter.scale(grid.scale, grid.scale)
        painter.fillRect(grid.widget.rect(), grid.widget.palette().window())
        QWidget.render(grid.widget, painter, QPoint())
        painter.restore()
        below = QRectF(x, y + grid.cell.height() - 1.3 * grid.line, grid.cell.width(), grid.line)
        painter.setFont(grid.font)
        painter.setPen(Qt.GlobalColor.black)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, f"step {k}")
    painter.drawText(
        grid.caption, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft, grid.sheet.caption
    )
