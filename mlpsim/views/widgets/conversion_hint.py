"""A quiet hint that the labels do not fit the loss, and the offer to convert them."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from mlpsim.core.conversions import Conversion, fitting_labels, misfit
from mlpsim.core.experiment import Experiment


class ConversionHint(QWidget):
    """Shown only where the labels do not fit; ``asked`` carries the conversion to make."""

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conversion: Conversion | None = None
        self.label = QLabel()
        self.label.setProperty("role", "warning")
        self.label.setWordWrap(True)
        self.button = QPushButton()
        self.button.setProperty("role", "link")
        self.button.clicked.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_experiment(self, experiment: Experiment) -> None:
        """Say whether the labels of an experiment fit its loss."""
        text = misfit(experiment.problem.loss, experiment.problem.data)
        self._conversion = fitting_labels(experiment) if text else None
        self.label.setText(text)
        self.button.setVisible(self._conversion is not None)
        if self._conversion is not None:
            self.button.setText(self._conversion.text)
            self.button.setToolTip(self._conversion.sentence)
            self.button.setAccessibleName(self._conversion.text)
        self.setVisible(bool(text))

    @Slot()
    def _ask(self) -> None:
        if self._conversion is not None:
            self.asked.emit(self._conversion)
