"""The numbers of other programs in ``golden``, and the problems that they are about."""

import json
from pathlib import Path
from typing import Any

from mlpsim.core.files.strict_json import decode_as
from mlpsim.core.oracles.optima import OptimumCase, read_optimum
from mlpsim.core.problem import Problem

GOLDEN = Path(__file__).parent / "golden"


def recorded(name: str) -> dict[str, Any]:
    """The content of a file."""
    content: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return content


def recorded_case(number: str) -> dict[str, Any]:
    """The content of a case by the number that its file's name begins with, such as s05."""
    (path,) = GOLDEN.glob(f"{number}-*.json")
    return recorded(path.stem)


OPTIMA = {entry["id"]: entry for entry in recorded("optima")["problems"]}


def problem_of(optimum: dict[str, Any]) -> Problem:
    """The problem of one of the optima, over its feasible set."""
    return read_optimum(decode_as(json.dumps(optimum).encode(), OptimumCase), "$")
