"""Exports: a widget as PNG, which carries the document, or as PDF or SVG."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QBuffer, QMarginsF, QPoint, QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from mlpsim.core.files.document import Document
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.session.files import write_whole
from mlpsim.session.picture import embed
from mlpsim.views.widgets.card import Card

Made = Callable[[], bytes]
VECTORS = (".pdf", ".svg")
DPI = 96  # logical pixels an inch on paper


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

    An SVG for ".svg", whose text stays text, which wants the font Inter; else a PDF.
    """
    if suffix == ".svg":
        svg = QSvgGenerator()
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


def vector_bytes(widget: QWidget, suffix: str) -> bytes:
    """The widget as a PDF or SVG of its own size."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    device = vector_device(buffer, QSizeF(widget.size()), suffix)
    with QPainter(device) as painter:
        painter.fillRect(widget.rect(), widget.palette().window())
        QWidget.render(widget, painter, QPoint())
    return bytes(buffer.data().data())


def figure_bytes(widget: QWidget, path: Path, scale: float, document: Document) -> Made:
    """What makes the bytes of a PNG that carries the document, or of a PDF or SVG.

    The widget is painted now; the encoding, which takes longer, needs it no more.
    """
    suffix = path.suffix.lower()
    if suffix in VECTORS:
        data = vector_bytes(widget, suffix)
        return lambda: data
    image = picture(widget, scale)
    return lambda: png_bytes(image, document)


def save_figure(widget: QWidget, path: Path, scale: float, document: Document) -> None:
    """Write a PNG that carries the document, a PDF or an SVG; DocumentError if that fails."""
    write_whole(path, [figure_bytes(widget, path, scale, document)()])
