"""Layer menu: activation, bias and size of one layer, in a menu below a small button."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QFontMetricsF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget, QWidgetAction

from mlpsim.core.activations import ACTIVATIONS, Activation, activation
from mlpsim.core.network import MAX_LAYERS, MAX_WIDTH, Network
from mlpsim.views import labels
from mlpsim.views.appearance import Appearance, em
from mlpsim.views.icons import graph, icon
from mlpsim.views.widgets.number_entry import NumberEntry


class LayerMenu(QToolButton):
    """The activation of layer 1…L as a button; its menu holds all that the layer can change.

    Layers are counted as on screen. ``neurons_wanted`` carries how many more, or fewer.
    """

    activation_chosen = Signal(int, object)
    bias_chosen = Signal(int, bool)
    neurons_wanted = Signal(int, int)
    layer_wanted_after = Signal(int)
    layer_unwanted = Signal(int)

    def __init__(self, layer: int, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._layer, self._appearance = layer, appearance
        self._curve: Activation | None = None  # what the icon shows, else a chevron
        self.setObjectName(f"layer {layer}")
        self.setAccessibleName(f"Layer {layer}: activation and more")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setProperty("role", "layer")
        # The chevron stands behind the text.
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._menu = QMenu(self)
        self._menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._menu.setToolTipsVisible(True)
        self._build()
        self.setMenu(self._menu)
        self._restyle()
        appearance.changed.connect(self._restyle)

    def _build(self) -> None:
        self._activations = QActionGroup(self)
        for entry in ACTIVATIONS:
            action = self._menu.addAction(labels.activation_name(entry))
            action.setObjectName(entry.name)
            action.setData(entry.name)
            action.setCheckable(True)
            self._activations.addAction(action)
        self._activations.triggered.connect(self._choose_activation)
        self.value = NumberEntry(parent=self._menu)
        self.value.value_committed.connect(self._choose_value)
        self._value_name = QLabel()
        holder = QWidget(self._menu)
        row = QHBoxLayout(holder)
        row.setContentsMargins(12, 2, 12, 2)
        row.addWidget(self._value_name)
        row.addWidget(self.value, 1)
        self._value_row = QWidgetAction(self._menu)
        self._value_row.setDefaultWidget(holder)
        self._menu.addAction(self._value_row)
        self._menu.addSeparator()
        self.bias = self._action("Bias b", "bias", self._choose_bias)
        self.bias.setCheckable(True)
        self._menu.addSeparator()
        self.more = self._action("Add a neuron", "more", self._add_neuron)
        self.fewer = self._action("Remove the last neuron", "fewer", self._remove_neuron)
        self.after = self._action("Add a layer behind this one", "after", self._add_layer)
        self.remove = self._action("Remove this layer", "remove", self._remove_layer)

    def _action(self, text: str, name: str, slot: object) -> QAction:
        action = self._menu.addAction(text)
        action.setObjectName(name)
        action.triggered.connect(slot)
        return action

    def show_network(self, network: Network, room: float) -> None:
        """Show the layer of a network in at most ``room`` pixels."""
        now = network.activations[self._layer - 1]
        for action in self._activations.actions():
            action.setChecked(action.data() == now.name)
        self._value_row.setVisible(bool(now.hyperparameter))
        self._value_name.setText(now.hyperparameter)
        self.value.setAccessibleName(f"{labels.activation_name(now)}: {now.hyperparameter}")
        self.value.set_value(now.value)
        self.bias.setChecked(network.bias[self._layer - 1])
        hidden, width = self._layer < network.depth, network.sizes[self._layer]
        for action in (self.more, self.fewer, self.after, self.remove):
            action.setVisible(hidden)
        self.more.setEnabled(width < MAX_WIDTH)
        self.fewer.setEnabled(width > 1)
        self.after.setEnabled(network.depth < MAX_LAYERS)
        self._show_text(now, room)
        bias = "with bias" if network.bias[self._layer - 1] else "without bias"
        self.setToolTip(f"Layer {self._layer}: {labels.activation_name(now)}, {bias}")

    def _show_text(self, now: Activation, room: float) -> None:
        """The name or symbol, or its curve where there is no room for either."""
        size = em(self._appearance.point_size)
        metrics = QFontMetricsF(self.font())
        name, short = labels.activation_name(now), labels.activation_symbol(now) or "id"
        beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        alone = Qt.ToolButtonStyle.ToolButtonTextOnly
        for text, style in ((name, beside), (short, beside), (short, alone)):
            space = 2.6 * size if style == beside else 1.0 * size
            if metrics.horizontalAdvance(text) + space <= room:
                break
        else:
            text, style = "", Qt.ToolButtonStyle.ToolButtonIconOnly
        self.setToolButtonStyle(style)
        self.setText(text)
        self._curve = None if text else now
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        theme, unit = self._appearance.theme, em(self._appearance.point_size)
        if self._curve is None:
            shown, side = icon("chevron-down", theme.secondary), round(0.8 * unit)
        else:
            shown, side = graph(self._curve, theme.text.name()), round(1.1 * unit)
        self.setIconSize(QSize(side, side))
        self.setIcon(shown)

    @Slot(QAction)
    def _choose_activation(self, action: QAction) -> None:
        self.activation_chosen.emit(self._layer, activation(action.data()))

    @Slot(object)
    def _choose_value(self, value: float) -> None:
        name = self._activations.checkedAction().data()
        self.activation_chosen.emit(self._layer, activation(name, value))

    @Slot(bool)
    def _choose_bias(self, bias: bool) -> None:
        self.bias_chosen.emit(self._layer, bias)

    @Slot()
    def _add_neuron(self) -> None:
        self.neurons_wanted.emit(self._layer, 1)

    @Slot()
    def _remove_neuron(self) -> None:
        self.neurons_wanted.emit(self._layer, -1)

    @Slot()
    def _add_layer(self) -> None:
        self.layer_wanted_after.emit(self._layer)

    @Slot()
    def _remove_layer(self) -> None:
        self.layer_unwanted.emit(self._layer)
