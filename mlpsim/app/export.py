"""Exports: a widget as PNG, which carries the document, or as PDF or SVG."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QBuffer, QMarginsF, QPoint, QRect, QSize, QSizeF
from PySide6.QtGui import QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from mlpsim.core.files.document import Document
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.session.files import write_whole
from mlpsim.session.picture import embed
from mlpsim.views.widgets.card import Card

Made = Callable[[], bytes]
POINTS_PER_PIXEL = 0.75  # a logical pixel is 1/96 inch on paper


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


def pdf_bytes(widget: QWidget) -> bytes:
    """The widget on one page of its own size, lines and text as vectors."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setCreator("mlpsim")
    writer.setResolution(round(72 / POINTS_PER_PIXEL))
    size = QSizeF(widget.size()) * POINTS_PER_PIXEL
    page = QPageSize(size, QPageSize.Unit.Point, "figure", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    with QPainter(writer) as painter:
        painter.fillRect(widget.rect(), widget.palette().window())
        QWidget.render(widget, painter, QPoint())
    return bytes(buffer.data().data())


def svg_bytes(widget: QWidget) -> bytes:
    """The widget as an SVG of its own size; text stays text, which wants the font Inter."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    svg = QSvgGenerator()
    svg.setOutputDevice(buffer)
    svg.setTitle("mlpsim")
    svg.setResolution(round(72 / POINTS_PER_PIXEL))
    svg.setSize(widget.size())
    svg.setViewBox(QRect(QPoint(), widget.size()))
    with QPainter(svg) as painter:
        painter.fillRect(widget.rect(), widget.palette().window())
        QWidget.render(widget, painter, QPoint())
    return bytes(buffer.data().data())


_VECTORS = {".pdf": pdf_bytes, ".svg": svg_bytes}


def figure_bytes(widget: QWidget, path: Path, scale: float, document: Document) -> Made:
    """What makes the bytes of a PNG that carries the document, or of a PDF or SVG.

    The widget is painted now; the encoding, which takes longer, needs it no more.
    """
    vectors = _VECTORS.get(path.suffix.lower())
    if vectors is not None:
        data = vectors(widget)
        return lambda: data
    image = picture(widget, scale)
    return lambda: png_bytes(image, document)


def save_figure(widget: QWidget, path: Path, scale: float, document: Document) -> None:
    """Write a PNG that carries the document, a PDF or an SVG; DocumentError if that fails."""
    write_whole(path, [figure_bytes(widget, path, scale, document)()])
