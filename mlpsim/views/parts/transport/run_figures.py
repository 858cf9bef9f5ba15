"""The numbers of the state on view in large type: epoch, objective, accuracy and gradient."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from mlpsim.core.evaluation import Evaluation
from mlpsim.core.problem import Problem
from mlpsim.core.readout import Readout
from mlpsim.views.labels import count, number, objective_symbol, objective_words, percent, whole
from mlpsim.views.parts.transport.figure import Figure

PENDING = "Being computed from all samples; until then the faint number is that of another state"


class RunFigures(QWidget):
    """A row of figures, of which those are shown that the experiment has."""

    def __init__(self) -> None:
        super().__init__()
        self.epoch, self.objective = Figure(), Figure()
        self.accuracy, self.test, self.gradient = Figure(), Figure(), Figure()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for figure in (self.epoch, self.objective, self.accuracy, self.test, self.gradient):
            row.addWidget(figure)

    def show_numbers(self, problem: Problem, shown: Readout) -> None:
        """The numbers of the state on view."""
        symbol = objective_symbol(problem)
        self.epoch.show_number("epoch", whole(shown.epoch))
        self.epoch.setToolTip(
            f"Epoch {shown.epoch}, step {shown.place} of {shown.steps_per_epoch} in it"
        )
        self.objective.show_number(symbol, number(shown.value, 4))
        self.objective.setToolTip(f"{objective_words(problem)}: {number(shown.value, 12)}")
        self.gradient.show_number(f"‖∇{symbol}‖", number(shown.gradient_norm, 3))
        self.gradient.setToolTip(
            f"Length of the gradient on all data: {number(shown.gradient_norm, 12)}"
        )
        self.accuracy.setVisible(shown.accuracy is not None)
        if shown.accuracy is not None:
            right = round(shown.accuracy * len(problem.data))
            self.accuracy.show_number("accuracy", percent(shown.accuracy))
            self.accuracy.setToolTip(f"{right} of {len(problem.data)} samples right")
        self._show_test(shown.held_out)

    def show_pending(self, problem: Problem, before: Readout | None) -> None:
        """The numbers of another state, quiet, until those of the state on view are there."""
        symbol = objective_symbol(problem)
        for figure, name, text in (
            (self.epoch, "epoch", before and whole(before.epoch)),
            (self.objective, symbol, before and number(before.value, 4)),
            (self.gradient, f"‖∇{symbol}‖", before and number(before.gradient_norm, 3)),
        ):
            figure.show_number(name, text or "…", is_pending=True)
            figure.setToolTip(PENDING)
        for figure in (self.accuracy, self.test):
            figure.show_number(figure.name, figure.text, is_pending=True)
            figure.setToolTip(PENDING)

    def forget_widths(self) -> None:
        """Start again from the widths of the present numbers."""
        for figure in self.findChildren(Figure):
            figure.forget_width()

    def _show_test(self, held_out: Evaluation | None) -> None:
        """What the held-out samples tell, as far as there are any."""
        self.test.setVisible(held_out is not None)
        if held_out is None:
            return
        error = f"mean error of {count(held_out.samples, 'held-out sample')}"
        error += f": {number(held_out.mean_error, 12)}"
        if held_out.accuracy is None:
            self.test.show_number("E test", number(held_out.mean_error, 4))
            self.test.setToolTip(error)
        else:
            self.test.show_number("test accuracy", percent(held_out.accuracy))
            right = round(held_out.accuracy * held_out.samples)
            self.test.setToolTip(f"{right} of {held_out.samples} right; {error}")
