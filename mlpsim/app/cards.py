"""The cards of a window: each is made when it is first seen or asked for, or in idle time."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from mlpsim.core.files.presets import load_presets
from mlpsim.session.worker import Job, Worker
from mlpsim.views.catalogue import PANELS
from mlpsim.views.context import Context
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.place import Place

FIRST_MS, IDLE_MS = 500, 60  # until the first of them is made, and between two


class Cards(Mapping[str, Card]):
    """The cards by the ids of their panels; ``places`` are where they stand or will stand."""

    def __init__(self, context: Context) -> None:
        self.places = {
            spec.id: Place(spec.title, partial(spec.factory, context), spec.lines)
            for spec in PANELS
        }

    def __getitem__(self, name: str) -> Card:
        return self.places[name].card

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


@dataclass(frozen=True)
class ReadPresets:
    """A job: the program's presets are read, once for all."""

    def run(self, cancelled: Callable[[], bool]) -> None:
        load_presets()


@dataclass(frozen=True)
class Import:
    """A job: a module is imported."""

    module: str

    def run(self, cancelled: Callable[[], bool]) -> None:
        import_module(self.module)


class Preparation(QObject):
    """Makes the cards that nobody has seen yet one by one, while the window is idle.

    So each opens at once when it is turned to. What they are made of is read and imported before by
    a worker: the window answers meanwhile.
    """

    finished = Signal()  # all are made

    def __init__(self, cards: Cards, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._places, self._player, self._window = cards.places, context.player, window
        self._is_held = False
        imports = [Import(module) for module in dict.fromkeys(spec.module for spec in PANELS)]
        self._jobs = deque[Job]([ReadPresets(), *imports])
        self._timer = QTimer(self, singleShot=True)
        self._timer.setObjectName("preparation")
        self._timer.timeout.connect(self._on_tick)
        self._worker = Worker("imports", self, self._on_done, self._on_failed)
        context.session.ended.connect(self._worker.stop)
        for edited in (context.session.run_started, context.session.experiment_changed):
            edited.connect(self._wait)

    @Slot()
    def start(self) -> None:
        """Begin once the window has been painted, and what it shows has come to rest."""
        self._timer.start(FIRST_MS)

    @Slot()
    def _wait(self) -> None:
        """Let what follows an edit come first."""
        if self._timer.isActive():
            self._timer.start(FIRST_MS)

    def hold(self, held: bool) -> None:
        """Make none while something else is under way that must not be held up."""
        self._is_held = held

    @property
    def _is_idle(self) -> bool:
        handle = self._window.windowHandle()
        seen = handle is not None and handle.isExposed()
        return (
            seen
            and not self._is_held
            and not self._player.playing
            and not QApplication.mouseButtons()
        )

    @Slot()
    def _on_tick(self) -> None:
        if self._is_idle and self._jobs:
            self._worker.submit(self._jobs.popleft())
            return
        waiting = next((place for place in self._places.values() if not place.is_made), None)
        if waiting is None:
            self.finished.emit()
            return
        if self._is_idle:
            _ = waiting.card
        self._timer.start(IDLE_MS)

    @Slot()
    def _on_done(self) -> None:
        self._timer.start(0)

    @Slot(object, str)
    def _on_failed(self, job: Job, message: str) -> None:
        self._timer.start(0)
        raise RuntimeError(f"{job} failed: {message}")  # for whoever reports errors
