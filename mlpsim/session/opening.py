"""Opening: a document's run replayed by a worker, and the view that the document holds."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from mlpsim.core.arrays import Array
from mlpsim.core.files.document import Document, View, document_of, go_on, reopened
from mlpsim.core.looks.aim import RANDOM, TWO_WEIGHTS, USUAL, Aim
from mlpsim.core.replaying import is_far, way_to
from mlpsim.core.run import Run
from mlpsim.session.landscape import Landscape
from mlpsim.session.session import Session

GUIDED_VIEWS = ("pca", "data")


@dataclass(frozen=True, eq=False)
class Replay:
    """A job: the run that a document logs, with the state on view, and its path to ``guide``."""

    document: Document
    path: Path | None
    guide: int

    def run(self, cancelled: Callable[[], bool]) -> tuple[Run, Array]:
        run = reopened(self.document, cancelled)
        on_view = min(self.document.cursor, run.last)
        if is_far(run, on_view):
            run.visit(way_to(run, on_view).answer(cancelled))
        return run, path_to(run, self.guide, cancelled)


def path_to(run: Run, k: int, interrupted: Callable[[], bool]) -> Array:
    """The path of the run (n, P), and the steps it would take up to state k."""
    ahead = run.head(run.last)
    go_on(ahead, k, interrupted)
    return ahead.recorded(0, ahead.last)[1]


def guide_of(document: Document, steps: int) -> int:
    """How far the path has to be known for the document's view."""
    guided = document.view is not None and document.view.kind in GUIDED_VIEWS
    return max(document.last, steps) if guided else document.last


def show_view(landscape: Landscape, view: View | None, path: Array) -> None:
    """Look where the document looks."""
    if view is None:
        return
    landscape.set_log(view.log)
    landscape.set_look(view.look)
    landscape.set_camera(view.camera)
    if path.shape[-1] > 1:
        _aim(landscape, view, path)
    if view.window is not None:
        landscape.set_home(view.window)


def _aim(landscape: Landscape, view: View, path: Array) -> None:
    """Lay the plane of a view; where there is none, a random one, or that of two weights."""
    guide = path if view.kind in GUIDED_VIEWS else None
    try:
        landscape.set_aim(aim_of(view), guide, view.step)
    except ValueError:  # a path that does not move, or weights too large for random directions
        try:
            landscape.set_aim(replace(RANDOM, seed=view.seed))
        except ValueError:
            landscape.set_aim(TWO_WEIGHTS)


def aim_of(view: View) -> Aim:
    """The plane that a view aims at; what it does not say is as usual."""
    usual = USUAL["pca" if view.kind == "data" else view.kind]
    return replace(
        usual,
        params=view.params,
        seed=view.seed,
        centre=view.centre or usual.centre,
        follow=view.follow or usual.follow,
    )


def document_on_view(session: Session, landscape: Landscape) -> Document:
    """The document on screen: experiment, log, cursor, race and view."""
    return document_of(session.run, session.cursor, view_of(landscape), session.race)


def view_of(landscape: Landscape) -> View:
    """Where the landscape looks; what is as usual is not said."""
    window, log = landscape.window, landscape.chosen_log
    if landscape.plane.is_line:
        return View(window=window, log=log)
    aim = landscape.aim
    usual = USUAL[aim.kind]
    stays = aim.follow == "off" and aim.centre == "state" and landscape.has_been_left
    return View(
        aim.kind,
        aim.params if aim.kind == "two_weights" else usual.params,
        window,
        log,
        aim.seed if aim.kind == "random" else usual.seed,
        None if aim.centre == usual.centre else aim.centre,
        None if aim.follow == usual.follow else aim.follow,
        landscape.step if stays else None,
        landscape.look,
        landscape.camera,
    )
