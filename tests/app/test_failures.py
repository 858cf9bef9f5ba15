"""What fails is said once, and what is left behind by a sudden end."""

from math import inf
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from mlpsim.app.window import Window
from mlpsim.core.window import Window as Region
from mlpsim.session import files
from mlpsim.session.worker import Worker


def boxes(window: Window) -> list[QMessageBox]:
    return [box for box in window.findChildren(QMessageBox) if box.isVisible()]


def fail(*_: object) -> None:
    raise MemoryError("no such luck")


def test_an_exception_in_the_worker_is_shown_once_and_the_run_stays(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, player = window.context.session, window.context.player
    player.run_to(30)
    qtbot.waitUntil(lambda: session.run.last == 30)
    path = session.run.recorded(0, 30)[1]
    with monkeypatch.context() as patch:
        patch.setattr("mlpsim.session.player.advance", fail)
        QTest.keyClick(window, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: boxes(window) != [])
        assert not player.playing
        QTest.keyClick(window, Qt.Key.Key_Right)  # fails again while the box stands
        qtbot.waitUntil(lambda: not player.findChild(Worker).is_busy)
    (box,) = boxes(window)
    assert "no such luck" in box.informativeText()
    saying = [label for label in window.findChildren(QLabel) if "no such luck" in label.text()]
    assert {label.window() for label in saying if label.isVisible()} == {box}
    assert np.array_equal(session.run.recorded(0, 30)[1], path)
    assert session.cursor == 30
    box.close()
    QTest.keyClick(window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: session.run.last == 31)
    assert boxes(window) == []


def test_a_surface_that_fails_is_said_once_and_the_run_pauses(
    window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    player, landscape = window.context.player, window.context.landscape
    qtbot.waitUntil(lambda: not landscape.is_busy)
    good = landscape.surface
    player.play()
    with monkeypatch.context() as patch:
        patch.setattr("mlpsim.session.surface_job.Slice", fail)
        landscape.set_window(Region(-1.0, 1.0, -1.0, 1.0))
        qtbot.waitUntil(lambda: boxes(window) != [])
        landscape.set_window(Region(-2.0, 1.0, -1.0, 1.0))
        qtbot.waitUntil(lambda: not landscape.is_busy)
    (box,) = boxes(window)
    assert "no such luck" in box.informativeText()
    assert not player.playing
    assert landscape.surface is good
    box.close()
    landscape.set_window(Region(-3.0, 1.0, -1.0, 1.0))
    qtbot.waitUntil(lambda: not landscape.is_busy)
    assert landscape.surface.window.x0 <= -3.0
    assert boxes(window) == []


@pytest.mark.parametrize("name", ["scatter", "map", "diagram"])
def test_closing_in_the_middle_of_a_drag_is_clean(window: Window, name: str) -> None:
    cards = window.cards
    plots = {
        "scatter": cards["data"].scatter,
        "map": cards["surface"].map,
        "diagram": cards["network"].diagram,
    }
    plot = plots[name]
    window.context.player.set_speed(inf)
    window.context.player.play()
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=plot.rect().center())
    for place in (QPoint(20, 30), QPoint(60, 50), QPoint(80, 20)):
        QTest.mouseMove(plot, plot.rect().center() + place)
    window.context.session.undo_stack.setClean()
    assert window.close()
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=plot.rect().center())
    assert not window.context.player.playing


def test_closing_while_a_document_is_being_opened_is_clean(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    session = window.context.session
    window.context.player.run_to(20_000)
    qtbot.waitUntil(lambda: session.run.last == 20_000, timeout=60_000)
    path = tmp_path / "long.mlpsim"
    files.save(window.documents.current(), path)
    session.undo_stack.setClean()
    run = session.run
    window.documents.open(path)
    assert window.close()
    assert session.run is run
