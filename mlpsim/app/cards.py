"""The cards of a window: each is made when it is first seen or asked for, or in idle time."""

import sys
from collections.abc import Iterator, Mapping
from functools import partial
from importlib import import_module

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from mlpsim.views.catalogue import PANELS
from mlpsim.views.context import Context
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.place import Place

FIRST_MS, IDLE_MS = 500, 60  # until the first of them is made, and between two


class Cards(Mapping[str, Card]):
    """The cards by the ids of their panels; ``places`` are where they stand or will stand."""

    def __init__(self, context: Context) -> None:
        self.places = {
            spec.id: Place(spec.title, partial(spec.factory, context)) for spec in PANELS
        }

    def __getitem__(self, name: str) -> Card:
        return self.places[name].card

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


class Preparation(QObject):
    """Makes the cards that nobody has seen yet one by one, while the window is idle.

    So each opens at once when it is turned to.
    """

    finished = Signal()  # all are made

    def __init__(self, cards: Cards, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._places, self._player, self._window = cards.places, context.player, window
        self._is_held = False
        self._timer = QTimer(self)
        self._timer.setObjectName("preparation")
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_tick)

    @Slot()
    def start(self) -> None:
        """Begin once the window has been painted, and what it shows has come to rest."""
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
        waiting = next((spec for spec in PANELS if not self._places[spec.id].is_made), None)
        if waiting is None:
            self.finished.emit()
            return
        if self._is_idle:
            if waiting.module in sys.modules:
                _ = self._places[waiting.id].card
            else:  # which takes as long as to make the card: the window answers in between
                import_module(waiting.module)
        self._timer.start(IDLE_MS)
