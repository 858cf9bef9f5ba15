"""Processes that run cells: the same results as here, and an end as soon as it is asked for."""

import signal
from collections.abc import Iterator
from multiprocessing import get_context

import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.processors import processors
from mlpsim.core.studies.sweep import Axis, Sweep, run_cell, run_cells
from mlpsim.session import pool

CELLS = Sweep(lecture_experiment(), (Axis("eta", ("0.1", "0.2")),), 2, epochs=3).cells()


@pytest.fixture
def here(monkeypatch) -> Iterator[None]:
    """Lets this process be set up like one of the pool, and sets it back."""
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(pool, "_stop", None)
    yield
    signal.signal(signal.SIGINT, before)


def test_processes_give_what_a_cell_gives() -> None:
    with pool.process_pool(processors()) as executor:
        found = {result.number: result for result in run_cells(CELLS, executor, 2, work=pool.work)}
    assert found == {cell.number: run_cell(cell) for cell in CELLS}


def test_a_process_goes_on_until_it_is_told_to_stop(here) -> None:
    stop = get_context("spawn").Event()
    pool._begin(stop)
    assert pool.work(CELLS[0]) == run_cell(CELLS[0])
    stop.set()
    assert pool.work(CELLS[0]).curve == ((0, 1.0),)
    assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
