"""Names to save under: a file that exists is never written over unasked."""

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox

from mlpsim.app.window import Window


def give(window: Window, name: str, answer: QMessageBox.StandardButton | None = None) -> list[str]:
    """Type a name when the dialog comes up, and answer a box if it asks; what it asked."""
    asked: list[str] = []

    def reply() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox) and answer is not None:
            asked.append(box.text())
            box.button(answer).click()

    def type_name() -> None:
        dialog = window.findChild(QFileDialog, "save dialog")
        dialog.findChild(QLineEdit).setText(name)
        QTimer.singleShot(0, window, reply)
        dialog.accept()
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(0, window, type_name)
    return asked


def test_a_name_without_an_ending_does_not_write_over_a_file_unasked(
    window: Window, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.mlpsim"
    mine.write_text("precious")
    window.documents.folder = tmp_path
    asked = give(window, "mine", QMessageBox.StandardButton.No)
    assert not window.documents.save_as()
    assert "mine.mlpsim" in asked[0]
    assert mine.read_text() == "precious"
    give(window, "mine", QMessageBox.StandardButton.Yes)
    assert window.documents.save_as()
    assert mine.read_text() != "precious"
    assert window.context.session.path == mine


def test_pictures_get_their_ending_and_the_next_dialog_begins_there(
    window: Window, tmp_path: Path
) -> None:
    give(window, str(tmp_path / "figure"))
    window.screenshots.ask(window.cards["data"], "data.png", 1.0)
    assert (tmp_path / "figure.png").read_bytes()[1:4] == b"PNG"
    give(window, "same-place")
    window.screenshots.ask(window.cards["data"], "data.pdf", 1.0)
    assert (tmp_path / "same-place.pdf").read_bytes()[:4] == b"%PDF"


def test_what_was_saved_or_copied_is_said(window: Window, tmp_path: Path) -> None:
    said: list[str] = []
    window.context.session.said.connect(said.append)
    window.screenshots.copy_window()
    window.screenshots.save(window.cards["data"], tmp_path / "data.png", 1.0)
    give(window, str(tmp_path / "mine"))
    window.documents.save()
    assert "clipboard" in said[0]
    assert str(tmp_path / "data.png") in said[1]
    assert str(tmp_path / "mine.mlpsim") in said[2]


def test_no_name_saves_nothing(window: Window) -> None:
    give(window, "")
    assert not window.documents.save_as()
    assert window.context.session.path is None


def test_a_panel_behind_a_tab_comes_to_the_front_for_its_picture(window: Window) -> None:
    window.resize(1600, 1000)
    window.screenshots.menu.findChild(QAction, "copy Audit").trigger()
    card = window.cards["audit"]
    assert card.isVisible()
    assert QApplication.clipboard().image().size() == 2.0 * card.size()
