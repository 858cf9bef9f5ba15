"""Cards in one place: one is shown, and the titles of all stand in its header as tabs."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QApplication, QStackedWidget

from mlpsim.views.widgets.place import Place
from mlpsim.views.widgets.title_tabs import TitleTabs


class CardTabs(QStackedWidget):
    """Shows one of its cards; every card has a bar of all titles in the place of its own.

    A card is made when it is first turned to; ``headers`` holds those of the cards that are made.
    """

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__()
        self.setObjectName(" ".join(place.title for place in places) + " tabs")
        self._places = tuple(places)
        self.headers: dict[int, TitleTabs] = {}
        for place in places:
            self.addWidget(place)
            place.made.connect(self._tie)
        self._tie()

    def untie(self) -> None:
        """Give the cards their own titles back; an open menu of the headers leads nowhere."""
        for header in self.headers.values():
            header.chosen.disconnect(self._turn_to)
        for place in self._places:
            place.made.disconnect(self._tie)
            if place.is_made:
                place.card.set_tabs(None)

    @Slot()
    def _tie(self) -> None:
        """Give every card that has been made its header."""
        titles = [place.title for place in self._places]
        for index, place in enumerate(self._places):
            if place.is_made and index not in self.headers:
                header = TitleTabs(titles, index)
                header.chosen.connect(self._turn_to)
                place.card.set_tabs(header)
                self.headers[index] = header

    @Slot(int)
    def _turn_to(self, index: int) -> None:
        left = self.currentIndex()
        header = self.headers[left]
        focused = QApplication.focusWidget()
        held = focused is not None and header.isAncestorOf(focused)
        with QSignalBlocker(header.bar):
            header.bar.setCurrentIndex(left)
        self.setCurrentIndex(index)
        if held:
            self.headers[index].bar.setFocus(Qt.FocusReason.TabFocusReason)
