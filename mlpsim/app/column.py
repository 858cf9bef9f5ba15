"""A column of the window: groups of cards over each other, a group of several as tabs."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from mlpsim.views.widgets.card_tabs import CardTabs
from mlpsim.views.widgets.place import Place

GUTTER = 10


class Column(QWidget):
    """Cards in groups; they are released and arranged again without losing what they show.

    Each group has its share of the height. A card in front that asks for more is given what the
    others can spare, for as long as it is in front; the one that was turned to last comes first.
    The others keep as many lines of text as ``arrange`` is told, and what they cannot do without.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName(f"{name} splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(GUTTER)
        self.splitter.splitterMoved.connect(self._on_moved)
        self._shares: list[int] = []
        self._kept = 0
        self._turned: QObject | None = None  # the group that was turned last
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    def release(self) -> list[CardTabs]:
        """Give the cards their own titles back; the tabs are to be dropped when they have gone."""
        groups = [self.splitter.widget(i) for i in range(self.splitter.count())]
        released = [group for group in groups if isinstance(group, CardTabs)]
        for tabs in released:
            tabs.currentChanged.disconnect(self._on_turned)
            tabs.untie()
        return released

    def arrange(
        self, groups: Sequence[Sequence[Place]], shares: Sequence[int], kept: int = 0
    ) -> None:
        """Stack the groups with these shares of the height; a group's cards are tabs."""
        self._kept = kept
        for place, group in enumerate(groups):
            if len(group) == 1:
                self.splitter.insertWidget(place, group[0])
                group[0].show()
            else:
                self.splitter.insertWidget(place, tabs := CardTabs(group))
                tabs.currentChanged.connect(self._on_turned)
        self.set_shares(shares)

    @property
    def fronts(self) -> list[Place]:
        """The cards in front of their groups, be the groups shown or not."""
        return [_front(self.splitter.widget(i)) for i in range(self.splitter.count())]

    @property
    def shares(self) -> tuple[int, ...]:
        """How the height is shared where no card asks for more."""
        return tuple(self._shares)

    def set_shares(self, shares: Sequence[int]) -> None:
        self._shares = list(shares)
        # A splitter without a height yet keeps the proportions of the sizes it is given.
        self.splitter.setSizes([100 * share for share in shares])
        self.divide()

    def show_only(self, places: Sequence[Place]) -> None:
        """Show the groups that hold one of these places; without places, all groups."""
        groups = [self.splitter.widget(i) for i in range(self.splitter.count())]
        for group in filter(None, groups):
            group.setVisible(not places or any(group in (p, p.parent()) for p in places))
        self.divide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.divide()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.divide()

    @Slot()
    def _on_moved(self) -> None:
        self._shares = self.splitter.sizes()

    @Slot()
    def _on_turned(self) -> None:
        self._turned = self.sender()
        self.divide()

    @Slot()
    def divide(self) -> None:
        """Give every group its height, while all are on view."""
        groups = [self.splitter.widget(i) for i in range(self.splitter.count())]
        if self.splitter.count() != len(self._shares):
            return  # tabs are to be dropped
        fronts = self.fronts
        room = self.splitter.height() - GUTTER * (len(fronts) - 1)
        if room <= 0 or not all(front.isVisible() for front in fronts):
            return
        line = self.fontMetrics().height()
        least = [front.minimumSizeHint().height() for front in fronts]
        needs = [max(f.asked_height, low) for f, low in zip(fronts, least, strict=True)]
        sizes = divided(room, self._shares, needs)
        if self._turned in groups:
            kept = [
                max(min(line * self._kept, need), low)
                for need, low in zip(needs, least, strict=True)
            ]
            last = groups.index(self._turned)
            kept[last] = needs[last]
            sizes = divided(room, sizes, kept)
        self.splitter.setSizes(sizes)


def _front(group: QWidget | None) -> Place:
    """The card of a group that is seen."""
    front = group.currentWidget() if isinstance(group, CardTabs) else group
    assert isinstance(front, Place)
    return front


def divided(room: int, shares: Sequence[int], needs: Sequence[int]) -> list[int]:
    """The room by shares; what a part needs beyond its own is given by those that can spare it."""
    sizes = [room * share / sum(shares) for share in shares]
    lacks = [max(0.0, need - size) for size, need in zip(sizes, needs, strict=True)]
    spare = [max(0.0, size - need) for size, need in zip(sizes, needs, strict=True)]
    moved = min(sum(lacks), sum(spare))
    if moved <= 0.0:
        return [round(size) for size in sizes]
    return [
        round(size + moved * (lack / sum(lacks) - own / sum(spare)))
        for size, lack, own in zip(sizes, lacks, spare, strict=True)
    ]


def bring_to_front(places: Sequence[Place]) -> None:
    """Turn to these cards where they are tabs; of two in one group, to the first."""
    for place in reversed(places):
        tabs = place.parentWidget()
        if isinstance(tabs, CardTabs):
            tabs.setCurrentWidget(place)
