"""The optimizer form: the update rule with its hyperparameters, and the schedule of η."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox

from mlpsim.core.curvature import TOLERANCE
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.schedules import SCHEDULES, Schedule
from mlpsim.session.player import Player
from mlpsim.session.session import Session
from mlpsim.views.labels import number, schedule_name
from mlpsim.views.parts.training.optimizer_choice import OptimizerChoice
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.form_section import FormSection
from mlpsim.views.widgets.spec_form import SpecForm


class OptimizerForm(FormSection):
    """How the gradient becomes a step; the forms are made from the specs' fields."""

    def __init__(self, session: Session, player: Player) -> None:
        super().__init__("Optimizer")
        self._session = session
        self.optimizer = OptimizerChoice(session)
        self.hyperparameters = SpecForm()
        self.schedule = Combo(
            "Schedule", [(kind, schedule_name(kind), kind.__doc__ or "") for kind in SCHEDULES]
        )
        self.schedule_form = SpecForm()
        self.add_row("rule", self.optimizer)
        self._rule = self.add_caption()
        self.add_wide(self.hyperparameters)
        self.add_row("schedule", self.schedule)
        self.add_wide(self.schedule_form)
        self.stops = QCheckBox(f"stop when ‖∇J‖ ≤ {number(TOLERANCE)}")
        self.stops.setAccessibleName("Stop at a stationary point or plateau")
        self.stops.setToolTip("End a run at the first stationary point or plateau")
        self.stops.setChecked(player.stops_when_stationary)
        self.stops.toggled.connect(player.set_stops_when_stationary)
        self.add_wide(self.stops)
        self.hyperparameters.spec_edited.connect(self._change_optimizer)
        self.schedule.chosen.connect(self._choose_schedule)
        self.schedule_form.spec_edited.connect(self._change_schedule)
        session.experiment_changed.connect(self._show)
        self._show()

    @Slot(object)
    def _change_optimizer(self, optimizer: Optimizer) -> None:
        self._edit("Change hyperparameter", optimizer=optimizer)

    @Slot(object)
    def _choose_schedule(self, kind: type[Schedule]) -> None:
        if type(self._session.experiment.schedule) is not kind:
            self._edit(f"Schedule: {schedule_name(kind)}", schedule=kind())

    @Slot(object)
    def _change_schedule(self, schedule: Schedule) -> None:
        self._edit("Change schedule", schedule=schedule)

    def _edit(self, text: str, **changes: Any) -> None:
        self._session.edit(replace(self._session.experiment, **changes), text)

    @Slot()
    def _show(self) -> None:
        experiment = self._session.experiment
        self._rule.setText((type(experiment.optimizer).__doc__ or "").split("\n")[0])
        self.hyperparameters.set_spec(experiment.optimizer)
        self.schedule.set_value(type(experiment.schedule))
        self.schedule_form.set_spec(experiment.schedule)
        self.schedule_form.setVisible(not self.schedule_form.is_empty)
