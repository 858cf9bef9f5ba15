"""The values that a type has for a place of a JSON text: what could stand there instead."""

import re
from typing import Any

from msgspec import inspect

_PART = re.compile(r"\.([^.\[]+)|\[[^]]*\]")


def known_values(kind: Any, place: str) -> tuple[str, ...]:
    """The names that may stand at a place such as ``.rows[1].kind``; none where others may too."""
    kinds = _without_union(inspect.type_info(kind))
    for part in _PART.finditer(place):
        kinds = [found for outer in kinds for found in _within(outer, part[1])]
    names = [found for found in kinds if isinstance(found, inspect.LiteralType)]
    if len(names) < len(kinds):
        return ()
    return tuple(f"{value}" for found in names for value in found.values)


def _within(outer: inspect.Type, key: str | None) -> list[inspect.Type]:
    """The types of an entry of an array, or of what an object has under a key."""
    if isinstance(outer, inspect.StructType):
        if key == outer.tag_field:
            return [inspect.LiteralType((outer.tag,))]
        return [
            kind
            for field in outer.fields
            if field.encode_name == key
            for kind in _without_union(field.type)
        ]
    if isinstance(outer, inspect.ListType):
        return _without_union(outer.item_type)
    return []


def _without_union(kind: inspect.Type) -> list[inspect.Type]:
    """The types of a union but None, which no name stands for."""
    kinds = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return [each for each in kinds if not isinstance(each, inspect.NoneType)]
