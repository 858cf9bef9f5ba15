"""The engine room: the compiled engine is made ready beside the window, or leaves it to NumPy."""

import sys
from collections.abc import Iterator
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlpsim.core.compiled import cache
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.segment import first_segment
from mlpsim.core.training import advance, begin
from mlpsim.session import engine_room
from mlpsim.session.engine_room import EngineRoom, Warm
from mlpsim.session.player import Player
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker
from tests.core.engines import needs_numba


@pytest.fixture
def room(session: Session) -> Iterator[EngineRoom]:
    room = EngineRoom(session)
    yield room
    room.stop()


@pytest.fixture
def said(session: Session) -> list[str]:
    sentences: list[str] = []
    session.said.connect(sentences.append)
    return sentences


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numba is installed, as far as the room knows, and no code is on the disk."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(engine_room, "is_installed", lambda: True)


def run_to(player: Player, k: int, qtbot: QtBot) -> None:
    player.run_to(k)
    qtbot.waitUntil(lambda: player.seeker.place == k)


@needs_numba
def test_runs_that_begin_once_it_is_ready_are_made_by_it(
    session: Session, said: list[str], room: EngineRoom, player: Player, qtbot: QtBot
) -> None:
    run_to(player, 3, qtbot)
    room.start()
    assert room.is_busy
    qtbot.waitUntil(lambda: not room.is_busy, timeout=240_000)
    assert said == []
    assert session.engine is None  # the run on view is NumPy's, and stays so
    run_to(player, 6, qtbot)
    assert session.run.segments[-1].engine is None
    session.restart()
    assert session.engine is COMPILED
    run_to(player, 50, qtbot)
    assert [segment.engine for segment in session.run.segments] == [COMPILED]
    reference = first_segment(lecture_experiment())
    expected = advance(reference, begin(reference, None), 50).last.theta
    np.testing.assert_allclose(session.theta, expected, rtol=1e-9)


@needs_numba
def test_at_full_speed_the_next_burst_is_made_while_one_is_shown(
    session: Session, player: Player, qtbot: QtBot
) -> None:
    session.set_engine(COMPILED)
    player.set_speed(inf)
    busy = []
    session.run_grew.connect(lambda _last: busy.append(player.findChild(Worker).is_busy))
    player.play()
    qtbot.waitUntil(lambda: len(busy) >= 5, timeout=120_000)
    player.pause()
    assert all(busy)
    run = session.run
    states = run.recorded(0, run.last)[1]
    first = run.segments[0]
    assert first.engine is COMPILED
    again = advance(first, begin(first, None), run.last)
    assert np.array_equal(states[1:], again.thetas)


def broken() -> None:
    raise OSError("the disk is full")


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"MODULE": "mlpsim.core.no_such_module"}, "No module named"),
        ({"sys.executable": "/no/such/python"}, "could not be made ready"),
        ({"MODULE": "this", "warm": broken}, "the disk is full"),  # "this" ends well
    ],
    ids=["the process fails", "the process does not start", "the code cannot be loaded"],
)
def test_what_cannot_be_made_ready_leaves_all_to_numpy(
    session: Session,
    said: list[str],
    room: EngineRoom,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, Any],
    words: str,
) -> None:
    for name, value in changes.items():
        monkeypatch.setattr(f"mlpsim.session.engine_room.{name}", value)
    room.start()
    qtbot.waitUntil(lambda: said != [], timeout=60_000)
    assert words in said[0]
    assert not room.is_busy
    assert session.engine is None


@pytest.mark.usefixtures("empty_cache")
def test_code_that_is_on_the_disk_is_loaded_without_a_process(
    session: Session,
    said: list[str],
    room: EngineRoom,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine_room, "warm", lambda: None)
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    cache.note_filled()
    room.start()
    assert room.is_loading
    qtbot.waitUntil(lambda: not room.is_busy)
    assert said == []
    assert session.next_engine is COMPILED


@needs_numba
def test_the_job_loads_the_code() -> None:
    from mlpsim.core.compiled.draws import draw
    from mlpsim.core.compiled.kernels import descend, descend_by_batches

    Warm().run(lambda: False)
    for kernel in (descend, descend_by_batches, draw):
        assert len(kernel.signatures) == 1


def test_nothing_is_started_without_numba(
    room: EngineRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_room, "is_installed", lambda: False)
    room.start()
    assert not room.is_busy


@needs_numba
def test_it_can_be_stopped_on_its_way(said: list[str], room: EngineRoom) -> None:
    room.start()
    room.stop()
    assert not room.is_busy
    assert said == []
