"""Picking: the network comes to the front while weights are picked on it."""

from PySide6.QtCore import QObject, Slot

from mlpsim.app.column import bring_to_front
from mlpsim.views.axis_pick import AxisPick
from mlpsim.views.widgets.place import Place


class Picking(QObject):
    """Brings a card to the front of its tabs when a pick begins."""

    def __init__(self, pick: AxisPick, place: Place, parent: QObject) -> None:
        super().__init__(parent)
        self._pick, self._place = pick, place
        pick.changed.connect(self._on_changed)

    @Slot()
    def _on_changed(self) -> None:
        if self._pick.is_on:
            bring_to_front([self._place])
