"""The benchmarks that run in processes of their own; each prints one line of JSON."""

import gc
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np


def app_paint() -> dict[str, float]:
    """Seconds from the start of the process to the first paint of the whole window.

    And those that its threads had a processor for.
    """
    gc.disable()  # as the command does
    from mlpsim.app.application import make_application, make_context
    from mlpsim.views.appearance import Appearance

    application = make_application(["mlpsim"])
    appearance = Appearance()
    appearance.apply(application)
    from mlpsim.app.window import Window

    window = Window(make_context(appearance))
    window.resize(1600, 1000)
    result = _until_painted(application, window)
    window.close()
    return result


def start() -> dict[str, float]:
    """Seconds from the start of the process until the compiled engine is ready, and until all is.

    And the longest gaps of the event loop meanwhile, after the first paint, in milliseconds; of all
    of them, also the most that the window's thread computed between two ticks.
    """
    gc.disable()
    from PySide6.QtCore import Qt, QTimer

    from mlpsim.app.application import make_application, make_context
    from mlpsim.views.appearance import Appearance

    application = make_application(["mlpsim"])
    appearance = Appearance()
    appearance.apply(application)
    from mlpsim.app.start import Start
    from mlpsim.app.window import Window

    window = Window(make_context(appearance))
    window.resize(1600, 1000)
    began = Start(window)
    found = {"painted": _until_painted(application, window)["seconds"]}
    since = float(os.environ["STARTED_AT"])
    ticks: list[float] = []
    busy: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(1)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.timeout.connect(lambda: busy.append(time.thread_time()))

    def note_engine(*_: object) -> None:
        if window.context.session.next_engine is not None:
            found.setdefault("engine", time.time() - since)
            found.setdefault("loading", float(np.diff(ticks).max()) * 1e3)

    window.context.session.engine_changed.connect(note_engine)
    began.over.connect(lambda: QTimer.singleShot(100, application.quit))
    began.begin()
    timer.start()
    application.exec()
    found |= {"all": time.time() - since, "gap": float(np.diff(ticks).max()) * 1e3}
    found["stretch"] = float(np.diff(busy).max()) * 1e3
    began.stop()
    window.close()
    return found


def bare_paint() -> dict[str, float]:
    """The same for a window with four pyqtgraph plots and nothing else."""
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

    application = QApplication([])
    window = QWidget()
    layout = QGridLayout(window)
    for i in range(4):
        plot = pg.PlotWidget()
        plot.plot(np.arange(100.0), np.sin(np.arange(100.0)))
        layout.addWidget(plot, i // 2, i % 2)
    window.resize(1600, 1000)
    return _until_painted(application, window)


def _until_painted(application: Any, window: Any) -> dict[str, float]:
    from PySide6.QtCore import QEvent, QObject

    class Watch(QObject):
        painted = False

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            self.painted |= event.type() == QEvent.Type.Paint
            return False

    watch = Watch()
    window.installEventFilter(watch)
    window.show()
    while not watch.painted:  # a round of events paints the window with all that it shows
        application.processEvents()
    seconds = time.time() - float(os.environ["STARTED_AT"])
    return {"seconds": seconds, "processor": time.process_time()}


def _window() -> tuple[Any, Any]:
    gc.disable()  # as the command does, until the window is there
    from mlpsim.app.application import make_application, make_context
    from mlpsim.app.window import Window
    from mlpsim.views.appearance import Appearance

    application = make_application(["mlpsim"])
    appearance = Appearance()
    appearance.apply(application)
    window = Window(make_context(appearance))
    window.resize(1600, 1000)
    window.show()
    _spin(application, 1.5)
    gc.freeze()
    gc.enable()
    return application, window


def _spin(application: Any, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        application.processEvents()


def gaps() -> dict[str, float]:
    """Gaps between ticks of a precise 1 ms timer while playing, in milliseconds.

    The speed is an argument; a panel may follow, on which four lanes are seen to race.
    """
    application, window = _window()
    for name in sys.argv[3:]:
        _race(window)
        window.turn_to(name)
        _spin(application, 1.5)
    return _played(application, window, float(sys.argv[2]))


def compiled_gaps() -> dict[str, float]:
    """The same at full speed of the lecture's example, or of 2-8-8-1, by the compiled engine."""
    from mlpsim.core.compiled.engine import COMPILED
    from mlpsim.core.compiled.warming import warm

    application, window = _window()
    warm()
    if sys.argv[2] != "lecture":
        window.context.session.edit(_moons(), "Another network")
    window.context.session.undo_stack.setClean()
    window.context.session.set_engine(COMPILED)
    _spin(application, 1.5)
    return _played(application, window, float("inf"))


def _moons() -> Any:
    """2-8-8-1 on 500 samples, in batches of 10."""
    from mlpsim.core.activations import IDENTITY, TANH
    from mlpsim.core.experiment import Experiment
    from mlpsim.core.generators import Moons
    from mlpsim.core.losses import BCE_LOGITS
    from mlpsim.core.network import Network
    from mlpsim.core.problem import Problem
    from mlpsim.core.sampling import Sampling
    from mlpsim.core.starts import GlorotUniform

    network = Network((2, 8, 8, 1), (TANH, TANH, IDENTITY), (True, True, True))
    problem = Problem(Moons(samples=500).generate(), network, BCE_LOGITS, "mean")
    return Experiment(problem, sampling=Sampling(10), start=GlorotUniform())


def _played(application: Any, window: Any, speed: float) -> dict[str, float]:
    """Steps a second over 10 s of playing, and the gaps meanwhile."""
    from PySide6.QtCore import Qt, QTimer

    player, session = window.context.player, window.context.session
    player.set_speed(speed)
    ticks: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(1)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    gc.collect()
    gc.freeze()  # as once the window has started
    player.play()
    QTimer.singleShot(500, timer.start)
    QTimer.singleShot(10_500, application.quit)
    before = time.perf_counter()
    application.exec()
    rate = session.run.last / (time.perf_counter() - before)
    player.pause()
    found = np.diff(ticks) * 1e3
    window.close()
    p99, largest = np.percentile(found, 99), found.max()
    return {"p99": float(p99), "max": float(largest), "rate": rate}


def many() -> dict[str, float]:
    """The longest that the window's thread computes at a stretch, on 100,000 samples of 5-8-1.

    Milliseconds of processor time between two ticks of a 1 ms timer as they are put in place, after
    a step, a seek, another learning rate, another loss, an edit of one sample, and a step with one
    panel or another in front, that of a race of four lanes too.
    """
    from dataclasses import replace

    from PySide6.QtCore import Qt, QTimer

    from mlpsim.core.activations import IDENTITY, TANH
    from mlpsim.core.dataset import Dataset
    from mlpsim.core.experiment import Experiment
    from mlpsim.core.losses import BCE_LOGITS, SQUARED_ERROR
    from mlpsim.core.network import Network
    from mlpsim.core.optimizers import GradientDescent
    from mlpsim.core.problem import Problem
    from mlpsim.core.sampling import Sampling
    from mlpsim.core.starts import GlorotUniform

    application, window = _window()
    session, player = window.context.session, window.context.player
    x = np.random.default_rng(1).normal(size=(100_000, 5))
    data = Dataset(x, (x[:, :1] * x[:, 1:2] > 0.0).astype(float))
    network = Network((5, 8, 1), (TANH, IDENTITY), (True, True))
    problem = Problem(data, network, BCE_LOGITS, "mean")
    large = Experiment(problem, sampling=Sampling(32), start=GlorotUniform())
    ticks: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(1)
    timer.timeout.connect(lambda: ticks.append(time.thread_time()))

    def longest(act: Callable[[], object]) -> float:
        ticks[:] = [time.thread_time()]
        act()
        _wait(application, 2.0)
        return float(np.diff(ticks).max()) * 1e3

    def move() -> None:
        present = session.experiment.problem.data
        moved = present.with_sample(5, present.x[5] + 0.1, present.y[5])
        session.edit_problem("Move", data=moved)

    def change_rate() -> None:
        session.edit(replace(session.experiment, optimizer=GradientDescent(0.2)), "η")

    timer.start()
    opening = longest(lambda: session.edit(large, "Many samples"))
    _wait(application, 6.0)
    longest(player.step)
    found = {
        "all put in place": opening,
        "a step": longest(player.step),
        "a seek": longest(lambda: session.seek(1)),
        "an edit of one sample": longest(move),
        "another learning rate": longest(change_rate),
        "another loss": longest(lambda: session.edit_problem("Loss", loss=SQUARED_ERROR)),
    }
    for name in ("audit", "anatomy", "microscope", "evaluation", "why", "gradients"):
        window.turn_to(name)
        _wait(application, 2.0)
        found[f"a step, {name} in front"] = longest(player.step)
    window.turn_to("race")
    _race(window)
    _wait(application, 4.0)
    found["a step of four lanes, race in front"] = longest(player.step)
    session.undo_stack.setClean()
    window.close()
    return found


def _race(window: Any) -> None:
    """Three variants beside the lecture's example: batches of one and two, and Adam."""
    from dataclasses import replace

    from mlpsim.core.optimizers import Adam
    from mlpsim.core.race import Race, Racer
    from mlpsim.core.sampling import Sampling

    session = window.context.session
    base = session.experiment
    racers = (
        Racer("SGD", replace(base, sampling=Sampling(1))),
        Racer("B = 2", replace(base, sampling=Sampling(2))),
        Racer("Adam", replace(base, optimizer=Adam(0.1))),
    )
    session.set_race(Race(racers, "GD"), "Race")
    session.undo_stack.setClean()


def frames() -> dict[str, float]:
    """Median milliseconds of one whole frame of each view while the run moves on."""
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QWidget

    from mlpsim.views.items.overlays.bouquet import Mode

    application, window = _window()
    session, player = window.context.session, window.context.player
    player.run_to(300)
    while session.run.last < 300:
        application.processEvents()

    def milliseconds(widget: QWidget) -> float:
        target = QPixmap(widget.size())
        times = []
        for k in range(40):
            session.seek(100 + k)
            start = time.perf_counter()
            QWidget.render(widget, target, QPoint())
            times.append(time.perf_counter() - start)
        return statistics.median(times) * 1e3

    result = {}
    for name in window.cards:
        card = window.turn_to(name)  # a view behind a tab does not follow the run
        _spin(application, 0.3)
        result[name] = milliseconds(card)
        window.columns.drawer.close_card()
    surface = window.turn_to("surface")
    result |= {"transport": milliseconds(window.transport), "window": milliseconds(window)}
    for mode in Mode:
        surface.bouquet.set_mode(mode)
        result[f"surface with arrows {mode.value}"] = milliseconds(surface)
    surface.bouquet.set_mode(Mode.OFF)
    lens = window.context.lens
    for shape in ("disc", "square"):
        lens.set_shape(shape)
        lens.set_on(True)
        lens.complete()
        result[f"surface with the ε-lens, a {shape}"] = milliseconds(surface)
    result["lens"] = milliseconds(window.cards["lens"])
    lens.set_on(False)
    _race(window)
    window.context.race.complete(session.run.last)
    result["surface with four lanes"] = milliseconds(surface)
    race = window.turn_to("race")
    _spin(application, 1.0)
    result["race with four lanes"] = milliseconds(race)
    window.turn_to("surface")
    result |= _stationary_frames(window, milliseconds)
    session.undo_stack.setClean()
    window.close()
    return result


def diagram() -> dict[str, float]:
    """Median milliseconds of processor for a repaint of large networks' diagrams."""
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QWidget

    from mlpsim.core.activations import IDENTITY, TANH
    from mlpsim.core.dataset import Dataset
    from mlpsim.core.experiment import Experiment
    from mlpsim.core.network import Network
    from mlpsim.core.problem import Problem
    from mlpsim.core.starts import GlorotUniform

    application, window = _window()
    session, shown = window.context.session, window.cards["network"].diagram
    result = {}
    for sizes in ((10, 32, 32, 3), (2, *(8,) * 7, 1), (64, 32, 10)):
        depth = len(sizes) - 1
        network = Network(sizes, (TANH,) * (depth - 1) + (IDENTITY,), (True,) * depth)
        data = Dataset(np.ones((20, sizes[0])), np.zeros((20, sizes[-1])))
        session.edit(Experiment(Problem(data, network), start=GlorotUniform()), "Another network")
        _spin(application, 0.5)
        target = QPixmap(shown.size())
        times = []
        for _ in range(60):
            start = time.thread_time()
            QWidget.render(shown, target, QPoint())
            times.append(time.thread_time() - start)
        result["-".join(map(str, sizes))] = statistics.median(times) * 1e3
    session.undo_stack.setClean()
    window.close()
    return result


def _stationary_frames(window: Any, milliseconds: Callable[[Any], float]) -> dict[str, float]:
    """The map with proved points and the chosen one's eigenvectors, and with a cover."""
    from mlpsim.core.feasible import Box
    from mlpsim.core.files.presets import find_preset, load_presets

    session, surface = window.context.session, window.cards["surface"]
    session.edit_problem("C", feasible=Box((1.0, -4.0), (4.0, 4.0)))
    panel = window.turn_to("stationary")
    panel.complete()
    result = {"surface with three stationary points": milliseconds(surface)}
    saddle = find_preset("saddle", load_presets()).document(None).experiment.problem
    session.edit_problem(
        "saddle", data=saddle.data, network=saddle.network, feasible=saddle.feasible
    )
    panel.complete()
    boxes = len(panel.points.answer.cover.lo)
    result[f"surface with a cover of {boxes} boxes"] = milliseconds(surface)
    return result


def surface() -> dict[str, float]:
    """Milliseconds of a surface with isolines, and updates a second while a point is dragged."""
    from mlpsim.core.experiment import lecture_experiment
    from mlpsim.core.plane import two_weights
    from mlpsim.core.window import Window
    from mlpsim.session.surface_job import surface_job

    problem = lecture_experiment().problem
    plane = two_weights(np.zeros(2), 0, 1)
    times = []
    for _ in range(30):
        start = time.perf_counter()
        surface_job(problem, plane, Window(-3.0, 1.0, -2.0, 2.0), None, "fine").finish()
        times.append(time.perf_counter() - start)
    application, window = _window()
    session, landscape = window.context.session, window.context.landscape
    shown: list[object] = []
    landscape.surface_changed.connect(shown.append)
    data = session.experiment.problem.data
    start = time.perf_counter()
    for i in range(240):
        x = np.array([-3.0 + 0.01 * i, -3.0])
        session.edit_problem("Move", merge="drag", data=data.with_sample(0, x, data.y[0]))
        _spin(application, 1 / 120)
    updates = len(shown) / (time.perf_counter() - start)
    session.undo_stack.setClean()
    window.close()
    return {"milliseconds": statistics.median(times) * 1e3, "updates": updates}


def relief() -> dict[str, float]:
    """Median milliseconds of a frame while the relief is turned, and of the one at rest."""
    application, window = _window()
    session, player, landscape = (
        window.context.session,
        window.context.player,
        window.context.landscape,
    )
    player.run_to(300)
    while session.run.last < 300:
        application.processEvents()
    landscape.set_look("both" if sys.argv[2:] == ["both"] else "relief")
    _spin(application, 1.0)
    view = window.cards["surface"].relief
    frames, busy, rests = [], [], []
    for k in range(60):
        camera = view.frame().camera
        start, processor = time.perf_counter(), time.thread_time()
        landscape.set_camera(camera.turned(3.0, 0.5 if k % 20 < 10 else -0.5))
        view.repaint()
        frames.append(time.perf_counter() - start)
        busy.append(time.thread_time() - processor)
    for _ in range(5):
        landscape.set_camera(view.frame().camera.turned(3.0, 0.0))
        view.repaint()
        start = time.perf_counter()
        view.complete()
        rests.append(time.perf_counter() - start)
    window.close()
    return {
        "frame": statistics.median(frames) * 1e3,
        "slow": float(np.percentile(frames, 90)) * 1e3,
        "processor": statistics.median(busy) * 1e3,
        "rest": statistics.median(rests) * 1e3,
    }


def slices() -> dict[str, float]:
    """A slice of 2-8-8-1 with 500 samples: when it is seen, and the window's gaps."""
    from PySide6.QtCore import Qt, QTimer

    from mlpsim.core.activations import IDENTITY, TANH
    from mlpsim.core.experiment import Experiment
    from mlpsim.core.generators import Moons
    from mlpsim.core.losses import BCE_LOGITS
    from mlpsim.core.network import Network
    from mlpsim.core.problem import Problem
    from mlpsim.core.starts import GlorotUniform
    from mlpsim.core.window import Window

    application, window = _window()
    network = Network((2, 8, 8, 1), (TANH, TANH, IDENTITY), (True, True, True))
    problem = Problem(Moons(samples=500).generate(), network, BCE_LOGITS, "mean")
    landscape, shown = window.context.landscape, list[tuple[float, int]]()
    ticks: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(1)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    landscape.surface_changed.connect(
        lambda found: shown.append((time.perf_counter(), found.values.size))
    )
    window.context.session.edit(Experiment(problem, start=GlorotUniform()), "Another network")
    _wait(application, 1.0)

    def seen_after(area: Window) -> float:
        """Seconds until the first, coarse picture of another window."""
        count, start = len(shown), time.perf_counter()
        landscape.set_window(area)
        while len(shown) == count:
            _wait(application, 0.0)
        return shown[count][0] - start

    timer.start()
    first = seen_after(Window(-2.5, 2.5, -2.5, 2.5))
    _wait(application, 6.0)  # finer ones are under way
    again = seen_after(Window(-1.0, 1.0, -1.0, 1.0))
    gaps = np.diff(ticks) * 1e3
    window.context.session.undo_stack.setClean()
    window.close()
    p99, longest = float(np.percentile(gaps, 99)), float(gaps.max())
    return {"first": first * 1e3, "again": again * 1e3, "p99": p99, "max": longest}


def _wait(application: Any, seconds: float) -> None:
    """Handle events, and sleep between them: the workers have the processor."""
    from PySide6.QtCore import QEventLoop, QTimer

    over: list[bool] = []
    QTimer.singleShot(round(1e3 * seconds) + 1, lambda: over.append(True))
    while not over:
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def memory() -> dict[str, float]:
    """Megabytes that 100,000 recorded steps cost, and milliseconds to show one of them again."""
    from mlpsim.core.activations import IDENTITY, TANH
    from mlpsim.core.experiment import Experiment, lecture_experiment
    from mlpsim.core.generators import Moons
    from mlpsim.core.losses import BCE_LOGITS
    from mlpsim.core.network import Network
    from mlpsim.core.optimizers import Adam
    from mlpsim.core.problem import Problem
    from mlpsim.core.run import Run
    from mlpsim.core.sampling import Sampling
    from mlpsim.core.starts import GlorotUniform
    from mlpsim.core.training import advance

    experiment = lecture_experiment()
    if sys.argv[2] != "lecture":
        network = Network((2, 8, 8, 1), (TANH, TANH, IDENTITY), (True, True, True))
        problem = Problem(Moons(samples=100).generate(), network, BCE_LOGITS, "mean")
        experiment = Experiment(
            problem, Adam(0.01), sampling=Sampling(10), scaling="unbiased", start=GlorotUniform()
        )
    run = Run.from_experiment(experiment)

    def train(last: int) -> None:
        while run.last < last:
            burst = min(500, last - run.last)
            run.extend(advance(run.segments[-1], run.tip, burst))

    train(1000)
    before = _resident()
    train(101_000)
    grown = _resident() - before
    start = time.perf_counter()
    run.theta(54_321)
    return {"mib": grown / 1e6, "seek_ms": (time.perf_counter() - start) * 1e3}


def _resident() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def engine() -> dict[str, float]:
    """Seconds of 10,000 steps of the lecture's example, here and in a loop written by hand."""
    from mlpsim.core.experiment import lecture_experiment
    from mlpsim.core.segment import first_segment
    from mlpsim.core.training import advance, begin

    experiment = lecture_experiment()
    segment = first_segment(experiment)
    x, y = experiment.problem.data.x, experiment.problem.data.y[:, 0]
    history = np.empty((10_000, 2))

    def ours() -> np.ndarray:
        return advance(segment, begin(segment, None), 10_000).last.theta

    def by_hand() -> np.ndarray:
        w = np.zeros(2)
        for k in range(10_000):
            a = 1.0 / (1.0 + np.exp(-(x @ w)))
            r = a - y
            w = w - 0.1 * ((2.0 * r * a * (1.0 - a)) @ x)
            history[k] = w
        return w

    assert np.allclose(ours(), by_hand(), rtol=1e-9)
    pairs = [(_timed(ours), _timed(by_hand)) for _ in range(7)]
    return {
        "ratio": statistics.median(a / b for a, b in pairs),
        "ours": statistics.median(a for a, _ in pairs),
        "hand": statistics.median(b for _, b in pairs),
    }


def lens() -> dict[str, float]:
    """Milliseconds until the ε-lens has its verdicts: refuted, certified and open ones."""
    from dataclasses import replace

    from mlpsim.core.experiment import lecture_experiment
    from mlpsim.core.feasible import Box
    from mlpsim.core.proofs.lens import LensQuestion
    from mlpsim.core.proofs.neighbourhood import Lens

    lecture = lecture_experiment().problem
    wall = replace(lecture, feasible=Box((1.0, -4.0), (4.0, 4.0)))
    questions = {
        "on the plateau": LensQuestion(lecture, Lens((-10.0, -10.0), 0.1)),
        "at w = 0": LensQuestion(lecture, Lens((0.0, 0.0), 0.5)),
        "at a corner": LensQuestion(wall, Lens((1.0, -4.0), 0.5)),
        "at a rounded minimiser": LensQuestion(wall, Lens((1.0, 0.789258168111058), 0.5)),
    }
    return {
        name: 1e3 * statistics.median(_timed(question.answer) for _ in range(9))
        for name, question in questions.items()
    }


def stationary() -> dict[str, float]:
    """Milliseconds until all stationary points are known, and where they are not isolated."""
    from dataclasses import replace

    from mlpsim.core.experiment import lecture_experiment
    from mlpsim.core.feasible import Ball, Box
    from mlpsim.core.files.presets import find_preset, load_presets
    from mlpsim.core.proofs.stationary import StationaryQuestion

    presets = load_presets()
    lecture = lecture_experiment().problem
    five = find_preset("bad-local-minimum", presets).document(None).experiment.problem
    saddle = find_preset("saddle", presets).document(None).experiment.problem
    questions = {
        "on the lecture's wall": replace(lecture, feasible=Box((1.0, -4.0), (4.0, 4.0))),
        "on the unit ball": replace(lecture, feasible=Ball((0.0, 0.0), 1.0)),
        "of the bad local minimum": replace(five, feasible=Box((-4.0,) * 2, (4.0,) * 2)),
        "of the saddle, not isolated": replace(saddle, feasible=Box((-3.0,) * 2, (3.0,) * 2)),
    }
    return {
        name: 1e3 * statistics.median(_timed(StationaryQuestion(q, None).answer) for _ in range(7))
        for name, q in questions.items()
    }


def certify() -> dict[str, float]:
    """Milliseconds until f* is certified, on boxes and a ball, and where it cannot be."""
    from mlpsim.core.activations import RELU
    from mlpsim.core.dataset import Dataset
    from mlpsim.core.experiment import lecture_experiment
    from mlpsim.core.feasible import Ball, Box
    from mlpsim.core.files.presets import find_preset, load_presets
    from mlpsim.core.network import Network
    from mlpsim.core.problem import Problem
    from mlpsim.core.proofs.certify import minimize

    lecture = lecture_experiment().problem
    saddle = find_preset("saddle", load_presets()).document(None).experiment.problem
    rng = np.random.default_rng(9)
    data = Dataset(rng.normal(0.0, 2.0, (100, 3)), rng.normal(0.0, 1.0, (100, 1)))
    bent = Problem(data, Network((3, 1), (RELU,), (False,)))
    questions = {
        "box r = 10": (lecture, Box((-10.0,) * 2, (10.0,) * 2)),
        "box r = 50": (lecture, Box((-50.0,) * 2, (50.0,) * 2)),
        "ball r = 1": (lecture, Ball((0.0, 0.0), 1.0)),
        "saddle": (saddle, Box((-3.0,) * 2, (3.0,) * 2)),
        "relu": (bent, Box((-10.0,) * 3, (10.0,) * 3)),
    }
    return {
        name: 1e3 * statistics.median(_timed(lambda q=q: minimize(*q)) for _ in range(9))
        for name, q in questions.items()
    }


def reading() -> dict[str, float]:
    """Seconds until a CSV file of 100,000 rows is read and its columns are taken, and how often
    it could have been cancelled.
    """
    from mlpsim.core.tables.columns import chosen_data, suggested
    from mlpsim.core.tables.csv_table import read_csv

    rng = np.random.default_rng(4)
    rows = rng.normal(size=(100_000, 4)).round(6).tolist()
    kinds = np.array(["red", "green", "blue"])[rng.integers(0, 3, len(rows))]
    cells = (f"{','.join(map(repr, row))},{kind}" for row, kind in zip(rows, kinds, strict=True))
    text = "a,b,c,d,kind\n" + "\n".join(cells)
    looks: list[float] = []

    def look() -> bool:
        looks.append(time.process_time())
        return False

    def read() -> None:
        table = read_csv(text, cancelled=look)
        assert table is not None
        assert len(chosen_data(table, suggested(table))) == len(rows)

    seconds, processor = [], []
    for _ in range(5):
        start = time.process_time()
        seconds.append(_timed(read))
        processor.append(time.process_time() - start)
    between = np.diff(looks)
    return {
        "seconds": statistics.median(seconds),
        "processor": statistics.median(processor),
        "between": 1e3 * float(np.percentile(between, 90)),
    }


def _timed(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


BENCHMARKS = {
    benchmark.__name__: benchmark
    for benchmark in (
        *(
            app_paint,
            start,
            bare_paint,
            gaps,
            compiled_gaps,
            frames,
            diagram,
            surface,
            relief,
            slices,
        ),
        *(many, memory, engine, certify, lens, stationary, reading),
    )
}

if __name__ == "__main__":
    print(json.dumps(BENCHMARKS[sys.argv[1]]()))
