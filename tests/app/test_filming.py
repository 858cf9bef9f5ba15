"""Filming from the window: a film of the run, and nothing but the run as it was afterwards."""

from math import inf
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QProgressDialog
from pytestqt.qtbot import QtBot

from mlpsim.app.stage import settle
from mlpsim.app.window import Window


def trained(window: Window, qtbot: QtBot, k: int) -> None:
    window.context.player.run_to(k)
    qtbot.waitUntil(lambda: window.context.session.run.last == k)


@pytest.mark.parametrize("name", ["loss.gif", "loss.png"])
def test_a_panel_is_filmed_and_the_state_on_view_comes_back(
    window: Window, qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    window.resize(1366, 768)
    trained(window, qtbot, 6)
    session = window.context.session
    session.seek(4)
    settle()
    path, size = tmp_path / name, window.cards["loss"].size()
    with qtbot.waitSignal(session.said, timeout=30_000) as said:
        window.filming.film(window.cards["loss"], path)
        assert window.filming.is_busy
    assert said.args == [f"Saved as {path}."]
    assert session.cursor == 4
    assert not window.filming.is_busy
    with Image.open(path) as film:
        assert film.n_frames == 7
        assert film.size == (size.width(), size.height())


def test_a_cancelled_film_leaves_no_file(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    trained(window, qtbot, 40)
    window.filming.film(window.cards["loss"], tmp_path / "a.gif")
    window.findChild(QProgressDialog, "filming progress").canceled.emit()
    assert not window.filming.is_busy
    assert window.context.session.cursor == 40
    with qtbot.waitSignal(window.context.session.said, timeout=30_000):
        window.filming.film(window.cards["loss"], tmp_path / "b.gif")
    assert [path.name for path in tmp_path.iterdir()] == ["b.gif"]


def test_a_long_run_is_filmed_in_few_frames(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    window.context.player.set_speed(inf)
    trained(window, qtbot, 1000)
    window.filming.film(window.cards["loss"], tmp_path / "a.gif")
    assert window.findChild(QProgressDialog, "filming progress").maximum() == 201


def test_closing_while_filming_is_clean(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    trained(window, qtbot, 30)
    window.filming.film(window.cards["surface"], tmp_path / "a.gif")
    window.context.session.undo_stack.setClean()
    assert window.close()
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_said(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    QTest.keyClick(window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: window.context.session.run.last == 1)
    window.filming.film(window.cards["loss"], tmp_path / "missing" / "a.gif")
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "filming box") is not None)
    assert window.findChild(QMessageBox, "filming box").text() == "a.gif was not saved"
