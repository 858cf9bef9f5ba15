"""The axis pick: two weights chosen one after the other on the diagram, to be the map's axes."""

from PySide6.QtCore import QObject, Signal, Slot


class AxisPick(QObject):
    """Whether clicks on weights choose axes; the first is the axis across, the second that up."""

    changed = Signal()
    picked = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.is_on = False
        self.first: int | None = None

    @Slot()
    def begin(self) -> None:
        """Wait for two weights."""
        self._set(True, None)

    @Slot()
    def cancel(self) -> None:
        """Wait no longer."""
        self._set(False, None)

    def take(self, p: int) -> None:
        """The weight that was clicked, by its place in theta; the same one twice does not count."""
        if self.first is None:
            self._set(True, p)
        elif p != self.first:
            first = self.first
            self._set(False, None)
            self.picked.emit(first, p)

    def _set(self, is_on: bool, first: int | None) -> None:
        if (is_on, first) != (self.is_on, self.first):
            self.is_on, self.first = is_on, first
            self.changed.emit()
