"""Layer controls: the small buttons that change one layer, around its column of the diagram."""

from PySide6.QtWidgets import QWidget

from mlpsim.core.network import Network
from mlpsim.views.appearance import Appearance
from mlpsim.views.parts.network.layer_menu import LayerMenu
from mlpsim.views.widgets.small_button import SmallButton

ROOMY = 6.0  # heights of a line from column to column, for more than the menu below each
BETWEEN = 3  # pixels between the menu and the bias


class LayerControls:
    """A menu and a bias below the column of layer 1…L, − and + beside its name.

    The buttons trigger the actions of the menu, which alone says what is wanted.
    """

    def __init__(self, layer: int, appearance: Appearance, diagram: QWidget) -> None:
        def button(sign: str, tip: str) -> SmallButton:
            return SmallButton(appearance, sign, tip, diagram)

        self._layer, self._diagram = layer, diagram
        self.menu = LayerMenu(layer, appearance, diagram)
        self.bias = button("b", f"Bias of layer {layer}")
        self.bias.setCheckable(True)
        self.bias.setProperty("role", "layer")
        self.bias.clicked.connect(self.menu.bias.trigger)
        self.fewer = button("−", f"Remove a neuron of layer {layer}")
        self.fewer.clicked.connect(self.menu.fewer.trigger)
        self.more = button("+", f"Add a neuron to layer {layer}")
        self.more.clicked.connect(self.menu.more.trigger)

        self._widgets = (self.menu, self.bias, self.fewer, self.more)

    def hide(self) -> None:
        for widget in self._widgets:
            widget.hide()

    def discard(self) -> None:
        self.hide()
        for widget in self._widgets:
            widget.deleteLater()

    def place(self, network: Network, x: float, gap: float) -> None:
        """Show the layer of a network around ``x``; its neighbours' columns are ``gap`` away."""
        self._place_below(network, x, gap)
        self._place_above(network, x, gap)

    def _place_below(self, network: Network, x: float, gap: float) -> None:
        menu, bias, diagram = self.menu, self.bias, self._diagram
        line, height = diagram.fontMetrics().height(), menu.sizeHint().height()
        roomy = gap > ROOMY * line
        bias.setText("bias" if gap > 9.0 * line else "b")
        side = bias.sizeHint().width()
        taken = side + BETWEEN if roomy else 0
        menu.show_network(network, gap - 4.0 - taken)
        bias.setChecked(menu.bias.isChecked())
        menu.setVisible(True)
        bias.setVisible(roomy)
        width = min(menu.sizeHint().width(), max(round(gap - 2.0) - taken, 12))
        start = min(round(x - 0.5 * (width + taken)), diagram.width() - width - taken)
        top = diagram.height() - height
        menu.setGeometry(start, top, width, height)
        bias.setGeometry(start + width + BETWEEN, top, side, height)

    def _place_above(self, network: Network, x: float, gap: float) -> None:
        size = self.fewer.sizeHint()
        half = 0.5 * self._diagram.fontMetrics().horizontalAdvance("(Hidden)")
        fits = self._layer < network.depth and gap > 2.0 * (half + size.width())
        for button, action, left in (
            (self.fewer, self.menu.fewer, x - half - size.width()),
            (self.more, self.menu.more, x + half),
        ):
            button.setEnabled(action.isEnabled())
            button.setVisible(fits)
            button.setGeometry(round(left), 2, size.width(), size.height())
