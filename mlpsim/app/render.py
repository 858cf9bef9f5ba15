"""``mlpsim render`` and ``mlpsim panels``: the window or one panel drawn without a display."""

import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QWidget

from mlpsim.app.application import make_application, make_context
from mlpsim.app.commands import resolve_source
from mlpsim.app.export import save_figure
from mlpsim.app.layout import DEFAULT_SIZE
from mlpsim.app.refusal import RefusedError
from mlpsim.app.window import Window
from mlpsim.core.document import document_of, go_on, replayed
from mlpsim.core.presets import load_presets
from mlpsim.core.strict_json import DocumentError
from mlpsim.session.opening import guide_of, path_to, show_view, view_of
from mlpsim.views.appearance import Appearance
from mlpsim.views.catalogue import PANELS
from mlpsim.views.widgets.card import Card, Completable

PANEL_SIZES = {
    "surface": QSize(760, 800),
    "sum": QSize(720, 780),
    "gradients": QSize(360, 320),
    "evaluation": QSize(460, 320),
    "step": QSize(460, 360),
    "audit": QSize(460, 320),
    "epoch": QSize(460, 260),
    "homework": QSize(360, 640),
    "rail": QSize(360, 640),
    "lens": QSize(460, 360),
    "microscope": QSize(460, 360),
    "why": QSize(460, 360),
}
DEFAULT_PANEL_SIZE = QSize(460, 400)


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
    go_on(run, step)
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
    if isinstance(widget, Window):
        widget.toolbar.set_preset_name(
            presets[source].title if source in presets else Path(source).name
        )
    # Fixed, since the figure may be smaller than its layout would like.
    widget.setFixedSize(QSize(*size) if size else default)
    widget.show()
    widget.setFocus()  # else the first button of a panel would have the focus, and a frame
    settle()
    context.landscape.complete()
    for shown in (widget, *widget.findChildren(Card)):
        if isinstance(shown, Completable) and shown.isVisible():
            shown.complete()
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
    for spec in PANELS:
        print(f"{spec.id:10} {spec.title}")
    return 0
