"""Content of JSON files with one entry changed."""

from copy import deepcopy
from typing import Any


def changed(content: Any, path: str, value: object) -> Any:
    """A copy with the value at a path such as ``runs.0.name``; with ... the entry is taken out."""
    content = place = deepcopy(content)
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in parents:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return content
