"""Cards in one place: one is shown, and the titles of all stand in its header as tabs."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QStackedWidget, QTabBar, QWidget

from mlpsim.views.widgets.card import Card


class CardTabs(QStackedWidget):
    """Shows one of its cards; every card has a bar of all titles in the place of its own."""

    def __init__(self, cards: Sequence[Card], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(" ".join(card.title for card in cards) + " tabs")
        self._cards = tuple(cards)
        self.bars = tuple(self._bar(place) for place in range(len(cards)))
        for card, bar in zip(cards, self.bars, strict=True):
            card.set_tabs(bar)
            self.addWidget(card)

    def untie(self) -> None:
        """Give the cards their own titles back."""
        for card in self._cards:
            card.set_tabs(None)

    def _bar(self, place: int) -> QTabBar:
        bar = QTabBar()
        bar.setDrawBase(False)
        bar.setExpanding(False)
        bar.setElideMode(Qt.TextElideMode.ElideNone)
        bar.setUsesScrollButtons(True)  # where the titles have no room
        bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        bar.setAccessibleName("Panels here")
        for card in self._cards:
            bar.setTabToolTip(bar.addTab(card.title), f"Show {card.title}")
        bar.setCurrentIndex(place)
        bar.currentChanged.connect(self._turn_to)
        return bar

    @Slot(int)
    def _turn_to(self, place: int) -> None:
        left = self.currentIndex()
        bar = self.bars[left]
        held = bar.hasFocus()
        with QSignalBlocker(bar):
            bar.setCurrentIndex(left)
        self.setCurrentIndex(place)
        if held:
            self.bars[place].setFocus(Qt.FocusReason.TabFocusReason)
