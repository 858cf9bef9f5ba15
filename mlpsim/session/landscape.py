"""The landscape: the plane that is looked at, and the loss surface over it."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mlpsim.core.arrays import Array
from mlpsim.core.engine import Engine
from mlpsim.core.experiment import Experiment
from mlpsim.core.looks.aim import (
    PCA,
    RANDOM,
    TWO_WEIGHTS,
    Aim,
    Centre,
    Follow,
    is_same,
    lay,
    near,
    path_points,
    turned_like,
)
from mlpsim.core.looks.camera import Camera, Look
from mlpsim.core.looks.framing import usual_window, window_around, window_at
from mlpsim.core.plane import Plane
from mlpsim.core.surface import Surface
from mlpsim.core.window import Window
from mlpsim.core.work import DEAR_VALUES, work_of
from mlpsim.session.player import Player
from mlpsim.session.sampler import Sampler
from mlpsim.session.session import Session
from mlpsim.session.surface_job import Detail, SurfaceJob, surface_job

IDLE_MS = 250
FOLLOW_MS = 60


class Landscape(QObject):
    """Owns aim, plane, window and scale, and keeps the surface that belongs to them up to date.

    Only another problem, plane or window samples the surface again: a learning rate never does.
    """

    surface_changed = Signal(object)
    plane_changed = Signal(object)
    window_changed = Signal(object)
    camera_changed = Signal()
    progressed = Signal(float)  # how much of the surface that is under way is known, 0 to 1

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.problem = session.experiment.problem  # whose J is shown
        self.chosen_log: bool | None = None
        self._aspect: float | None = None
        self.look: Look = "contours"
        self.camera: Camera | None = None  # None: where most of the path is seen from
        self.surface: Surface | None = None
        self.aim = TWO_WEIGHTS
        self._guide: Array | None = None  # the path that the run is expected to take
        self.plane, self.step = self._lay(self.aim, None, session.cursor), session.cursor
        self.home = self.window = self._usual_window()
        self._sampler = Sampler(self._make_job, self)
        self._sampler.sampled.connect(self._show)
        self._sampler.progressed.connect(self.progressed)
        self._sampler.failed.connect(session.fail)
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.setObjectName("landscape idle")
        self._idle.timeout.connect(self._on_idle)
        self._pace = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._pace.setObjectName("landscape pace")
        self._pace.timeout.connect(self.refresh_plane)
        self._player: Player | None = None
        session.run_started.connect(self._on_run_started)
        session.experiment_changed.connect(self._take_problem)
        session.cursor_moved.connect(self._on_cursor_moved)
        session.ended.connect(self.stop)
        # Not before events are handled: a window that is being built comes first.
        QTimer.singleShot(0, self, self._begin)

    def watch(self, player: Player) -> None:
        """Know whose steps come soon, however long they take: between those no run rests."""
        self._player = player
        player.playing_changed.connect(self._on_playing_changed)

    # -- what there is -------------------------------------------------------------------------

    @property
    def engine(self) -> Engine | None:
        """What computes surfaces that are still to be asked for; None is NumPy."""
        return self._session.next_engine

    @property
    def log(self) -> bool:
        """Whether the scale is logarithmic: as chosen, or where the loss spans decades."""
        if self.chosen_log is not None or self.surface is None:
            return bool(self.chosen_log)
        return self.surface.log

    @property
    def shown_window(self) -> Window:
        """The window, grown to the aspect of the picture so that both axes have one scale."""
        if self._aspect is None or self.plane.is_line:
            return self.window
        return self.window.with_aspect(self._aspect)

    @property
    def is_busy(self) -> bool:
        """Whether a surface is being computed or waits to be."""
        return self._sampler.is_busy

    @property
    def is_dear(self) -> bool:
        """Whether J at one point takes so long that no frame of a moving picture waits for it."""
        return work_of(self.problem) > DEAR_VALUES

    @property
    def has_been_left(self) -> bool:
        """Whether the plane was laid through another state than the one on view."""
        return self.step != self._session.cursor

    def value_at(self, alpha: float, beta: float) -> float:
        """J at a place of the plane: computed there, not read off the grid."""
        return float(self.problem.value(self.plane.point(alpha, beta)))

    # -- requests ------------------------------------------------------------------------------

    def set_window(self, window: Window) -> None:
        """Look at another window of the plane."""
        if window != self.window:
            self.window = window
            self.window_changed.emit(window)
            self._sampler.ask()

    def set_home(self, window: Window) -> None:
        """The window that ``reset_window`` returns to, such as a preset's; it is shown."""
        self.home = window
        self.set_window(window)

    def reset_window(self) -> None:
        """Back to the window of the preset or of the plane."""
        self.set_window(self.home)

    def fit_path(self, path: Array | None = None) -> None:
        """A window around a path (n, P), the run's without one; home where it is a point."""
        path = self._path() if path is None else near(path)
        self.set_window(window_around(self.plane.project(path)) or self.home)

    def set_aspect(self, aspect: float) -> None:
        """Height over width of the picture."""
        if aspect > 0.0 and aspect != self._aspect:
            self._aspect = aspect
            if self._sampler.has_begun:
                self._sampler.ask()

    def set_log(self, log: bool | None) -> None:
        """A logarithmic or a linear scale; None chooses by the values."""
        if log != self.chosen_log:
            self.chosen_log = log
            self._sampler.ask()

    def set_look(self, look: Look) -> None:
        """Look at the surface as a relief, at its contours, or at both."""
        if look != self.look:
            self.look = look
            self.camera_changed.emit()

    def set_camera(self, camera: Camera | None) -> None:
        """Look at the relief from elsewhere; None: from where most of the path is seen."""
        if camera != self.camera:
            self.camera = camera
            self.camera_changed.emit()

    def set_aim(self, aim: Aim, path: Array | None = None, step: int | None = None) -> None:
        """Look at another plane; ValueError where there is none, and then nothing changes.

        The path (n, P) is the run's, or one that the run is expected to take. The plane passes
        through the state of ``step``, or the one on view.
        """
        step = self._session.cursor if step is None else min(step, self._session.run.last)
        plane = self._lay(aim, path, step)
        before, self.aim, self._guide = self.aim, aim, path
        same = (aim.kind, aim.params, aim.seed) == (before.kind, before.params, before.seed)
        self._set_plane(plane, step, keeps_window=same and aim.kind != "pca")
        if plane.kind == "pca":
            self.fit_path(path)

    def set_parameters(self, i: int, j: int) -> None:
        """The plane of two weights through the state on view; ValueError if i or j is none."""
        self.set_aim(replace(self._aim_like(TWO_WEIGHTS), params=(i, j)))

    def set_random(self, seed: int) -> None:
        """A plane of two random filter-normalised directions through the state on view."""
        self.set_aim(replace(self._aim_like(RANDOM), seed=seed))

    def set_pca(self) -> None:
        """The plane of the path's two principal directions; ValueError if it has not moved."""
        self.set_aim(self._aim_like(PCA))

    def set_centre(self, centre: Centre) -> None:
        """Lay the plane through the state on view, the start or the mean of the path."""
        self.set_aim(replace(self.aim, centre=centre), self._guide)

    def set_follow(self, follow: Follow) -> None:
        """Lay the plane anew as the run moves on: never, when it rests, or while it plays."""
        self.aim = replace(self.aim, follow=follow)
        self.refresh_plane()
        self.plane_changed.emit(self.plane)

    @Slot()
    def refresh_plane(self) -> None:
        """Lay the plane anew if it follows the run and the run has moved on."""
        if self.aim.follow == "off" or self.plane.is_line:
            return
        try:
            plane = turned_like(self._lay(self.aim, None, self._session.cursor), self.plane)
        except ValueError:
            return  # a run that has just begun has no path yet
        if not is_same(plane, self.plane):
            self._guide = None
            self._set_plane(plane, self._session.cursor, keeps_window=True)
            self._keep_in_sight()

    def complete(self) -> Surface:
        """The finished surface, computed here and now; for pictures without an event loop."""
        self.refresh_plane()
        surface = self._sampler.complete()
        if surface is not self.surface:
            self._show(surface)
        return surface

    @Slot()
    def stop(self) -> None:
        """End the worker; the landscape is not used afterwards."""
        self._idle.stop()
        self._pace.stop()
        self._sampler.stop()

    # -- inside --------------------------------------------------------------------------------

    @Slot()
    def _begin(self) -> None:
        if not self._sampler.has_begun:
            self._sampler.ask()

    def _path(self) -> Array:
        run = self._session.run
        return near(run.recorded(0, run.last, path_points(self.problem.network.n_params))[1])

    def _lay(self, aim: Aim, path: Array | None, step: int) -> Plane:
        """The plane that is aimed at, through a state of the run."""
        run, network = self._session.run, self.problem.network
        if path is not None:
            path = near(path)
        elif aim.kind == "pca" or aim.centre == "mean":
            path = self._path()
        else:
            path = run.theta(step)[None]
        return lay(aim, network, run.theta(step), run.theta(0), path)

    def _aim_like(self, usual: Aim) -> Aim:
        """The aim of that kind: as it is set, or as it usually is."""
        return self.aim if self.aim.kind == usual.kind else usual

    def _keep_in_sight(self) -> None:
        """While the plane follows the playing run, the window does so where the state leaves it."""
        if self.aim.follow != "run":
            return
        place, shown = self.plane.project(self._session.theta), self.shown_window
        x, y = place.tolist()
        if shown.x0 <= x <= shown.x1 and shown.y0 <= y <= shown.y1:
            return
        if self.plane.kind == "pca":
            self.fit_path()
        else:
            self.set_window(window_at(self.window, place) or self.window)

    def _set_plane(self, plane: Plane, step: int, keeps_window: bool) -> None:
        self.plane, self.step = plane, step
        self.plane_changed.emit(plane)
        if not keeps_window:
            self.home = self.window = self._usual_window()
            self.window_changed.emit(self.window)
        self._sampler.ask(hurried=self.aim.follow == "run")

    def _usual_window(self) -> Window:
        return usual_window(self.plane, self._session.run.theta(0))

    def _make_job(self, detail: Detail) -> SurfaceJob:
        log = self.chosen_log
        if log is None and self._session.is_dragging and self.surface is not None:
            log = self.surface.log  # a scale that turns under the hand would hide what moves
        return surface_job(self.problem, self.plane, self.shown_window, log, detail, self.engine)

    @Slot(object)
    def _show(self, surface: Surface) -> None:
        self.surface = surface
        self.surface_changed.emit(surface)

    @Slot()
    def _on_run_started(self) -> None:
        self._take_problem(self._session.experiment)
        self._idle.start()

    @Slot(bool)
    def _on_playing_changed(self, playing: bool) -> None:
        if not playing:
            self._idle.start()

    @Slot()
    def _on_idle(self) -> None:
        player = self._player
        if player is None or not player.playing or player.speed * IDLE_MS <= 1000.0:
            self.refresh_plane()

    @Slot(int)
    def _on_cursor_moved(self, k: int) -> None:
        self._idle.start()
        if self.aim.follow == "run" and not self._pace.isActive():
            self._pace.start()

    @Slot(object)
    def _take_problem(self, experiment: Experiment) -> None:
        problem = experiment.problem
        if problem is self.problem or problem == self.problem:
            return
        before, self.problem = self.problem, problem
        if not problem.network.has_shape_of(before.network):
            self.aim, self._guide, cursor = TWO_WEIGHTS, None, self._session.cursor
            self.surface = None  # another network's, wherever it is looked at
            self._set_plane(self._lay(self.aim, None, cursor), cursor, keeps_window=False)
        else:
            self._sampler.ask()
