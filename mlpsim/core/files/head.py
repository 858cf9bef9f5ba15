"""The head of a file: its format and version, or the schema of recorded numbers."""

from typing import Any

import msgspec

from mlpsim.core.files.strict_json import DocumentError, decode_as

# Of recorded numbers.
CASE, PRESETS = "mlpsim-oracle/1", "mlpsim-presets-1"
OPTIMA, DRAWS = "mlpsim-optima/1", "mlpsim-rng/2"
SCHEMAS = (CASE, PRESETS, OPTIMA, DRAWS)


class Head(msgspec.Struct):
    """What a file says that it is."""

    format: Any = None
    version: Any = None
    schema: Any = None


def check_head(data: bytes, format_name: str, version: int, thing: str) -> None:
    """DocumentError unless the text says that it has this format, in a version that is known."""
    head = decode_as(data, Head)
    if head.format != format_name:
        where, advice = "$.format", "Choose another file."
        if head.schema in SCHEMAS:
            where, advice = "$.schema", "It holds recorded numbers: mlpsim check compares them."
        raise DocumentError(f"This is not {thing}", where, advice)
    if type(head.version) is int and head.version > version:
        raise DocumentError(
            f"It was written by a newer mlpsim (version {head.version}; this one reads {version})",
            "$.version",
            "Update mlpsim.",
        )
