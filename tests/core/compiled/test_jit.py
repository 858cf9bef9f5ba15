"""Kernels on the disk: loaded by the next process, without a compiler that is ready to compile."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import mlpsim
from tests.core.engines import needs_numba

PROGRAM = """
import json
import sys

from mlpsim.core.compiled.jit import kernel


@kernel
def third(x):
    return x / 3.0


def hits():
    return sum(third.stats.cache_hits.values())


print(json.dumps([third(7.0), hits(), "numba.np.linalg" in sys.modules, third(7), hits()]))
"""


def printed(program: Path, caches: Path) -> list[Any]:
    """What the program prints in a process of its own."""
    root = str(Path(mlpsim.__file__).parents[1])
    environment = os.environ | {"NUMBA_CACHE_DIR": str(caches), "PYTHONPATH": root}
    done = subprocess.run(
        [sys.executable, str(program)], env=environment, capture_output=True, text=True, check=True
    )
    found: list[Any] = json.loads(done.stdout)
    return found


@needs_numba
def test_a_kernel_is_loaded_without_the_compilers_tables(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    assert printed(program, tmp_path / "caches") == [7.0 / 3.0, 0, True, 7.0 / 3.0, 0]
    assert printed(program, tmp_path / "caches") == [7.0 / 3.0, 1, False, 7.0 / 3.0, 2]


@needs_numba
def test_what_is_not_on_the_disk_is_compiled_beside_what_was_loaded(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    printed(program, tmp_path / "caches")
    for kept in (tmp_path / "caches").rglob("*.2.nbc"):
        kept.unlink()  # the machine code for whole numbers
    assert printed(program, tmp_path / "caches") == [7.0 / 3.0, 1, False, 7.0 / 3.0, 1]
