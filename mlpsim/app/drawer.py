"""The drawer: a card that takes the place of the left column while it is open."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter

from mlpsim.app.column import GUTTER, Column
from mlpsim.views.widgets.place import Place

BELOW = 16  # lines of text, at least, of cards below: four samples and their sum in a table


class Drawer(QSplitter):
    """Shows the column, or one card in its place; ``reveal`` shows some of it below the card."""

    turned = Signal(object)  # the place of the card that is open now, or None

    def __init__(self, column: Column) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.setObjectName("drawer")
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GUTTER)
        self._column = column
        self._open: Place | None = None
        self.addWidget(column)

    @property
    def place(self) -> Place | None:
        """The place of the card that is open."""
        return self._open

    def add(self, place: Place) -> None:
        """A card that can be opened; it is hidden until then."""
        place.hide()
        self.insertWidget(self.count() - 1, place)

    def open(self, place: Place) -> None:
        """Show this card in the place of the column, or of another card."""
        if self._open is not None:
            self._open.hide()
        self._open = place
        place.show()
        self.reveal(())
        self.turned.emit(place)

    def close_card(self) -> None:
        """Show the column again."""
        if self._open is not None:
            self._open.hide()
        self._open = None
        self._column.show_only(())
        self._column.show()
        self.turned.emit(None)

    def toggle(self, place: Place) -> None:
        """Open the card, or close it."""
        if place is self._open:
            self.close_card()
        else:
            self.open(place)

    def reveal(self, places: Sequence[Place]) -> None:
        """Those of these cards that the column holds stand below the card that is open."""
        if self._open is None:
            return
        held = [place for place in places if self._column.isAncestorOf(place)]
        self._column.setVisible(bool(held))
        if held:
            self._column.show_only(held)
            below = max(self.height() // 2, BELOW * self.fontMetrics().height())
            self.setSizes([self.height() - below] * (self.count() - 1) + [below])
