"""Arrows on the map: many at once, painted as one set of lines and one path of heads."""

from math import hypot
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from mlpsim.core.arrays import Array
from mlpsim.core.problem import quiet

REACH = 0.44  # of the plot's smaller side: the longest arrow of a long gradient
LEAST = 0.4  # of that: the longest arrow of a vanishing one
HEAD = 3.6  # in widths of the shaft
BEYOND, BESIDE = 2.0, 5.0  # pixels between an arrow and its badge
NEAR = 6.0  # pixels from an arrow that still point at it
OVERLAP = 1.8  # radii between badges that can be told apart


class Arrow(NamedTuple):
    """An arrow in pixels; ``sample`` None is that of the rest or of the penalty."""

    line: QLineF
    colour: QColor
    label: int
    sample: int | None
    name: str
    is_faint: bool

    def is_of(self, sample: int | None) -> bool:
        """Whether it is a sample's, and this one's."""
        return sample is not None and self.sample == sample


def scale_of(pulls: Array, area: QRectF) -> float:
    """Pixels for a unit of pulls (n, 2): the longest arrow fits, and tells long from short."""
    with np.errstate(all="ignore"):
        lengths = np.hypot(*pulls.T)
    longest = float(lengths[np.isfinite(lengths)].max(initial=0.0))
    if longest == 0.0:
        return 0.0
    reach = REACH * min(area.width(), area.height())
    return reach * (LEAST + (1.0 - LEAST) * longest / (1.0 + longest)) / longest


@quiet()
def tip_of(tail: QPointF, pull: Array, scale: float) -> QPointF | None:
    """Where the arrow of a pull (α, β) ends; None if that is nowhere to be seen."""
    dx, dy = (scale * pull).tolist()
    return tail + QPointF(dx, -dy) if 0.05 < hypot(dx, dy) < 1e5 else None


def arrow_at(arrows: list[Arrow], at: QPointF) -> Arrow | None:
    """The sample's arrow nearest to a pixel, within reach."""
    arrows = [arrow for arrow in arrows if arrow.sample is not None]
    if not arrows:
        return None
    lines = np.array([a.line.toTuple() for a in arrows])
    tails, spans = lines[:, :2], lines[:, 2:] - lines[:, :2]
    offset = np.array([at.x(), at.y()]) - tails
    along = (offset * spans).sum(axis=1) / np.maximum((spans * spans).sum(axis=1), 1e-9)
    away = offset - np.clip(along, 0.0, 1.0)[:, None] * spans
    distance = np.hypot(*away.T)
    # Arrows that lie in each other: the one whose tip is nearest is meant.
    to_tip = np.hypot(*(offset - spans).T)
    nearest = int(np.argmin(np.where(distance <= NEAR, to_tip, np.inf)))
    return arrows[nearest] if distance[nearest] <= NEAR else None


def badges_of(lines: list[QLineF], radius: float, beside: bool) -> list[QPointF]:
    """Where the marks of arrows stand, none on another: beside the middles, or beyond the tips."""
    placed: list[QPointF] = []
    for line in lines:
        places = _places(line, radius, beside)
        free = (at for at in places if all(_apart(at, other, radius) for other in placed))
        placed.append(next(free, places[0]))
    return placed


def _places(line: QLineF, radius: float, beside: bool) -> list[QPointF]:
    """Where the mark of an arrow may stand, the best place first."""
    length = line.length()
    along = QPointF(line.dx(), line.dy()) / length
    across = QPointF(along.y(), -along.x())
    if beside:
        middle, off = line.pointAt(0.5), radius + BESIDE
        ways = [across * off, -across * off, across * (off + 2.0 * radius)]
        return [middle + way for way in (*ways, -across * (off + 2.0 * radius))]
    tip, gap = line.p2() + along * (radius + BEYOND), 2.0 * radius + 1.0
    return [tip, tip + across * gap, tip - across * gap, tip + along * gap]


def _apart(one: QPointF, other: QPointF, radius: float) -> bool:
    between = one - other
    return hypot(between.x(), between.y()) >= OVERLAP * radius


def paint_arrows(
    painter: QPainter, arrows: list[Arrow], colour: QColor, width: float, halo: float = 0.0
) -> None:
    """Arrows in one colour: all shafts, then all heads; ``halo`` pixels wider in all."""
    if not arrows:
        return
    lines = np.array([arrow.line.toTuple() for arrow in arrows])
    tails, tips = lines[:, :2], lines[:, 2:]
    lengths = np.hypot(*(tips - tails).T)[:, None]
    along = (tips - tails) / lengths
    across = along[:, ::-1] * (-1.0, 1.0)
    head = np.minimum(HEAD * width + 2.0, lengths)
    necks = tips - 0.8 * head * along
    # A halo of a head is a larger head: to stroke its outline takes ten times as long.
    points = tips + 1.1 * halo * along
    back = tips - (head + 0.5 * halo) * along
    side = (0.45 * head + 0.8 * halo) * across
    corners = np.concatenate([points, back + side, back - side], axis=1)
    pen = QPen(colour, width + halo)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawLines([QLineF(*ends) for ends in np.concatenate([tails, necks], axis=1).tolist()])
    heads = QPainterPath()
    heads.setFillRule(Qt.FillRule.WindingFill)
    for x0, y0, x1, y1, x2, y2 in corners.tolist():
        heads.moveTo(x0, y0)
        heads.lineTo(x1, y1)
        heads.lineTo(x2, y2)
        heads.closeSubpath()
    painter.fillPath(heads, colour)
