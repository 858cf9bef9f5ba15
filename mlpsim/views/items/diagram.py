"""The network diagram: neurons by layers, edges by sign and size, weights to click and drag."""

from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip

from mlpsim.core.network import Network
from mlpsim.core.neurons import Neurons
from mlpsim.views import labels
from mlpsim.views.appearance import sized
from mlpsim.views.items.activation_pictures import Pictures
from mlpsim.views.items.diagram_layout import Layout, lay_out
from mlpsim.views.items.diagram_paint import DiagramPainter
from mlpsim.views.items.roomy import Roomy
from mlpsim.views.spotlight import Light
from mlpsim.views.theme import Theme

_REACH = 6.0
_DRAG = 0.01  # of the weight's size (at least 1) for every pixel


class _Press(NamedTuple):
    """Where a button went down: the parameter, its value then, and the pointer's y."""

    parameter: int
    value: float
    y: float


class NetworkDiagram(Roomy):
    """Paints a network and lets its parameters be pointed at.

    Up and Down select a parameter, Return asks to type it, plus and minus nudge it; a click on an
    edge asks to type it, a vertical drag changes it.
    """

    parameter_clicked = Signal(int)
    parameter_dragged = Signal(int, float)
    drag_ended = Signal()
    neuron_pointed = Signal(object)  # layer and place from 0, or None
    left = Signal()  # by Escape
    laid_out = Signal()

    def __init__(self, theme: Theme, state: Neurons, inputs: tuple[str, ...]) -> None:
        super().__init__((24, 16), (12, 7))
        self.setAccessibleName("Network diagram")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._theme = theme
        self._state, self._inputs = state, inputs
        self._names = _names(state.network)
        self._pointed: int | None = None
        self._selected: int | None = None
        self._light: Light | None = None
        self.maps: Pictures = ()
        self._pressed: _Press | None = None
        self._dragging = False
        self._bottom = 0.0
        self._layout = self._laid_out()

    @property
    def layout_now(self) -> Layout:
        """The geometry in widget coordinates."""
        return self._layout

    def set_state(self, state: Neurons, inputs: tuple[str, ...]) -> None:
        """Show a state, and what its inputs are called; the geometry is kept while these stay."""
        same = self._state.network == state.network and self._inputs == inputs
        self._state, self._inputs = state, inputs
        if not same:
            self._names = _names(state.network)
            self._pointed = None
            self._lay_out()
        self._describe()
        self.update()

    def set_maps(self, maps: Pictures) -> None:
        """Fill the neurons with pictures, one for each, layer by layer; none shows their values."""
        self.maps = maps
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def set_lit(self, selected: int | None, light: Light | None) -> None:
        """Make a parameter stand out, and what a light is cast on."""
        if (selected, light) != (self._selected, self._light):
            self._selected, self._light = selected, light
            self.update()

    def set_bottom(self, height: float) -> None:
        """Keep ``height`` pixels at the bottom free for controls."""
        if height != self._bottom:
            self._bottom = height
            self._lay_out()

    def anchor(self, p: int) -> QPointF:
        """Where a parameter is labelled, or the middle of its edge."""
        layout = self._layout
        for label in layout.labels:
            if label.parameter == p:
                return label.rect.center()
        if p in layout.bias_centers:
            return layout.node_rect(*layout.bias_centers[p]).center()
        return layout.edges[layout.edge_parameters.index(p)].center()

    # -- geometry ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._lay_out()
        super().changeEvent(event)

    def _small(self) -> QFont:
        return sized(self.font(), 0.86)

    def _lay_out(self) -> None:
        self._layout = self._laid_out()
        self.laid_out.emit()
        self.update()

    def _laid_out(self) -> Layout:
        metrics = QFontMetricsF(self._small())
        em = metrics.height()
        ends = (
            max(map(metrics.horizontalAdvance, ("x₁₀", *self._inputs))) + 2.1 * em,
            metrics.horizontalAdvance("8.88·10⁻¹⁸") + 1.9 * em,
        )
        area = QRectF(self.rect()).adjusted(0.0, 0.0, 0.0, -self._bottom)
        return lay_out(self._state.network, area, metrics, self._names, ends)

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.card)
            painter.setFont(self._small())
            DiagramPainter(
                painter,
                self._theme,
                self._state,
                self._layout,
                self._names,
                self._inputs,
                self._pointed,
                self.width(),
                self._selected,
                self._light,
                self.maps,
            ).paint()

    # -- pointing ------------------------------------------------------------------------------

    def parameter_at(self, point: QPointF) -> int | None:
        """The weight or bias under a point: a label, a node with a bias, or the nearest edge."""
        layout = self._layout
        for label in layout.labels:
            if label.rect.contains(point):
                return label.parameter
        node = layout.node_at(point)
        if node is not None:
            return layout.bias_of(node)
        return layout.edge_at(point, _REACH)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            self._drag_to(self._pressed, event)
            return
        point = event.position()
        self._point_at(self.parameter_at(point))
        self.neuron_pointed.emit(self._layout.node_at(point))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        p = self.parameter_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or p is None:
            return
        self._point_at(p)
        self._pressed = _Press(p, float(self._state.theta[p]), event.position().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self._dragging:
            self._dragging = False
            self.drag_ended.emit()
        else:
            self.parameter_clicked.emit(pressed.parameter)

    def leaveEvent(self, event: QEvent) -> None:
        self.neuron_pointed.emit(None)
        if self._pressed is None and not self.hasFocus():
            self._point_at(None)

    def _drag_to(self, pressed: _Press, event: QMouseEvent) -> None:
        up = pressed.y - event.position().y()
        if not self._dragging and abs(up) < QApplication.startDragDistance():
            return
        self._dragging = True
        fine = 0.1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        value = pressed.value + fine * _DRAG * max(1.0, abs(pressed.value)) * up
        self.parameter_dragged.emit(pressed.parameter, round(value, 4))

    def _point_at(self, p: int | None) -> None:
        if p == self._pointed:
            return
        self._pointed = p
        self.setCursor(Qt.CursorShape.ArrowCursor if p is None else Qt.CursorShape.SizeVerCursor)
        self._describe()
        self.update()

    # -- words ---------------------------------------------------------------------------------

    def describe(self, p: int) -> str:
        """A parameter with its exact value."""
        return f"{self._names[p]} = {float(self._state.theta[p])!r}"

    def describe_node(self, layer: int, neuron: int) -> str:
        """A neuron's a, z and bias for the sample on view, exactly."""
        state = self._state
        a = float(state.activations[layer][neuron])
        if layer == 0:
            named = dict.fromkeys((labels.inputs(len(self._inputs))[neuron], self._inputs[neuron]))
            return f"{' = '.join(named)} = {a!r}   (sample {state.sample + 1})"
        z = float(state.pre_activations[layer - 1][neuron])
        a_name, z_name = (labels.of_neuron(letter, layer, neuron) for letter in "az")
        lines = [f"{a_name} = {a!r}   (sample {state.sample + 1})", f"{z_name} = {z!r}"]
        p = self._layout.bias_of((layer, neuron))
        return "\n".join(lines if p is None else [*lines, self.describe(p)])

    def _describe(self) -> None:
        self.setAccessibleDescription("" if self._pointed is None else self.describe(self._pointed))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event)
            return True
        return super().event(event)

    def _show_tip(self, event: QHelpEvent) -> None:
        point = QPointF(event.pos())
        node = self._layout.node_at(point)
        p = self.parameter_at(point)
        if node is not None:
            QToolTip.showText(event.globalPos(), self.describe_node(*node), self)
        elif p is not None:
            tip = f"{self.describe(p)}\nClick to type it, drag up or down to change it."
            QToolTip.showText(event.globalPos(), tip, self)
        else:
            QToolTip.hideText()

    # -- keyboard ------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tab points at a parameter, so that it is seen where the keys go."""
        super().focusInEvent(event)
        keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if event.reason() in keys and self._pointed is None:
            self._point_at(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        nudges = {Qt.Key.Key_Plus: 0.1, Qt.Key.Key_Minus: -0.1}
        count = self._state.network.n_params
        if key in moves:
            before = self._pointed
            first = 0 if moves[Qt.Key(key)] > 0 else count - 1
            self._point_at(first if before is None else (before + moves[Qt.Key(key)]) % count)
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
            event.ignore()
        elif self._pointed is None:
            event.ignore()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.parameter_clicked.emit(self._pointed)
        elif key in nudges:
            value = float(self._state.theta[self._pointed]) + nudges[Qt.Key(key)]
            self.parameter_dragged.emit(self._pointed, round(value, 6))
            self.drag_ended.emit()
        else:
            event.ignore()


def _names(network: Network) -> tuple[str, ...]:
    return tuple(labels.parameter(network, p) for p in range(network.n_params))
