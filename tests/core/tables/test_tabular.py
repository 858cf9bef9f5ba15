"""Tables from text: separators, decimal commas, headers, quotes, and errors with their place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpsim.core.dataset import MAX_SAMPLES
from mlpsim.core.tables.tabular import (
    MAX_BYTES,
    TableError,
    dataset_of,
    decode,
    is_ambiguous,
    parse_number,
    parse_table,
    to_text,
)

EXPECTED = [[-3.0, 1.5, 1.0], [2.0, -0.25, 0.0]]


@pytest.mark.parametrize(
    "text",
    [
        "-3\t1.5\t1\n2\t-0.25\t0\n",
        "-3\t1,5\t1\r\n2\t-0,25\t0\r\n",
        "-3;1,5;1\n2;-0,25;0",
        "-3;1.5;1\n2;-.25;0\n\n",
        "-3,1.5,1\n2,-0.25,0\n",
        "-3, 1.5 , 1\n\n 2, -2.5e-1, +0\n",
        '"-3","1,5","1"\n"2","-0,25","0"\n',
        '"-3";"1,5";1\n2;"-0,25";0\n',
        "\ufeff-3\t1,5\t1\n2\t−0,25\t0\n",
        "x1,x2,y\n-3,1.5,1\n2,-0.25,0\n",
        'x₁\tx₂\t"y"\n-3\t1.5\t1\n2\t-0.25\t0\n',
        "-3\t1.5\t1\r2\t-0.25\t0\r",
    ],
)
def test_every_usual_way_to_write_a_table_is_read(text):
    assert np.array_equal(parse_table(text), EXPECTED)
    assert np.array_equal(parse_table(text, columns=3), EXPECTED)


@pytest.mark.parametrize("text", ["x1;x2;y\n1;2;3", ";;b\n1;2;3", "1;2;3"])
def test_a_first_row_of_names_is_left_out(text):
    assert parse_table(text).tolist() == [[1.0, 2.0, 3.0]]


def test_one_column_has_decimal_commas():
    assert np.array_equal(parse_table("0,5\n1,5", columns=1), [[0.5], [1.5]])
    assert np.array_equal(parse_table("0.5\n1.5"), [[0.5], [1.5]])


@pytest.mark.parametrize(
    ("text", "row", "column", "reason"),
    [
        ("1\t2\t3\n4\tabc\t6", 2, 2, "“abc” is not a number"),
        ("1\t2\t3\n4\t\t6", 2, 2, "the cell is empty"),
        ("1\t2\n1\tnan", 2, 2, "“nan” is not a finite number"),
        ("nan,nan\n1,2", 1, 1, "“nan” is not a finite number"),
        ("1,-inf\n1,2", 1, 2, "“-inf” is not a finite number"),
        ("1\t#DIV/0!", 1, 2, "“#DIV/0!” is not a finite number"),
        ("1,1e999", 1, 2, "“1e999” is too large a number"),
        ("1,1e-999", 1, 2, "“1e-999” is too small: it could not be told from 0"),
        ("1;2;3\n4;5", 2, None, "it has 2 columns, expected 3"),
        ("1;2\n4;5;6", 2, None, "it has 3 columns, expected 2"),
        ("a,b,c\n1,2", 2, None, "it has 2 columns, expected 3"),
        ("1\n\n\n1;2", 1, None, "it has 1 column, expected 2"),
        ("1;2\n\n3;x", 3, 2, "“x” is not a number"),
        ("x1;x2\n3;1x", 2, 2, "“1x” is not a number"),
        ("1x;2", 1, 1, "“1x” is not a number"),
        ("1.234,5;2", 1, 1, "“1.234,5” is not a number"),
        ("1_000;2", 1, 1, "“1_000” is not a number"),
        ("1;٣", 1, 2, "“٣” is not a number"),
        ("1;0x10", 1, 2, "“0x10” is not a number"),
        ("1;" + "9" * 400, 1, 2, "“99999999999999999999999…” is too large a number"),
        (";;\n1;2;3", 1, 1, "the cell is empty"),
        ("", None, None, "there are no numbers in it"),
        (" \n\n", None, None, "there are no numbers in it"),
        ("x,y\n", None, None, "there are no numbers in it"),
    ],
)
def test_a_bad_table_is_refused_with_its_row_and_column(text, row, column, reason):
    columns = 2 if text.startswith("1\n") else None
    with pytest.raises(TableError) as caught:
        parse_table(text, columns)
    at_column = f", column {column}" if column else ""
    assert str(caught.value) == (f"row {row}{at_column}: {reason}" if row else reason)


def test_a_message_says_row_and_column():
    with pytest.raises(TableError, match=r"^row 2, column 1: “x” is not a number$"):
        parse_table("1;2\nx;3")
    with pytest.raises(TableError, match=r"^row 1: it has 2 columns, expected 3$"):
        parse_table("a;b\n1;2", columns=3)


@pytest.mark.parametrize("text", ['1;"2\n3;4', '1;2\n"3"4;5'])
def test_unbalanced_quotes_are_refused(text):
    with pytest.raises(TableError, match="the quotes do not match"):
        parse_table(text)


def test_an_endless_cell_is_refused_as_such():
    with pytest.raises(TableError, match="row 2: a cell has more than 131072 signs"):
        parse_table("1;2\n3;" + "x" * 200_000)


def test_too_many_rows_are_refused():
    with pytest.raises(TableError, match="100001 rows"):
        parse_table("1;2\n" * (MAX_SAMPLES + 1))


def test_the_last_columns_are_the_targets():
    data = dataset_of("1,2,3,0\n4,5,6,1", n_outputs=2)
    assert data.x.tolist() == [[1.0, 2.0], [4.0, 5.0]]
    assert data.y.tolist() == [[3.0, 0.0], [6.0, 1.0]]
    assert dataset_of("1,2", 1, 1).y.tolist() == [[2.0]]
    with pytest.raises(TableError, match="row 1: it has 2 columns, expected 3"):
        dataset_of("1,2", 1, 2)
    with pytest.raises(TableError, match="it has 1 column; expected at least one input"):
        dataset_of("1\n2", 1)
    with pytest.raises(TableError, match="65 inputs"):
        dataset_of(",".join(["1"] * 66), 1)


def test_files_are_utf8_with_or_without_a_mark():
    assert decode("x₁;1".encode()) == "x₁;1"
    assert decode(b"\xef\xbb\xbf1;2") == "1;2"
    with pytest.raises(TableError, match=r"UTF-16"):
        decode("1;2".encode("utf-16"))
    with pytest.raises(TableError, match=r"^row 2: byte 6 is not UTF-8"):
        decode(b"1;2\n3\xe4;4")
    with pytest.raises(TableError, match="at most"):
        decode(b"1" * (MAX_BYTES + 1))


def test_a_lone_comma_has_two_readings():
    assert is_ambiguous("0,5\n1,25\n")
    assert not is_ambiguous("0,5\n1,-2")
    assert not is_ambiguous("0.5,1")
    assert not is_ambiguous("0,5\t1")
    assert not is_ambiguous("")


@given(
    st.lists(
        st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=2),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["\t", ";", ","]),
)
def test_what_is_written_is_read_back_bit_for_bit(rows, separator):
    text = to_text(rows, header=("a", "b")).replace("\t", separator)
    assert parse_table(text).tobytes() == np.array(rows).tobytes()
    assert parse_table(to_text(rows)).tobytes() == np.array(rows).tobytes()


@given(st.text(alphabet='0123456789,.;\t\n"-+eE xnaif', max_size=60))
def test_any_text_is_a_table_of_finite_numbers_or_an_error(text):
    try:
        values = parse_table(text)
    except TableError:
        return
    assert values.size > 0
    assert np.isfinite(values).all()


def test_numbers_are_read_the_same_in_every_locale():
    assert parse_number(" 0,5 ") == parse_number("0.5") == parse_number("5e-1") == 0.5
    assert parse_number("−3") == -3.0
    with pytest.raises(ValueError, match=r"1,000\.5"):
        parse_number("1,000.5")
