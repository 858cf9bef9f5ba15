"""The landscape: the plane that is looked at, and the loss surface over it."""

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mlpsim.core.arrays import Array
from mlpsim.core.experiment import Experiment
from mlpsim.core.plane import (
    Plane,
    check_parameters,
    filter_normalised,
    one_weight,
    pca,
    random_directions,
    two_weights,
)
from mlpsim.core.problem import Problem
from mlpsim.core.surface import Surface, Window
from mlpsim.session.session import Session
from mlpsim.session.surface_job import SurfaceJob, is_dear, needs_coarse, surface_job
from mlpsim.session.worker import Worker

LECTURE_WINDOW = Window(-3.0, 1.0, -1.5, 1.5)
NORMALISED_WINDOW = Window(-1.5, 1.5, -1.5, 1.5)
IDLE_MS = 250
PATH_POINTS = 2_000
FAR = 1e100  # what a diverging run leaves behind is no part of a path's plane


class Landscape(QObject):
    """Owns plane, window and scale, and keeps the surface that belongs to them up to date.

    Only another problem, plane or window samples the surface again: a learning rate never does.
    Where a surface is dear, a coarse one comes first. While requests come faster than surfaces,
    each answer is shown before the next is asked for.
    """

    surface_changed = Signal(object)
    plane_changed = Signal(object)
    window_changed = Signal(object)
    failed = Signal(str)
    stopped = Signal()  # whoever else owns a worker for these views ends it now

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._problem = session.experiment.problem
        self.chosen_log: bool | None = None
        self._aspect: float | None = None
        self._waiting = False
        self.surface: Surface | None = None
        self.seed = 0
        self.plane, self.step = _first_plane(session), session.cursor
        self.home = self.window = self._default_window()
        self._worker = Worker("surface", self)
        self._worker.finished.connect(self._on_finished)
        self._worker.failed.connect(self._on_failed)
        self._job: SurfaceJob | None = None
        self._idle = QTimer(self)
        self._idle.setObjectName("landscape idle")
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self.refresh_plane)
        session.run_started.connect(self._on_run_started)
        session.experiment_changed.connect(self._on_experiment_changed)
        session.cursor_moved.connect(self._on_cursor_moved)
        # Not before events are handled: a window that is being built comes first.
        QTimer.singleShot(0, self, self._begin)

    # -- what there is -------------------------------------------------------------------------

    @property
    def problem(self) -> Problem:
        """The problem whose J is shown."""
        return self._problem

    @property
    def log(self) -> bool:
        """Whether the scale is logarithmic: as chosen, or where the loss spans decades."""
        if self.chosen_log is not None or self.surface is None:
            return bool(self.chosen_log)
        return self.surface.log

    @property
    def shown_window(self) -> Window:
        """The window, grown to the aspect of the picture so that both axes have one scale."""
        if self._aspect is None or self.plane.kind == "one_weight":
            return self.window
        return self.window.with_aspect(self._aspect)

    @property
    def is_busy(self) -> bool:
        """Whether a surface is being computed or waits to be."""
        return self._job is None or self._worker.is_busy

    @property
    def is_dear(self) -> bool:
        """Whether J at one point takes so long that no frame of a moving picture waits for it."""
        return is_dear(self._problem)

    def value_at(self, alpha: float, beta: float) -> float:
        """J at a place of the plane: computed there, not read off the grid."""
        return float(self._problem.value(self.plane.point(alpha, beta)))

    # -- requests ------------------------------------------------------------------------------

    def set_window(self, window: Window) -> None:
        """Look at another window of the plane."""
        if window != self.window:
            self.window = window
            self.window_changed.emit(window)
            self._ask()

    def set_home(self, window: Window) -> None:
        """The window that ``reset_window`` returns to, such as a preset's; it is shown."""
        self.home = window
        self.set_window(window)

    def reset_window(self) -> None:
        """Back to the window of the preset or of the plane."""
        self.set_window(self.home)

    def fit_path(self, path: Array | None = None) -> None:
        """A window around a path (n, P), the run's without one; home where it is a point."""
        places = self.plane.project(self._path() if path is None else _near(path))
        if not len(places):
            self.reset_window()
            return
        lo, hi = places.min(axis=0), places.max(axis=0)
        size = float(max(hi - lo))
        try:
            x, y = 0.5 * (lo + hi)
            half = 0.5 * size + 0.15 * size
            self.set_window(Window(x - half, x + half, y - half, y + half))
        except ValueError:
            self.reset_window()

    def set_aspect(self, aspect: float) -> None:
        """Height over width of the picture."""
        if aspect > 0.0 and aspect != self._aspect:
            self._aspect = aspect
            if self._job is not None:
                self._ask()

    def set_log(self, log: bool | None) -> None:
        """A logarithmic or a linear scale; None chooses by the values."""
        if log != self.chosen_log:
            self.chosen_log = log
            self._ask()

    def set_parameters(self, i: int, j: int) -> None:
        """The plane of two weights through the state on view; ValueError if i or j is none."""
        theta = self._session.theta
        check_parameters(len(theta), i, j)
        keeps_window = self.plane.parameters == (i, j)
        self._set_plane(two_weights(theta, i, j), keeps_window)

    def set_random(self, seed: int) -> None:
        """A plane of two random filter-normalised directions through the state on view."""
        self.seed = seed
        network = self._problem.network
        raw = random_directions(network, seed)
        self._set_plane(filter_normalised(network, self._session.theta, *raw), False)

    def set_pca(self, path: Array | None = None) -> None:
        """The plane of a path's two principal directions; ValueError if it has not moved.

        The path (n, P) is the run's, or one that the run is expected to take.
        """
        path = self._path() if path is None else _near(path)
        self._set_plane(pca(path), False)
        self.fit_path(path)

    @Slot()
    def refresh_plane(self) -> None:
        """Lay the slice through the state on view, where it has moved off it."""
        if self.plane.kind == "two_weights" and self._is_off_plane():
            self.set_parameters(*self.plane.parameters)

    def complete(self) -> Surface:
        """The finished surface, computed here and now; for pictures without an event loop."""
        self._worker.cancel()
        self.refresh_plane()
        self._worker.cancel()
        self._waiting = False
        self._job = self._make_job(coarse=False)
        surface = self._job.run()
        assert surface is not None  # nothing cancels it
        self._show(surface)
        return surface

    def stop(self) -> None:
        """End the worker; the landscape is not used afterwards."""
        self._idle.stop()
        self._worker.stop()
        self.stopped.emit()

    # -- inside --------------------------------------------------------------------------------

    @Slot()
    def _begin(self) -> None:
        if self._job is None:
            self._ask()

    def _path(self) -> Array:
        run = self._session.run
        return _near(run.recorded(0, run.last)[1])

    def _default_window(self) -> Window:
        if self.plane.kind == "random":
            return NORMALISED_WINDOW
        x, y = (float(c) for c in self.plane.project(self._session.run.theta(0)))
        lecture = LECTURE_WINDOW
        few = len(self.plane.origin) <= 2
        if few and lecture.x0 <= x <= lecture.x1 and lecture.y0 <= y <= lecture.y1:
            return lecture
        half = max(2.0, 1e-6 * abs(x), 1e-6 * abs(y))
        return Window.within_reach(x - half, x + half, y - half, y + half)

    def _set_plane(self, plane: Plane, keeps_window: bool) -> None:
        self.plane, self.step = plane, self._session.cursor
        self.plane_changed.emit(plane)
        if not keeps_window:
            self.home = self.window = self._default_window()
            self.window_changed.emit(self.window)
        self._ask()

    def _is_off_plane(self) -> bool:
        return float(self.plane.distance(self._session.theta)) > 0.0

    def _make_job(self, coarse: bool) -> SurfaceJob:
        log = self.chosen_log
        if log is None and self._session.is_dragging and self.surface is not None:
            log = self.surface.log  # a scale that turns under the hand would hide what moves
        return surface_job(self._problem, self.plane, self.shown_window, log, coarse)

    def _ask(self, hurried: bool = False) -> None:
        """Ask for the surface, a coarse one first where it is dear or requests come fast.

        An answer that is soon there is waited for.
        """
        job = self._job
        if job is not None and self._worker.is_busy and (job.coarse or job.is_cheap):
            self._waiting = True
            return
        self._waiting = False
        self._submit(self._make_job(coarse=hurried or needs_coarse(self._problem)))

    def _submit(self, job: SurfaceJob) -> None:
        self._job = job
        self._worker.submit(job)

    def _show(self, surface: Surface) -> None:
        self.surface = surface
        self.surface_changed.emit(surface)

    @Slot(object, object)
    def _on_finished(self, job: SurfaceJob, surface: Surface) -> None:
        # The worker drops the answer to a cancelled job, so it is never None here.
        self._show(surface)
        if self._waiting:
            self._ask(hurried=True)
        elif job.coarse:
            self._submit(self._make_job(coarse=False))

    @Slot(object, str)
    def _on_failed(self, job: SurfaceJob, message: str) -> None:
        self.failed.emit(message)
        if self._waiting:
            self._ask()

    @Slot()
    def _on_run_started(self) -> None:
        self._take_problem(self._session.experiment)
        self._idle.start()

    @Slot(object)
    def _on_experiment_changed(self, experiment: Experiment) -> None:
        self._take_problem(experiment)

    @Slot(int)
    def _on_cursor_moved(self, k: int) -> None:
        # A slice follows the state when it rests, not at every step of a run that plays.
        self._idle.start()

    def _take_problem(self, experiment: Experiment) -> None:
        problem = experiment.problem
        if problem is self._problem or problem == self._problem:
            return
        before, self._problem = self._problem, problem
        if problem.network.sizes != before.network.sizes or (
            problem.network.n_params != before.network.n_params
        ):
            self._set_plane(_first_plane(self._session), False)
        else:
            self._ask()


def _first_plane(session: Session) -> Plane:
    theta = session.theta
    return two_weights(theta, 0, 1) if len(theta) > 1 else one_weight(theta)


def _near(thetas: Array) -> Array:
    """Some of a path's points, without what a diverging run leaves far away."""
    near = thetas[(np.abs(thetas) < FAR).all(axis=-1)]
    path: Array = near[:: 1 + len(near) // PATH_POINTS]
    return path
