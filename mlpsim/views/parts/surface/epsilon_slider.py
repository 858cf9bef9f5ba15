"""A slider over the usual sizes of a neighbourhood, ten to a decade."""

from bisect import bisect_right

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSlider

from mlpsim.session.lens_bench import EPSILONS
from mlpsim.views.labels import number


class EpsilonSlider(QSlider):
    """``chosen`` carries the ε that a person slides to; one between two stays as it is."""

    chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(0, len(EPSILONS) - 1)
        self.setPageStep(10)
        self.setAccessibleName("ε, the radius of the neighbourhood")
        self.setToolTip(
            f"ε from {number(EPSILONS[0])} to {number(EPSILONS[-1])}, ten steps to a decade"
        )
        self.actionTriggered.connect(self._on_action)

    def set_epsilon(self, epsilon: float) -> None:
        """Show an ε without saying so."""
        self.setValue(max(bisect_right(EPSILONS, epsilon) - 1, 0))
        self.setAccessibleDescription(f"ε = {number(epsilon)}")

    @Slot(int)
    def _on_action(self, action: int) -> None:
        self.chosen.emit(EPSILONS[self.sliderPosition()])
