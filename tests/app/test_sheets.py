"""Sheets: exercises with their key in a file, under a name that is asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.app.application import make_context
from mlpsim.app.documents import Documents
from mlpsim.app.sheets import Sheets, sheet_pdf
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.lessons.exercise import exercise
from mlpsim.views.appearance import Appearance
from mlpsim.views.panels.homework import HomeworkPanel
from mlpsim.views.widgets.place import Place


class Host(QWidget):
    """A window with the homework panel alone."""

    def __init__(self) -> None:
        super().__init__()
        self.context = make_context(Appearance())
        place = Place("Homework", lambda: HomeworkPanel(self.context), 12)
        QVBoxLayout(self).addWidget(place)
        self.documents = Documents(self.context, self)
        self.sheets = Sheets(self.documents, place, self)
        self.panel = place.card


@pytest.fixture
def host(qtbot: QtBot) -> Iterator[Host]:
    host = Host()
    qtbot.addWidget(host)
    host.show()
    yield host
    host.context.session.end()


def give(host: Host, name: str | None) -> None:
    """Type a name when the dialog comes up, or give none."""

    def type_name() -> None:
        dialog = host.findChild(QFileDialog, "save dialog")
        if name is None:
            dialog.reject()
            return
        dialog.findChild(QLineEdit).setText(name)
        dialog.accept()
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(0, host, type_name)


def test_the_buttons_write_sheets(host: Host, tmp_path: Path) -> None:
    said: list[str] = []
    host.context.session.said.connect(said.append)
    give(host, str(tmp_path / "week-3"))
    host.panel.tex.click()
    text = (tmp_path / "week-3.tex").read_text("utf-8")
    assert text.count("w^{1}_{12}{}^{+} = ?") == 5
    assert "w^{1}_{12}{}^{+} = 0.125" in text.partition("Key")[2]
    assert said == [f"Saved as {tmp_path / 'week-3.tex'}."]
    give(host, "week-3")
    host.panel.pdf.click()
    assert (tmp_path / "week-3.pdf").read_bytes()[:5] == b"%PDF-"


def test_no_name_writes_nothing(host: Host, tmp_path: Path) -> None:
    host.documents.folder = tmp_path
    give(host, None)
    host.panel.pdf.click()
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_that_cannot_be_written_is_said(host: Host, tmp_path: Path) -> None:
    give(host, str(tmp_path / "missing" / "sheet.tex"))
    host.panel.tex.click()
    box = host.findChild(QMessageBox, "document box")
    assert box.text() == "sheet.tex was not saved"
    box.close()


def test_a_printed_sheet_has_a_page_for_its_key(qapp: object) -> None:
    task = exercise(lecture_experiment(), 0)
    one, many = sheet_pdf((task,)), sheet_pdf((task,) * 20)
    assert one.count(b"/Type /Page\n") == 2
    assert many.count(b"/Type /Page\n") > 3
