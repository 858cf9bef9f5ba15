"""Where the layers, neurons, edges and labels of a network diagram stand."""

from dataclasses import dataclass, field, replace

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from mlpsim.core.arrays import Array
from mlpsim.core.network import Network

_PLACES = (0.5, 0.36, 0.64, 0.24, 0.76)  # where along its edge a label may stand
_AIR = 0.4  # least distance between labels, in heights of one
_MOST_LABELS = 40
_WIDEST_VALUE = "−0.0000"


@dataclass(frozen=True)
class Label:
    """A parameter's label: its name, with its value if ``with_value``."""

    parameter: int
    rect: QRectF
    with_value: bool


@dataclass(frozen=True)
class Layout:
    """A diagram's geometry in widget coordinates; parameters are places in theta."""

    columns: tuple[float, ...]
    centers: tuple[Array, ...]
    radii: tuple[float, ...]
    band: QRectF
    caption_lines: int
    edges: tuple[QLineF, ...] = ()
    edge_parameters: tuple[int, ...] = ()
    bias_centers: dict[int, tuple[int, int]] = field(default_factory=dict)
    stubs: dict[int, QLineF] = field(default_factory=dict)
    labels: tuple[Label, ...] = ()

    def node_rect(self, layer: int, neuron: int) -> QRectF:
        x, y = self.centers[layer][neuron]
        r = self.radii[layer]
        return QRectF(x - r, y - r, 2.0 * r, 2.0 * r)

    def bias_of(self, node: tuple[int, int]) -> int | None:
        """The bias of a neuron (layer, place from 0), if it has one."""
        return next((p for p, at in self.bias_centers.items() if at == node), None)

    def edge_at(self, point: QPointF, reach: float) -> int | None:
        """The parameter of the nearest edge or stub within ``reach`` pixels."""
        lines = [*self.edges, *self.stubs.values()]
        ends = np.array([(e.x1(), e.y1(), e.x2(), e.y2()) for e in lines])
        start, along = ends[:, :2], ends[:, 2:] - ends[:, :2]
        offset = np.array([point.x(), point.y()]) - start
        length = np.maximum((along * along).sum(axis=1), 1e-9)
        part = np.clip((offset * along).sum(axis=1) / length, 0.0, 1.0)
        distance = np.hypot(*(offset - part[:, None] * along).T)
        nearest = int(distance.argmin())
        if distance[nearest] > reach:
            return None
        return (*self.edge_parameters, *self.stubs)[nearest]

    def node_at(self, point: QPointF) -> tuple[int, int] | None:
        """Layer and neuron (from 0) of the node under a point."""
        for layer, centers in enumerate(self.centers):
            distance = np.hypot(*(centers - (point.x(), point.y())).T)
            nearest = int(distance.argmin())
            if distance[nearest] <= max(self.radii[layer], 4.0):
                return layer, nearest
        return None


def lay_out(
    network: Network,
    area: QRectF,
    metrics: QFontMetricsF,
    names: tuple[str, ...],
    ends: tuple[float, float],
) -> Layout:
    """The layout of a network in ``area``.

    ``metrics`` are those of the label font, ``names`` the parameters' names (P,), and ``ends`` the
    widths that the texts left of the inputs and right of the outputs need.
    """
    em = metrics.height()
    left, right = area.left() + ends[0], area.right() - ends[1]
    gap = max((right - left) / network.depth, 1.0)
    widest = metrics.horizontalAdvance("(Hidden)")
    caption_lines = 2 if gap > 1.15 * widest else 1
    top = area.top() + (caption_lines + 0.5) * em
    band = QRectF(area.left(), top, area.width(), max(area.bottom() - top, 1.0))
    columns = tuple(left + gap * layer for layer in range(network.depth + 1))
    has_bias = (False, *network.bias)
    centers, radii = [], []
    for x, size, bias in zip(columns, network.sizes, has_bias, strict=True):
        room = band.height() / size
        spacing = min(room, 9.0 * em)
        # A labelled stub under the node takes a line and a half.
        free = spacing - 2.2 * em if bias and spacing > 4.4 * em else spacing
        radii.append(float(np.clip(min(0.42 * free, 0.2 * gap), 2.0, 1.45 * em)))
        rows = band.center().y() + spacing * (np.arange(size) - 0.5 * (size - 1))
        centers.append(np.column_stack([np.full(size, x), rows]))
    nodes = Layout(columns, tuple(centers), tuple(radii), band, caption_lines)
    connected = _connected(nodes, network, em)
    return replace(connected, labels=_labels(connected, metrics, names))


def _connected(nodes: Layout, network: Network, em: float) -> Layout:
    """The same with the edges between the nodes, and the stubs of biases below them."""
    edges: list[QLineF] = []
    parameters: list[int] = []
    bias_centers: dict[int, tuple[int, int]] = {}
    stubs: dict[int, QLineF] = {}
    for layer, slots in enumerate(network.layout):
        fan_out, fan_in = slots.shape
        for i in range(fan_out):
            x2, y2 = nodes.centers[layer + 1][i]
            for j in range(fan_in):
                x1, y1 = nodes.centers[layer][j]
                edges.append(QLineF(x1, y1, x2, y2))
                parameters.append(network.weight_index(layer, i, j))
            if slots.b is not None:
                bias_centers[slots.b.start + i] = (layer + 1, i)
                r = nodes.radii[layer + 1]
                if _room_below(nodes.centers[layer + 1], r, nodes.band) > 1.9 * em:
                    stubs[slots.b.start + i] = QLineF(x2, y2 + r, x2, y2 + r + 0.55 * em)
    return replace(
        nodes,
        edges=tuple(edges),
        edge_parameters=tuple(parameters),
        bias_centers=bias_centers,
        stubs=stubs,
    )


def _room_below(centers: Array, radius: float, band: QRectF) -> float:
    if len(centers) > 1:
        return float(centers[1, 1] - centers[0, 1] - 2.0 * radius)
    return float(band.bottom() - centers[0, 1] - radius)


def _labels(layout: Layout, metrics: QFontMetricsF, names: tuple[str, ...]) -> tuple[Label, ...]:
    """Labels with values if all fit without overlap, else names alone, else those that fit not."""
    if len(layout.edges) > _MOST_LABELS:
        return ()
    nodes = [
        layout.node_rect(layer, neuron)
        for layer, centers in enumerate(layout.centers)
        for neuron in range(len(centers))
    ]
    height = metrics.height()
    for with_value in (True, False):
        taken, labels = list(nodes), []
        for p, line in layout.stubs.items():
            text = names[p] + (f" {_WIDEST_VALUE}" if with_value else "")
            width = metrics.horizontalAdvance(text) + 0.5 * height
            rect = QRectF(line.x2() - 0.5 * width, line.y2(), width, height)
            labels.append(Label(p, rect, with_value))
            taken.append(rect)
        for p, line in zip(layout.edge_parameters, layout.edges, strict=True):
            text = names[p] + (f" = {_WIDEST_VALUE}" if with_value else "")
            width = metrics.horizontalAdvance(text) + 0.5 * height
            free = _free_place(line, width, height, taken, layout.band)
            if free is None:
                break
            labels.append(Label(p, free, with_value))
            taken.append(free)
        else:
            return tuple(labels)
    return _stub_labels(metrics, names, layout.stubs)


def _stub_labels(
    metrics: QFontMetricsF, names: tuple[str, ...], stubs: dict[int, QLineF]
) -> tuple[Label, ...]:
    height = metrics.height()
    found = []
    for p, line in stubs.items():
        width = metrics.horizontalAdvance(names[p]) + 0.4 * height
        found.append(Label(p, QRectF(line.x2() - 0.5 * width, line.y2(), width, height), False))
    return tuple(found)


def _free_place(
    line: QLineF, width: float, height: float, taken: list[QRectF], band: QRectF
) -> QRectF | None:
    for part in _PLACES:
        center = line.pointAt(part)
        rect = QRectF(center.x() - 0.5 * width, center.y() - 0.5 * height, width, height)
        around = rect.adjusted(0.0, -_AIR * height, 0.0, _AIR * height)
        if band.contains(rect) and not any(around.intersects(other) for other in taken):
            return rect
    return None
