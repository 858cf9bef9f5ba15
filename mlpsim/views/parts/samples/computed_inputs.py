"""The menu of inputs that can be computed from those on the axes of the data's plot."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.data_edits import with_computed_input, without_input
from mlpsim.core.editing.surgery import Outcome
from mlpsim.core.experiment import Experiment
from mlpsim.core.features import Function
from mlpsim.views.labels import input_formula

Change = Callable[[Callable[[Experiment], Outcome], str], object]


def offers(data: Dataset, columns: tuple[int, int]) -> tuple[tuple[Function, tuple[int, ...]], ...]:
    """Squares, product and sines of two inputs (from 0); of a single one x², x³, x⁴, sin x."""
    if len(data.measured) == 1:
        (x,) = data.measured
        return *(("product", (x,) * power) for power in (2, 3, 4)), ("sin", (x,))
    i, j = sorted(columns)
    return (
        *(("product", of) for of in ((i, i), (j, j), (i, j))),
        *(("sin", (of,)) for of in (i, j)),
    )


class ComputedInputs(QMenu):
    """An entry for each, checked where the data have it; it adds the input, or removes it."""

    def __init__(
        self, data: Dataset, columns: tuple[int, int], change: Change, parent: QWidget
    ) -> None:
        super().__init__("Inputs computed from others", parent)
        there = {(f.function, f.of): j for j, f in enumerate(data.features)}
        for function, of in offers(data, columns):
            text = input_formula(data.n_features, function, of)
            action = self.addAction(text)
            action.setCheckable(True)
            action.setChecked((function, of) in there)
            if (function, of) in there:
                edit = partial(without_input, column=there[function, of])
                action.triggered.connect(partial(change, edit, f"Remove {text}"))
            else:
                edit = partial(with_computed_input, function=function, of=of)
                action.triggered.connect(partial(change, edit, f"Add {text}"))
