"""Sheets: the homework panel's exercises, written to a file as PDF or LaTeX."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QMarginsF, QObject, Slot
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QWidget

from mlpsim.app.documents import Documents
from mlpsim.views.widgets.place import Place

if TYPE_CHECKING:  # imported when the panel is made
    from mlpsim.core.lessons.exercise import Exercise
    from mlpsim.views.panels.homework import HomeworkPanel

POINT_SIZE = 10.0
RESOLUTION = 300

Exercises = tuple["Exercise", ...]


class Sheets(QObject):
    """Asks for a file name and writes a sheet with its key there."""

    def __init__(self, documents: Documents, place: Place, window: QWidget) -> None:
        super().__init__(window)
        self._documents = documents
        place.made.connect(self._serve)

    @Slot(object)
    def _serve(self, panel: "HomeworkPanel") -> None:
        panel.pdf_requested.connect(self.ask_pdf)
        panel.tex_requested.connect(self.ask_tex)

    @Slot(object)
    def ask_pdf(self, exercises: Exercises) -> None:
        """Ask for a name and write a PDF."""
        self._ask(exercises, "exercises.pdf", "PDF files", sheet_pdf)

    @Slot(object)
    def ask_tex(self, exercises: Exercises) -> None:
        """Ask for a name and write LaTeX."""
        self._ask(exercises, "exercises.tex", "LaTeX files", tex_bytes)

    def _ask(
        self, exercises: Exercises, suggestion: str, kind: str, make: Callable[[Exercises], bytes]
    ) -> None:
        path = self._documents.ask_name("Save the exercise sheet", suggestion, kind)
        if path is not None:
            data = make(exercises)
            self._documents.write(path, lambda: data)


def tex_bytes(exercises: Exercises) -> bytes:
    """The sheet with its key as a LaTeX file."""
    from mlpsim.views.labels.sheet import sheet_tex

    return sheet_tex(exercises, key=True).encode()


def sheet_pdf(exercises: Exercises) -> bytes:
    """The sheet with its key as a PDF on A4."""
    from mlpsim.views.labels.sheet import TITLE, sheet_html

    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setCreator("mlpsim")
    writer.setTitle(TITLE)
    writer.setResolution(RESOLUTION)
    # QTextDocument leaves two centimetres free by itself.
    page, margins = QPageSize(QPageSize.PageSizeId.A4), QMarginsF(0.0, 0.0, 0.0, 0.0)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, margins))
    document = QTextDocument()
    font = QFont("Inter")
    font.setPointSizeF(POINT_SIZE)
    document.setDefaultFont(font)
    # Whatever the theme on screen, paper is white.
    document.setDefaultStyleSheet("* { color: #000000; }")
    document.setHtml(sheet_html(exercises, key=True))
    document.print_(writer)
    return bytes(buffer.data().data())
