"""The loss form: loss, reduction and scaling, and the conversions they may call for."""

from dataclasses import replace
from math import inf

from PySide6.QtCore import Slot

from mlpsim.core.editing.conversions import (
    Conversion,
    fitting_labels,
    misfit,
    with_logits,
    with_rate_for_reduction,
)
from mlpsim.core.experiment import Experiment
from mlpsim.core.losses import LOSSES, Loss, loss
from mlpsim.core.problem import REDUCTIONS, SCALINGS, Reduction, Scaling
from mlpsim.session.session import Session
from mlpsim.views.labels import (
    loss_formula,
    loss_name,
    scaling_formula,
    scaling_name,
    scaling_words,
)
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.form_section import FormSection
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.offer import Offer
from mlpsim.views.widgets.segmented import Segmented

_REDUCTION_TIPS = {"sum": "E = Σ eˢ, as in the lecture", "mean": "E/S, the mean over the samples"}


class LossForm(FormSection):
    """What is minimized. A loss that the network refuses stays chosen, beside the way to it."""

    def __init__(self, session: Session) -> None:
        super().__init__("Loss")
        self._session = session
        self._wanted: Loss | None = None
        self._before: Experiment | None = None
        self.loss = Combo("Loss", [(entry.name, loss_name(entry), "") for entry in LOSSES])
        self.delta = NumberEntry(1.0, lo=0.0, hi=inf)
        self.delta.setAccessibleName("Huber delta δ")
        self.delta.set_tip("δ: beyond it the error grows only linearly")
        self.reduction = Segmented("Reduction", [(r, r, _REDUCTION_TIPS[r]) for r in REDUCTIONS])
        self.scaling = Segmented(
            "Scaling", [(s, scaling_name(s), scaling_words(s)) for s in SCALINGS]
        )
        self.loss_offer, self.rate_offer = Offer(), Offer()
        self.add_row("loss", self.loss)
        self.add_row("δ", self.delta)
        self.formula = self.add_caption()
        self.add_wide(self.loss_offer)
        self.add_row("E is the", self.reduction)
        self.add_wide(self.rate_offer)
        self.add_row("scaling", self.scaling)
        self.scaling_formula = self.add_caption()
        self.loss.chosen.connect(self._choose_loss)
        self.delta.value_committed.connect(self._change_delta)
        self.reduction.chosen.connect(self._choose_reduction)
        self.scaling.chosen.connect(self._choose_scaling)
        for offer in (self.loss_offer, self.rate_offer):
            offer.accepted.connect(self._accept)
        session.experiment_changed.connect(self._on_experiment_changed)
        self._show()

    # -- requests ------------------------------------------------------------------------------

    @Slot(object)
    def _choose_loss(self, name: str) -> None:
        experiment = self._session.experiment
        if name == experiment.problem.loss.name:
            self._want(None)
            return
        wanted = loss(name)
        if wanted.on_logits and experiment.problem.network.activations[-1].name != "identity":
            self._want(wanted)
            return
        self._session.edit_problem(f"Loss: {loss_name(wanted)}", loss=wanted)

    def _want(self, wanted: Loss | None) -> None:
        self._wanted = wanted
        self._show()

    @Slot(object)
    def _change_delta(self, delta: float) -> None:
        try:
            changed = loss(self._session.experiment.problem.loss.name, delta)
        except ValueError as reason:
            self.delta.refuse(f"δ has to be above 0. ({reason})")
            return
        self._session.edit_problem("Change δ", loss=changed)

    @Slot(object)
    def _choose_reduction(self, reduction: Reduction) -> None:
        before = self._session.experiment
        self._session.edit_problem(f"Use the {reduction}", reduction=reduction)
        self._before = before
        self._show()

    @Slot(object)
    def _choose_scaling(self, scaling: Scaling) -> None:
        experiment = self._session.experiment
        self._session.edit(
            replace(experiment, scaling=scaling), f"Scaling: {scaling_name(scaling)}"
        )

    @Slot(object)
    def _accept(self, conversion: Conversion) -> None:
        self._session.edit(conversion.experiment, conversion.text, about=conversion.sentence)

    # -- what is shown -------------------------------------------------------------------------

    @Slot()
    def _on_experiment_changed(self) -> None:
        self._wanted = None
        self._show()

    def _show(self) -> None:
        experiment = self._session.experiment
        problem = experiment.problem
        shown = self._wanted or problem.loss
        self.loss.set_value(shown.name)
        self.formula.setText(loss_formula(shown, problem.network.sizes[-1]))
        has_delta = bool(shown.hyperparameter)
        self.set_shown(self.delta, has_delta)
        if has_delta:
            self.delta.set_value(shown.value)
        self.reduction.set_value(problem.reduction)
        self.scaling.set_value(experiment.scaling)
        self.scaling_formula.setText(scaling_formula(problem, experiment.scaling))
        self._show_offers(experiment)

    def _show_offers(self, experiment: Experiment) -> None:
        problem = experiment.problem
        if self._wanted is not None:
            last = problem.network.activations[-1].name.replace("_", " ")
            self.loss_offer.show_offer(
                f"Not in force yet: it takes the logit z, and the last layer is {last}.",
                with_logits(experiment, self._wanted),
            )
        else:
            reason = misfit(problem.loss, problem.data)
            self.loss_offer.show_offer(reason, fitting_labels(experiment))
        rate = with_rate_for_reduction(self._before, experiment) if self._before else None
        self.rate_offer.show_offer("", rate)
