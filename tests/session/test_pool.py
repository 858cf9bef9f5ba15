"""Processes that run cells: the same results as here, and an end as soon as it is asked for."""

import signal
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import active_children

import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.processors import processors
from mlpsim.core.studies.sweep import Axis, Sweep, run_cell, run_cells
from mlpsim.session import pool

CELLS = Sweep(lecture_experiment(), (Axis("eta", ("0.1", "0.2")),), 2, epochs=3).cells()
LONG = Sweep(lecture_experiment(), (), 1, steps=10**9).cells()


def test_processes_give_what_a_cell_gives() -> None:
    with pool.process_pool(processors()) as executor:
        found = {result.number: result for result in run_cells(CELLS, executor, 2)}
    assert found == {cell.number: run_cell(cell) for cell in CELLS}
    assert active_children() == []


def test_a_process_is_ended_whatever_it_is_at() -> None:
    with pool.process_pool(1) as executor:
        executor.submit(run_cell, CELLS[0]).result()
        under_way = executor.submit(run_cell, LONG[0])
    assert isinstance(under_way.exception(), BrokenProcessPool)
    assert active_children() == []


def test_one_that_is_starting_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "begin", partial(time.sleep, 3600.0))
    with pool.process_pool(2) as executor:
        waiting = executor.submit(run_cell, CELLS[0])
    assert isinstance(waiting.exception(), BrokenProcessPool)
    assert active_children() == []


def test_a_process_leaves_the_interrupt_to_the_first_one() -> None:
    before = signal.getsignal(signal.SIGINT)
    try:
        pool.begin()
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_windows_gets_no_more_processes_than_it_can_wait_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pool.process_pool(62):
        pass
