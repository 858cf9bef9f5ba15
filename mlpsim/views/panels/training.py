"""The training panel: every choice of the experiment but data and network."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from mlpsim.views.context import Context
from mlpsim.views.training.feasible_form import FeasibleForm
from mlpsim.views.training.loss_form import LossForm
from mlpsim.views.training.optimizer_form import OptimizerForm
from mlpsim.views.training.penalty_form import PenaltyForm
from mlpsim.views.training.sampling_form import SamplingForm
from mlpsim.views.training.start_form import StartForm
from mlpsim.views.widgets.card import Card


class TrainingPanel(Card):
    """One section for each choice, in a column that scrolls."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("Training", "what is minimized, and how", parent)
        session = context.session
        self.sampling = SamplingForm(session)
        self.optimizer = OptimizerForm(session, context.player)
        self.loss = LossForm(session)
        self.penalty = PenaltyForm(session)
        self.feasible = FeasibleForm(session)
        self.start = StartForm(session)
        column = QWidget()
        sections = QVBoxLayout(column)
        sections.setContentsMargins(0, 0, 10, 0)
        sections.setSpacing(12)
        for section in (
            *(self.sampling, self.optimizer, self.loss),
            *(self.penalty, self.feasible, self.start),
        ):
            if sections.count():
                sections.addWidget(_rule())
            sections.addWidget(section)
        sections.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName("Training choices")
        scroll.setWidget(column)
        scroll.setMinimumWidth(column.minimumSizeHint().width())
        self.body.addWidget(scroll)


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("role", "rule")
    return rule
