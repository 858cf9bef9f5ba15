"""Exports: the window or one panel as a picture, with or without a display."""

import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QEvent, QMarginsF, QPoint, QSize, QSizeF
from PySide6.QtGui import QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtWidgets import QWidget

from mlpsim.app.refusal import RefusedError
from mlpsim.core.document import Document
from mlpsim.core.strict_json import DocumentError
from mlpsim.session.files import write_whole
from mlpsim.session.picture import embed

POINTS_PER_PIXEL = 0.75  # a logical pixel is 1/96 inch on paper
PANEL_SIZES = {"surface": QSize(760, 800), "step": QSize(460, 360), "training": QSize(420, 760)}
DEFAULT_PANEL_SIZE = QSize(460, 400)


def picture(widget: QWidget, scale: float) -> QImage:
    """The widget as it is on screen, at ``scale`` pixels a logical pixel."""
    image = QImage(widget.size() * scale, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(scale)
    image.fill(widget.palette().window().color())
    painter = QPainter(image)
    try:
        QWidget.render(widget, painter, QPoint())
    finally:
        painter.end()
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
    painter = QPainter(writer)
    try:
        painter.fillRect(widget.rect(), widget.palette().window())
        QWidget.render(widget, painter, QPoint())
    finally:
        painter.end()
    return bytes(buffer.data().data())


def save_figure(widget: QWidget, path: Path, scale: float, document: Document) -> None:
    """Write a PNG that carries the document, or a PDF; DocumentError if it cannot be written."""
    if path.suffix.lower() == ".pdf":
        data = pdf_bytes(widget)
    else:
        data = png_bytes(picture(widget, scale), document)
    write_whole(path, [data])


def render_command(
    source: str,
    variant: str | None,
    *,
    step: int,
    out: Path,
    panel: str | None,
    size: tuple[int, int] | None,
    scale: float,
    theme: str,
) -> int:
    """Draw state ``step`` of a source without a display; RefusedError if it cannot be."""
    from mlpsim.app.application import make_application, make_context
    from mlpsim.app.commands import resolve_source
    from mlpsim.app.documents import guide_of, path_to, show_view, view_of
    from mlpsim.app.window import DEFAULT_SIZE, Window
    from mlpsim.core.document import document_of, replayed
    from mlpsim.core.presets import load_presets
    from mlpsim.core.training import advance
    from mlpsim.views.appearance import Appearance
    from mlpsim.views.catalogue import PANELS

    known = {spec.id: spec for spec in PANELS}
    if panel is not None and panel not in known:
        raise RefusedError(
            "mlpsim render",
            f"there is no panel '{panel}'.",
            f"The panels are {', '.join(known)}.",
        )
    document = resolve_source(source, variant)
    presets = {preset.id: preset for preset in load_presets()}
    steps = presets[source].variant(variant).steps if source in presets else 0
    application = make_application([sys.argv[0]])
    appearance = Appearance(theme)
    appearance.apply(application)
    run = replayed(document)
    while run.last < step and run.diverged_at is None:
        run.extend(advance(run.segments[-1], run.tip, step - run.last))
    if run.last < step:
        raise RefusedError(
            "mlpsim render",
            f"the run diverges at step {run.diverged_at}, before step {step}.",
            f"Choose a step up to {run.last}.",
        )
    context = make_context(appearance)
    context.session.open(run, step)
    path = path_to(run, guide_of(document, steps), lambda: False)
    show_view(context.landscape, document.view, path)
    widget: QWidget = known[panel].factory(context) if panel is not None else Window(context)
    default = DEFAULT_SIZE if panel is None else PANEL_SIZES.get(panel, DEFAULT_PANEL_SIZE)
    widget.resize(QSize(*size) if size else default)
    widget.show()
    settle()
    context.landscape.complete()
    settle()
    view = view_of(context.landscape)
    try:
        save_figure(widget, out, scale, document_of(run, step, view))
    except DocumentError as error:
        raise RefusedError("mlpsim render", f"{error.what}.", error.what_to_do) from error
    finally:
        if isinstance(widget, Window):
            widget.documents.stop()
        context.player.stop()
        context.landscape.stop()
        widget.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return 0


def settle() -> None:
    """Let every view lay itself out and show what it was told."""
    for _ in range(5):
        QCoreApplication.processEvents()


def panels_command() -> int:
    """Print the panels that ``render --panel`` draws."""
    from mlpsim.views.catalogue import PANELS

    for spec in PANELS:
        print(f"{spec.id:10} {spec.title}")
    return 0
