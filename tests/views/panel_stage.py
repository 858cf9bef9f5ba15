"""A stage for one panel: a real session, player and landscape, and the panel on view."""

from typing import Generic, TypeVar

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mlpsim.core.experiment import Experiment
from mlpsim.core.run import Run
from mlpsim.core.training import advance
from mlpsim.session.landscape import Landscape
from mlpsim.session.player import Player
from mlpsim.session.session import Session
from mlpsim.views.appearance import Appearance
from mlpsim.views.context import Context
from mlpsim.views.widgets.card import Card

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
        self.session = Session(Run.from_experiment(experiment))
        self.player = Player(self.session)
        self.landscape = Landscape(self.session)
        self.appearance = Appearance()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.appearance.apply(app)
        self.advance(steps)
        self.context = Context(self.session, self.player, self.landscape, self.appearance)
        self.panel = panel_class(self.context)
        qtbot.addWidget(self.panel)
        self.panel.resize(*size)
        self.panel.show()
        qtbot.waitExposed(self.panel)

    def advance(self, steps: int) -> None:
        """Take some steps, as the worker would."""
        run = self.session.run
        if steps:
            self.session.extend(advance(run.segments[-1], run.tip, steps))

    def close(self) -> None:
        self.player.stop()
        self.landscape.stop()
