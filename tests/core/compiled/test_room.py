"""The kernels' room begins with a line of the cache, and matrices of vectors are turned in it."""

import numpy as np
import pytest

from mlpsim.core.compiled.room import empty, zeros
from tests.core.engines import needs_numba

LINE = 64  # bytes


@pytest.mark.parametrize("shape", [(1,), (3, 264), (7, 5), (0, 8), (300, 1000)])
def test_room_begins_with_a_line_of_the_cache(shape: tuple[int, ...]) -> None:
    for numbers in [empty(*shape) for _ in range(5)] + [zeros(*shape) for _ in range(5)]:
        assert numbers.shape == shape
        assert numbers.flags.c_contiguous
        assert numbers.ctypes.data % LINE == 0 or numbers.size == 0
    assert not zeros(*shape).any()


@needs_numba
def test_a_matrix_of_vectors_is_turned() -> None:
    from mlpsim.core.compiled.across import turn
    from mlpsim.core.compiled.jit import kernel
    from mlpsim.core.compiled.program import ROW, WIDTH

    @kernel
    def turned(rows, row, column, to, first, apart):
        turn(rows, row, column, to, first, apart)

    numbers = np.arange(float(20 * ROW)).reshape(20, ROW)
    room = numbers.copy().reshape(-1)
    turned(room, 2, 16, 12, 5, 11)
    block = numbers[2 : 2 + WIDTH, 16 : 16 + WIDTH]
    start = 12 * ROW + 5
    for i in range(WIDTH):
        np.testing.assert_array_equal(room[start + 11 * i :][:WIDTH], block[:, i])
        room[start + 11 * i :][:WIDTH] = numbers.reshape(-1)[start + 11 * i :][:WIDTH]
    np.testing.assert_array_equal(room, numbers.reshape(-1))
