"""Help: one page of keys, words and places."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QTextTable
from PySide6.QtWidgets import QDialog, QFrame, QTextBrowser, QVBoxLayout, QWidget

from mlpsim.core.resources import resource
from mlpsim.views.appearance import DEFAULT_SIZE, em
from mlpsim.views.widgets.screen_room import resize_within


class HelpDialog(QDialog):
    """The help page, beside the window while one works."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog)
        self.setObjectName("help")
        self.setWindowTitle("Help – mlpsim")
        page = QTextBrowser()
        page.setAccessibleName("Help")
        page.setOpenLinks(False)
        page.setFrameShape(QFrame.Shape.NoFrame)
        page.setProperty("role", "page")
        page.setMarkdown(resource("help", "help.md").read_text(encoding="utf-8"))
        for table in page.document().rootFrame().childFrames():
            if isinstance(table, QTextTable):
                looks = table.format()
                looks.setBorder(0)
                looks.setCellPadding(3)
                table.setFormat(looks)
        layout = QVBoxLayout(self)
        layout.addWidget(page)
        line = em(DEFAULT_SIZE)
        resize_within(self, QSize(round(52 * line), round(56 * line)))
