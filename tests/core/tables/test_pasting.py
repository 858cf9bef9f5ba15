"""Pasting into the data: what is overwritten, appended, replaced, and refused."""

import numpy as np
import pytest

from mlpsim.core.experiment import lecture_data
from mlpsim.core.tables.pasting import pasted
from mlpsim.core.tables.tabular import TableError


def cells(data):
    return np.hstack([data.x, data.y]).tolist()


LECTURE = [[-3, -3, 1], [-2, -2, 1], [4, 4, 0], [2, -5, 0]]


def test_without_a_place_the_data_is_replaced():
    data = pasted(lecture_data(), "x1\tx2\ty\n1,5\t2\t0\n3\t4\t1\n", None)
    assert cells(data) == [[1.5, 2, 0], [3, 4, 1]]
    with pytest.raises(TableError, match="row 1: it has 2 columns, expected 3"):
        pasted(lecture_data(), "1\t2", None)


def test_at_a_place_cells_are_overwritten():
    data = pasted(lecture_data(), "7\t8\n9\t10\n", (1, 1))
    assert cells(data) == [LECTURE[0], [-2, 7, 8], [4, 9, 10], LECTURE[3]]


def test_whole_rows_extend_the_data_at_its_end():
    data = pasted(lecture_data(), "7\t8\t1\n9\t10\t1\n", (3, 0))
    assert cells(data) == [*LECTURE[:3], [7, 8, 1], [9, 10, 1]]


@pytest.mark.parametrize(
    ("text", "at", "reason"),
    [
        ("1\t2\t3", (0, 1), "it has 3 columns, but from the selected cell on there are 2"),
        ("1\t2\n3\t4", (3, 0), "it has 2 rows, but from the selected cell on there are 1"),
        ("1", (0, 3), "predictions and errors are computed"),
        ("1\t2\n3\tx", (0, 0), "row 2, column 2: “x” is not a number"),
        ("1,5\n2,5", (0, 0), "“1,5” could be one number or two"),
    ],
)
def test_what_does_not_fit_is_refused_whole(text, at, reason):
    data = lecture_data()
    with pytest.raises(TableError, match=reason):
        pasted(data, text, at)
    assert cells(data) == LECTURE


def test_a_decimal_comma_in_one_cell_is_one_number():
    assert cells(pasted(lecture_data(), "0,5", (0, 0)))[0] == [0.5, -3, 1]
    column = pasted(lecture_data(), "0,5\n0,25", (0, 2))
    assert [row[2] for row in cells(column)] == [0.5, 0.25, 0, 0]
