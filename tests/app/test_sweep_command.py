"""``mlpsim sweep``: in processes, after a kill, and on a real Dask cluster that loses a worker."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from mlpsim.app import cli
from mlpsim.core.studies.sweep_axes import KINDS
from mlpsim.session import pool
from tests.recorded import GOLDEN

WORDS = ["sweep", "lecture-gd-sgd-minibatch", "--grid", "eta=0.1,0.01", "--grid", "batch=1,full"]
LONG = ["sweep", "spiral", "--grid", "eta=0.01,0.02", "--seeds", "8", "--steps", "500"]
PATIENCE_SECONDS = 60.0


def mlpsim(*words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "mlpsim", *map(str, words)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def finish(*words: object) -> None:
    child = mlpsim(*words)
    _, error = child.communicate(timeout=PATIENCE_SECONDS)
    assert child.returncode == 0, error


def lines(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0


def wait_for(path: Path, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while lines(path) < count:
        assert time.monotonic() < deadline, f"{path} has {lines(path)} of {count} lines"
        time.sleep(0.02)


def test_a_grid_is_run_and_not_run_again(tmp_path, capsys) -> None:
    out = tmp_path / "r.csv"
    words = [*WORDS, "--seeds", "2", "--epochs", "5", "--out", str(out)]
    assert cli.main(words) == 0
    first = out.read_bytes()
    assert lines(out) == 9
    assert "8 of 8 cells" in capsys.readouterr().err
    assert cli.main(words) == 0
    assert out.read_bytes() == first
    assert "8 of 8 cells were done before" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variant", "axis", "told"),
    [
        ("adam-ball", "eta=0.1,0.2", "the start lies outside C, so state 0 is its projection."),
        ("adam-ball", "start=zeros,he-normal", "the start of 1 of 2 cells lies outside C"),
        ("gd-ball", "eta=0.1,0.2", ""),
    ],
)
def test_starts_that_are_projected_are_told_of(tmp_path, capsys, variant, axis, told) -> None:
    path = str(GOLDEN / "s03-lecture-projection.json")
    words = ["--grid", axis, "--steps", "1", "--workers", "1", "--out", str(tmp_path / "r.csv")]
    assert cli.main(["sweep", path, "--variant", variant, *words]) == 0
    said = capsys.readouterr().err
    assert told in said
    assert said.count("outside C") == bool(told)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    """The file of a sweep that nothing has disturbed."""
    out = tmp_path_factory.mktemp("sweep") / "whole.csv"
    finish(*LONG, "--out", out)
    return out.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="kills by a signal")
def test_a_killed_sweep_goes_on_where_it_was(tmp_path, whole) -> None:
    killed = tmp_path / "killed.csv"
    child = mlpsim(*LONG, "--out", killed)
    wait_for(killed, 4)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    before = lines(killed)
    assert 4 <= before < 17
    finish(*LONG, "--out", killed)
    assert killed.read_bytes() == whole


@pytest.mark.skipif(os.name != "posix", reason="interrupts by a signal")
def test_an_interrupted_sweep_ends_soon_and_keeps_its_results(tmp_path) -> None:
    out = tmp_path / "r.csv"
    child = mlpsim(*LONG[:-1], "200000", "--out", out)
    wait_for(out, 1)
    child.send_signal(signal.SIGINT)
    _, error = child.communicate(timeout=PATIENCE_SECONDS)
    assert child.returncode == 130
    assert "Traceback" not in error


@contextmanager
def cluster(tmp_path: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler with workers, and their processes in this order."""
    address = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    module = [sys.executable, "-m"]
    common = ["--scheduler-file", str(address), "--no-dashboard"]
    place = ["--host", "127.0.0.1"]
    started = [
        subprocess.Popen(
            [*module, "distributed.cli.dask_scheduler", *place, "--port", "0", *common], **quiet
        )
    ]
    try:
        wait_for(address, 1)
        for _ in range(workers):
            local = ["--no-nanny", "--nthreads", "1", "--local-directory", str(tmp_path)]
            started.append(
                subprocess.Popen(
                    [*module, "distributed.cli.dask_worker", *place, *common, *local], **quiet
                )
            )
        url = address.read_text().split('"address": "')[1].split('"')[0]
        yield url, started
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait()


def test_a_cluster_that_loses_a_worker_gives_the_same_file(tmp_path, whole) -> None:
    pytest.importorskip("distributed", reason="distributed is not installed: mlpsim[dask]")
    there = tmp_path / "there.csv"
    with cluster(tmp_path, 2) as (url, processes):
        sweep = mlpsim(*LONG, "--dask", url, "--out", there)
        wait_for(there, 6)
        processes[-1].kill()
        _, error = sweep.communicate(timeout=PATIENCE_SECONDS)
    assert sweep.returncode == 0, error
    assert there.read_bytes() == whole


def test_a_scheduler_that_dies_is_said_with_what_to_do(tmp_path) -> None:
    pytest.importorskip("distributed", reason="distributed is not installed: mlpsim[dask]")
    there = tmp_path / "there.csv"
    with cluster(tmp_path, 1) as (url, processes):
        sweep = mlpsim(*LONG[:-1], "10000", "--dask", url, "--out", there)
        wait_for(there, 2)
        processes[0].kill()
        _, error = sweep.communicate(timeout=PATIENCE_SECONDS)
    assert sweep.returncode == 2, error
    assert f"the scheduler at {url} answers no longer.\nWhat has ended is kept" in error
    assert "made a mistake" not in error


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--grid", "eta"), "'eta' is not AXIS=VALUE,VALUE…, such as eta=0.1,0.01"),
        (("--grid", "rate=1"), "unknown axis 'rate'"),
        (("--grid", "eta=1", "--seeds", "0"), "'0' is not a whole number from 1 to"),
        (("--grid", "batch=9,1"), "batch = 9: there are 4 samples, and 'full' takes all"),
        (("--grid", "eta=fast"), "eta = fast: 'fast' is not a finite number"),
        (("--grid", "eta=1", "--grid", "eta=2"), "an axis is named twice"),
        (("--grid", "eta=1", "--epochs", "1", "--steps", "1"), "not allowed with"),
    ],
)
def test_what_is_no_grid_is_refused(tmp_path, capsys, words, message) -> None:
    out = tmp_path / "r.csv"
    assert cli.main(["sweep", "ravine", *words, "--out", str(out)]) == 2
    assert message in capsys.readouterr().err
    assert not out.exists()


def test_the_help_names_every_axis(capsys) -> None:
    with pytest.raises(SystemExit):
        cli.main(["sweep", "--help"])
    told = capsys.readouterr().out.partition("--grid AXIS=VALUE,VALUE…\n")[2].partition("--")[0]
    assert {kind.name for kind in KINDS} <= set(re.findall(r"\w+", told))


def test_a_file_of_another_kind_is_kept(tmp_path, capsys) -> None:
    out = tmp_path / "r.csv"
    out.write_text("mine\n")
    assert cli.main([*WORDS, "--out", str(out)]) == 2
    assert "It holds no results of a sweep" in capsys.readouterr().err
    assert out.read_text() == "mine\n"


def test_a_cluster_that_is_not_there_is_said(tmp_path) -> None:
    pytest.importorskip("distributed", reason="distributed is not installed: mlpsim[dask]")
    child = mlpsim(*WORDS, "--dask", "tcp://127.0.0.1:1", "--out", tmp_path / "r.csv")
    _, error = child.communicate(timeout=PATIENCE_SECONDS)
    assert child.returncode == 2
    assert "no scheduler answers at tcp://127.0.0.1:1" in error


def test_without_dask_nothing_is_written(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)  # as if it were not installed
    out = tmp_path / "r.csv"
    assert cli.main([*WORDS, "--dask", "tcp://127.0.0.1:1", "--out", str(out)]) == 2
    assert "pip install distributed" in capsys.readouterr().err
    assert not out.exists()


def test_a_process_that_dies_is_said_with_what_to_do(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(pool, "begin", partial(os._exit, 1))
    assert cli.main([*WORDS, "--workers", "1", "--out", str(tmp_path / "r.csv")]) == 2
    told = capsys.readouterr().err
    assert "A process that ran a cell has died" in told
    assert "sweep again with the same file" in told
