"""A card: a framed area with a title, a quiet subtitle and room for buttons."""

from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mlpsim.views.widgets.elided import ElidedLabel

PADDING = 14
TABS = 100  # how much more the tabs grow than the subtitle, up to their width


@runtime_checkable
class Completable(Protocol):
    """A card that shows answers of a worker."""

    def complete(self) -> None:
        """Compute here and now what is shown; for pictures without an event loop."""


@runtime_checkable
class Demonstrable(Protocol):
    """A card that shows nothing until a person asks for it."""

    def demonstrate(self) -> None:
        """Ask for something here and now, for pictures where nobody is there to ask."""


class Card(QFrame):
    """A panel's frame: ``header`` takes buttons at its right side, ``body`` the content.

    A card without a title has no header row.
    """

    def __init__(self, title: str = "", subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self.setAccessibleDescription(subtitle)
        self._title = QLabel(title, self)
        self._title.setProperty("role", "title")
        self._subtitle = ElidedLabel(subtitle, self)
        self._subtitle.setProperty("role", "subtitle")
        self._subtitle.setContentsMargins(4, 0, 4, 0)
        self.header = QHBoxLayout()
        self.header.setSpacing(4)
        self.header.addWidget(self._title)
        self._tabs: QWidget | None = None
        self.header.addWidget(self._subtitle, 1)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PADDING, 10, PADDING, PADDING)
        outer.setSpacing(8)
        outer.addLayout(self.header)
        self._title.setVisible(bool(title))
        self._subtitle.setVisible(bool(title))
        outer.addLayout(self.body, 1)

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def subtitle(self) -> str:
        return self._subtitle.text()

    def set_subtitle(self, subtitle: str) -> None:
        """The quiet text beside the title; cut with an ellipsis where there is no room."""
        self._subtitle.setText(subtitle)
        self.setAccessibleDescription(subtitle)

    def set_tabs(self, tabs: QWidget | None) -> None:
        """Show these in the place of the title; None: the title again, and the old ones go."""
        if self._tabs is not None:
            self._tabs.hide()
            self._tabs.deleteLater()
        self._tabs = tabs
        if tabs is not None:
            self.header.insertWidget(0, tabs, TABS)
        self._title.setVisible(tabs is None and bool(self.title))

    def show_tabs(self, shown: bool) -> None:
        """Show the tabs again, or the title in their place, as on paper."""
        if self._tabs is not None:
            self._tabs.setVisible(shown)
            self._title.setVisible(not shown and bool(self.title))
