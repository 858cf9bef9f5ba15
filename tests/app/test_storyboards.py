"""Storyboards from the window: asked for in a dialog, drawn as the command draws them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMessageBox, QProgressDialog
from pytestqt.qtbot import QtBot

from mlpsim.app.stage import settle
from mlpsim.app.storyboard import Sheet, usual_steps
from mlpsim.app.storyboard_dialog import StoryboardDialog
from mlpsim.app.window import Window
from mlpsim.core.files.codec import encode


def trained(window: Window, qtbot: QtBot, k: int) -> None:
    window.context.player.run_to(k)
    qtbot.waitUntil(lambda: window.context.session.run.last == k)


def opened(window: Window) -> StoryboardDialog:
    window.screenshots.storyboards.ask()
    dialog = window.findChild(StoryboardDialog, "storyboard dialog")
    assert isinstance(dialog, StoryboardDialog)
    return dialog


def give(window: Window, name: str) -> None:
    """Type a file's name when it is asked for."""

    def type_name() -> None:
        dialog = window.findChild(QFileDialog, "save dialog")
        dialog.findChild(QLineEdit).setText(name)
        dialog.accept()

    QTimer.singleShot(0, window, type_name)


def drawn(path: Path) -> str:
    """A drawing without the outlines of its text: FreeType's vary by 1/64 of a pixel."""
    return re.sub(r'(<path aria-label[^>]*) d="[^"]*"', r"\1", path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("last", "steps"),
    [(0, (0,)), (1, (0, 1)), (5, (0, 1, 2, 5)), (137, (0, 1, 2, 5, 10, 20, 50, 100, 137))],
)
def test_the_usual_steps_are_one_two_five_and_the_last(last: int, steps: tuple[int, ...]) -> None:
    assert usual_steps(last) == steps


def test_the_menu_has_it_and_the_dialog_begins_with_the_usual_steps(
    window: Window, qtbot: QtBot
) -> None:
    trained(window, qtbot, 12)
    assert "Storyboard…" in [action.text() for action in window.screenshots.menu.actions()]
    dialog = opened(window)
    assert dialog.steps.text() == "0, 1, 2, 5, 10, 12"
    assert (dialog.columns.value, dialog.width_cm.value) == (3, 17.0)
    assert dialog.picture.currentText() == "Loss surface"
    assert dialog.picture.findText("Window") == 0
    dialog.reject()


@pytest.mark.parametrize(
    ("steps", "width", "reason"),
    [
        ("0, 1, 13", "17", "there is no step 13: the run has steps 0 to 12"),
        ("0, x", "17", "x"),
        (" ", "17", "no step is named"),
        (", ".join(["1"] * 61), "17", "61 pictures are more than 60"),
        ("0, 1", "1", "1 is too small: the least is 2"),
        ("0, 1", "wide", "wide"),
        ("0, 1, 2", "2.5", "3 pictures in a row have no room on 2.5 cm"),
    ],
)
def test_what_is_refused_stays_as_it_was_typed_with_the_reason(
    window: Window, qtbot: QtBot, steps: str, width: str, reason: str
) -> None:
    trained(window, qtbot, 12)
    dialog = opened(window)
    asked: list[object] = []
    dialog.asked.connect(lambda *sheet: asked.append(sheet))
    dialog.steps.setText(steps)
    dialog.width_cm.setText(width)
    dialog.save.click()
    assert reason in dialog.refusal.text()
    assert dialog.refusal.text().startswith(f"{dialog.focusWidget().accessibleName()}: ")
    assert (dialog.steps.text(), dialog.width_cm.text()) == (steps, width)
    assert dialog.isVisible()
    assert asked == []
    dialog.reject()


def test_another_ending_is_refused_and_the_dialog_stays(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    trained(window, qtbot, 2)
    dialog = opened(window)
    give(window, str(tmp_path / "sheet.png"))
    dialog.save.click()
    assert "a sheet is .pdf or .svg, not .png" in dialog.refusal.text()
    assert dialog.isVisible()
    assert list(tmp_path.iterdir()) == []
    dialog.reject()


def test_the_sheet_is_the_commands_and_the_state_on_view_comes_back(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    trained(window, qtbot, 6)
    window.resize(1366, 768)
    session, card = window.context.session, window.turn_to("loss")
    session.seek(4)
    settle()
    size = card.size()
    source, by_hand, by_command = (tmp_path / n for n in ("a.mlpsim", "hand.svg", "command.svg"))
    source.write_bytes(encode(window.documents.current()))
    dialog = opened(window)
    dialog.picture.set_value("loss")
    dialog.steps.setText("0; 1, 6")
    dialog.columns.setText("2")
    dialog.width_cm.setText("12.5")
    dialog.caption.setText("The run, step by step.")
    give(window, str(by_hand))
    with qtbot.waitSignal(session.said, timeout=30_000) as said:
        dialog.save.click()
    assert said.args == [f"Saved as {by_hand}."]
    assert session.cursor == 4
    assert not window.screenshots.storyboards.is_busy
    assert card.size() == size
    words = ["storyboard", str(source), "--steps", "0,1,6", "--columns", "2", "--width", "12.5"]
    words += ["--caption", "The run, step by step.", "--panel", "loss", "--out", str(by_command)]
    words += ["--size", f"{size.width()}x{size.height()}"]
    words += ["--theme", window.context.appearance.theme.name]
    done = subprocess.run(
        [sys.executable, "-m", "mlpsim", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert drawn(by_hand) == drawn(by_command)


def test_a_cancelled_sheet_leaves_no_file_and_the_next_one_is_drawn(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    trained(window, qtbot, 8)
    boards, card = window.screenshots.storyboards, window.cards["loss"]
    sheet = Sheet((0, 1, 2, 5), 2, 17.0, "")
    boards.draw(card, sheet, tmp_path / "a.pdf")
    boards.draw(card, sheet, tmp_path / "while-it-is-busy.pdf")
    window.findChild(QProgressDialog, "storyboard progress").canceled.emit()
    assert not boards.is_busy
    assert window.context.session.cursor == 8
    with qtbot.waitSignal(window.context.session.said, timeout=30_000):
        boards.draw(card, sheet, tmp_path / "b.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["b.pdf"]


def test_closing_while_it_is_drawn_is_clean(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    trained(window, qtbot, 8)
    sheet = Sheet(tuple(range(9)), 3, 17.0, "")
    window.screenshots.storyboards.draw(window.cards["surface"], sheet, tmp_path / "a.pdf")
    window.context.session.undo_stack.setClean()
    assert window.close()
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_that_cannot_be_written_is_said(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    trained(window, qtbot, 1)
    sheet = Sheet((0, 1), 2, 17.0, "")
    path = tmp_path / "missing" / "a.pdf"
    window.screenshots.storyboards.draw(window.cards["loss"], sheet, path)
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "document box") is not None)
    assert window.findChild(QMessageBox, "document box").text() == "a.pdf was not saved"
