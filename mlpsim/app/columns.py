"""The columns of the window: cards in groups, stacked where there is height, else as tabs."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from mlpsim.app import layout
from mlpsim.app.column import GUTTER, Column, bring_to_front
from mlpsim.app.drawer import Drawer
from mlpsim.views.widgets.place import Place

WIDTHS = (25, 46, 29)  # per cent of the three columns
OWN = "columns"  # the name of the widths among the sizes
ALONE = 16  # lines of text, at least, of a card that stands alone


class Columns(QSplitter):
    """The left column with its drawer, the centre and the right column; or one card alone."""

    turned = Signal(bool)  # whether one card stands alone now

    def __init__(self, places: Mapping[str, Place]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName(OWN)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GUTTER)
        self._places = places
        self._is_tall: bool | None = None
        self._widths: list[int] | None = None  # to come back to, while a card stands alone
        self._left, self._right = Column("left column"), Column("right column")
        self._centre = Column("centre column")
        self._centre.arrange([[places[name] for name in layout.CENTRE]], [1])
        self.drawer = Drawer(self._left)
        for name in layout.DRAWER:
            self.drawer.add(places[name])
        for widget, share in zip(self._holders(), WIDTHS, strict=True):
            self.addWidget(widget)
            self.setStretchFactor(self.count() - 1, share)
        self.setSizes([100 * share for share in WIDTHS])
        self.drawer.turned.connect(self.show_all)

    def arrange(self, is_tall: bool) -> None:
        """Stack the cards of the side columns, or make more of them tabs."""
        if is_tall == self._is_tall:
            return
        self._is_tall, alone = is_tall, self.alone
        left, right = layout.TALL if is_tall else layout.LOW
        for column, groups in ((self._left, left), (self._right, right)):
            standing = [[self._places[name] for name in names] for names, _ in groups]
            column.arrange(standing, [share for _, share in groups])
        if alone is not None:
            self.show_alone(alone)

    def turn_to(self, place: Place) -> None:
        """Show a card, wherever it stands."""
        if place.parent() is self.drawer:
            self.drawer.open(place)
        else:
            bring_to_front([place])
            self.drawer.reveal([place])
        if not place.isVisibleTo(self):
            self.show_all()

    # -- one card alone ------------------------------------------------------------------------

    @property
    def alone(self) -> Place | None:
        """The card that stands alone."""
        if self._widths is None:
            return None
        return next(place for place in self._places.values() if place.isVisibleTo(self))

    def show_alone(self, place: Place) -> None:
        """Let this card, or others of its tabs, have all the room."""
        bring_to_front([place])
        if self._widths is None:
            self._widths = self.sizes()
        for column in (self._left, self._centre, self._right):
            column.show_only([place])
        for holder in self._holders():
            holder.setVisible(holder.isAncestorOf(place))
        self.turned.emit(True)

    @Slot()
    def show_all(self) -> None:
        """Let all cards stand where they stood."""
        if self._widths is None:
            return
        widths, self._widths = self._widths, None
        for column in (self._left, self._centre, self._right):
            column.show_only([])
        for holder in self._holders():
            holder.show()
        self.setSizes(widths)
        self.turned.emit(False)

    def toggle_alone(self) -> None:
        """The card with the focus alone, else the first in the centre; or all again."""
        focused = _place_of(QApplication.focusWidget())
        self._toggle(focused or self._places[layout.CENTRE[0]])

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        alone = QSize(0, 0 if self._widths is None else ALONE * line)
        return super().minimumSizeHint().expandedTo(alone)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the titles of a card: this card alone, or all again."""
        at = event.position().toPoint()
        place = _place_of(self.childAt(at))
        if place is None or not place.card.has_titles_at(place.card.mapFrom(self, at)):
            super().mouseDoubleClickEvent(event)
        else:
            self._toggle(place)

    def _holders(self) -> tuple[QWidget, ...]:
        return self.drawer, self._centre, self._right

    def _toggle(self, place: Place) -> None:
        if self._widths is None:
            self.show_alone(place)
        else:
            self.show_all()

    # -- sizes ---------------------------------------------------------------------------------

    def named_sizes(self) -> dict[str, tuple[int, ...]]:
        """The widths, and the shares of the height in each side column as it is arranged."""
        shares = {name: column.shares for name, column in self._named_columns().items()}
        return {OWN: tuple(self._widths or self.sizes()), **shares}

    def restore(self, remembered: Mapping[str, tuple[int, ...]]) -> None:
        """Take the sizes among these that fit."""
        widths = remembered.get(OWN, ())
        if len(widths) == self.count() and any(widths):
            self.setSizes(list(widths))
        for name, column in self._named_columns().items():
            shares = remembered.get(name, ())
            if len(shares) == len(column.shares) and any(shares):
                column.set_shares(shares)

    def _named_columns(self) -> dict[str, Column]:
        how = "tall" if self._is_tall else "low"
        return {f"{column.objectName()} {how}": column for column in (self._left, self._right)}


def _place_of(widget: QWidget | None) -> Place | None:
    """The place that a widget stands in."""
    while widget is not None and not isinstance(widget, Place):
        widget = widget.parentWidget()
    return widget
