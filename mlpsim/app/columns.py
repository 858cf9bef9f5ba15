"""The columns of the window: three, or two where it is narrow, with cards stacked or as tabs."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from mlpsim.app import layout
from mlpsim.app.column import GUTTER, Column, bring_to_front
from mlpsim.app.drawer import Drawer
from mlpsim.app.scroller import UNBOUNDED, Scroller
from mlpsim.views.widgets.place import Place

OWN = "columns"  # the name of the widths among the sizes
ALONE = 13  # lines of text, at least, of a card that stands alone
NARROWEST, LEAST = 49, 19  # heights of the type: of two columns, which scroll where they need more

Sizes = Mapping[str, tuple[int, ...]]


class Columns(QSplitter):
    """The left column with its drawer, the centre and the right column; or one card alone."""

    turned = Signal()  # one card stands alone now, or all are back

    def __init__(self, places: Mapping[str, Place]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName(OWN)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GUTTER)
        self._places = places
        self._arrangement: layout.Arrangement | None = None
        self._line, self._room = 0.0, 0  # the height of the type, and the width for columns
        self._fronts: dict[str, list[Place]] = {}  # in the arrangements before, by their names
        self._drawn: Sizes = {}  # widths drawn by hand, and shares, in all arrangements
        self._widths: list[int] | None = None  # to come back to, while a card stands alone
        self._left, self._right = Column("left column"), Column("right column")
        self._centre = Column("centre column")
        self._centre.arrange([[places[name] for name in layout.CENTRE]], [1])
        self.drawer = Drawer(self._left)
        for name in layout.DRAWER:
            self.drawer.add(places[name])
        self._holders = [Scroller(part) for part in (self.drawer, self._centre, self._right)]
        for holder, share in zip(self._holders, layout.WIDE_LOW.widths, strict=True):
            self.addWidget(holder)
            self.setStretchFactor(self.count() - 1, share)
        for place in places.values():
            place.needs_changed.connect(self._left.divide)
            place.needs_changed.connect(self._right.divide)
        self.splitterMoved.connect(self._on_moved)
        self.drawer.turned.connect(self.show_all)

    def arrange(self, size: QSize, line: float) -> None:
        """Use the room of a window of this size, with type of this height."""
        old, new = self._arrangement, layout.arrangement(size, line)
        self._line, self._room = line, size.width() - 2 * GUTTER
        self.updateGeometry()
        room = QSize(UNBOUNDED.width(), round(LEAST * line)) if new.is_narrow else UNBOUNDED
        for holder in self._holders:
            holder.set_room(room)
        if new is old:
            return
        alone, fronts = self.alone, [*self._left.fronts, *self._right.fronts]
        if old is not None:
            self._fronts[old.name] = fronts
            self._drawn = {**self._drawn, **self._shares()}
        self._arrangement = new
        released = [*self._left.release(), *self._right.release()]
        self._show_holders()
        self.setSizes(self._usual_widths())  # before: a card tells what it needs at its width
        for column, groups in ((self._left, new.left), (self._right, new.right)):
            standing = [[self._places[name] for name in names] for names, _ in groups]
            column.arrange(standing, [share for _, share in groups], new.kept)
        for tabs in released:  # only now: cards go from one column to the other
            tabs.setParent(None)
            tabs.deleteLater()
        places = [self._places[n] for names, _ in (*new.left, *new.right) for n in names]
        stay = [place for place in places if place in fronts]
        bring_to_front([*stay, *self._fronts.get(new.name, ())])
        self.restore(self._drawn)
        if alone is not None:
            if old is None or old.is_narrow != new.is_narrow:
                self._widths = self._usual_widths()
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
        for holder in self._holders:
            holder.setVisible(holder.isAncestorOf(place))
        self.turned.emit()

    @Slot()
    def show_all(self) -> None:
        """Let all cards stand where they stood."""
        if self._widths is None:
            return
        widths, self._widths = self._widths, None
        for column in (self._left, self._centre, self._right):
            column.show_only([])
        self._show_holders()
        self.setSizes(widths)
        self.turned.emit()

    def toggle_alone(self) -> None:
        """The card with the focus alone, else the one in the centre; or all again."""
        focused = _place_of(QApplication.focusWidget())
        self._toggle(focused or self._centre.fronts[0])

    def minimumSizeHint(self) -> QSize:
        least, arranged = super().minimumSizeHint(), self._arrangement
        if self._widths is not None:
            return least.expandedTo(QSize(0, ALONE * self.fontMetrics().height()))
        if arranged is None or arranged.is_narrow:
            return least
        if arranged is layout.WIDE_TALL:  # made lower, it stacks fewer cards over each other
            least = least.boundedTo(QSize(least.width(), round(LEAST * self._line)))
        if self._room < least.width():
            return least
        # Three columns that have room may be made narrower: two take their place.
        return least.boundedTo(QSize(round(NARROWEST * self._line), least.height()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the titles of a card: this card alone, or all again."""
        at = event.position().toPoint()
        place = _place_of(self.childAt(at))
        if place is None or not place.card.has_titles_at(place.card.mapFrom(self, at)):
            super().mouseDoubleClickEvent(event)
        else:
            self._toggle(place)

    def _show_holders(self) -> None:
        for holder, width in zip(self._holders, self._usual_widths(), strict=True):
            holder.setVisible(width > 0)

    def _toggle(self, place: Place) -> None:
        if self._widths is None:
            self.show_alone(place)
        else:
            self.show_all()

    # -- sizes ---------------------------------------------------------------------------------

    def named_sizes(self) -> Sizes:
        """The widths, and the shares of the height in each side column, by their names."""
        return {**self._drawn, self._own: tuple(self._widths or self.sizes()), **self._shares()}

    def restore(self, remembered: Sizes) -> None:
        """Take the sizes among these that fit."""
        self._drawn = remembered
        self.setSizes(self._usual_widths())
        for name, column in self._named_columns().items():
            shares = remembered.get(name, ())
            fit = len(shares) == len(column.shares) and any(shares)
            column.set_shares(shares if fit else column.shares)

    def _usual_widths(self) -> list[int]:
        """Those drawn by hand, or those of the arrangement."""
        assert self._arrangement is not None
        widths = self._drawn.get(self._own, ())
        if len(widths) != self.count() or not any(widths):
            widths = self._arrangement.widths
        # A splitter without a width yet keeps the proportions of the sizes it is given.
        return [100 * width for width in widths]

    @property
    def _own(self) -> str:
        """The name of the widths, which are others of two columns."""
        return f"{OWN} narrow" if self._arrangement and self._arrangement.is_narrow else OWN

    @Slot()
    def _on_moved(self) -> None:
        self._drawn = {**self._drawn, self._own: tuple(self.sizes())}

    def _shares(self) -> Sizes:
        return {name: column.shares for name, column in self._named_columns().items()}

    def _named_columns(self) -> dict[str, Column]:
        assert self._arrangement is not None
        name, columns = self._arrangement.name, (self._left, self._right)
        return {f"{column.objectName()} {name}": column for column in columns if column.shares}


def _place_of(widget: QWidget | None) -> Place | None:
    """The place that a widget stands in."""
    while widget is not None and not isinstance(widget, Place):
        widget = widget.parentWidget()
    return widget
