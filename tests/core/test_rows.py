"""Rows: a table in blocks that heads share and that lets go of memory."""

import tracemalloc

import numpy as np
import pytest

from mlpsim.core.rows import Rows


@pytest.fixture(autouse=True)
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that short tables have several of them."""
    monkeypatch.setattr("mlpsim.core.rows.BLOCK", 1024)


def test_rows_share_full_blocks_with_their_heads() -> None:
    rows = Rows(2)
    rows.append(np.arange(2 * 2500, dtype=np.float64).reshape(-1, 2))
    head = rows.head(1500)
    head.append(np.zeros((3, 2)))
    assert len(head) == 1503
    assert list(rows[1500]) == [3000, 3001]
    assert list(head[1499]) == [2998, 2999]
    assert rows.every_other()[1000][0] == 4000
    assert rows.slice(1020, 1030)[:, 0].tolist() == list(range(2040, 2060, 2))
    assert len(rows.slice(9000, 9001)) == 0
    with pytest.raises(IndexError, match="row 2500 of 2500"):
        rows[2500]


def test_a_table_is_halved_without_a_copy_and_lets_go_of_memory_as_it_grows() -> None:
    rows, numbers = Rows(2), np.arange(600_000.0).reshape(-1, 2)
    tracemalloc.start()
    rows.append(numbers[:200_000])
    full = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    rows = rows.every_other()
    assert tracemalloc.get_traced_memory()[1] - full < full // 10
    for first in range(200_000, 300_000, 1_000):
        rows.append(numbers[first : first + 1_000][::2])
    assert tracemalloc.get_traced_memory()[0] < 0.8 * full
    assert np.array_equal(rows.slice(0, len(rows)), numbers[:300_000:2])
    rows = rows.every_other().every_other()
    rows.settle()
    assert tracemalloc.get_traced_memory()[0] < full // 4
    tracemalloc.stop()
    assert np.array_equal(rows.slice(0, len(rows)), numbers[:300_000:8])
    assert [list(rows.head(30_000)[i]) for i in (0, 29_999)] == [[0, 1], [479_984, 479_985]]


@pytest.mark.parametrize("every", [1, 7, 1023, 5000])
def test_every_so_many_rows_are_read_across_blocks(every: int) -> None:
    table, rows = Rows(3), np.arange(15_000.0).reshape(-1, 3)
    table.append(rows)
    assert len(rows) > 4 * table.block
    assert np.array_equal(table.slice(100, 4_900, every), rows[100:4_900:every])
    assert np.array_equal(table.slice(4_000, 9_999, every), rows[4_000::every])
    assert table.slice(200, 200, every).shape == (0, 3)
    places = np.array([4_999, 0, 4_096, 7, 7])
    assert np.array_equal(table.take(places), rows[places])
