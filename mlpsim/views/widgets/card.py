"""A card: a framed area with a title, a quiet subtitle and room for buttons."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QVBoxLayout,
    QWidget,
)

from mlpsim.views.widgets.elided import ElidedLabel
from mlpsim.views.widgets.wrap_layout import WrapLayout

_Bars = tuple[Qt.ScrollBarPolicy, Qt.ScrollBarPolicy]  # across and up
_NONE = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
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


@runtime_checkable
class Modest(Protocol):
    """A card that at times needs less height than the table of panels says."""

    needs_changed: SignalInstance

    def needed_height(self) -> int:
        """The height from which on there is nothing to scroll."""


class Card(QFrame):
    """A panel's frame: ``header`` takes buttons at its right side, ``body`` the content.

    In a narrow card the buttons stand in a row of their own, below the titles. A card without a
    title has no header row.
    """

    figure_turned = Signal(bool)  # whether the content alone is shown, as in a figure

    def __init__(self, title: str = "", subtitle: str = "") -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self.setAccessibleDescription(subtitle)
        self._title = QLabel(title)
        self._title.setProperty("role", "title")
        self._title.setToolTip("A double click lets this card stand alone (F10)")
        self._said = subtitle
        self._subtitle = ElidedLabel(subtitle)
        self._subtitle.setProperty("role", "subtitle")
        self._subtitle.setContentsMargins(4, 0, 4, 0)
        self._hint = ""
        self._aside: list[tuple[QWidget, bool]] = []  # what a figure leaves out; keeps its room?
        self._left_out: list[QWidget] = []  # what one leaves out now
        self._bars: list[tuple[QAbstractScrollArea, _Bars]] = []  # and the scroll bars before
        self.is_figure = False
        self._tabs: QWidget | None = None
        self._titles, self.header = QHBoxLayout(), QHBoxLayout()
        self._titles.addWidget(self._title)
        self._titles.addWidget(self._subtitle, 1)
        self._header_rows = WrapLayout(spacing=4, row_gap=4)
        for row in (self._titles, self.header):
            row.setSpacing(4)
            self._header_rows.add(row, pushed=row is self.header)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PADDING, 10, PADDING, PADDING)
        outer.setSpacing(8)
        outer.addLayout(self._header_rows)
        self._title.setVisible(bool(title))
        self._subtitle.setVisible(bool(title))
        outer.addLayout(self.body, 1)

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def subtitle(self) -> str:
        return self._subtitle.text()

    def set_subtitle(self, subtitle: str, hint: str = "") -> None:
        """The quiet text beside the title; cut with an ellipsis where there is no room.

        The hint after it is for a person: a figure leaves it out.
        """
        self._said, self._hint = subtitle, hint
        shown = [subtitle] if self.is_figure else [subtitle, hint]
        self._subtitle.setText(" · ".join(filter(None, shown)))
        self.setAccessibleDescription(self._subtitle.text())

    def height_beside(self, part: QWidget | QLayout) -> int:
        """What all but this part of the body needs, at this width."""
        layout = self.layout()
        assert layout is not None
        least = part.minimumSize() if isinstance(part, QLayout) else part.minimumSizeHint()
        return layout.totalMinimumHeightForWidth(self.width()) - least.height()

    def has_titles_at(self, point: QPoint) -> bool:
        """Whether a point of the card is in its header, above the body."""
        return (
            bool(self.title)
            and self.rect().contains(point)
            and point.y() < self.body.geometry().y()
        )

    # -- figures -------------------------------------------------------------------------------

    def leave_out(self, *widgets: QWidget, keeps_room: bool = False) -> None:
        """Name what only a person at the window needs: a figure does not show it."""
        self._aside += [(widget, keeps_room) for widget in widgets]

    def add_tools(self, tools: QLayout | QWidget) -> None:
        """Append a row to the body that a figure leaves out; the card may show and hide parts."""
        holder = held(tools)
        self.leave_out(holder)
        self.body.addWidget(holder)

    def set_figure(self, on: bool) -> None:
        """Show the content alone, as a slide or a page needs it; or all again.

        What stands in the header leaves its height, and what stands above a map on view its room,
        which would change its shape.
        """
        if on == self.is_figure:
            return
        self.is_figure = on
        self._header_rows.leave_blank(on)
        self.show_tabs(not on)
        self.set_subtitle(self._said, self._hint)
        if on:
            is_seen = self.isVisible()
            aside = [(widget, keeps_room and is_seen) for widget, keeps_room in self._aside]
            aside += [(widget, True) for widget in self._header()]
            for widget, keeps_room in aside:
                if not widget.isHidden():
                    _keep_room(widget, keeps_room)
                    widget.hide()
                    self._left_out.append(widget)
            self._bars = [(area, _bars(area)) for area in self.findChildren(QAbstractScrollArea)]
            for area, _ in self._bars:
                _set_bars(area, (_NONE, _NONE))
        else:
            for widget in self._left_out:
                _keep_room(widget, False)
                widget.show()
            for area, bars in self._bars:
                _set_bars(area, bars)
            self._left_out, self._bars = [], []
        self.figure_turned.emit(on)
        layout = self.layout()
        if layout is not None:
            layout.activate()  # at once: a picture is taken before the next event

    def _header(self) -> list[QWidget]:
        # PySide would keep a wrapper of every item of a layout it is asked for, and give it for
        # whatever comes to stand where a deleted item stood.
        children = self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [widget for widget in children if self.header.indexOf(widget) >= 0]

    def set_tabs(self, tabs: QWidget | None) -> None:
        """Show these in the place of the title; None: the title again, and the old ones go."""
        if self._tabs is not None:
            self._tabs.hide()
            self._tabs.deleteLater()
        self._tabs = tabs
        if tabs is not None:
            self._titles.insertWidget(0, tabs, TABS)
        self._title.setVisible(tabs is None and bool(self.title))

    def show_tabs(self, shown: bool) -> None:
        """Show the tabs again, or the title in their place, as on paper."""
        if self._tabs is not None:
            self._tabs.setVisible(shown)
            self._title.setVisible(not shown and bool(self.title))


def held(content: QLayout | QWidget) -> QWidget:
    """The content in a widget of its own, which is hidden whatever its parts do."""
    holder = QWidget()
    if isinstance(content, QLayout):
        content.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(content)
    else:
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(content)
    return holder


def _bars(area: QAbstractScrollArea) -> _Bars:
    return area.horizontalScrollBarPolicy(), area.verticalScrollBarPolicy()


def _set_bars(area: QAbstractScrollArea, bars: _Bars) -> None:
    across, up = bars
    area.setHorizontalScrollBarPolicy(across)
    area.setVerticalScrollBarPolicy(up)


def _keep_room(widget: QWidget, keeps_room: bool) -> None:
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(keeps_room)
    widget.setSizePolicy(policy)
