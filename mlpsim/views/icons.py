"""Icons: simple line drawings, coloured to the theme."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from mlpsim.core.resources import resource

_SIZES = (16, 20, 24, 32, 48, 64, 96)


@lru_cache(maxsize=512)
def _drawing(name: str, colour: str) -> bytes:
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    return text.replace("currentColor", colour).encode()


def pixmap(name: str, colour: QColor, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture of ``size`` logical pixels at a device pixel ratio."""
    image = QPixmap(round(size * ratio), round(size * ratio))
    image.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_drawing(name, colour.name())))
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def icon(name: str, colour: QColor, disabled: QColor | None = None) -> QIcon:
    """The icon ``resources/icons/NAME.svg`` in a colour; FileNotFoundError if there is none."""
    result = QIcon()
    for size in _SIZES:
        result.addPixmap(pixmap(name, colour, size))
        if disabled is not None:
            result.addPixmap(pixmap(name, disabled, size), QIcon.Mode.Disabled)
    return result
