"""Resources are found from a checkout, and what is missing is named."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mlpsim.core import resources
from mlpsim.core.resources import resource


def test_a_checkout_has_its_resources_beside_the_package():
    path = resource("fonts", "OFL.txt")
    assert path == Path(__file__).parents[2] / "resources" / "fonts" / "OFL.txt"
    assert "SIL OPEN FONT LICENSE" in path.read_text(encoding="utf-8")


def test_a_folder_is_found_too():
    assert resource("icons").is_dir()


def test_what_is_missing_is_named():
    with pytest.raises(FileNotFoundError, match=r"resources/icons/no-such\.svg"):
        resource("icons", "no-such.svg")


def test_a_wheel_has_its_resources_inside_the_package(tmp_path):
    package = tmp_path / "mlpsim"
    (package / "core").mkdir(parents=True)
    (package / "resources").mkdir()
    (package / "resources" / "note.txt").write_text("here", encoding="utf-8")
    for part in ("", "core"):
        (package / part / "__init__.py").touch()
    shutil.copy(resources.__file__, package / "core" / "resources.py")
    program = "from mlpsim.core.resources import resource; print(resource('note.txt'))"
    answer = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, '.'); {program}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(answer.stdout.strip()) == package / "resources" / "note.txt"
