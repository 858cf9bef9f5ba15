"""The plot of φ(η): the curve, its tangent, the η in use, the minimiser, and 2/λ_max."""

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen

from mlpsim.core.lessons.microscope import Profile
from mlpsim.core.window import Window
from mlpsim.views.items.axes import room_beside
from mlpsim.views.items.focus import paint_focus
from mlpsim.views.items.plot_frame import PlotFrame, values_beside
from mlpsim.views.items.roomy import Roomy
from mlpsim.views.items.strokes import clipped, stroke
from mlpsim.views.labels import apart
from mlpsim.views.theme import Theme
from mlpsim.views.widgets.quiet_delegate import QUIET

_LOW = 8.0  # heights of a line
_STEPS = 100  # arrow keys from one end of the axis to the other
_LEAST_SHARE = 0.002  # of the axis: an η above 0
_ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class MicroscopePlot(Roomy):
    """``dragged`` carries an η under the pointer or reached with the arrows, ``released`` none."""

    dragged = Signal(float)
    released = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__((24, 12), (12, 5.5))
        self.setAccessibleName("Objective along the step, against the learning rate")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self._theme = theme
        self._profile: Profile | None = None
        self._symbol = "E"
        self._is_quiet = False
        self.is_dragging = False

    def show_profile(self, seen: Profile | None, symbol: str, theme: Theme) -> None:
        """Show another φ, or none."""
        self._profile, self._symbol, self._theme = seen, symbol, theme
        self.update()

    def set_quiet(self, quiet: bool) -> None:
        """Whether what is shown is of another step: it is faint then, but can be dragged."""
        self._is_quiet = quiet
        self.update()

    @property
    def profile(self) -> Profile | None:
        """What is on view."""
        return self._profile

    def eta_at(self, x: float) -> float:
        """The η at a pixel, above 0 and not beyond the axis."""
        if self._profile is None:
            return 0.0
        area, end = self._area(), self._profile.end
        share = (x - area.left()) / max(area.width(), 1.0)
        return _neat(min(max(share, _LEAST_SHARE), 1.0) * end)

    def x_of(self, eta: float) -> float:
        """The pixel of an η."""
        area, end = self._area(), self._profile.end if self._profile is not None else 1.0
        return area.left() + eta / end * area.width()

    def _area(self) -> QRectF:
        metrics = QFontMetricsF(self.font())
        em = metrics.height()
        below = 1.5 if self._is_low() else 2.6
        area = QRectF(self.rect()).adjusted(0.0, 1.5 * em, -0.8 * em, -below * em)
        window = None if self._profile is None else _window(self._profile)
        if window is not None:
            area.setLeft(room_beside(values_beside(window, area.height(), em), self.font()))
            end = PlotFrame(window, area, "", "", self.font()).x_ticks()[-1:]
            beyond = max(map(metrics.horizontalAdvance, apart([0.0, *end]))) / 2.0
            area.setRight(min(area.right(), self.width() - beyond - 2.0))
        return area

    def _is_low(self) -> bool:
        """Whether the axis has no room for its name, which stands above the plot too."""
        return self.height() < _LOW * QFontMetricsF(self.font()).height()

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        seen = self._profile
        if seen is None:
            return
        with QPainter(self) as painter:
            painter.setOpacity(QUIET if self._is_quiet else 1.0)
            self._paint(painter, seen)

    def _paint(self, painter: QPainter, seen: Profile) -> None:
        theme, area = self._theme, self._area()
        window = _window(seen)
        if window is None:
            return
        frame = PlotFrame(
            window, area, "" if self._is_low() else "η", f"φ(η) = {self._symbol}", self.font()
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(area, theme.plot)
        frame.paint(painter, theme)
        painter.save()
        painter.setClipRect(area)
        if seen.limit is not None:
            self._paint_line(painter, seen.limit, QPen(theme.warning, 1.4, Qt.PenStyle.DashLine))
        self._paint_line(painter, seen.rate, QPen(theme.path, 1.4, Qt.PenStyle.DotLine))
        self._paint_tangent(painter, seen, frame)
        painter.setPen(QPen(theme.accent, 2.2))
        points = frame.pixels(np.column_stack([seen.etas, seen.values]))
        for piece in clipped(points, area.adjusted(-2.0, -2.0, 2.0, 2.0)):
            stroke(painter, piece)
        painter.restore()
        self._paint_dots(painter, seen, frame)
        self._paint_names(painter, seen)
        if self.hasFocus():
            paint_focus(painter, area, theme)

    def _paint_line(self, painter: QPainter, eta: float, pen: QPen) -> None:
        area, x = self._area(), self.x_of(eta)
        painter.setPen(pen)
        painter.drawLine(QLineF(x, area.top(), x, area.bottom()))

    def _paint_tangent(self, painter: QPainter, seen: Profile, frame: PlotFrame) -> None:
        if seen.slope is None or not np.isfinite([seen.slope, seen.at_zero]).all():
            return
        ends = np.array([[0.0, seen.at_zero], [seen.end, seen.at_zero + seen.slope * seen.end]])
        painter.setPen(QPen(self._theme.secondary, 1.2, Qt.PenStyle.DashLine))
        for piece in clipped(frame.pixels(ends), frame.area):
            stroke(painter, piece)

    def _paint_dots(self, painter: QPainter, seen: Profile, frame: PlotFrame) -> None:
        theme, radius = self._theme, 0.33 * QFontMetricsF(self.font()).height()
        dots = [(0.0, seen.at_zero, QColor("white")), (seen.rate, seen.at_rate, theme.path)]
        if seen.minimum is not None and not seen.minimum.at_end:
            dots.insert(1, (seen.minimum.eta, seen.minimum.value, theme.accent))
        for eta, value, colour in dots:
            at = frame.pixels(np.array([eta, value]))
            if np.isfinite(at).all() and frame.area.adjusted(-1, -1, 1, 1).contains(QPointF(*at)):
                painter.setPen(QPen(theme.halo, 1.2))
                painter.setBrush(colour)
                painter.drawEllipse(QPointF(*at), radius, radius)

    def _paint_names(self, painter: QPainter, seen: Profile) -> None:
        """The names of the upright lines over the plot; one that would touch another is left."""
        theme, area, metrics = self._theme, self._area(), QFontMetricsF(self.font())
        names = [(seen.rate, "η", theme.text)]
        if seen.limit is not None:
            names.append((seen.limit, "2/λₘₐₓ", theme.warning))
        if seen.minimum is not None and not seen.minimum.at_end:
            names.append((seen.minimum.eta, "least", theme.accent))
        taken: list[QRectF] = []
        for eta, name, colour in names:
            width = metrics.horizontalAdvance(name) + 6.0
            box = QRectF(self.x_of(eta) - 0.5 * width, 0.0, width, area.top() - 2.0)
            if eta <= seen.end and not any(box.intersects(other) for other in taken):
                box.moveRight(min(box.right(), float(self.width())))
                taken.append(box)
                painter.setPen(colour)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)

    # -- dragging ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._profile is not None:
            self.is_dragging = True
            self.dragged.emit(self.eta_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.is_dragging:
            self.dragged.emit(self.eta_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.is_dragging:
            self.is_dragging = False
            self.released.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        seen = self._profile
        if _by(event) and seen is not None:
            step = _by(event) * seen.end / _STEPS
            self.dragged.emit(_neat(max(seen.rate + step, _LEAST_SHARE * seen.end)))
            self.released.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Before the window's shortcuts: here the arrows change η.
        if event.type() == QEvent.Type.ShortcutOverride and _by(event):
            event.accept()
            return True
        return super().event(event)


def _neat(eta: float) -> float:
    """An η of three digits, as one would type it."""
    return float(f"{eta:.3g}")


def _by(event: QEvent) -> int:
    if not isinstance(event, QKeyEvent) or event.modifiers():
        return 0
    return _ARROWS.get(Qt.Key(event.key()), 0)


def _window(seen: Profile) -> Window | None:
    """η across and φ up; values far above both ends of the step are left out."""
    shown = np.append(seen.values, [seen.at_zero, seen.at_rate])
    shown = shown[np.isfinite(shown)]
    if not len(shown):
        return None
    low = float(shown.min())
    ends = [value for value in (seen.at_zero, seen.at_rate) if np.isfinite(value)]
    top = max(ends, default=float(shown.max()))
    high = min(float(shown.max()), top + 0.6 * (top - low)) if top > low else float(shown.max())
    air = 0.08 * (high - low) or max(abs(low), 1e-300) * 0.1
    return Window.within_reach(0.0, seen.end, low - air, high + air)
