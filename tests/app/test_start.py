"""The start: the compiled engine is got ready before the cards behind tabs, and garbage waits."""

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mlpsim.app.start import Start
from mlpsim.app.window import Window
from mlpsim.core.compiled import cache
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.session import engine_room
from mlpsim.views.widgets import typesetting


@pytest.fixture
def start(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(engine_room, "is_installed", lambda: True)
    start = Start(window)
    yield start
    start.stop()
    gc.disable()  # as all tests have it


def are_made(window: Window) -> bool:
    return all(place.is_made for place in window.cards.places.values())


def test_cards_behind_tabs_wait_for_the_engine(
    start: Start, window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    window.cards.places["why"].made.connect(lambda _: seen.append(window.context.session.engine))
    monkeypatch.setattr(engine_room, "warm", lambda: None)
    cache.note_filled()
    frozen = gc.get_freeze_count()
    with qtbot.waitSignal(start.over, timeout=60_000):
        start.begin()
    assert are_made(window)
    assert seen == [COMPILED]
    assert gc.isenabled()
    assert gc.get_freeze_count() > frozen


def test_the_engine_waits_for_the_typesetter(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "ziamath.zmath", raising=False)
    typesetting.typesetter.cache_clear()
    typesetting.fetching.cache_clear()
    ready = []
    monkeypatch.setattr(engine_room, "warm", lambda: ready.append(typesetting.is_ready()))
    cache.note_filled()
    start.begin()
    qtbot.waitUntil(lambda: ready != [])
    assert ready == [True]


def test_an_engine_that_has_to_be_compiled_first_keeps_no_card_waiting(
    start: Start, window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_room, "MODULE", "http.server")  # any module that does not end
    with qtbot.waitSignal(start.over, timeout=60_000):
        start.begin()
    assert are_made(window)
    assert start.engine_room.is_busy
