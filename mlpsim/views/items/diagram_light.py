"""What a light on the network diagram looks like: glowing edges, ringed neurons, δ above them."""

from collections.abc import Collection

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mlpsim.views import labels
from mlpsim.views.items.diagram_layout import Layout
from mlpsim.views.spotlight import Light
from mlpsim.views.theme import Theme, mix

_GLOW = 9.0


def paint_glow(
    painter: QPainter, theme: Theme, layout: Layout, parameters: Collection[int]
) -> None:
    """A wide band under the edges and biases of some parameters."""
    glow = QPen(mix(theme.card, theme.accent, 0.5), _GLOW)
    glow.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(glow)
    places = {p: edge for edge, p in enumerate(layout.edge_parameters)}
    lines = [layout.edges[places[p]] for p in parameters if p in places]
    lines += [layout.stubs[p] for p in parameters if p in layout.stubs]
    for line in lines:
        painter.drawLine(line)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for p in parameters:
        if p in layout.bias_centers and p not in layout.stubs:
            painter.drawEllipse(layout.node_rect(*layout.bias_centers[p]))


def paint_light(painter: QPainter, theme: Theme, layout: Layout, light: Light) -> None:
    """Rings around the lit neurons, and δ above those that have one and room for it."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for node in light.nodes:
        _ring(painter, theme.accent, layout.node_rect(*node), 2.2)
    if light.now is not None:
        _ring(painter, theme.text, layout.node_rect(*light.now).adjusted(-4, -4, 4, 4), 1.4)
    metrics = QFontMetricsF(painter.font())
    taken: list[QRectF] = []
    # The one under way first: it has its δ whatever else has none.
    for node, value in sorted(light.deltas, key=lambda entry: entry[0] != light.now):
        text = f"δ = {labels.number(value, 2)}"
        pill = delta_pill(layout, node, metrics.horizontalAdvance(text) + 10.0, metrics.height())
        if any(pill.intersects(other) for other in taken):
            continue
        taken.append(pill)
        painter.setPen(QPen(theme.accent, 1.0))
        painter.setBrush(theme.card)
        painter.drawRoundedRect(pill, 0.35 * pill.height(), 0.35 * pill.height())
        painter.setPen(theme.text)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def _ring(painter: QPainter, colour: QColor, rect: QRectF, width: float) -> None:
    painter.setPen(QPen(colour, width))
    painter.drawEllipse(rect)


def delta_pill(layout: Layout, node: tuple[int, int], width: float, height: float) -> QRectF:
    """Where δ stands: above its neuron, or beside it, where no prediction stands."""
    rect = layout.node_rect(*node)
    pill = QRectF(0.0, 0.0, width, height)
    pill.moveCenter(QPointF(rect.center().x(), rect.top() - 0.75 * height))
    if pill.top() < layout.band.top():  # no room under the captions
        is_output = node[0] == len(layout.columns) - 1
        away = 0.5 * (rect.width() + width) + 5.0
        pill.moveCenter(rect.center() + QPointF(-away if is_output else away, 0.0))
    if pill.right() > layout.band.right():
        pill.moveRight(layout.band.right())
    return pill
