"""The choice of a sweep's map: the measure, the axes shown, and what the others are held at."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from mlpsim.core.studies.sweep import Sweep
from mlpsim.core.studies.sweep_map import MEASURES, SEED, Measure, Pivot, axes_of
from mlpsim.views.labels import sweep_words
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.group import labelled
from mlpsim.views.widgets.wrap_layout import WrapLayout

LAST = ("loss", SEED)  # axes that the map begins with only where there are no others


class MapChoice(QWidget):
    """Combos for a sweep's axes; ``changed`` when a person chooses."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What the map shows")
        self._axes: dict[str, tuple[str, ...]] = {}
        self.measure = Combo("Measure", [(m, m.text, "") for m in MEASURES])
        self.across = Combo("Axis across")
        self.up = Combo("Axis up")
        self.colour = Combo("Axis that colours the curves")
        self.held: dict[str, Combo] = {}
        self._row = WrapLayout(self, spacing=10, row_gap=4)
        for text, combo in (
            ("show", self.measure),
            ("across", self.across),
            ("up", self.up),
            ("curves by", self.colour),
        ):
            self._row.addWidget(labelled(text, combo))
            combo.chosen.connect(self._on_chosen)

    @property
    def pivot(self) -> Pivot:
        """What is chosen."""
        held = tuple(
            (name, str(combo.value)) for name, combo in self.held.items() if combo.value is not None
        )
        measure = self.measure.value
        assert isinstance(measure, Measure)
        return Pivot(measure, str(self.across.value or ""), str(self.up.value or ""), held)

    def show_sweep(self, sweep: Sweep, measures: tuple[Measure, ...]) -> None:
        """Offer the axes of a sweep; what was chosen stays where it can."""
        self.measure.set_choices([(m, m.text, "") for m in measures])
        axes = axes_of(sweep)
        is_new = axes != self._axes
        self._axes = axes
        if is_new:
            order = sorted(axes, key=lambda name: name in LAST)
            self.across.set_choices(_choices(order))
            self.colour.set_choices(_choices(order))
            self._offer_up()
            others = [name for name in order if name != self.across.value]
            self.up.set_value(others[0] if others else "")
        self._offer()

    def _offer_up(self) -> None:
        names = [name for name in self._axes if name != self.across.value]
        self.up.set_choices([*_choices(names), ("", "–", "A single row")])

    def _offer(self) -> None:
        """A combo for every axis that is not on the map."""
        self._offer_up()
        shown = {self.across.value, self.up.value}
        rest = {name: values for name, values in self._axes.items() if name not in shown}
        for name in [name for name in self.held if name not in rest]:
            self._drop(name)
        for name, values in rest.items():
            if name not in self.held:
                self._add(name)
            self.held[name].set_choices(self._choices(name, values))

    def _choices(self, name: str, values: tuple[str, ...]) -> list[tuple[object, str, str]]:
        choices: list[tuple[object, str, str]] = [
            (value, sweep_words.value_words(name, value), "") for value in values
        ]
        measure = self.measure.value
        if name == "loss" and isinstance(measure, Measure) and measure.is_loss:
            return choices
        mean = (None, sweep_words.MEAN, "The mean over all values of this axis")
        return [mean, *choices]

    def _add(self, name: str) -> None:
        combo = Combo(f"Held at: {sweep_words.axis_words(name)}")
        combo.chosen.connect(self._on_chosen)
        self.held[name] = combo
        self._row.addWidget(labelled(sweep_words.axis_symbol(name), combo))

    def _drop(self, name: str) -> None:
        holder = self.held.pop(name).parentWidget()
        if holder is not None:
            self._row.removeWidget(holder)
            holder.hide()
            holder.deleteLater()

    @Slot()
    def _on_chosen(self) -> None:
        self._offer()
        self.changed.emit()


def _choices(names: list[str]) -> list[tuple[object, str, str]]:
    """Axes as choices of a combo: their symbols, and their words as the tip."""
    return [(name, sweep_words.axis_symbol(name), sweep_words.axis_words(name)) for name in names]
