"""The drawer: a card that takes the place of the left column while it is open."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from mlpsim.app.column import GUTTER, Column
from mlpsim.views.widgets.card import Card


class Drawer(QSplitter):
    """Shows the column, or one card in its place; ``reveal`` shows some of it below the card."""

    turned = Signal(object)  # the card that is open now, or None

    def __init__(self, column: Column, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setObjectName("drawer")
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GUTTER)
        self._column = column
        self._card: Card | None = None
        self.addWidget(column)

    @property
    def card(self) -> Card | None:
        """The card that is open."""
        return self._card

    def add(self, card: Card) -> None:
        """A card that can be opened; it is hidden until then."""
        card.hide()
        self.insertWidget(self.count() - 1, card)

    def open(self, card: Card) -> None:
        """Show this card in the place of the column, or of another card."""
        if self._card is not None:
            self._card.hide()
        self._card = card
        card.show()
        self.reveal(())
        self.turned.emit(card)

    def close_card(self) -> None:
        """Show the column again."""
        if self._card is not None:
            self._card.hide()
        self._card = None
        self._column.show_only(())
        self._column.show()
        self.turned.emit(None)

    def toggle(self, card: Card) -> None:
        """Open the card, or close it."""
        if card is self._card:
            self.close_card()
        else:
            self.open(card)

    def reveal(self, cards: Sequence[Card]) -> None:
        """Those of these cards that the column holds stand below the card that is open."""
        if self._card is None:
            return
        held = [card for card in cards if self._column.isAncestorOf(card)]
        self._column.setVisible(bool(held))
        if held:
            self._column.show_only(held)
            self.setSizes([0] * (self.count() - 1) + [1])  # the card keeps what it needs
