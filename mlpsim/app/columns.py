"""The columns of the window: cards in groups, stacked where there is height, else as tabs."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from mlpsim.app import layout
from mlpsim.app.column import GUTTER, Column, bring_to_front
from mlpsim.app.drawer import Drawer
from mlpsim.views.widgets.place import Place

WIDTHS = (25, 46, 29)  # per cent of the three columns
OWN = "columns"  # the name of the widths among the sizes


class Columns(QSplitter):
    """The left column with its drawer, the centre and the right column."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName(OWN)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GUTTER)
        self._places = places
        self._is_tall: bool | None = None
        self._left, self._right = Column("left column"), Column("right column")
        centre = Column("centre column")
        centre.arrange([[places[name] for name in layout.CENTRE]], [1])
        self.drawer = Drawer(self._left)
        for name in layout.DRAWER:
            self.drawer.add(places[name])
        for widget, share in zip((self.drawer, centre, self._right), WIDTHS, strict=True):
            self.addWidget(widget)
            self.setStretchFactor(self.count() - 1, share)
        self.setSizes([100 * share for share in WIDTHS])

    def arrange(self, is_tall: bool) -> None:
        """Stack the cards of the side columns, or make more of them tabs."""
        if is_tall == self._is_tall:
            return
        self._is_tall = is_tall
        left, right = layout.TALL if is_tall else layout.LOW
        for column, groups in ((self._left, left), (self._right, right)):
            standing = [[self._places[name] for name in names] for names, _ in groups]
            column.arrange(standing, [share for _, share in groups])

    def turn_to(self, place: Place) -> None:
        """Show a card, wherever it stands."""
        if place.parent() is self.drawer:
            self.drawer.open(place)
        else:
            bring_to_front([place])
            self.drawer.reveal([place])

    # -- sizes ---------------------------------------------------------------------------------

    def named_sizes(self) -> dict[str, tuple[int, ...]]:
        """The widths, and the shares of the height in each side column as it is arranged."""
        shares = {name: column.shares for name, column in self._named_columns().items()}
        return {OWN: tuple(self.sizes()), **shares}

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
