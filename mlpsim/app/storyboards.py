"""Storyboards from the window: chosen steps of what is on view, on one sheet."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from mlpsim.app.documents import Documents
from mlpsim.app.reel import Reel
from mlpsim.views.widgets.save_name import ask_save_name
from mlpsim.views.widgets.waiting import Waiting

if TYPE_CHECKING:  # imported when the first sheet is asked for
    from mlpsim.app.storyboard import Board, Sheet
    from mlpsim.app.storyboard_dialog import StoryboardDialog

WINDOW = "window"


class Storyboards(QObject):
    """Asks for a sheet and a name, and draws it cell by cell; the state on view comes back."""

    def __init__(
        self,
        reel: Reel,
        documents: Documents,
        titles: Mapping[str, str],
        figure: Callable[[str], QWidget],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._reel, self._documents, self._window = reel, documents, window
        self._titles, self._figure = titles, figure
        self._dialog: StoryboardDialog | None = None
        self._board: Board | None = None
        self._sheet: Sheet | None = None
        self._path = Path()
        self._place = 0
        self._waiting = Waiting("storyboard progress", window)
        self._waiting.cancelled.connect(self._end)
        reel.shown.connect(self._on_shown)
        self._timer = QTimer(self, singleShot=True)
        self._timer.setObjectName("storyboard")
        self._timer.timeout.connect(self._draw)
        reel.stopped.connect(self._end)

    @property
    def is_busy(self) -> bool:
        return self._board is not None

    @Slot()
    def ask(self) -> None:
        """Open the dialog."""
        from mlpsim.app.storyboard_dialog import StoryboardDialog

        pictures = {WINDOW: "Window", **self._titles}
        self._dialog = StoryboardDialog(pictures, self._reel.last, self._window)
        self._dialog.asked.connect(self._on_asked)
        self._dialog.finished.connect(self._dialog.deleteLater)
        self._dialog.open()

    def draw(self, widget: QWidget, sheet: "Sheet", path: Path) -> None:
        """Draw a sheet of a widget in the form that the path's ending names."""
        if self._reel.is_turning:
            return
        from mlpsim.app.storyboard import Board

        self._reel.begin(widget)
        self._board = Board(widget, sheet, path.suffix.lower())
        self._sheet, self._path, self._place = sheet, path, 0
        count = len(sheet.steps)
        self._waiting.begin(f"Drawing {count} steps …", count, patience=0)
        self._reel.show(sheet.steps[0])

    @Slot(str, object)
    def _on_asked(self, name: str, sheet: "Sheet") -> None:
        """Ask for a name, and draw; another ending is refused in the dialog."""
        from mlpsim.app.export import VECTORS

        dialog = self._dialog
        assert dialog is not None
        at = self._documents.folder / "storyboard.pdf"
        path = ask_save_name(dialog, "Save the storyboard", at, "Sheets", VECTORS)
        if path is None:
            return
        if path.suffix.lower() not in VECTORS:
            ending = path.suffix or "no ending"
            dialog.refusal.say(f"{path.name}: a sheet is .pdf or .svg, not {ending}.")
            return
        dialog.accept()
        self._documents.folder = path.parent
        self.draw(self._window if name == WINDOW else self._figure(name), sheet, path)

    @Slot(int)
    def _on_shown(self, _k: int) -> None:
        if self.is_busy:
            self._timer.start(0)  # so that a press on Cancel comes before

    @Slot()
    def _draw(self) -> None:
        board, sheet = self._board, self._sheet
        if board is None or sheet is None:
            return
        board.draw(self._place)
        self._place += 1
        self._waiting.tell(self._place)
        if self._place < len(sheet.steps):
            self._reel.show(sheet.steps[self._place])
            return
        data = board.finish()
        self._end()
        self._documents.write(self._path, lambda: data)

    @Slot()
    def _end(self) -> None:
        if self._board is None:
            return
        self._timer.stop()
        self._board.close()
        self._board = None
        self._waiting.end()
        self._reel.end()
