"""The split form: the share of samples that training never sees, and how it is drawn."""

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QVBoxLayout, QWidget

from mlpsim.core.editing.splitting import held_out_by, nothing_held_out
from mlpsim.core.held_out import Split
from mlpsim.core.random import MAX_SEED
from mlpsim.session.session import Session
from mlpsim.views.labels import number, sentence
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.wrap_layout import WrapLayout

HOLD_OUT, JOIN = "Hold out", "Train on all"


class SplitForm(QWidget):
    """Holds samples out and takes them back; while some are, a change draws them anew."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setAccessibleName("Held-out samples")
        self._session = session
        self._split = Split()
        self.button = QPushButton(HOLD_OUT)
        self.share = NumberEntry(25.0, lo=1.0, hi=99.0)
        self.share.setAccessibleName("Share of samples held out, in percent")
        self.share.set_tip("Share of the samples that training does not see, in percent")
        self.share.set_columns(4)
        self.seed = NumberEntry(0, lo=0, hi=MAX_SEED, integer=True)
        self.seed.setAccessibleName("Seed of the split")
        self.seed.set_tip("Seed of the split: the same seed holds out the same samples")
        self.seed.set_columns(4)
        self.by_class = QCheckBox("by class")
        self.by_class.setToolTip("The same share of every class, so that none is missing")
        self.error = Message("error")
        row = WrapLayout(spacing=6, row_gap=4)
        what = self.button, self.share, _quiet("%"), _quiet("seed"), self.seed, self.by_class
        for widget in what:
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.error)
        self.share.value_committed.connect(self._change)
        self.seed.value_committed.connect(self._change)
        self.by_class.clicked.connect(self._change)
        self.share.refusal_changed.connect(self.error.say)
        self.seed.refusal_changed.connect(self.error.say)
        self.button.clicked.connect(self._toggle)
        session.experiment_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        held_out = self._session.experiment.held_out
        if held_out is not None:
            self._split = held_out.split
        self.share.set_value(float(number(100.0 * self._split.share, 6)))
        self.seed.set_value(self._split.seed)
        self.by_class.setChecked(self._split.by_class)
        self.button.setText(HOLD_OUT if held_out is None else JOIN)
        self.button.setAccessibleName(self.button.text())
        self.button.setToolTip(
            "Take samples out of the training data; J is then of the others. Can be undone."
            if held_out is None
            else "Put the held-out samples back into the training data. Can be undone."
        )

    @Slot()
    def _change(self) -> None:
        self._split = replace(
            self._split,
            share=self.share.value / 100.0,
            seed=int(self.seed.value),
            by_class=self.by_class.isChecked(),
        )
        if self._session.experiment.held_out is not None:
            self._hold_out()

    @Slot()
    def _toggle(self) -> None:
        if self._session.experiment.held_out is None:
            self._hold_out()
        else:
            experiment, about = nothing_held_out(self._session.experiment)
            self._session.end_merge()
            self._session.edit(experiment, JOIN, about=about)

    def _hold_out(self) -> None:
        try:
            experiment, about = held_out_by(self._session.experiment, self._split)
        except ValueError as reason:
            self.error.say(sentence(reason))
            return
        self.error.say("")
        self._session.selection.select_sample(None)
        self._session.end_merge()
        text = f"{HOLD_OUT} {number(100.0 * self._split.share)} %"
        self._session.edit(experiment, text, about=about)


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "secondary")
    return label
