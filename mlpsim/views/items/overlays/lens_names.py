"""What is written beside the ε-lens: the names of z and of a lower point, and the verdict."""

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from mlpsim.views.context import Context
from mlpsim.views.items.marks import WHITE
from mlpsim.views.items.overlays.lens import BODY, LensOverlay
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import unit_of

PLATE = QColor(11, 16, 32, 200)


class LensNames:
    """Writes over what is drawn between the lens and here, such as the arrows at the state."""

    def __init__(self, context: Context, lens: LensOverlay) -> None:
        self._bench, self._lens = context.lens, lens

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        bench, lens = self._bench, self._lens
        if not bench.is_shown:
            return
        at, answer = lens.pixel(frame, bench.z), bench.answer
        lower = None
        if answer is not None and answer.lower is not None:
            # x* and the number of a point are at the right, the name of z is above.
            lower = lens.pixel(frame, answer.lower.theta)
            is_near = QLineF(at, lower).length() < BODY * unit_of(frame)
            self._write(painter, frame, lower, "u", -1, below=is_near)
        self._write(painter, frame, at, "z", -1)
        if answer is not None:
            from mlpsim.views.labels.lens_words import WORDS

            em, bounds = QFontMetricsF(frame.font).height(), lens.outline(frame).boundingRect()
            above = lower is None or lower.y() > at.y()
            y = bounds.top() - 0.6 * em if above else bounds.bottom() + 1.4 * em
            y = min(max(y, frame.area.top() + 1.2 * em), frame.area.bottom() - 0.6 * em)
            said = f"{WORDS[answer.exactly]} exactly"
            if answer.up_to_delta != answer.exactly:
                said += f", {WORDS[answer.up_to_delta]} up to δ"
            # Of a lens cut by a wall, away from it: the arrows at z mostly press against the wall.
            aside = bounds.center().x() - at.x()
            side = 0 if abs(aside) < 0.25 * bounds.width() else 1 if aside > 0.0 else -1
            self._write(painter, frame, QPointF(at.x(), y), said, side)

    def _write(
        self,
        painter: QPainter,
        frame: PlotFrame,
        at: QPointF,
        text: str,
        side: int,
        below: bool = False,
    ) -> None:
        """A text at the left (-1) or right of a place (1), above or below; centred on it (0)."""
        font = QFont(frame.font)
        font.setBold(True)
        metrics, unit = QFontMetricsF(font), unit_of(frame)
        width = metrics.horizontalAdvance(text)
        shift = 0.5 * (side - 1) * width + 8.0 * side * unit
        up = -6.0 * unit - metrics.capHeight() if below else 6.0 * unit
        place = at + QPointF(shift, -up if side else 0.0)
        left, right = frame.area.left() + 4.0, frame.area.right() - width - 4.0
        at = QPointF(min(max(place.x(), left), right), place.y())
        # On a plate: to stroke a halo around the letters takes ten times as long.
        plate = metrics.boundingRect(text).translated(at).adjusted(-3.0, -1.0, 3.0, 1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(PLATE)
        painter.drawRoundedRect(plate, 3.0 * unit, 3.0 * unit)
        painter.setFont(font)
        painter.setPen(WHITE)
        painter.drawText(at, text)
