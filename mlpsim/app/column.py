"""A column of the window: groups of cards over each other, a group of several as tabs."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from mlpsim.views.widgets.card_tabs import CardTabs
from mlpsim.views.widgets.place import Place

GUTTER = 10


class Column(QWidget):
    """Cards in groups; ``arrange`` regroups them without losing what they show."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName(f"{name} splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(GUTTER)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    def arrange(self, groups: Sequence[Sequence[Place]], shares: Sequence[int]) -> None:
        """Stack the groups with these shares of the height; a group's cards are tabs."""
        old = [self.splitter.widget(i) for i in range(self.splitter.count())]
        for widget in old:
            if isinstance(widget, CardTabs):
                widget.untie()
        for place, group in enumerate(groups):
            self.splitter.insertWidget(place, group[0] if len(group) == 1 else CardTabs(group))
            if len(group) == 1:
                group[0].show()
        for widget in old:
            if isinstance(widget, CardTabs):
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        # A splitter keeps the proportions of the sizes it is given.
        self.splitter.setSizes([100 * share for share in shares])

    def show_only(self, places: Sequence[Place]) -> None:
        """Show the groups that hold one of these places; without places, all groups."""
        groups = [self.splitter.widget(i) for i in range(self.splitter.count())]
        for group in filter(None, groups):
            group.setVisible(not places or any(group in (p, p.parent()) for p in places))


def bring_to_front(places: Sequence[Place]) -> None:
    """Turn to these cards where they are tabs; of two in one group, to the first."""
    for place in reversed(places):
        tabs = place.parentWidget()
        if isinstance(tabs, CardTabs):
            tabs.setCurrentWidget(place)
