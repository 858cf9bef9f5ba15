"""The application: what it sets for the whole process."""

import subprocess
import sys

PROGRAM = """
import linecache

from mlpsim.app.application import make_application

make_application(["mlpsim"])
before = set(linecache.cache)
import mlpsim.app.window

print(sorted(set(linecache.cache) - before))
"""


def test_modules_are_imported_without_a_look_through_their_sources() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
