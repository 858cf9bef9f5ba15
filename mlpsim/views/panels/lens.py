"""The ε-lens panel: whether z minimises f on N(z, ε) ∩ C, exactly and up to δ, and locally."""

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from mlpsim.core.proofs.lens import LensAnswer
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.labels import lens_words
from mlpsim.views.parts.surface.epsilon_slider import EpsilonSlider
from mlpsim.views.parts.surface.lens_keys import KEYS, LensKeys
from mlpsim.views.parts.surface.verdict_row import VerdictRow
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.numbers_entry import NumbersEntry, read_numbers
from mlpsim.views.widgets.segmented import Segmented

SHOW_MS = 30
LEAST, MOST = 1e-12, 1e6  # of ε and δ
SHAPES = (
    ("disc", "disc", "Euclidean distance: ‖u − z‖ ≤ ε"),
    ("square", "square", "Every weight by at most ε"),
)


class LensPanel(Card):
    """Shows the lens bench and what is proved there, and asks it for other lenses."""

    def __init__(self, context: Context) -> None:
        super().__init__("ε-lens", lens_words.QUESTION)
        self._session, self._landscape = context.session, context.landscape
        self.bench = context.lens
        self.switch = QPushButton("Lens on map")
        self.switch.setCheckable(True)
        self.switch.setProperty("role", "chip")
        self.switch.setToolTip(f"Lay N(z, ε) over the loss surface, and drag it there. {KEYS}")
        self.switch.setAccessibleDescription(KEYS)
        LensKeys(self.bench, self.switch)
        self.here = QPushButton("z = w")
        self.here.setToolTip("Put the lens around the state on view")
        self.here.setAccessibleName("Put z at the weights on view")
        self.shape = Segmented("Shape of the neighbourhood", SHAPES)
        self.z = NumbersEntry(self._read_z)
        self.z.setAccessibleName("z, the point that is asked about")
        self.z.set_tip("The weights of z, separated by spaces; a point outside of C moves onto it.")
        self.slider = EpsilonSlider()
        self.epsilon = NumberEntry(self.bench.epsilon, LEAST, MOST)
        self.epsilon.set_columns(6)
        self.epsilon.setAccessibleName("ε")
        self.epsilon.set_tip("The radius of the neighbourhood N(z, ε)")
        self.delta = NumberEntry(self.bench.delta, 1e-300, MOST)
        self.delta.set_columns(6)
        self.delta.setAccessibleName("δ")
        self.delta.set_tip("Up to δ: points that are lower than z by no more than δ are let pass")
        self.exactly, self.up_to = VerdictRow("exactly"), VerdictRow("up to δ")
        self.locally = VerdictRow("z is a local optimum (for some ε > 0)")
        self.claim, self.note = QLabel(), Message("caption")
        self._build()
        self._throttle = Throttle(self, self._show, SHOW_MS)
        self._connect()
        self._show()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.switch)
        top.addWidget(self.here)
        top.addStretch(1)
        top.addWidget(self.shape)
        self._form = QWidget()
        grid = QGridLayout(self._form)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        align = Qt.AlignmentFlag.AlignVCenter
        grid.addWidget(QLabel("z"), 0, 0, align)
        grid.addWidget(self.z, 0, 1)
        grid.addWidget(QLabel("δ"), 0, 2, align)
        grid.addWidget(self.delta, 0, 3)
        grid.addWidget(QLabel("ε"), 1, 0, align)
        grid.addWidget(self.slider, 1, 1)
        grid.addWidget(self.epsilon, 1, 2, 1, 2)
        grid.setColumnStretch(1, 1)
        self._verdicts = QWidget()
        verdicts = QGridLayout(self._verdicts)
        verdicts.setContentsMargins(0, 0, 0, 0)
        verdicts.setVerticalSpacing(6)
        verdicts.addWidget(self.claim, 0, 0)
        for place, row in enumerate((self.exactly, self.up_to, self.locally)):
            verdicts.addWidget(row, place + 1, 0)
        self.add_tools(top)
        self.add_tools(self._form)
        self.body.addWidget(self._verdicts)
        self.body.addWidget(self.note)
        self.body.addStretch(1)

    def _connect(self) -> None:
        bench = self.bench
        self._throttle.follow(bench.changed, self._landscape.plane_changed)
        self._throttle.follow(self._session.experiment_changed, self._session.run_started)
        self.switch.toggled.connect(bench.set_on)
        self.here.clicked.connect(bench.to_state)
        self.shape.chosen.connect(bench.set_shape)
        self.z.value_committed.connect(self._on_z)
        self.slider.chosen.connect(bench.set_epsilon)
        self.epsilon.value_committed.connect(bench.set_epsilon)
        self.delta.value_committed.connect(bench.set_delta)

    # -- showing -------------------------------------------------------------------------------

    def demonstrate(self) -> None:
        """Lay the lens down, for a picture."""
        self.bench.set_on(True)

    def complete(self) -> None:
        """Answer here and now, for a picture."""
        self.bench.complete()

    def _show(self) -> None:
        bench = self.bench
        self.switch.setEnabled(bench.is_possible)
        self.switch.setChecked(bench.is_on)
        for widget in (self.here, self.shape, self._form, self._verdicts):
            widget.setVisible(bench.is_on)
        self.z.set_value(tuple(bench.z.tolist()))
        self.epsilon.set_value(bench.epsilon)
        self.delta.set_value(bench.delta)
        self.slider.set_epsilon(bench.epsilon)
        self.shape.set_value(bench.shape)
        self.up_to.set_claim(f"up to δ = {labels.number(bench.delta)}")
        self.claim.setText(lens_words.claim(bench.epsilon))
        self.set_subtitle(lens_words.question(bench.z) if bench.is_on else lens_words.QUESTION)
        self._show_answer(bench.answer)
        self.note.say(bench.failure or self._note())

    def _show_answer(self, answer: LensAnswer | None) -> None:
        if answer is None:
            for row in (self.exactly, self.up_to, self.locally):
                row.show_verdict(None, "")
            return
        self.exactly.show_verdict(answer.exactly, lens_words.exactly_words(answer))
        self.up_to.show_verdict(answer.up_to_delta, lens_words.up_to_words(answer))
        found = answer.locally
        self.locally.show_verdict(found.verdict, lens_words.locally_words(found))

    def _note(self) -> str:
        bench, n_params = self.bench, self._session.experiment.problem.network.n_params
        if not bench.is_possible:
            return lens_words.TOO_MANY.format(labels.whole(n_params))
        if not bench.is_on:
            return lens_words.OFF
        if not bench.is_shown:
            return lens_words.NOT_DRAWN
        return lens_words.HIDDEN.format(lens_words.SECTIONS[bench.shape]) if n_params > 2 else ""

    # -- what is asked -------------------------------------------------------------------------

    def _read_z(self, text: str) -> tuple[float, ...]:
        values, size = read_numbers(text), len(self.bench.z)
        if len(values) != size:
            raise ValueError(f"z has {size} weights, not {len(values)}: part them by spaces.")
        return values

    @Slot(object)
    def _on_z(self, values: tuple[float, ...]) -> None:
        self.bench.move(np.array(values))
