"""Lines over the relief's sheet: where they are seen, and how they are drawn where they are not."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from mlpsim.core.arrays import Array, Flags
from mlpsim.views.items.strokes import stroke, thinned

DOTS = (0.1, 2.2)
Pens = Iterable[tuple[QColor, float]]  # colours and widths, the lowest first


@dataclass(frozen=True)
class Stretch:
    """A line in pixels (n, 2), and where it is seen (n,); breaks at points not finite."""

    points: Array
    seen: Flags

    def pieces(self, wanted: bool) -> list[Array]:
        """The stretches of seen or of hidden points, each up to its next point."""
        drawn: Flags = np.all(np.isfinite(self.points), axis=-1)
        if self.seen.all() and drawn.all():
            return [self.points] if wanted and len(drawn) > 1 else []
        both = drawn[:-1] & drawn[1:]
        # A piece between a seen and a hidden point counts as hidden.
        is_seen = np.logical_and(self.seen[:-1], self.seen[1:])
        chosen = np.flatnonzero(both & (is_seen == wanted))
        if not len(chosen):
            return []
        groups = np.split(chosen, np.flatnonzero(np.diff(chosen) != 1) + 1)
        return [self.points[group[0] : group[-1] + 2] for group in groups]


def draw_stretch(painter: QPainter, line: Stretch, pens: Pens) -> None:
    """A line where it is seen, and dotted in the topmost colour where the sheet hides it."""
    pens = tuple(pens)
    colour, width = pens[-1]
    for piece in line.pieces(False):
        pen = QPen(colour, 0.8 * width, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern(DOTS)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPolyline([QPointF(x, y) for x, y in thinned(piece, 1.5).tolist()])
    seen = [thinned(piece) for piece in line.pieces(True)]
    for colour, width in pens:
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for piece in seen:
            stroke(painter, piece)
