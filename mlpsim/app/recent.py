"""The files that were opened or saved last, as a menu."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from mlpsim.views.labels.plain import plain, plain_entry


class RecentFiles(QMenu):
    """``chosen`` carries the path of the file that a person wants back."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Recent files", parent)
        self.setObjectName("recent files")
        self.setToolTipsVisible(True)

    def show_files(self, names: tuple[str, ...]) -> None:
        """List files, the last one first."""
        self.clear()
        for name in names:
            path = Path(name)
            action = self.addAction(plain_entry(path.name))
            action.setObjectName(name)
            action.setToolTip(plain(name))
            action.triggered.connect(partial(self.chosen.emit, path))
        if not names:
            self.addAction("No recent files").setEnabled(False)
