"""The window's cards: made when seen or asked for, the others in idle time, and never empty."""

import sys
from importlib.abc import MetaPathFinder
from threading import get_ident
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QThread
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.app.cards import IDLE_MS, Import
from mlpsim.app.window import Window
from mlpsim.core.losses import HALF_SQUARED_ERROR
from mlpsim.views.catalogue import PANELS

IN_FRONT = {"data", "table", "surface", "network", "loss", "step"}


class ShownWindows(QObject):
    """Notes every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
        if shown and watched.isWindow():
            self.names.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


class Importers(MetaPathFinder):
    """Notes which threads import which modules, and leaves finding them to others."""

    def __init__(self) -> None:
        self.threads: dict[str, int] = {}

    def find_spec(self, name: str, *_: Any) -> None:
        self.threads[name] = get_ident()


def made(window: Window) -> set[str]:
    return {name for name, place in window.cards.places.items() if place.is_made}


def test_what_stands_behind_tabs_is_made_while_nothing_else_happens(
    window: Window, qtbot: QtBot
) -> None:
    window.context.player.play()
    window.resize(1600, 1000)
    QApplication.processEvents()
    before = made(window)
    assert before >= IN_FRONT
    assert len(before) < len(PANELS)
    qtbot.waitUntil(lambda: window.context.session.run.last >= 10)
    assert made(window) == before
    window.context.player.pause()
    qtbot.waitUntil(lambda: len(made(window)) == len(PANELS), timeout=60_000)


def test_no_card_is_made_before_the_window_shows_an_edit(window: Window, qtbot: QtBot) -> None:
    before = made(window)
    qtbot.waitUntil(lambda: made(window) > before, timeout=60_000)
    at_the_edit = made(window)
    QThread.msleep(2 * IDLE_MS)  # the next one is due
    window.context.session.edit_problem("Loss", loss=HALF_SQUARED_ERROR)
    QApplication.processEvents()
    QApplication.processEvents()
    assert made(window) == at_the_edit


def test_a_tab_shows_its_panel_as_soon_as_it_is_turned_to(window: Window) -> None:
    window.context.player.play()  # so that nothing is made in idle time
    window.resize(1600, 1000)
    for spec in PANELS:
        card = window.turn_to(spec.id)
        assert card.title == spec.title
        assert card.isVisible()
        assert card.size() == window.cards.places[spec.id].size()


def test_no_part_of_a_panel_flashes_as_a_window_of_its_own(window: Window) -> None:
    shown = ShownWindows()
    QApplication.instance().installEventFilter(shown)
    for name in window.cards:
        window.turn_to(name)
    homework = window.cards["homework"]
    homework.next.click()
    homework.reveal.click()
    QApplication.instance().removeEventFilter(shown)
    assert shown.names == []


def test_the_window_answers_while_what_a_card_is_made_of_is_imported(
    request: pytest.FixtureRequest, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {f"mlpsim.views.panels.{name}" for name in ("op", "why", "microscope")}
    importers = Importers()
    monkeypatch.setattr(sys, "meta_path", [importers, *sys.meta_path])
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    window = request.getfixturevalue("window")  # not before, or its worker may have been quicker
    qtbot.waitUntil(lambda: len(made(window)) == len(PANELS), timeout=60_000)
    assert importers.threads.keys() >= names
    assert get_ident() not in {importers.threads[name] for name in names}


def test_a_module_that_cannot_be_imported_is_reported_and_keeps_no_card_waiting(
    request: pytest.FixtureRequest, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(job: Import, cancelled: object) -> None:
        if job.module.endswith(".op"):
            raise ImportError("no such luck")

    monkeypatch.setattr(Import, "run", broken)
    window = request.getfixturevalue("window")
    with qtbot.captureExceptions() as exceptions:
        qtbot.waitUntil(lambda: len(made(window)) == len(PANELS), timeout=60_000)
    assert [kind for kind, _, _ in exceptions] == [RuntimeError]
    assert "no such luck" in str(exceptions[0][1])
