"""Strict JSON: refused at the right place, with next to nothing allocated."""

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpsim.core.files import strict_json
from mlpsim.core.files.strict_json import DocumentError, decode_as, scan

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=10,
)


@given(VALUES, st.sampled_from([None, 2]), st.booleans())
def test_whatever_the_standard_library_writes_is_accepted(value, indent, ascii_only) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "replace")
    assert scan(text) == text


@given(VALUES)
def test_every_proper_beginning_of_an_object_is_refused(value) -> None:
    text = json.dumps({"a": value}).encode()
    for length in range(len(text)):
        with pytest.raises(DocumentError):
            scan(text[:length])


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "$", "empty"),
        ("   ", "$", "ends in the middle"),
        ("{", "$", "ends in the middle"),
        ('{"a"', "$.a", "ends in the middle"),
        ('{"a": [1, 2', "$.a[2]", "ends in the middle"),
        ('{"a": [1, {"b": tru', "$.a[1].b", "not JSON"),
        ('{"a": {"b": [[1], [2, NaN]]}}', "$.a.b[1][1]", "NaN is not a finite number"),
        ('{"a": Infinity}', "$.a", "Infinity is not"),
        ('{"a": [0, -Infinity]}', "$.a[1]", "-Infinity is not"),
        ('{"a": 1, "b": 2, "a": 3}', "$.a", "twice"),
        ('{"a": 1, "\\u0061": 3}', "$.a", "twice"),
        ('{"x": {"a": 1, "a": 3}}', "$.x.a", "twice"),
        ('{"a": 01}', "$.a", "not JSON"),
        ('{"a": +1}', "$.a", "not JSON"),
        ('{"a": [1,]}', "$.a[1]", "not JSON"),
        ('{"a": .5}', "$.a", "not JSON"),
        ("{'a': 1}", "$", "not JSON"),
        ('{"a": 1,}', "$", "not JSON"),
        ('{"a" 1}', "$.a", "not JSON"),
        ('{"a": 1} x', "$", "not JSON"),
        ("[1, 2\n3]", "$[2]", "Line 2 is not JSON"),
        ("\x89\x00\x01", "$", "The file is no text"),
        ("[" * 20, "$" + "[0]" * 13, "nested"),
        ('{"a":' * 20, "$" + ".a" * 13, "nested"),
        ("[" * 1_000_000, "$" + "[0]" * 13, "nested"),
        ("{" + ",".join(f'"{i}": 0' for i in range(101)) + "}", "$", "more than 100 keys"),
    ],
)
def test_the_place_and_the_reason_are_named(text, where, what) -> None:
    with pytest.raises(DocumentError) as caught:
        scan(text.encode())
    assert caught.value.where.startswith(where)
    assert what in caught.value.what
    assert caught.value.what_to_do
    assert caught.value.where in str(caught.value)


@pytest.mark.parametrize(
    "text", [b'{"\\u001b[2J": }', b"\x1b[2J", '{"a": \u202e}'.encode(), b'{"a\\nb": 1, "a\\nb": 2}']
)
def test_a_message_holds_no_sign_that_moves_a_terminal(text) -> None:
    with pytest.raises(DocumentError) as caught:
        scan(text)
    assert "?" in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_byte_order_mark_is_dropped() -> None:
    assert scan(b"\xef\xbb\xbf[1]") == b"[1]"


@pytest.mark.parametrize(
    ("data", "what", "what_to_do"),
    [
        ('{"a": 1}'.encode("utf-16"), "It is text in UTF-16", "Save it as UTF-8"),
        (b'{"a": 1,\n"\xff": 1}', "Line 2 is not text in UTF-8", "Save it as UTF-8"),
        ('{"a":\n"Größe"}'.encode("cp1252"), "Line 2 is not text in UTF-8", "Save it as UTF-8"),
        (b"\x00\xff\x10", "The file is no text", "download it again"),
    ],
)
def test_bytes_that_are_no_text_are_refused(data, what, what_to_do) -> None:
    with pytest.raises(DocumentError) as caught:
        scan(data)
    assert what in caught.value.what
    assert what_to_do in caught.value.what_to_do


@pytest.mark.parametrize(
    "text",
    [
        b'{"x": [' + b"0," * 1_000_000 + b"0]}",
        b'{"x": [' + b"[0]," * 500_000 + b"[0]]}",
        b'{"x": [' + b'"a",' * 500_000 + b'"a"]}',
        b'{"x": [' + b"1, " * 800_000,
        b"[" * 2_000_000,
        b'{"a' * 800_000,
    ],
    ids=["numbers", "rows", "texts", "truncated", "brackets", "keys"],
)
def test_a_hostile_file_is_refused_before_anything_large_is_allocated(text) -> None:
    tracemalloc.start()
    with pytest.raises(DocumentError):
        scan(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


def test_more_bytes_than_64_mib_are_refused() -> None:
    with pytest.raises(DocumentError, match="67108864 are possible"):
        scan(b" " * (64 * 2**20 + 1))


def test_too_many_arrays_are_refused(monkeypatch) -> None:
    monkeypatch.setattr(strict_json, "MAX_ARRAYS", 3)
    scan(b"[[], [1]]")
    with pytest.raises(DocumentError, match="more than 3 arrays"):
        scan(b"[[], [1], [2]]")


@pytest.mark.parametrize(
    ("text", "where"),
    [(b"[1, 1e999]", "$.a[1]"), (b"[1, true]", "$.a[1]"), (b'{"a": 1}', "$.a"), (b"1", "$.a")],
)
def test_a_value_of_another_type_is_named_by_its_place(text, where) -> None:
    with pytest.raises(DocumentError) as caught:
        decode_as(text, list[float], "$.a")
    assert caught.value.where == where
    assert "`" not in str(caught.value)
