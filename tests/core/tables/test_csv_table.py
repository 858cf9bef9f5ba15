"""CSV files of any columns: numbers, words and gaps, their places, progress and cancelling."""

import csv
from io import StringIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpsim.core.tables import csv_table
from mlpsim.core.tables.csv_table import read_csv
from mlpsim.core.tables.tabular import TableError


def columns(text):
    return [(c.name, c.values.tolist(), c.codes.tolist(), c.words) for c in read_csv(text).columns]


def test_numbers_words_and_gaps_are_told_apart():
    text = "a,kind,b\n1,red,2\n-3.5e2,blue,?\n,red,7\n"
    table = read_csv(text)
    a, kind, b = table.columns
    assert (a.name, kind.name, b.name) == ("a", "kind", "b")
    assert np.array_equal(a.values, [1.0, -350.0, np.nan], equal_nan=True)
    assert a.is_missing.tolist() == [False, False, True]
    assert kind.codes.tolist() == [0, 1, 0]
    assert kind.words == ("red", "blue")
    assert kind.labels == ("blue", "red")
    assert kind.is_word.all()
    assert (a.n_missing, kind.n_missing, b.n_missing) == (1, 0, 1)
    assert table.rows.tolist() == [2, 3, 4]
    assert len(table) == 3


@pytest.mark.parametrize("gap", ["", "  ", "?", "NA", "n/a", "NaN", "null", "None"])
def test_every_usual_way_to_write_a_gap_is_one(gap):
    column = read_csv(f"1;{gap}\n2;5\n").columns[1]
    assert column.is_missing.tolist() == [True, False]
    assert not column.words
    assert column.values[1] == 5.0


def test_decimal_commas_and_minus_signs_are_read_where_they_do_not_separate():
    assert columns("x;y\n1,5;−2\n0,25;3\n") == [
        ("x", [1.5, 0.25], [-1, -1], ()),
        ("y", [-2.0, 3.0], [-1, -1], ()),
    ]
    assert columns('"1,5","2"\n"0,5","3"\n')[0][1] == [1.5, 0.5]


@pytest.mark.parametrize("cell", ["1_000", "inf", "-Infinity", "1e400", "1e-400", "٣", "abc"])
def test_what_is_no_number_of_a_table_is_a_word(cell):
    column = read_csv(f"1\t{cell}\n2\t4\n").columns[1]
    assert column.words == (cell,)
    assert column.values[1] == 4.0
    assert column.labels == ("4", cell)


def test_small_numbers_and_zeros_stay_what_they_are():
    assert columns("0;1e-300\n0.000;-0.0\n")[0][1] == [0.0, 0.0]
    assert columns("0;1e-300\n0.000;-0.0\n")[1][1] == [1e-300, 0.0]


@pytest.mark.parametrize(
    "text",
    [
        "a|b c|d\n1|2|3\n4|5|6\n",
        "a b_c d\n1 2 3\n4 5 6\n",
        "  a   b  d\n  1   2  3\n 4  5  6\n",
        "a,b; c,d\n1,2,3\n4,5,6\n",
        'sep=;\na;"b, c";d\n1;2;3\n4;5;6\n',
        "sep=|\r\na|b|d\r\n1|2|3\r\n4|5|6\r\n",
        "SEP=,;;\na,b,d\n1,2,3\n4,5,6\n",
    ],
)
def test_what_stands_between_cells_is_found_out(text):
    found = columns(text)
    assert [name[0] for name, *_ in found] == ["a", "b", "d"]
    assert [values for _, values, *_ in found] == [[1, 4], [2, 5], [3, 6]]


def test_a_line_that_names_the_separator_is_counted():
    assert read_csv("sep=;\na;b\n1;2\n").rows.tolist() == [3]
    assert [c.name for c in read_csv("sep=a;b\n1;2\n").columns] == ["sep=a", "b"]


def test_a_name_stands_in_one_line():
    assert read_csv('"net\n weight",b\n1,2\n').columns[0].name == "net weight"


def test_without_a_header_the_columns_are_counted():
    table = read_csv("1,x\n2,y\n")
    assert [c.name for c in table.columns] == ["column 1", "column 2"]
    assert table.rows.tolist() == [1, 2]
    assert read_csv("a,\n1,2\n").columns[1].name == "column 2"


def test_blank_rows_are_skipped_and_counted():
    assert read_csv("a,b\n\n1,2\n   \n3,4\n\n").rows.tolist() == [3, 5]


@pytest.mark.parametrize(
    ("text", "n_comments", "row"),
    [
        ("# made today, by hand\na,b\n1,2\n", 1, 3),
        ("#\r\n\r\n# one; two; three\r\na,b\r\n1,2\r\n", 2, 5),
        ("#1\r#2\ra,b\r1,2\r", 2, 4),
        ("sep=,\n# a;b\na,b\n1,2\n", 1, 4),
        ("\ufeff# first\n  \na,b\n1,2\n", 1, 4),
    ],
)
def test_lines_before_the_table_that_begin_with_a_number_sign_are_skipped_and_counted(
    text, n_comments, row
):
    table = read_csv(text)
    assert [column.name for column in table.columns] == ["a", "b"]
    assert [column.values.tolist() for column in table.columns] == [[1.0], [2.0]]
    assert (table.n_comments, table.rows.tolist()) == (n_comments, [row])


def test_a_number_sign_further_down_or_on_every_line_belongs_to_the_table():
    table = read_csv("colour,x\n#f00,1\n#0f0,2\n")
    assert table.columns[0].words == ("#f00", "#0f0")
    assert table.n_comments == 0
    assert read_csv("#f00,1\n#0f0,2\n").columns[0].words == ("#f00", "#0f0")
    with pytest.raises(TableError, match="row 4: it has 1 column, expected 2"):
        read_csv("# top\na,b\n1,2\n# between\n3,4\n")


def test_many_comments_are_looked_through_once():
    assert read_csv("#\r\n" * 10_000 + "1\r\n").n_comments == 10_000
    assert len(read_csv("#\r\n" * 10_000)) == 10_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there are no rows of data"),
        ("a,b\n", "there are no rows of data"),
        ("a,b\n1,2\n3\n", "row 3: it has 1 column, expected 2"),
        ('a,b\n1,2\n3,"4\n', "row 3: the quotes do not match"),
        ("a,b\n1," + "x" * 200_000, "row 2: a cell has more than 131072 signs"),
        (",".join("1" * 1001), "at most 1000 are read"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(text, said):
    with pytest.raises(TableError) as refused:
        read_csv(text)
    assert said in str(refused.value)


def test_more_samples_than_a_dataset_has_are_refused(monkeypatch):
    monkeypatch.setattr(csv_table, "MAX_SAMPLES", 3)
    assert len(read_csv("1\n2\n3\n")) == 3
    with pytest.raises(TableError, match="more than 3 rows"):
        read_csv("1\n2\n3\n4\n")


@given(
    st.lists(
        st.tuples(
            st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False),
            st.sampled_from(["red", "light blue", 'a "quoted" one', "with, comma", "µ"]),
        ),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from([",", ";", "\t"]),
)
def test_what_was_written_is_read_back(rows, delimiter):
    sheet = StringIO()
    csv.writer(sheet, delimiter=delimiter).writerows([("size", "colour"), *rows])
    size, colour = read_csv(sheet.getvalue()).columns
    assert size.values.tolist() == [value for value, _ in rows]
    assert [colour.words[code] for code in colour.codes] == [word for _, word in rows]


def test_progress_is_told_and_a_long_file_can_be_cancelled():
    text = "a,b\r\n" + "1,2\r\n" * (3 * csv_table.CHUNK)
    shares = []
    table = read_csv(text, shares.append)
    assert len(table) == 3 * csv_table.CHUNK
    assert shares == sorted(shares)
    assert len(shares) >= 3
    assert shares[0] < 1e-3
    assert shares[-1] == pytest.approx(1.0, abs=1e-3)
    asked = []
    assert read_csv(text, cancelled=lambda: asked.append(1) or len(asked) == 2) is None
    assert len(asked) == 2


def test_words_in_a_later_chunk_are_found_too():
    text = "1\n" * (2 * csv_table.CHUNK) + "high\n2\nhigh\n"
    column = read_csv(text).columns[0]
    assert column.words == ("high",)
    assert column.codes[-3:].tolist() == [0, -1, 0]
    assert column.values[2 * csv_table.CHUNK + 1] == 2.0
