"""Cards in one place: one is shown, and the titles of all stand in its header as tabs."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QApplication, QStackedWidget, QTabBar, QWidget

from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.title_tabs import TitleTabs


class CardTabs(QStackedWidget):
    """Shows one of its cards; every card has a bar of all titles in the place of its own."""

    def __init__(self, cards: Sequence[Card], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(" ".join(card.title for card in cards) + " tabs")
        self._cards = tuple(cards)
        titles = [card.title for card in cards]
        self.headers = tuple(TitleTabs(titles, place) for place in range(len(cards)))
        for card, header in zip(cards, self.headers, strict=True):
            header.chosen.connect(self._turn_to)
            card.set_tabs(header)
            self.addWidget(card)

    @property
    def bars(self) -> tuple[QTabBar, ...]:
        """The bar of titles of each card."""
        return tuple(header.bar for header in self.headers)

    def untie(self) -> None:
        """Give the cards their own titles back."""
        for card in self._cards:
            card.set_tabs(None)

    @Slot(int)
    def _turn_to(self, place: int) -> None:
        left = self.currentIndex()
        bar = self.bars[left]
        focused = QApplication.focusWidget()
        held = focused is not None and self.headers[left].isAncestorOf(focused)
        with QSignalBlocker(bar):
            bar.setCurrentIndex(left)
        self.setCurrentIndex(place)
        if held:
            self.bars[place].setFocus(Qt.FocusReason.TabFocusReason)
