"""What could stand at a place of a JSON text, by the type that it is read as."""

from typing import Literal

import msgspec
import pytest

from mlpsim.core.files.known_values import known_values
from mlpsim.core.files.strict_json import DocumentError, decode_as


class Round(msgspec.Struct, tag="round", tag_field="kind"):
    size: float


class Square(msgspec.Struct, tag="square", tag_field="kind"):
    fill: Literal["plain", "dotted"] | None = None


class Sheet(msgspec.Struct):
    shapes: list[Round | Square]
    title: str = ""
    lines: bool | Literal["both"] = False


@pytest.mark.parametrize(
    ("place", "names"),
    [
        (".shapes[1].kind", ("round", "square")),
        (".shapes[0].fill", ("dotted", "plain")),
        (".shapes[0].size", ()),
        (".title", ()),
        (".title[0]", ()),
        (".lines", ()),
        (".nowhere", ()),
        ("", ()),
    ],
)
def test_the_names_of_a_place(place: str, names: tuple[str, ...]) -> None:
    assert tuple(sorted(known_values(Sheet, place))) == names


def test_a_name_that_is_unknown_is_refused_with_those_there_are() -> None:
    with pytest.raises(DocumentError, match="'oval' is none of round, square") as refused:
        decode_as(b'{"shapes": [{"kind": "oval"}]}', Sheet)
    assert refused.value.where == "$.shapes[0].kind"
    with pytest.raises(DocumentError, match="'thick' is none of ") as refused:
        decode_as(b'{"shapes": [{"kind": "square", "fill": "thick"}]}', Sheet)
    assert "dotted" in refused.value.what
