"""Filming from the window: a film of the run, and nothing but the run as it was afterwards."""

import sys
from collections.abc import Callable
from math import inf
from pathlib import Path
from threading import current_thread, main_thread
from typing import cast

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QProgressDialog
from pytestqt.qtbot import QtBot

import mlpsim.core.run as run_module
from mlpsim.app import filming
from mlpsim.app.stage import settle
from mlpsim.app.window import Window
from mlpsim.core import replaying, rows, training
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.document import go_on
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.run import Run
from mlpsim.core.segment import Segment
from mlpsim.core.training import Checkpoint
from mlpsim.session.surface_job import SurfaceJob
from mlpsim.views.panels.basins import BasinsPanel
from mlpsim.views.panels.seeds import SeedsPanel
from mlpsim.views.panels.sweep import SweepPanel


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


def test_a_film_asks_for_nothing_that_nobody_has_asked_for(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    trained(window, qtbot, 1)
    for name in ("lens", "basins", "seeds", "sweep"):
        panel = window.turn_to(name)
        settle()
        with qtbot.waitSignal(window.context.session.said, timeout=30_000):
            window.filming.film(panel, tmp_path / f"{name}.png")
    cards = window.cards
    assert not window.context.lens.is_on
    assert cast(BasinsPanel, cards["basins"]).mapper.map is None
    assert cast(SeedsPanel, cards["seeds"]).maker.fan is None
    assert cast(SweepPanel, cards["sweep"]).sweeper.sweep is None


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


def test_states_that_are_far_are_replayed_by_a_worker(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "BLOCK", 1024)
    run = Run.from_experiment(lecture_experiment())
    go_on(run, 1501)
    run.thin(thetas=2**14, keyframes=2**20)
    context = window.context
    context.session.open(run, 16)
    monkeypatch.setattr(replaying, "AT_ONCE", 0)
    context.player.seek(43)
    qtbot.waitUntil(lambda: context.session.cursor == 43 and not context.appraiser.is_pending)
    monkeypatch.setattr(filming, "MOST_FRAMES", 3)
    replayed_here = []

    def replay(segment: Segment, key: Checkpoint, k: int) -> Checkpoint:
        replayed_here.append(k)
        return training.replay(segment, key, k)

    monkeypatch.setattr(run_module, "replay", replay)
    path = tmp_path / "loss.png"
    with qtbot.waitSignal(context.session.said, timeout=30_000):
        window.filming.film(window.cards["loss"], path)
    qtbot.waitUntil(lambda: context.session.cursor == 43)
    with Image.open(path) as film:
        assert film.n_frames == 4  # of the steps 0, 501, 1002 and 1501
    assert replayed_here == []


def test_surfaces_of_a_plane_that_moves_are_left_to_the_worker(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = find_preset("xor-symmetry", load_presets()).document(None).experiment
    xor = Run.from_experiment(experiment)
    go_on(xor, 6)
    window.context.session.open(xor, 0)
    landscape = window.context.landscape
    qtbot.waitUntil(lambda: not landscape.is_busy)
    made_here = []

    def run(job: SurfaceJob, cancelled: Callable[[], bool] = lambda: False) -> object:
        made_here.append(current_thread() is main_thread())
        return surface_of(job, cancelled)

    surface_of = SurfaceJob.run
    monkeypatch.setattr(SurfaceJob, "run", run)
    with qtbot.waitSignal(window.context.session.said, timeout=30_000):
        window.filming.film(window.cards["surface"], tmp_path / "a.png")
    assert len(made_here) >= 6
    assert not any(made_here)


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
    box = window.findChild(QMessageBox, "filming box")
    assert box.text() == "a.gif was not saved"
    assert box.informativeText().startswith("It cannot be written: No such file or directory")
    box.close()


def test_a_video_without_ffmpeg_is_refused_in_words(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    trained(window, qtbot, 1)
    window.filming.film(window.cards["loss"], tmp_path / "a.mp4")
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "filming box") is not None)
    box = window.findChild(QMessageBox, "filming box")
    assert box.text() == "a.mp4 was not saved"
    assert box.informativeText().startswith("MP4: there is no ffmpeg on the path.\nInstall it")
    assert not window.filming.is_busy
    assert list(tmp_path.iterdir()) == []
