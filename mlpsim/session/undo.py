"""The undo stack: edits, each of which knows the way back, and which of them count as one."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack

from mlpsim.core.race import Race
from mlpsim.core.replaying import way_to
from mlpsim.core.run import Run

UNDO_LIMIT = 200
LEFT_THETAS, LEFT_KEYFRAMES = 4 * 2**20, 2**20  # bytes of a run that only undo can bring back

Shown = tuple[Run, int]  # a run, and which of its states is on view


class UndoStack(QUndoStack):
    """Edits are pushed with what puts a value in place and returns the one that it replaces."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setUndoLimit(UNDO_LIMIT)
        self._merge = ""

    @property
    def is_merging(self) -> bool:
        """Whether edits in a row are under way that count as one."""
        return bool(self._merge)

    def push_run(
        self, put: Callable[[Shown], Shown], shown: Shown, text: str, merge: str = ""
    ) -> None:
        """Put another run on view. Edits in a row with the same ``merge`` key are one."""
        merges = bool(merge) and merge == self._merge
        self._merge = merge
        self.push(_RunEdit(self, put, shown, text, merges))

    def push_race(self, put: Callable[[Race], Race], race: Race, text: str) -> None:
        """Put another race in place."""
        self.end_merge()
        self.push(_RaceEdit(put, race, text))

    def end_merge(self) -> None:
        """The next edit is an undo step of its own."""
        self._merge = ""


class _RunEdit(QUndoCommand):
    """One edit of the run, or a row of them: what undo brings back or, once undone, redo."""

    def __init__(
        self,
        stack: UndoStack,
        put: Callable[[Shown], Shown],
        shown: Shown,
        text: str,
        merges: bool,
    ) -> None:
        super().__init__(text)
        self._stack, self._put, self._shown, self._merges = stack, put, shown, merges

    def undo(self) -> None:
        self._stack.end_merge()
        self._shown = self._put(self._shown)
        _save_room(*self._shown)

    def redo(self) -> None:
        self._shown = self._put(self._shown)
        # In a row of edits the runs between the first and the last are dropped, not kept.
        if not self._merges:
            _save_room(*self._shown)

    def id(self) -> int:
        return 1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _RunEdit) or not other._merges:
            return False
        self.setText(other.text())
        return True


class _RaceEdit(QUndoCommand):
    """One edit of what runs beside the run."""

    def __init__(self, put: Callable[[Race], Race], race: Race, text: str) -> None:
        super().__init__(text)
        self._put, self._race = put, race

    def undo(self) -> None:
        self._race = self._put(self._race)

    def redo(self) -> None:
        self._race = self._put(self._race)


def _save_room(run: Run, cursor: int) -> None:
    """Keep little of a run which only undo or redo brings back, at this state."""
    way = way_to(run, cursor)
    if not way.is_long:
        run.visit(way.answer())
    run.thin(LEFT_THETAS, LEFT_KEYFRAMES)
    run.settle()
