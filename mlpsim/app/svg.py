"""Drawings by QSvgGenerator, mended so that they look the same wherever they are opened."""

import re
from functools import lru_cache
from html import unescape

from PySide6.QtGui import QFont, QPainterPath

from mlpsim.views.appearance import app_font

_TEXT = re.compile(
    r'<text (?P<paint>fill="[^"]*" fill-opacity="[^"]*") [^>]*? x="(?P<x>[^"]*)" y="(?P<y>[^"]*)"'
    r'[^>]*? font-size="(?P<size>[^"]*)" font-weight="(?P<weight>\d+)"[^>]*>(?P<text>[^<]*)</text>'
)
_CLIPPED = re.compile(r'<g clip-path="url\(#(\w+)\)"><g [^>]*? transform="([^"]+)"')
_CLIP = re.compile(r'(<clipPath id="(\w+)">\s*<path) [^>]*? d=')
_LETTERS = {
    QPainterPath.ElementType.MoveToElement: "M",
    QPainterPath.ElementType.LineToElement: "L",
    QPainterPath.ElementType.CurveToElement: "C",
    QPainterPath.ElementType.CurveToDataElement: "",
}


def mended(drawing: str) -> str:
    """The drawing with its clips where they were set, and with its text as outlines.

    Few machines have the fonts; the label of an outline tells its text.
    """
    # WORKAROUND: Qt 6.11 writes a widget's clip without the widget's place, which the first group
    # that is clipped has (as nothing clips while it turns), and with a rule that is for fills.
    transforms = dict(reversed(_CLIPPED.findall(drawing)))

    def placed(clip: re.Match[str]) -> str:
        return f'{clip[1]} transform="{transforms[clip[2]]}" clip-rule="evenodd" d='

    return _TEXT.sub(_path, _CLIP.sub(placed, drawing))


def _path(match: re.Match[str]) -> str:
    # Qt sets type in whole pixels, whatever it writes.
    size, weight = round(float(match["size"])), int(match["weight"])
    return (
        f'<path aria-label="{match["text"]}" {match["paint"]} fill-rule="nonzero" stroke="none"'
        f' transform="translate({match["x"]},{match["y"]})"'
        f' d="{_outline(unescape(match["text"]), size, weight)}"/>'
    )


@lru_cache(maxsize=4096)
def _outline(text: str, pixels: int, weight: int) -> str:
    """The glyphs of a text as the data of a path that begins at the origin."""
    font = app_font(pixels)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    path = QPainterPath()
    path.addText(0.0, 0.0, font, text)
    elements = (path.elementAt(place) for place in range(path.elementCount()))
    return " ".join(f"{_LETTERS[e.type]}{e.x:.4g} {e.y:.4g}" for e in elements)
