"""Icons: simple line drawings, coloured to the theme."""

from functools import lru_cache
from typing import ClassVar

import numpy as np
from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from mlpsim.core.activations import Activation
from mlpsim.core.resources import resource


@lru_cache(maxsize=512)
def _drawing(name: str, colour: str) -> bytes:
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    return text.replace("currentColor", colour).encode()


def icon(name: str, colour: QColor, disabled: QColor | None = None) -> QIcon:
    """The icon ``resources/icons/NAME.svg`` in a colour; FileNotFoundError if there is none.

    It is drawn when it is first seen, and sharp at any size and pixel ratio.
    """
    return _icon(name, colour.name(), (disabled or colour).name())


@lru_cache(maxsize=256)
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    return QIcon(_LineIcon(_drawing(name, colour), _drawing(name, disabled)))


@lru_cache(maxsize=64)
def graph(now: Activation, colour: str) -> QIcon:
    """The curve of an activation as an icon, over z from −4 to 4 and a from −1.2 to 1.2."""
    z = np.linspace(-4.0, 4.0, 81)
    a = now.fn(z)
    seen = np.abs(a) <= 1.2
    places = zip(2.5 * z[seen] + 12.0, 12.0 - 9.0 * a[seen], strict=True)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" '
        f'stroke="{colour}"><path d="M1 12H23" stroke-opacity="0.4"/>'
        f'<polyline points="{points}" stroke-width="2.4" stroke-linejoin="round"/></svg>'
    ).encode()
    return QIcon(_LineIcon(drawing, drawing))


class _LineIcon(QIconEngine):
    """Paints a drawing, or that of the disabled icon; keeps what it has painted."""

    _clones: ClassVar[list[QIconEngine]] = []

    def __init__(self, drawing: bytes, disabled: bytes) -> None:
        super().__init__()
        self._drawings = (drawing, disabled)
        self._pixmaps: dict[tuple[int, int, bool], QPixmap] = {}

    def clone(self) -> QIconEngine:
        # WORKAROUND: PySide6 6.12 leaves a clone with Python, which would delete it under the icon.
        self._clones.append(_LineIcon(*self._drawings))
        return self._clones[-1]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        drawing = self._drawings[mode == QIcon.Mode.Disabled]
        QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        if size.isEmpty():  # a button that was squeezed to nothing
            return QPixmap()
        key = (size.width(), size.height(), mode == QIcon.Mode.Disabled)
        if key not in self._pixmaps:
            image = QPixmap(size)
            image.fill(Qt.GlobalColor.transparent)
            with QPainter(image) as painter:
                self.paint(painter, QRect(QPoint(), size), mode, state)
            self._pixmaps[key] = image
        return self._pixmaps[key]
