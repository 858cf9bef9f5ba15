"""Icons: simple line drawings, coloured to the theme."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from mlpsim.core.resources import resource

_RATIOS = (1.0, 1.25, 1.5, 2.0, 3.0)


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


def icon(name: str, colour: QColor, disabled: QColor | None = None, size: int = 20) -> QIcon:
    """The icon ``resources/icons/NAME.svg`` in a colour; FileNotFoundError if there is none.

    It is sharp at ``size`` logical pixels on screens of the usual pixel ratios.
    """
    return _icon(name, colour.name(), disabled.name() if disabled else "", size)


@lru_cache(maxsize=256)
def _icon(name: str, colour: str, disabled: str, size: int) -> QIcon:
    result = QIcon()
    for ratio in _RATIOS:
        pixels = round(size * ratio)
        result.addPixmap(pixmap(name, QColor(colour), pixels))
        if disabled:
            result.addPixmap(pixmap(name, QColor(disabled), pixels), QIcon.Mode.Disabled)
    return result
