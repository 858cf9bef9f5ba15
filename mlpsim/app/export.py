"""Exports: a widget as PNG, which carries the document, or as PDF or SVG."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PySide6.QtCore import QBuffer, QMarginsF, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QImage,
    QImageWriter,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QRegion,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QAbstractScrollArea, QHeaderView, QTableView, QWidget

from mlpsim.app.svg import mended
from mlpsim.core.files.document import Document
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.session.files import write_whole
from mlpsim.session.picture import embed
from mlpsim.views.widgets.card import Card

Made = Callable[[], bytes]
VECTORS = (".pdf", ".svg")
DPI = 96  # logical pixels an inch on paper
NOWHERE = QRegion(-2, -2, 1, 1)  # of a widget
NO_BACKGROUND = QWidget.RenderFlag(0)


@contextmanager
def as_figure(widget: QWidget) -> Iterator[None]:
    """A panel shows its content alone meanwhile; the window stays as it is."""
    card = widget if isinstance(widget, Card) else None
    if card is not None:
        card.set_figure(True)
    try:
        yield
    finally:
        if card is not None:
            card.set_figure(False)


def picture(widget: QWidget, scale: float) -> QImage:
    """The widget as it is on screen, at ``scale`` pixels a logical pixel."""
    size = (widget.size() * scale).expandedTo(QSize(1, 1))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(widget.palette().window().color())
    with QPainter(image) as painter:
        QWidget.render(widget, painter, QPoint())
    return image


def png_bytes(image: QImage, document: Document | None) -> bytes:
    """The picture as PNG, which carries the document if there is one."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, b"png").write(image):
        raise DocumentError("The picture cannot be encoded", "", "Choose a smaller size.")
    data = bytes(buffer.data().data())
    return data if document is None else embed(data, document)


def vector_device(buffer: QBuffer, size: QSizeF, suffix: str) -> QPdfWriter | QSvgGenerator:
    """What paints lines and text as vectors into a buffer: one page of ``size`` pixels.

    An SVG for ".svg", else a PDF.
    """
    if suffix == ".svg":
        svg = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # 1.1 has clips
        svg.setOutputDevice(buffer)
        svg.setTitle("mlpsim")
        svg.setResolution(DPI)
        svg.setSize(size.toSize())
        svg.setViewBox(QRectF(QPointF(), size))
        return svg
    pdf = QPdfWriter(buffer)
    pdf.setCreator("mlpsim")
    pdf.setResolution(DPI)
    points = size * (72.0 / DPI)
    page = QPageSize(points, QPageSize.Unit.Point, "figure", QPageSize.SizeMatchPolicy.ExactMatch)
    pdf.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    return pdf


def drawing(buffer: QBuffer, suffix: str) -> bytes:
    """What was painted."""
    data = bytes(buffer.data().data())
    return mended(data.decode()).encode() if suffix == ".svg" else data


def paint_vectors(widget: QWidget, painter: QPainter) -> None:
    """The widget without the cells that its tables cut: vectors would stand over what is beside."""
    painter.fillRect(widget.rect(), widget.palette().window())
    with ExitStack() as stack:
        for table in widget.findChildren(QTableView):
            if table.isVisibleTo(widget):
                stack.enter_context(_whole_cells(table))
        _render(widget, painter, QPoint(), QWidget.RenderFlag.DrawWindowBackground)


def _render(
    widget: QWidget, painter: QPainter, at: QPoint, flags: QWidget.RenderFlag = NO_BACKGROUND
) -> None:
    """The widget at a place, and what scrolls in it cut as on screen.

    WORKAROUND: Qt paints a widget whole on paper, over what cuts it on screen.
    """
    views = [area.viewport() for area in widget.findChildren(QAbstractScrollArea) if _cuts(area)]
    cut = [view for view in views if view.isVisibleTo(widget)]
    outermost = [
        v for v in cut if not any(other.isAncestorOf(v) for other in cut if other is not v)
    ]
    for view in outermost:
        view.setMask(NOWHERE)
    QWidget.render(widget, painter, at, renderFlags=flags | QWidget.RenderFlag.DrawChildren)
    for view in outermost:
        view.clearMask()
        place = QRect(at + view.mapTo(widget, QPoint()), view.size())
        painter.save()
        painter.setClipRect(place, Qt.ClipOperation.IntersectClip)
        painter.fillRect(place, Qt.GlobalColor.transparent)  # an SVG tells the clip's place by it
        _render(view, painter, place.topLeft())
        painter.restore()


def _cuts(area: QAbstractScrollArea) -> bool:
    """Whether there is something to scroll."""
    return max(area.verticalScrollBar().maximum(), area.horizontalScrollBar().maximum()) > 0


@contextmanager
def _whole_cells(table: QTableView) -> Iterator[None]:
    """It ends with a whole column and a whole row meanwhile."""
    size, columns = table.size(), table.horizontalHeader()
    beyond = range(columns.count() - _cut(columns, table.viewport().width())[0], columns.count())
    hidden = [column for column in beyond if not columns.isSectionHidden(column)]
    for column in hidden:
        columns.hideSection(column)
    table.resize(size - QSize(0, _cut(table.verticalHeader(), table.viewport().height())[1]))
    yield
    for column in hidden:
        columns.showSection(column)
    table.resize(size)


def _cut(header: QHeaderView, room: int) -> tuple[int, int]:
    """How many sections from the one on that the room cuts, and how much of that is seen."""
    last = header.logicalIndexAt(room - 1)
    at = header.sectionViewportPosition(last)
    is_cut = 0 < at < room < at + header.sectionSize(last)
    return (header.count() - last, room - at) if is_cut else (0, 0)


def vector_bytes(widget: QWidget, suffix: str, scale: float = 1.0) -> bytes:
    """The widget as a PDF or SVG, ``scale`` times its own size."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    device = vector_device(buffer, QSizeF(widget.size()) * scale, suffix)
    with QPainter(device) as painter:
        painter.scale(scale, scale)
        paint_vectors(widget, painter)
    return drawing(buffer, suffix)


def figure_bytes(widget: QWidget, path: Path, scale: float, document: Document) -> Made:
    """What makes the bytes of a PNG that carries the document, or of a PDF or SVG.

    The widget is painted now; the encoding, which takes longer, needs it no more.
    """
    suffix = path.suffix.lower()
    if suffix in VECTORS:
        data = vector_bytes(widget, suffix, scale)
        return lambda: data
    image = picture(widget, scale)
    return lambda: png_bytes(image, document)


def save_figure(widget: QWidget, path: Path, scale: float, document: Document) -> None:
    """Write a PNG that carries the document, a PDF or an SVG; DocumentError if that fails."""
    write_whole(path, [figure_bytes(widget, path, scale, document)()])
