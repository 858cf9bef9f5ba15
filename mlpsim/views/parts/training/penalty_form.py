"""The penalty form: L1 and L2 on the weights, and on the biases if asked."""

from PySide6.QtCore import Slot

from mlpsim.core.problem import Penalty
from mlpsim.session.session import Session
from mlpsim.views.labels import penalty_formula
from mlpsim.views.widgets.form_section import FormSection
from mlpsim.views.widgets.spec_form import SpecForm


class PenaltyForm(FormSection):
    """R, which makes the objective J = E + R."""

    def __init__(self, session: Session) -> None:
        super().__init__("Penalty")
        self._session = session
        self.form = SpecForm()
        self.add_wide(self.form)
        self.formula = self.add_caption()
        self.form.spec_edited.connect(self._change)
        session.experiment_changed.connect(self._show)
        self._show()

    @Slot(object)
    def _change(self, penalty: Penalty) -> None:
        self._session.edit_problem("Change penalty", penalty=penalty)

    @Slot()
    def _show(self) -> None:
        penalty = self._session.experiment.problem.penalty
        self.form.set_spec(penalty)
        said = f"J = E + R with R = {penalty_formula(penalty)}" if penalty else "no penalty: J = E"
        self.formula.setText(said)
