"""A scene: a source's window or one of its panels, staged at a step without a display."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QWidget

from mlpsim.app.application import make_application, make_context
from mlpsim.app.commands import run_source
from mlpsim.app.interruption import ended_between_pictures
from mlpsim.app.layout import DEFAULT_SIZE
from mlpsim.app.refusal import RefusedError
from mlpsim.app.stage import Stage
from mlpsim.app.telling import telling
from mlpsim.app.window import Window
from mlpsim.core.files.document import Document, go_on, reopened
from mlpsim.core.files.presets import Preset, load_presets
from mlpsim.core.run import Run
from mlpsim.core.studies.variants import preset_race
from mlpsim.session.opening import guide_of, path_to, show_view
from mlpsim.views.appearance import Appearance
from mlpsim.views.catalogue import PANELS, PanelSpec
from mlpsim.views.context import Context
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.typesetting import typesetter

PANEL_SIZES = {
    "surface": QSize(760, 800),
    "surface3d": QSize(760, 800),
    "sum": QSize(720, 780),
    "sweep": QSize(720, 780),
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
    "race": QSize(860, 760),
}
DEFAULT_PANEL_SIZE = QSize(460, 400)
RELIEF = PanelSpec("surface3d", "Loss surface, 3-D", "surface:SurfacePanel")
RACE = "race"  # of a preset: all its variants run
PICTURES = (*PANELS, RELIEF)  # what is drawn alone


@dataclass(frozen=True)
class Scene:
    """What is shown: a source up to a step, the window or a panel, how large, in what theme."""

    source: str
    variant: str | None
    step: int
    panel: str | None
    size: tuple[int, int] | None
    theme: str


@contextmanager
def staged(command: str, scene: Scene) -> Iterator[Stage]:
    """A stage at the scene's step; RefusedError, in the command's name, if there is none."""
    panels = {spec.id: spec for spec in PICTURES}
    if scene.panel is not None and scene.panel not in panels:
        raise RefusedError(
            command, f"there is no panel '{scene.panel}'.", f"The panels are {', '.join(panels)}."
        )
    document = run_source(scene.source, scene.variant)
    presets = {preset.id: preset for preset in load_presets()}
    preset = presets.get(scene.source)
    with ended_between_pictures() as heed:
        application = make_application([sys.argv[0]])
        appearance = Appearance(scene.theme)
        appearance.apply(application)
        run = _run_to(command, document, scene.step)
        typesetter()  # imported here and now, so that formulas are set at once
        context = make_context(appearance)
        _open(context, scene, document, run, preset)
        widget = Window(context) if scene.panel is None else panels[scene.panel].factory(context)
        _show(widget, scene, preset)
        stage = Stage(widget, context, has_person=False, heed=heed)
        try:
            stage.show(scene.step)
            _tell_if_small(command, widget)
            yield stage
            heed()
        finally:
            context.session.end()
            widget.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _tell_if_small(command: str, widget: QWidget) -> None:
    """Say on the error stream that parts are cut or overlap: the picture is made all the same."""
    least = widget.minimumSizeHint().expandedTo(widget.size())
    if least != widget.size():
        at = f"{widget.width()}x{widget.height()}"
        needed = f"{least.width()}x{least.height()}"
        print(
            f"{command}: parts of the picture are cut or overlap at {at}.\n"
            f"Let --size be at least {needed}.",
            file=sys.stderr,
        )


def _run_to(command: str, document: Document, step: int) -> Run:
    """The document's run, gone on to a step if it ends before."""
    tell = telling(max(document.last, step))
    run = reopened(document, tell=tell)
    go_on(run, step, tell=tell)
    if run.last < step:
        raise RefusedError(
            command,
            f"the run diverges at step {run.diverged_at}, before step {step}.",
            f"Choose a step up to {run.last}.",
        )
    return run


def _open(
    context: Context, scene: Scene, document: Document, run: Run, preset: Preset | None
) -> None:
    """Put the run in place, with a preset's race if it is to be drawn, and look where it looks."""
    race = document.race
    if preset and scene.panel == RACE:
        race = preset_race(preset, scene.variant)
    context.session.open(run, scene.step, race=race)
    steps = preset.variant(scene.variant).steps if preset else 0
    path = path_to(run, guide_of(document, steps), lambda: False)
    show_view(context.landscape, document.view, path)
    if scene.panel == RELIEF.id:
        context.landscape.set_look("relief")


def _show(widget: QWidget, scene: Scene, preset: Preset | None) -> None:
    size = PANEL_SIZES.get(scene.panel or "", DEFAULT_PANEL_SIZE)
    if isinstance(widget, Window):
        size = DEFAULT_SIZE
        widget.presets.name(preset.title if preset else Path(scene.source).name)
    if isinstance(widget, Card):
        widget.set_figure(True)
    # Fixed, since the figure may be smaller than its layout would like.
    widget.setFixedSize(QSize(*scene.size) if scene.size else size)
    widget.show()
    widget.setFocus()  # else the first button of a panel would have the focus, and a frame
