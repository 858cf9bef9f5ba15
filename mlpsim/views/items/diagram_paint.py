"""How a network diagram is painted: edges weakest first, then neurons, labels and captions."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QTransform

from mlpsim.core.arrays import Array
from mlpsim.core.neurons import Neurons
from mlpsim.views import labels
from mlpsim.views.items.activation_pictures import Pictures, signed_levels
from mlpsim.views.items.diagram_layout import Layout
from mlpsim.views.items.diagram_light import paint_glow, paint_light
from mlpsim.views.spotlight import Light
from mlpsim.views.theme import Theme, mix

_LEVELS = 16
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class DiagramPainter:
    """Paints one state in one layout; ``pointed`` is the parameter under the pointer.

    ``names`` are those of the parameters, ``inputs`` those of the inputs.
    ``selected`` is the parameter that every view tells of, and ``light`` comes from another view.
    """

    painter: QPainter
    theme: Theme
    state: Neurons
    layout: Layout
    names: tuple[str, ...]
    inputs: tuple[str, ...]
    pointed: int | None
    width: float
    selected: int | None
    light: Light | None
    maps: Pictures

    def paint(self) -> None:
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        lit = (*(self.light.parameters if self.light else ()), *self._selection)
        paint_glow(self.painter, self.theme, self.layout, lit)
        self._paint_edges()
        self._paint_nodes()
        self._paint_labels()
        self._paint_ends()
        self._paint_captions()
        if self.light is not None:
            paint_light(self.painter, self.theme, self.layout, self.light)

    @property
    def _selection(self) -> tuple[int, ...]:
        return () if self.selected is None else (self.selected,)

    def _signed(self, strength: float, calm: QColor) -> QColor:
        color = self.theme.positive if strength > 0.0 else self.theme.negative
        return mix(calm, color, min(1.0, abs(strength) ** 0.5))

    def _edge_pen(self, level: int, sign: float, crowd: float) -> QPen:
        """The pen of a strength level; weak edges of a crowded network are faint and thin."""
        part = level / (_LEVELS - 1)
        calm = mix(self.theme.card, self.theme.secondary, 0.55)
        color = self._signed(sign * (0.15 + 0.85 * part), calm) if level else calm
        presence = max(0.14, (0.35 + 0.65 * part) * (1.0 - crowd) + part**0.8 * crowd)
        # Mixed with the card, not transparent: opaque lines are ten times as fast to draw.
        color = mix(self.theme.card, color, min(1.0, presence))
        pen = QPen(color, (1.2 + 4.8 * part) * (1.0 - 0.6 * crowd) - 0.2 * crowd)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        return pen

    def _paint_edges(self) -> None:
        strengths = signed_levels(self.state.theta)
        crowd = float(np.clip((len(self.layout.edges) - 12) / 120.0, 0.0, 1.0))
        of_edges = strengths[list(self.layout.edge_parameters)]
        levels = np.rint(np.abs(of_edges) * (_LEVELS - 1)).astype(np.intp)
        for level in range(_LEVELS):
            for sign in (-1.0, 1.0):
                chosen = np.flatnonzero((levels == level) & ((of_edges > 0.0) == (sign > 0.0)))
                if len(chosen):
                    self.painter.setPen(self._edge_pen(level, sign, crowd))
                    self.painter.drawLines([self.layout.edges[e] for e in chosen])
        for p, line in self.layout.stubs.items():
            level = round(abs(float(strengths[p])) * (_LEVELS - 1))
            self.painter.setPen(self._edge_pen(level, float(strengths[p]), 0.0))
            self.painter.drawLine(line)
        if self.pointed in self.layout.edge_parameters:
            line = self.layout.edges[self.layout.edge_parameters.index(self.pointed)]
            self.painter.setPen(QPen(self.theme.accent, 2.5))
            self.painter.drawLine(line)

    def _paint_nodes(self) -> None:
        biased = {node: p for p, node in self.layout.bias_centers.items()}
        strengths = signed_levels(self.state.theta)
        for layer, values in enumerate(self.state.activations):
            fills = signed_levels(values)
            texts = () if self.maps else self._value_texts(layer, values)
            r = self.layout.radii[layer]
            for neuron in range(len(values)):
                rect = self.layout.node_rect(layer, neuron)
                fill = mix(self.theme.card, self._signed(fills[neuron], self.theme.card), 0.75)
                p = biased.get((layer, neuron))
                lit = p is not None and p == self.pointed
                ring = self.theme.accent if lit else mix(self.theme.card, self.theme.secondary, 0.8)
                self.painter.setPen(QPen(ring, 2.5 if lit else min(1.2, 0.3 * r)))
                self.painter.setBrush(self._map_brush(layer, neuron, rect) if self.maps else fill)
                self.painter.drawEllipse(rect)
                if p is not None and p not in self.layout.stubs and r >= 8.0:
                    self._paint_bias_dot(rect, float(strengths[p]))
                if texts:
                    self._paint_value(rect, fill, texts[neuron])

    def _map_brush(self, layer: int, neuron: int, rect: QRectF) -> QBrush:
        """The neuron's picture, stretched over its circle."""
        picture = self.maps[layer][neuron]
        brush = QBrush(picture)
        place = QTransform.fromTranslate(rect.left(), rect.top())
        brush.setTransform(
            place.scale(rect.width() / picture.width(), rect.height() / picture.height())
        )
        return brush

    def _paint_bias_dot(self, node: QRectF, strength: float) -> None:
        r = 0.28 * 0.5 * node.width() + 0.5
        out = 0.36 * node.width()
        center = node.center() + QPointF(-out, out)
        self.painter.setPen(QPen(self.theme.card, 1.0))
        self.painter.setBrush(self._signed(strength, self.theme.secondary))
        self.painter.drawEllipse(center, r, r)

    def _value_texts(self, layer: int, values: Array) -> tuple[str, ...]:
        """The values of a layer's neurons, or none if they do not all fit into their circles."""
        texts = tuple(labels.number(float(value), 2) for value in values)
        room = 1.84 * self.layout.radii[layer]
        metrics = QFontMetricsF(self.painter.font())
        fits = all(metrics.horizontalAdvance(text) <= room for text in (*texts, "−0.8"))
        return texts if fits else ()

    def _paint_value(self, rect: QRectF, fill: QColor, text: str) -> None:
        bright = fill.lightnessF() > 0.5
        self.painter.setPen(QColor("#10182a") if bright else QColor("#f4f7fd"))
        self.painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_labels(self) -> None:
        for label in self.layout.labels:
            p = label.parameter
            value = float(self.state.theta[p])
            text = self.names[p]
            if label.with_value:
                sign = " " if p in self.layout.stubs else " = "
                text = f"{text}{sign}{labels.number(value, 4)}"
            lit = p == self.pointed
            if p not in self.layout.stubs:
                self.painter.setPen(QPen(self.theme.accent, 1.2) if lit else Qt.PenStyle.NoPen)
                self.painter.setBrush(self.theme.card)
                radius = 0.35 * label.rect.height()
                width = QFontMetricsF(self.painter.font()).horizontalAdvance(text) + 8.0
                pill = QRectF(0.0, 0.0, min(width, label.rect.width()), label.rect.height())
                pill.moveCenter(label.rect.center())
                self.painter.drawRoundedRect(pill, radius, radius)
            self.painter.setPen(self.theme.accent if lit else self.theme.text)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip
            self.painter.drawText(label.rect, flags, text)

    def _paint_ends(self) -> None:
        """x₁ … beside the inputs and ŷ with its value beside the outputs, where they fit."""
        em = QFontMetricsF(self.painter.font()).height()
        last = len(self.layout.centers) - 1
        names = (self.inputs, labels.predictions(self._outputs))
        for layer, texts in ((0, names[0]), (last, names[1])):
            centers, r = self.layout.centers[layer], self.layout.radii[layer]
            room = centers[1, 1] - centers[0, 1] if len(centers) > 1 else 3.0 * em
            if room < 0.9 * em:
                continue
            for neuron, (x, y) in enumerate(centers):
                self.painter.setPen(self.theme.text)
                if layer == 0:
                    rect = QRectF(0.0, y - em, x - r - 5.0, 2.0 * em)
                    self.painter.drawText(rect, _RIGHT, texts[neuron])
                    continue
                rect = QRectF(x + r + 6.0, y - em, self.width - x - r - 6.0, 2.0 * em)
                value = self._fitting(float(self.state.prediction[neuron]), rect.width())
                if room < 2.2 * em:
                    self.painter.drawText(rect, _LEFT, value)
                else:
                    self.painter.drawText(rect.adjusted(0.0, em, 0.0, 0.0), _LEFT, value)
                    self.painter.setPen(self.theme.secondary)
                    self.painter.drawText(rect.adjusted(0.0, 0.0, 0.0, -em), _LEFT, texts[neuron])

    def _fitting(self, value: float, room: float) -> str:
        """A number with three digits, or fewer where those have no room."""
        metrics = QFontMetricsF(self.painter.font())
        for digits in (3, 2):
            text = labels.number(value, digits)
            if metrics.horizontalAdvance(text) <= room:
                return text
        return labels.number(value, 1)

    @property
    def _outputs(self) -> int:
        return len(self.state.prediction)

    def _paint_captions(self) -> None:
        em = QFontMetricsF(self.painter.font()).height()
        last = len(self.layout.columns) - 1
        for layer, x in enumerate(self.layout.columns):
            role = "Input" if layer == 0 else "Output" if layer == last else "Hidden"
            rect = QRectF(x - 4.0 * em, 0.0, 8.0 * em, em)
            rect.moveLeft(max(0.0, min(rect.left(), self.width - rect.width())))
            if 0 < layer < last or self.layout.caption_lines == 1:
                rect.moveLeft(x - 4.0 * em)
            self.painter.setPen(self.theme.text)
            title = f"Layer {layer}" if self.layout.caption_lines == 2 else str(layer)
            self.painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, title)
            if self.layout.caption_lines == 2:
                self.painter.setPen(self.theme.secondary)
                rect.translate(0.0, em)
                self.painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"({role})")
