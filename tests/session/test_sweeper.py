"""The sweeper: cells run here and in processes, cancelled, resumed, and kept in a file."""

import os
from dataclasses import replace
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mlpsim.app import cli
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.studies.sweep import Axis, Sweep, run_cell
from mlpsim.session import pool
from mlpsim.session.session import Session
from mlpsim.session.sweeper import IN_PROCESSES, STARTING, Sweeper, SweepJob

LECTURE = lecture_experiment()
ETA, BATCH = Axis("eta", ("0.1", "0.01")), Axis("batch", ("1", "full"))
SWEEP = Sweep(LECTURE, (ETA, BATCH), seeds=2, epochs=5)
LONG = Sweep(LECTURE, (ETA, BATCH), steps=1_000_000)


@pytest.fixture
def sweeper(session: Session) -> Sweeper:
    return Sweeper(session, session)


def ended(qtbot: QtBot, sweeper: Sweeper) -> None:
    qtbot.waitUntil(lambda: sweeper.errand.share is None, timeout=30_000)


def oracle(sweep: Sweep) -> dict[int, object]:
    return {cell.number: run_cell(cell) for cell in sweep.cells()}


def test_every_cell_comes_to_what_its_run_comes_to(qtbot: QtBot, sweeper: Sweeper) -> None:
    assert sweeper.missing == ()
    sweeper.run(SWEEP)
    ended(qtbot, sweeper)
    assert sweeper.results == oracle(SWEEP)
    assert (sweeper.missing, sweeper.failure, sweeper.is_starting) == ((), "", False)


def test_a_small_sweep_needs_no_processes(qapp: object) -> None:
    job = SweepJob(SWEEP.cells(), seconds_here=60.0)
    job.run(lambda: False)
    assert (job.progress.share, job.progress.part) == (1.0, None)
    assert {result.number: result for result in job.found} == oracle(SWEEP)


def test_what_takes_longer_goes_on_in_processes_that_end(qapp: object) -> None:
    job = SweepJob(SWEEP.cells(), seconds_here=0.0)
    assert job.run(lambda: job.progress.part == STARTING) is None
    assert job.found == []
    job.run(lambda: False)
    assert job.progress.part == IN_PROCESSES
    assert job.progress.share == 1.0
    assert {result.number: result for result in job.found} == oracle(SWEEP)
    assert active_children() == []


def test_a_process_that_dies_is_told_in_words(
    qtbot: QtBot, sweeper: Sweeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "begin", partial(os._exit, 1))
    sweeper.run(LONG)
    ended(qtbot, sweeper)
    assert sweeper.errand.failure.startswith("A process that ran a cell has died, perhaps")
    assert "Error" not in sweeper.errand.failure


def test_what_is_cut_short_here_is_no_result(qapp: object) -> None:
    job = SweepJob(LONG.cells())
    asked = iter(range(1000))
    job.run(lambda: next(asked, 1000) >= 1000)
    assert job.found == []


def test_a_sweep_that_was_cancelled_goes_on_with_what_is_missing(
    qtbot: QtBot, sweeper: Sweeper
) -> None:
    grid = replace(SWEEP, axes=(ETA, Axis("batch", ("full", "1"))), seeds=1, steps=3_000)
    sweeper.run(grid)
    qtbot.waitUntil(lambda: len(sweeper.results) > 0, timeout=30_000)
    sweeper.cancel()
    assert sweeper.errand.share is None
    before = dict(sweeper.results)
    assert {cell.number for cell in sweeper.missing} == set(range(4)) - set(before)
    sweeper.run(grid)
    ended(qtbot, sweeper)
    assert sweeper.results == oracle(grid)
    assert all(sweeper.results[number] is result for number, result in before.items())


def test_the_window_leaves_no_process_behind(qtbot: QtBot) -> None:
    session = Session()
    sweeper = Sweeper(session, session)
    sweeper.run(LONG)
    qtbot.waitUntil(lambda: sweeper.is_starting, timeout=30_000)
    session.end()
    assert active_children() == []


def test_cells_of_an_earlier_grid_are_not_run_again(qtbot: QtBot, sweeper: Sweeper) -> None:
    sweeper.complete(SWEEP)
    before = list(sweeper.results.values())
    wider = replace(SWEEP, axes=(Axis("eta", ("1", "0.1", "0.01")), BATCH))
    sweeper.run(wider)
    assert len(sweeper.results) == 8
    assert [cell.values[0] for cell in sweeper.missing] == ["1"] * 4
    ended(qtbot, sweeper)
    assert sweeper.results == oracle(wider)
    assert sweeper.results[4].curve is before[0].curve
    # The same cells over the experiment of one of them are the same sweep.
    over = replace(wider, base=wider.cells()[3].experiment)
    sweeper.run(replace(over, base=replace(over.base, sampling=LECTURE.sampling)))
    assert sweeper.sweep is wider
    assert sweeper.errand.share is None


def test_a_bad_value_changes_nothing(sweeper: Sweeper) -> None:
    sweeper.complete(SWEEP)
    with pytest.raises(ValueError, match="eta = fast"):
        sweeper.run(replace(SWEEP, axes=(Axis("eta", ("fast",)),)))
    assert sweeper.sweep is SWEEP
    assert len(sweeper.results) == 8


def command(out: Path) -> bytes:
    words = ["sweep", "lecture-gd-sgd-minibatch", "--grid", "eta=0.1,0.01", "--grid"]
    assert (
        cli.main([*words, "batch=1,full", "--seeds", "2", "--epochs", "5", "--out", str(out)]) == 0
    )
    return out.read_bytes()


def test_the_file_is_that_of_the_command(tmp_path, sweeper: Sweeper) -> None:
    sweeper.complete(SWEEP)
    sweeper.save(tmp_path / "window.csv")
    assert sweeper.path == tmp_path / "window.csv"
    assert (tmp_path / "window.csv").read_bytes() == command(tmp_path / "command.csv")


def test_results_are_kept_as_they_end(tmp_path, qtbot: QtBot, sweeper: Sweeper) -> None:
    path = tmp_path / "r.csv"
    whole = command(tmp_path / "command.csv")
    lines = whole.splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], lines[6], lines[2], lines[4][:-9]]))
    sweeper.open(path, [SWEEP])
    assert sorted(sweeper.results) == [1, 5]
    assert sweeper.results[5].curve == ()
    sweeper.run(SWEEP)
    ended(qtbot, sweeper)
    assert path.read_bytes() == whole


def test_results_of_a_file_are_joined_by_those_that_are_there(tmp_path, sweeper: Sweeper) -> None:
    path = tmp_path / "r.csv"
    whole = command(path)
    path.write_bytes(b"".join(whole.splitlines(keepends=True)[:4]))
    sweeper.complete(SWEEP)
    sweeper.open(path, [])
    assert sweeper.results == oracle(SWEEP)
    assert path.read_bytes() == whole


def test_a_file_that_cannot_be_opened_leaves_what_is_there(tmp_path, sweeper: Sweeper) -> None:
    sweeper.complete(SWEEP)
    with pytest.raises(DocumentError):
        sweeper.open(tmp_path / "none.csv", [])
    assert len(sweeper.results) == 8


def test_a_file_that_is_lost_is_said_and_the_results_stay(
    tmp_path, qtbot: QtBot, sweeper: Sweeper
) -> None:
    path = tmp_path / "r.csv"
    sweeper.complete(replace(SWEEP, axes=(ETA, BATCH), seeds=1))
    sweeper.open(command_part(path), [SWEEP])
    path.unlink()
    path.mkdir()
    sweeper.run(SWEEP)
    ended(qtbot, sweeper)
    assert "It cannot be written: Is a directory" in sweeper.failure
    assert sweeper.path is None
    assert len(sweeper.results) == 8


def command_part(path: Path) -> Path:
    whole = command(path)
    path.write_bytes(b"".join(whole.splitlines(keepends=True)[:3]))
    return path
