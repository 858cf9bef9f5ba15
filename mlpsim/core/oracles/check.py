"""``mlpsim check``: recorded numbers of every schema."""

from collections.abc import Callable

from mlpsim.core.engine import Engine
from mlpsim.core.files.head import CASE, DRAWS, OPTIMA, PRESETS, SCHEMAS, Head
from mlpsim.core.files.strict_json import DocumentError, decode_as, scan
from mlpsim.core.oracles.comparison import Comparison
from mlpsim.core.oracles.draws import check_draws
from mlpsim.core.oracles.golden import check_case
from mlpsim.core.oracles.optima import check_optima
from mlpsim.core.oracles.presets import check_presets

_Check = Callable[[bytes, Engine | None], list[Comparison]]
_CHECKS: dict[str, _Check] = {
    CASE: check_case,
    PRESETS: check_presets,
    OPTIMA: check_optima,
    DRAWS: check_draws,
}


def check_recorded(data: bytes, engine: Engine | None = None) -> list[Comparison]:
    """The comparisons of what a file's text has recorded; DocumentError if it cannot be read.

    An engine makes the runs; all else is NumPy's.
    """
    data = scan(data)
    schema = decode_as(data, Head).schema
    if not isinstance(schema, str) or schema not in _CHECKS:
        known = ", ".join(SCHEMAS)
        raise DocumentError(
            f"It has none of the schemas of recorded numbers: {known}",
            "$.schema",
            "Choose a file of recorded numbers.",
        )
    found = [comparison for comparison in _CHECKS[schema](data, engine) if comparison.where]
    if not found:
        raise DocumentError("It expects nothing")
    return found
