"""A row that chooses the plane of the loss surface, the point it passes through, and its moves."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mlpsim.core.looks.aim import Aim
from mlpsim.core.network import Network
from mlpsim.core.random import MAX_SEED
from mlpsim.views import labels
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.elided import ElidedLabel
from mlpsim.views.widgets.icon_button import IconButton
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.wrap_layout import WrapLayout

PLANES = (
    ("two_weights", "two weights", "The slice on which two chosen weights vary"),
    ("random", "random plane", "Two random directions, filter-normalised (Li et al. 2018)"),
    ("pca", "plane of the path", "The two principal directions of the run’s path (PCA)"),
)
CENTRES = (
    ("state", "through the state", "The plane passes through the state that it is laid at"),
    ("start", "through the start", "The plane passes through state 0"),
    ("mean", "through the mean", "The plane passes through the mean of the run’s path"),
)
FOLLOWS = (
    ("off", "stays", "The plane stays where it was laid"),
    ("rest", "follows at rest", "The plane is laid anew when the run rests"),
    ("run", "follows the run", "The plane is laid anew while the run plays"),
)
PICK = "Choose two weights on the network: first across, then up"


class PlaneRow(QWidget):
    """The plane, what it is made from, its centre, whether it follows; and a quiet sentence."""

    kind_chosen = Signal(object)
    weights_chosen = Signal(int, int)
    pick_asked = Signal(bool)
    seed_chosen = Signal(object)
    centre_chosen = Signal(object)
    follow_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.planes = Combo("Plane", PLANES)
        self.across, self.up = Combo("Weight across"), Combo("Weight up")
        self.pick = IconButton("pick", PICK, 1.1)
        self.pick.setCheckable(True)
        self.seed = NumberEntry(0, lo=0, hi=MAX_SEED, integer=True)
        self.seed.set_columns(5)
        self.seed.setAccessibleName("Seed of the directions")
        self.seed.set_tip("The same seed gives the same two directions")
        self.dice = IconButton("dice", "Two other random directions: the next seed", 1.1)
        self.centre, self.follow = Combo("Centre of the plane", CENTRES), Combo("Moves", FOLLOWS)
        self._sentence = ElidedLabel("")
        self._sentence.setProperty("role", "caption")
        self._sentence.setAccessibleName("Where the plane lies")
        self._network: Network | None = None
        self._parameters: tuple[int, ...] = ()
        self.choices = QWidget()
        choices = WrapLayout(self.choices, spacing=8, row_gap=6)
        for widget in (self.planes, self.across, self.up, self.pick, self.seed, self.dice):
            choices.add(widget)
        choices.add(self.centre)
        choices.add(self.follow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.choices)
        layout.addWidget(self._sentence)
        self.planes.chosen.connect(self.kind_chosen)
        self.across.chosen.connect(self._on_across_chosen)
        self.up.chosen.connect(self._on_up_chosen)
        self.pick.toggled.connect(self.pick_asked)
        self.seed.value_committed.connect(self.seed_chosen)
        self.dice.clicked.connect(self._on_dice)
        self.centre.chosen.connect(self.centre_chosen)
        self.follow.chosen.connect(self.follow_chosen)

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    def set_sentence(self, text: str) -> None:
        """What is said under the choices."""
        self._sentence.setText(text)

    def set_picking(self, picking: bool) -> None:
        """Whether the network waits for two weights."""
        self.pick.setChecked(picking)

    def set_plane(self, network: Network, aim: Aim) -> None:
        """Show a plane of a network's parameters; with two or fewer there is nothing to choose."""
        if network.n_params <= 2:
            self.hide()
            return
        if network != self._network:
            self._network = network
            self._name_weights(network)
        self.planes.set_value(aim.kind)
        self._parameters = aim.params
        for place, combo in enumerate((self.across, self.up)):
            combo.setVisible(aim.kind == "two_weights")
            combo.set_value(aim.params[place])
        self.pick.setVisible(aim.kind == "two_weights")
        for widget in (self.seed, self.dice):
            widget.setVisible(aim.kind == "random")
        self.seed.set_value(aim.seed)
        self.centre.set_value(aim.centre)
        self.follow.set_value(aim.follow)
        self.show()  # last, so that all of it is laid out once

    def _name_weights(self, network: Network) -> None:
        choices = labels.parameter_choices(network, range(network.n_params))
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

    @Slot()
    def _on_dice(self) -> None:
        self.seed_chosen.emit((int(self.seed.value) + 1) % (MAX_SEED + 1))
