"""Plain text where Qt would read tags: what a person named something stands as it was typed."""

from html import escape

from PySide6.QtGui import Qt


def plain(text: str) -> str:
    """A text for a tooltip or a box, letter by letter, whatever tags and entities are in it."""
    if not Qt.mightBeRichText(text):
        return text
    return f'<span style="white-space:pre-wrap">{escape(text)}</span>'


def plain_entry(text: str) -> str:
    """A text for a menu or a button, in which & marks no key."""
    return text.replace("&", "&&")
