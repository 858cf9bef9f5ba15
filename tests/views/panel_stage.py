"""A stage for one panel: a real session, player and landscape, and the panel on view."""

from typing import Generic, TypeVar

from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from mlpsim.core.experiment import Experiment
from mlpsim.views.items.relief_view import ReliefView
from mlpsim.views.widgets.card import Card
from tests.runs import train
from tests.views.controls import context_of, end, on_view

P = TypeVar("P", bound=Card)


class Stage(Generic[P]):
    """Shows a panel of the given class; ``close`` ends the workers."""

    def __init__(
        self,
        qtbot: QtBot,
        panel_class: type[P],
        experiment: Experiment,
        size: tuple[int, int] = (440, 360),
        steps: int = 0,
    ) -> None:
        self.context = context_of(experiment)
        self.session, self.player = self.context.session, self.context.player
        self.landscape, self.appearance = self.context.landscape, self.context.appearance
        self.advance(steps)
        self.panel = on_view(qtbot, panel_class(self.context), *size)

    def advance(self, steps: int) -> None:
        """Take some steps, as the worker would."""
        if steps:
            train(self.session, steps)

    def on_sheet(self, qtbot: QtBot) -> QImage:
        """The surface in three dimensions, with what the panel lays over it."""
        self.landscape.set_look("relief")
        relief = on_view(qtbot, ReliefView(self.context), 500, 500)
        self.landscape.complete()
        relief.complete()
        return relief.grab().toImage()

    def close(self) -> None:
        end(self.context)
