"""The method: gradient descent, SGD or mini-batch SGD with its batch size."""

from dataclasses import replace
from math import sqrt

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from mlpsim.core.sampling import Sampling
from mlpsim.session.session import Session
from mlpsim.views.labels import method_name
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.segmented import Segmented
from mlpsim.views.widgets.wrap_layout import WrapLayout

GD, SGD, MINI_BATCH = "GD", "SGD", "mini-batch"


class MethodChoice(QWidget):
    """GD | SGD | mini-batch; B stands beside it for mini-batches only."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.choice = Segmented(
            "Method",
            [
                (GD, "GD", "Gradient descent: every step sees all samples"),
                (SGD, "SGD", "Stochastic gradient descent: every step sees one sample"),
                (MINI_BATCH, "mini-batch", "Mini-batch SGD: every step sees B samples"),
            ],
        )
        self.size_label = QLabel("B")
        self.size_label.setToolTip("Batch size")
        self.batch_size = NumberEntry(2, lo=1, integer=True)
        self.batch_size.setObjectName("batch size")
        self.batch_size.setAccessibleName("Batch size B")
        self.batch_size.set_columns(4)
        self.size_label.setBuddy(self.batch_size)
        self.batch_size.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        size = QHBoxLayout()
        size.setSpacing(8)
        size.addWidget(self.size_label)
        size.addWidget(self.batch_size)
        row = WrapLayout(self, spacing=8, row_gap=4)
        row.add(self.choice)
        row.add(size)
        self.choice.chosen.connect(self._choose)
        self.choice.repeated.connect(self._choose)
        self.batch_size.value_committed.connect(self._resize)
        session.experiment_changed.connect(self._show)
        self._show()

    @Slot(object)
    def _choose(self, method: str) -> None:
        sampling = self._session.experiment.sampling
        if method != method_of(sampling) or sampling.order == "given":
            size = {GD: None, SGD: 1}.get(method, self._usual_size())
            self._edit(size, sampling)

    @Slot(object)
    def _resize(self, size: int) -> None:
        self._edit(size, self._session.experiment.sampling)

    def _edit(self, size: int | None, sampling: Sampling) -> None:
        order = "without_replacement" if sampling.order == "given" else sampling.order
        changed = replace(sampling, batch_size=size, order=order)
        self._session.edit(
            replace(self._session.experiment, sampling=changed), f"Use {method_name(changed)}"
        )

    def _usual_size(self) -> int:
        """The batch size last on view, or about √S at first."""
        samples = len(self._session.experiment.problem.data)
        return (
            int(self.batch_size.value)
            if self.batch_size.value > 1
            else max(2, round(sqrt(samples)))
        )

    @Slot()
    def _show(self) -> None:
        sampling = self._session.experiment.sampling
        method = method_of(sampling)
        self.choice.set_value(method)
        by_hand = sampling.order == "given"
        has_size = method == MINI_BATCH and not by_hand
        self.batch_size.setVisible(has_size)
        self.size_label.setVisible(has_size or by_hand)
        self.size_label.setText("by hand" if by_hand else "B")
        samples = len(self._session.experiment.problem.data)
        self.batch_size.set_range(1, samples)
        self.batch_size.set_tip(f"Batch size B: 1 to S = {samples}")
        if has_size:
            self.batch_size.set_value(sampling.batch_size or 1)


def method_of(sampling: Sampling) -> str:
    """GD, SGD or mini-batch; batches given by hand are SGD if each is of one sample."""
    if sampling.order == "given":
        return SGD if all(len(batch) == 1 for batch in sampling.batches) else MINI_BATCH
    return {None: GD, 1: SGD}.get(sampling.batch_size, MINI_BATCH)
