"""The engines that a test runs with: NumPy, and the compiled one where Numba is installed."""

from importlib.util import find_spec

import pytest

from mlpsim.core.compiled.engine import COMPILED

needs_numba = pytest.mark.skipif(
    find_spec("numba") is None, reason="Numba is not installed: pip install -e '.[fast]'"
)
ENGINES = (None, pytest.param(COMPILED, marks=needs_numba))


def name_of(engine):
    return "numpy" if engine is None else engine.name
