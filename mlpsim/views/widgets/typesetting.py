"""Typesetting: a formula in TeX as SVG. The typesetter, ziamath, takes a while to be imported."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Thread
from typing import Any

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtSvg import QSvgRenderer

SET_AT = 64.0  # pixels, the size in which formulas are set; others are scaled
INK = "#010203"  # a colour that no theme has
_PHANTOM = re.compile(r"(.+)\\vphantom\{(.*)\}")  # room in height for what it holds
_VIEW_BOX = re.compile(r'viewBox="[^"]*"')


@dataclass(frozen=True)
class Typeset:
    """A formula as SVG, and its size in logical pixels."""

    svg: bytes
    width: float
    height: float


@lru_cache(maxsize=1024)
def typeset(tex: str, colour: str, pixels: float) -> Typeset:
    """The formula in a colour (#rrggbb) at a type size; imports ziamath, which takes a while."""
    drawn, ink = _set(tex)
    pixel = SET_AT / pixels
    box = ink.adjusted(-pixel, -pixel, pixel, pixel)  # room for smooth edges
    view = f'viewBox="{box.x()} {box.y()} {box.width()} {box.height()}"'
    svg = _VIEW_BOX.sub(view, drawn, count=1).replace(INK, colour)
    return Typeset(svg.encode(), box.width() / pixel, box.height() / pixel)


@lru_cache(maxsize=1024)
def _set(tex: str) -> tuple[str, QRectF]:
    """A formula as SVG in one size and colour, which others are made from, and the area it inks.

    Setting a formula takes some 30 ms; a change of type or theme must not take that for each. The
    typesetter takes many times as long for a phantom, so that one at the end is set by itself.
    """
    if (parts := _PHANTOM.fullmatch(tex)) is not None:
        svg, ink = _set(parts[1])
        room = _set(parts[2])[1]
        top, bottom = min(ink.top(), room.top()), max(ink.bottom(), room.bottom())
        return svg, QRectF(ink.left(), top, ink.width(), bottom - top)
    formula = typesetter()(tex, size=SET_AT, color=INK)
    # QtSvg's default pen is invisible on screen, but makes every glyph of a PDF bolder.
    svg = formula.svg().replace("<svg ", '<svg stroke="black" stroke-width="0" ', 1)
    box = QSvgRenderer(QByteArray(svg.encode())).viewBoxF()
    return svg, box.adjusted(1.0, 1.0, -1.0, -1.0)  # ziamath leaves a pixel around it


def flaw(tex: str) -> str:
    """What keeps a formula from being set; nothing if it can be."""
    try:
        typeset(tex, "#000000", 12.0)
    except Exception as error:  # the typesetter raises whatever its parser stumbles over
        name = type(error).__name__.removesuffix("Error")
        return f"The formula cannot be typeset ({error or name})"
    return ""


@cache
def typesetter() -> Any:
    """ziamath's class of formulas, which has no types; imported by the first call."""
    from ziamath.config import config
    from ziamath.zmath import Latex

    # QtSvg draws nothing for the <symbol>s of SVG 2.
    config.svg2 = False
    return Latex


def is_ready() -> bool:
    """Whether formulas are set at once."""
    return typesetter.cache_info().currsize > 0


@cache
def fetching() -> Thread:
    """The one thread that imports the typesetter, begun by the first call; it ends with that."""
    thread = Thread(target=typesetter, name="typesetter")
    thread.start()
    return thread
