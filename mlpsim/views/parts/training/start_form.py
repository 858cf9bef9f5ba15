"""The start's form: typed values, zeros, or a random rule with its seed."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton

from mlpsim.core.starts import STARTS, Given, Start
from mlpsim.session.session import Session
from mlpsim.views.labels import parameter, start_name
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.form_section import FormSection
from mlpsim.views.widgets.numbers_entry import NumbersEntry, Values
from mlpsim.views.widgets.spec_form import SpecForm

MOST_NAMES = 6  # parameters that are named in the caption


class StartForm(FormSection):
    """Where the parameters are at step 0; another start begins a new run."""

    def __init__(self, session: Session) -> None:
        super().__init__("Start")
        self._session = session
        self.kind = Combo(
            "Start", [(kind, start_name(kind), kind.__doc__ or "") for kind in STARTS]
        )
        self.values = NumbersEntry()
        self.values.setAccessibleName("Start values")
        self.form = SpecForm()
        self.again = QPushButton("New random start")
        self.again.setToolTip("A new run from the next seed")
        self.again.setAccessibleName("New random start")
        self.add_row("rule", self.kind)
        self.add_wide(self.values)
        self.add_wide(self.form)
        self._note = self.add_caption()
        self.add_wide(self.again)
        self.kind.chosen.connect(self._choose)
        self.values.value_committed.connect(self._change_values)
        self.form.spec_edited.connect(self._change)
        self.again.clicked.connect(session.new_random_start)
        session.experiment_changed.connect(self._show)
        self._show()

    @Slot(object)
    def _choose(self, kind: type[Start]) -> None:
        experiment = self._session.experiment
        if kind is type(experiment.start):
            return
        start: Start
        if kind is Given:
            theta = experiment.start.theta(experiment.problem.network)
            start = Given(tuple(theta.tolist()))
        else:
            start = kind()
        self._edit(start, f"Start: {start_name(kind)}")

    @Slot(object)
    def _change_values(self, values: Values) -> None:
        count = self._session.experiment.problem.network.n_params
        if len(values) != count:
            self.values.refuse(
                f"{count} numbers are needed, one per parameter: {len(values)} here."
            )
            return
        self._edit(Given(values), "Change start")

    @Slot(object)
    def _change(self, start: Start) -> None:
        self._edit(start, "Change start")

    def _edit(self, start: Start, text: str) -> None:
        self._session.edit(replace(self._session.experiment, start=start), text)

    @Slot()
    def _show(self) -> None:
        experiment = self._session.experiment
        start: Any = experiment.start
        network = experiment.problem.network
        given = isinstance(start, Given)
        self.kind.set_value(type(start))
        self.values.setVisible(given)
        self.form.set_spec(start)
        self.form.setVisible(not given and not self.form.is_empty)
        names = " ".join(parameter(network, p) for p in range(min(MOST_NAMES, network.n_params)))
        more = " …" if network.n_params > MOST_NAMES else ""
        note = (
            f"values of {names}{more}, separated by spaces" if given else type(start).__doc__ or ""
        )
        self._note.setText(note.split("   (")[0])
        if given:
            self.values.set_tip(f"One number for each of {network.n_params} parameters")
            self.values.set_value(start.values)
