"""The sampling form: method, order, seed, and batches given by hand."""

import re
from dataclasses import replace

from PySide6.QtCore import Slot

from mlpsim.core.random import MAX_SEED
from mlpsim.core.sampling import ORDERS, Order, Sampling
from mlpsim.session.session import Session
from mlpsim.views.labels import order_name, order_words, sentence
from mlpsim.views.parts.training.method import MethodChoice
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.form_section import FormSection
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.number_text import read_whole
from mlpsim.views.widgets.numbers_entry import NumbersEntry, Values


class SamplingForm(FormSection):
    """Which samples a step sees."""

    def __init__(self, session: Session) -> None:
        super().__init__("Sampling")
        self._session = session
        self.method = MethodChoice(session)
        self.order = Combo("Order", [(o, order_name(o), order_words(o)) for o in ORDERS])
        self.seed = NumberEntry(0, lo=0, hi=MAX_SEED, integer=True)
        self.seed.setAccessibleName("Sampling seed")
        self.seed.set_tip("Seed of the order: the same seed gives the same batches")
        self.batches = NumbersEntry(read_batches, write_batches)
        self.batches.setAccessibleName("Batches by hand")
        self.batches.set_tip("Samples from 1; a semicolon parts batches: 1 4; 2 3")
        self.add_row("method", self.method)
        self.add_row("order", self.order)
        self.add_row("seed", self.seed)
        self.add_row("batches", self.batches)
        self._words = self.add_caption()
        self.order.chosen.connect(self._choose_order)
        self.seed.value_committed.connect(self._change_seed)
        self.batches.value_committed.connect(self._change_batches)
        session.experiment_changed.connect(self._show)
        self._show()

    @Slot(object)
    def _choose_order(self, order: Order) -> None:
        sampling = self._session.experiment.sampling
        if order == "given" and not sampling.batches:
            size = sampling.batch_size or 1
            samples = range(len(self._session.experiment.problem.data))
            batches = tuple(tuple(samples[s : s + size]) for s in samples[::size])
            sampling = replace(sampling, batches=batches)
        self._edit(replace(sampling, order=order), f"Sampling {order_name(order)}")

    @Slot(object)
    def _change_seed(self, seed: int) -> None:
        self._edit(replace(self._session.experiment.sampling, seed=seed), "Change sampling seed")

    @Slot(object)
    def _change_batches(self, batches: Values) -> None:
        try:
            sampling = replace(self._session.experiment.sampling, batches=batches)
            sampling.check(len(self._session.experiment.problem.data))
        except ValueError as reason:
            self.batches.refuse(sentence(reason))
            return
        self._edit(sampling, "Change batches")

    def _edit(self, sampling: Sampling, text: str) -> None:
        self._session.edit(replace(self._session.experiment, sampling=sampling), text)

    @Slot()
    def _show(self) -> None:
        sampling = self._session.experiment.sampling
        given, full = sampling.order == "given", sampling.is_full
        self.order.set_value(sampling.order)
        self.seed.set_value(sampling.seed)
        self.batches.set_value(sampling.batches)
        draws = not full and sampling.order in ("without_replacement", "with_replacement")
        self.set_shown(self.order, not full)
        self.set_shown(self.seed, draws)
        self.set_shown(self.batches, given)
        self._words.setText("every step sees all samples" if full else order_words(sampling.order))


def read_batches(text: str) -> tuple[tuple[int, ...], ...]:
    """Batches of samples (from 0) of a text that counts from 1; ValueError with a sentence."""
    batches = []
    for part in text.split(";"):
        batch = tuple(read_whole(s) - 1 for s in re.split(r"[\s,]+", part.strip()) if s)
        if not batch:
            raise ValueError("Every batch needs a sample; a semicolon parts batches: 1 4; 2 3")
        if min(batch) < 0:
            raise ValueError("Samples are counted from 1.")
        batches.append(batch)
    return tuple(batches)


def write_batches(batches: Values) -> str:
    """Batches as they can be typed."""
    return "; ".join(" ".join(str(s + 1) for s in batch) for batch in batches)
