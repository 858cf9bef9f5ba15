"""Markers: the shape and colour that a class has everywhere, and samples without a class."""

from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from mlpsim.core.classes import classes_of
from mlpsim.core.dataset import Dataset
from mlpsim.views.theme import Theme, mix

# Corners around (0, 0), of about the same area as a circle of radius 1.
_SQUARE = ((-0.86, -0.86), (0.86, -0.86), (0.86, 0.86), (-0.86, 0.86))
_TRIANGLE = ((0.0, -1.15), (1.08, 0.78), (-1.08, 0.78))
_DIAMOND = ((0.0, -1.22), (1.22, 0.0), (0.0, 1.22), (-1.22, 0.0))
_POINTING_DOWN = ((0.0, 1.15), (-1.08, -0.78), (1.08, -0.78))
_SHAPES = ((), _SQUARE, _TRIANGLE, _DIAMOND, _POINTING_DOWN)


def class_colour(theme: Theme, label: int) -> QColor:
    """The colour of a class; there are ten, and they come again."""
    return theme.classes[label % len(theme.classes)]


def sample_colours(theme: Theme, data: Dataset) -> list[QColor]:
    """The colour of every sample: its class's, or a quiet one where there are no classes."""
    classes = classes_of(data)
    if classes is None:
        return [theme.secondary] * len(data)
    return [class_colour(theme, label) for label in classes.tolist()]


def outline(theme: Theme) -> QColor:
    """The line around a marker, which parts it from the map behind it."""
    return theme.halo if theme.name == "dark" else QColor("#ffffff")


def value_colour(theme: Theme, share: float) -> QColor:
    """The colour of a target between the lowest (0, blue) and the highest (1, orange)."""
    middle = mix(theme.border, theme.secondary, 0.35)
    if share < 0.5:
        return mix(theme.negative, middle, 2.0 * share)
    return mix(middle, theme.positive, 2.0 * share - 1.0)


@lru_cache(maxsize=64)
def marker_path(label: int, radius: float) -> QPainterPath:
    """The outline of a class's marker around (0, 0)."""
    path = QPainterPath()
    corners = _SHAPES[label % len(_SHAPES)]
    if not corners:
        path.addEllipse(QPointF(0.0, 0.0), radius, radius)
        return path
    path.addPolygon(QPolygonF([QPointF(radius * x, radius * y) for x, y in corners]))
    path.closeSubpath()
    return path


def draw_marker(
    painter: QPainter, at: QPointF, label: int, radius: float, fill: QColor, line: QColor | None
) -> None:
    """Paint one marker; ``line`` None leaves its outline away."""
    pen = QPen(Qt.PenStyle.NoPen) if line is None else QPen(line, max(0.22 * radius, 0.8))
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(fill)
    painter.drawPath(marker_path(label, radius).translated(at))


def marker_pixmap(
    label: int, radius: float, fill: QColor, line: QColor | None, ratio: float
) -> QPixmap:
    """The marker as a picture, for tables, menus, and plots of very many."""
    side = 2.6 * radius + 2.0
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_marker(painter, QPointF(0.5 * side, 0.5 * side), label, radius, fill, line)
    return picture


def class_icon(theme: Theme, label: int, size: int) -> QIcon:
    """The marker of a class as an icon of ``size`` logical pixels."""
    return QIcon(marker_pixmap(label, 0.36 * size, class_colour(theme, label), None, 2.0))
