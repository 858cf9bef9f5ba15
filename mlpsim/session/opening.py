"""Opening: a document's run replayed by a worker, and the view that the document holds."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mlpsim.core.arrays import Array
from mlpsim.core.document import Document, View, go_on, replayed
from mlpsim.core.run import Run
from mlpsim.session.landscape import Landscape

GUIDED_VIEWS = ("pca", "data")


@dataclass(frozen=True, eq=False)
class Replay:
    """A job: the run that a document logs, and its path up to step ``guide``."""

    document: Document
    path: Path | None
    guide: int

    def run(self, cancelled: Callable[[], bool]) -> tuple[Run, Array]:
        run = replayed(self.document, cancelled)
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
    if view.kind == "two_weights" and path.shape[-1] > 1:
        landscape.set_parameters(*view.params)
    elif view.kind == "random":
        landscape.set_random(view.seed)
    elif view.kind in GUIDED_VIEWS and path.shape[-1] > 1:
        try:
            landscape.set_pca(path)
        except ValueError:
            landscape.set_random(view.seed)  # a path that does not move spans no plane
    if view.window is not None:
        landscape.set_home(view.window)


def view_of(landscape: Landscape) -> View:
    """Where the landscape looks."""
    plane = landscape.plane
    log = landscape.chosen_log
    if plane.kind == "two_weights":
        i, j = plane.parameters
        return View("two_weights", (i, j), landscape.window, log)
    if plane.kind == "random":
        return View("random", window=landscape.window, log=log, seed=landscape.seed)
    if plane.kind == "pca":
        return View("pca", window=landscape.window, log=log)
    return View(window=landscape.window, log=log)
