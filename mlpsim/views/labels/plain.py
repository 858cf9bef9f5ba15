"""Plain text where Qt would read tags, and lines that end outside of formulas."""

import re
from html import escape

from PySide6.QtGui import Qt

_WITHIN = re.compile(r" (?=[=<>≤≥≈→] )|(?<= [=<>≤≥≈→]) |(?<=\d,) (?=[−\d])")


def unbroken(text: str) -> str:
    """A text whose lines end neither beside a relation, such as =, nor within a vector."""
    return _WITHIN.sub("\u00a0", text)


def plain(text: str) -> str:
    """A text for a tooltip or a box, letter by letter, whatever tags and entities are in it."""
    if not Qt.mightBeRichText(text):
        return text
    return f'<span style="white-space:pre-wrap">{escape(text)}</span>'


def paragraphs(*texts: str) -> str:
    """Texts for a tooltip that breaks their lines, which it does not with plain text."""
    return "".join(f"<p>{escape(text)}</p>" for text in texts if text)


def plain_entry(text: str) -> str:
    """A text for a menu or a button, in which & marks no key."""
    return text.replace("&", "&&")
