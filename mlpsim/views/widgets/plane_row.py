"""A row that chooses the plane of the loss surface, and says where the state lies off it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mlpsim.core.network import Network
from mlpsim.core.plane import Plane
from mlpsim.views import labels
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.elided import ElidedLabel

PLANES = (
    ("two_weights", "two weights", "The slice on which two chosen weights vary"),
    ("random", "random plane", "Two random directions, filter-normalised, through this state"),
    ("pca", "plane of the path", "The two principal directions of the run's path (PCA)"),
)


class PlaneRow(QWidget):
    """The kind of plane, the two weights where it is one of two weights, and a quiet sentence."""

    kind_chosen = Signal(object)
    weights_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.planes = Combo("Plane", PLANES)
        self.across, self.up = Combo("Weight across"), Combo("Weight up")
        self._sentence = ElidedLabel("")
        self._sentence.setProperty("role", "caption")
        self._sentence.setAccessibleName("Where the plane lies")
        self._network: Network | None = None
        self._parameters: tuple[int, ...] = ()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.planes, self.across, self.up):
            layout.addWidget(widget)
        layout.addWidget(self._sentence, 1)
        self.planes.chosen.connect(self.kind_chosen)
        self.across.chosen.connect(self._on_across_chosen)
        self.up.chosen.connect(self._on_up_chosen)

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    def set_sentence(self, text: str) -> None:
        """What is said beside the choices."""
        self._sentence.setText(text)

    def set_plane(self, network: Network, plane: Plane) -> None:
        """Show a plane of a network's parameters; with two or fewer there is nothing to choose."""
        self.setVisible(network.n_params > 2)
        if network.n_params <= 2:
            return
        if network != self._network:
            self._network = network
            self._name_weights(network)
        self.planes.set_value(plane.kind)
        self._parameters = plane.parameters
        for place, combo in enumerate((self.across, self.up)):
            combo.setVisible(plane.kind == "two_weights")
            if plane.kind == "two_weights":
                combo.set_value(plane.parameters[place])

    def _name_weights(self, network: Network) -> None:
        choices = [
            (p, labels.parameter(network, p), labels.parameter_words(network, p))
            for p in range(network.n_params)
        ]
        self.across.set_choices(choices)
        self.up.set_choices(choices)

    @Slot(object)
    def _on_across_chosen(self, i: int) -> None:
        """The weight that is already the other axis changes places with this one."""
        old, j = self._parameters
        self.weights_chosen.emit(i, old if i == j else j)

    @Slot(object)
    def _on_up_chosen(self, j: int) -> None:
        i, old = self._parameters
        self.weights_chosen.emit(old if i == j else i, j)
