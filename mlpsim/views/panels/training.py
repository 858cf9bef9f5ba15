"""The training panel: every choice of the experiment but data and network."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from mlpsim.views.context import Context
from mlpsim.views.training.feasible_form import FeasibleForm
from mlpsim.views.training.loss_form import LossForm
from mlpsim.views.training.optimizer_form import OptimizerForm
from mlpsim.views.training.penalty_form import PenaltyForm
from mlpsim.views.training.sampling_form import SamplingForm
from mlpsim.views.training.start_form import StartForm
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.chips import Chips
from mlpsim.views.widgets.scroll_column import ScrollColumn

TOPICS = (
    ("Sampling", "Which samples a step sees"),
    ("Optimizer", "The rule of a step, the learning rate and its schedule"),
    ("Loss", "What is minimized, and the scaling of a batch's gradient"),
    ("Penalty", "L1 and L2 of the weights"),
    ("Set C", "The feasible set C"),
    ("Start", "Where the run begins"),
)


class TrainingPanel(Card):
    """A form for each topic; the chips above choose the one that is shown."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("Training", "what is minimized, and how", parent)
        session = context.session
        self.sampling = SamplingForm(session)
        self.optimizer = OptimizerForm(session, context.player)
        self.loss = LossForm(session)
        self.penalty = PenaltyForm(session)
        self.feasible = FeasibleForm(session)
        self.start = StartForm(session)
        self.forms = (
            *(self.sampling, self.optimizer, self.loss),
            *(self.penalty, self.feasible, self.start),
        )
        self.topics = Chips("Training", TOPICS)
        self.topics.chosen.connect(self.show_topic)
        scroll = ScrollColumn("Training choices")
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its forms take the focus
        scroll.column.setContentsMargins(0, 0, 10, 0)
        for form in self.forms:
            scroll.column.addWidget(form)
        scroll.column.addStretch(1)
        scroll.setMinimumWidth(scroll.content.minimumSizeHint().width())
        self.body.addWidget(self.topics)
        self.body.addWidget(scroll)
        self.show_topic(0)

    @Slot(int)
    def show_topic(self, place: int) -> None:
        """Show the form of a topic."""
        self.topics.chip(place).setChecked(True)
        for other, form in enumerate(self.forms):
            form.setVisible(other == place)
