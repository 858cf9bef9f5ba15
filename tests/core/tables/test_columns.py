"""The choice of columns: inputs, targets, classes and gaps, refused with row and column."""

import numpy as np
import pytest

from mlpsim.core.features import Feature
from mlpsim.core.tables.columns import (
    Choice,
    chosen_data,
    looks_like_classes,
    rows_with_gaps,
    suggested,
)
from mlpsim.core.tables.csv_table import read_csv
from mlpsim.core.tables.tabular import TableError

TABLE = read_csv("length,colour,width,kind\n1,red,2,cat\n3,blue,?,dog\n5,red,6,bird\n7,red,8,cat\n")


def test_inputs_and_targets_are_the_columns_that_are_chosen():
    data = chosen_data(read_csv("a,b,c,d\n1,2,3,4\n5,6,7,8\n"), Choice((3, 0), (1, 2)))
    assert data.x.tolist() == [[4, 1], [8, 5]]
    assert data.y.tolist() == [[2, 3], [6, 7]]
    assert data.features == (Feature("d"), Feature("a"))
    assert data.labels == ("b", "c")


def test_three_labels_become_one_hot_in_the_order_of_the_alphabet():
    data = chosen_data(TABLE, Choice((0,), (3,), as_classes=True))
    assert data.labels == ("bird", "cat", "dog")
    assert data.y.tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_two_labels_become_one_column_of_0_and_1():
    data = chosen_data(TABLE, Choice((0,), (1,), as_classes=True))
    assert data.labels == ("blue", "red")
    assert data.y.tolist() == [[1], [0], [1], [1]]


def test_numbers_and_words_may_both_be_labels():
    data = chosen_data(read_csv("1,10\n2,2\n3,other\n"), Choice((0,), (1,), as_classes=True))
    assert data.labels == ("2", "10", "other")
    assert data.y.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]


def test_a_gap_is_refused_by_row_and_column_or_its_row_is_left_out():
    choice = Choice((0, 2), (3,), as_classes=True)
    assert rows_with_gaps(TABLE, choice).tolist() == [1]
    with pytest.raises(TableError) as refused:
        chosen_data(TABLE, choice)
    assert str(refused.value).startswith("row 3, column 3: ")
    assert "1 row has missing cells (column “width”)" in str(refused.value)
    data = chosen_data(TABLE, Choice((0, 2), (3,), True, drop_missing=True))
    assert data.x.tolist() == [[1, 2], [5, 6], [7, 8]]
    # The dog went with its row, and two labels are left.
    assert data.labels == ("bird", "cat")
    assert data.y.tolist() == [[1], [0], [1]]


def test_a_table_of_one_column_is_told_what_may_stand_between_cells():
    table = read_csv("a^b\n1^2\n3^4\n")
    with pytest.raises(TableError, match="one column only: cells stand between"):
        chosen_data(table, suggested(table))


def test_a_label_stands_in_one_line():
    data = chosen_data(read_csv('1,"a\nb"\n2,c\n'), Choice((0,), (1,), as_classes=True))
    assert data.labels == ("a b", "c")


def test_gaps_in_a_column_that_is_not_chosen_do_not_matter():
    assert len(chosen_data(TABLE, Choice((0,), (1,), True))) == 4


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice((), (3,)), "no input is chosen"),
        (Choice((0,), ()), "no target is chosen"),
        (Choice((0, 1), (3,), True), "row 2, column 2: “red” is not a number"),
        (Choice((0,), (3,)), "row 2, column 4: “cat” is not a number"),
        (Choice((0,), (1, 3), True), "choose a single target"),
    ],
)
def test_a_choice_that_makes_no_data_says_why(choice, said):
    with pytest.raises(TableError) as refused:
        chosen_data(TABLE, choice)
    assert said in str(refused.value)


def test_too_many_columns_labels_and_gaps_are_refused():
    wide = read_csv(",".join("1" * 70) + "\n")
    with pytest.raises(TableError, match="65 inputs are chosen; at most 64"):
        chosen_data(wide, Choice(tuple(range(65)), (69,)))
    many = read_csv("".join(f"{i},name {i}\n" for i in range(11)))
    with pytest.raises(TableError, match="11 different labels; 2 to 10"):
        chosen_data(many, Choice((0,), (1,), True))
    with pytest.raises(TableError, match="'column 2' has only one label; 2 to 10 classes"):
        chosen_data(read_csv("1,red\n2,red\n"), Choice((0,), (1,), True))
    gone = read_csv("1,?\n?,2\n3,NA\n")
    with pytest.raises(TableError, match="3 rows have missing cells"):
        chosen_data(gone, Choice((0,), (1,)))
    with pytest.raises(TableError, match="every row has a missing cell"):
        chosen_data(gone, Choice((0,), (1,), drop_missing=True))


def test_long_names_and_words_are_cut():
    long = "n" * 90
    table = read_csv(f"{long},kind\n1,{long}\n2,b\n")
    data = chosen_data(table, Choice((0,), (1,), True))
    assert data.features[0].name == "n" * 59 + "…"
    assert data.labels == ("b", "n" * 59 + "…")
    with pytest.raises(TableError, match=r"“n{23}…” is not a number"):
        chosen_data(table, Choice((0,), (1,)))


def test_the_last_column_is_the_target_to_begin_with():
    assert suggested(TABLE) == Choice((0, 2), (3,), True)
    numbers = read_csv("a,b,c\n1.5,2,3.5\n4,5,6\n")
    assert suggested(numbers) == Choice((0, 1), (2,), False)
    # Data with one input and two targets are taken as they were written.
    assert suggested(numbers, 1, 2) == Choice((0,), (1, 2), False)
    assert suggested(numbers, 2, 2) == Choice((0, 1), (2,), False)


def test_a_column_of_too_many_labels_is_no_target_to_begin_with():
    rows = [f"{i},{'abc'[i % 3]},note {i},always" for i in range(12)]
    table = read_csv("\n".join(["length,kind,notes,unit", *rows]))
    choice = suggested(table)
    assert choice == Choice((0,), (1,), True)
    assert chosen_data(table, choice).labels == ("a", "b", "c")
    # Where no column can be the target, the last one is, and it is said why not.
    assert suggested(read_csv("a,b\nx,y\nx,y\n")).targets == (1,)


def test_columns_that_hold_nothing_are_not_taken_to_begin_with():
    table = read_csv("a,gap,b,y,\n1,,2,0,\n3,?,4,1,\n")
    choice = suggested(table)
    assert choice == Choice((0, 2), (3,), False)
    assert len(chosen_data(table, choice)) == 2
    assert suggested(read_csv("a,b\n?,?\n")) == Choice((), (1,), True)


def test_few_whole_numbers_that_come_often_look_like_classes():
    def column(cells):
        return read_csv("\n".join(cells)).columns[0]

    assert looks_like_classes(column(["a", "b"]))
    assert looks_like_classes(column(["0", "1", "2"] * 5))
    assert not looks_like_classes(column(["0", "1", "2"] * 4))
    assert not looks_like_classes(column(["0.5", "1", "2"] * 9))
    assert not looks_like_classes(column([str(i) for i in range(11)] * 9))
    assert looks_like_classes(column(["0", "1", "?"] * 5))


def test_the_columns_of_a_wide_file_that_fit_are_taken():
    wide = read_csv(",".join("1" * 70) + "\n")
    assert len(suggested(wide).inputs) == 64
    assert np.array_equal(chosen_data(wide, suggested(wide)).x, np.ones((1, 64)))
