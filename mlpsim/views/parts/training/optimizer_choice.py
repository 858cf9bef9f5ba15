"""The optimizer, chosen in the toolbar and in the training panel alike."""

from dataclasses import replace

from PySide6.QtCore import Slot

from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import OPTIMIZERS, exchanged
from mlpsim.session.session import Session
from mlpsim.views.labels import optimizer_name, sentence
from mlpsim.views.widgets.combo import Combo


class OptimizerChoice(Combo):
    """Every optimizer by name; another one has its own defaults but for the learning rate."""

    def __init__(self, session: Session) -> None:
        rules = [(kind, optimizer_name(kind), kind.__doc__ or "") for kind in OPTIMIZERS]
        super().__init__("Optimizer", rules)
        self._session = session
        self.setObjectName("optimizer")
        self.chosen.connect(self._change)
        session.experiment_changed.connect(self._show)
        self._show()

    @Slot(object)
    def _change(self, kind: type[Optimizer]) -> None:
        experiment = self._session.experiment
        if type(experiment.optimizer) is not kind:
            optimizer = exchanged(experiment.optimizer, kind)
            try:
                changed = replace(experiment, optimizer=optimizer)
            except ValueError as reason:
                self._session.say(sentence(reason))
                self._show()
                return
            self._session.edit(changed, f"Optimizer: {optimizer_name(kind)}")

    @Slot()
    def _show(self) -> None:
        self.set_value(type(self._session.experiment.optimizer))
