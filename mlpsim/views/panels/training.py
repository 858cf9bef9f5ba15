"""The training panel: every choice of the experiment but data and network."""

from functools import cached_property
from typing import TypeVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from mlpsim.views.context import Context
from mlpsim.views.parts.training.feasible_form import FeasibleForm
from mlpsim.views.parts.training.loss_form import LossForm
from mlpsim.views.parts.training.optimizer_form import OptimizerForm
from mlpsim.views.parts.training.penalty_form import PenaltyForm
from mlpsim.views.parts.training.sampling_form import SamplingForm
from mlpsim.views.parts.training.start_form import StartForm
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.chips import Chips
from mlpsim.views.widgets.scroll_column import ScrollColumn

Form = TypeVar("Form", bound=QWidget)
TOPICS = (  # the text of a chip, its tooltip, and the property that holds the form
    ("Sampling", "Which samples a step sees", "sampling"),
    ("Optimizer", "The rule of a step, the learning rate and its schedule", "optimizer"),
    ("Loss", "What is minimized, and the scaling of a batch's gradient", "loss"),
    ("Penalty", "L1 and L2 of the weights", "penalty"),
    ("Set C", "The feasible set C", "feasible"),
    ("Start", "Where the run begins", "start"),
)


class TrainingPanel(Card):
    """A form for each topic, made when it is first asked for; the chips above choose one."""

    def __init__(self, context: Context) -> None:
        super().__init__("Training", "what is minimized, and how")
        self._session, self._player = context.session, context.player
        self._forms: list[QWidget] = []
        self.topics = Chips("Training", [(text, tip) for text, tip, _ in TOPICS])
        self.topics.chosen.connect(self.show_topic)
        self._scroll = ScrollColumn("Training choices")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its forms take the focus
        self._scroll.column.setContentsMargins(0, 0, 3, 0)
        self._scroll.column.addStretch(1)
        self.body.addWidget(self.topics)
        self.body.addWidget(self._scroll)
        self.show_topic(0)

    @cached_property
    def sampling(self) -> SamplingForm:
        return self._add(SamplingForm(self._session))

    @cached_property
    def optimizer(self) -> OptimizerForm:
        return self._add(OptimizerForm(self._session, self._player))

    @cached_property
    def loss(self) -> LossForm:
        return self._add(LossForm(self._session))

    @cached_property
    def penalty(self) -> PenaltyForm:
        return self._add(PenaltyForm(self._session))

    @cached_property
    def feasible(self) -> FeasibleForm:
        return self._add(FeasibleForm(self._session))

    @cached_property
    def start(self) -> StartForm:
        return self._add(StartForm(self._session))

    @property
    def forms(self) -> tuple[QWidget, ...]:
        """The forms of all topics."""
        return tuple(self.form(place) for place in range(len(TOPICS)))

    def form(self, place: int) -> QWidget:
        """The form of a topic."""
        form: QWidget = getattr(self, TOPICS[place][2])
        return form

    @Slot(int)
    def show_topic(self, place: int) -> None:
        """Show the form of a topic."""
        self.topics.chip(place).setChecked(True)
        shown = self.form(place)
        for form in self._forms:
            form.setVisible(form is shown)

    def _add(self, form: Form) -> Form:
        form.hide()
        self._forms.append(form)
        self._scroll.column.insertWidget(0, form)
        needed = form.minimumSizeHint().width() + self._scroll.column.contentsMargins().right()
        self._scroll.setMinimumWidth(max(needed, self._scroll.minimumWidth()))
        return form
