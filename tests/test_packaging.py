"""A wheel brings its resources along, and a checkout finds its own."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOUND = """
import mlpsim
from mlpsim.core.resources import resource
print(mlpsim.__file__)
for folder in ("data", "fonts", "icons", "presets", "rails"):
    for file in sorted(resource(folder).iterdir()):
        print(f"{folder}/{file.name}")
"""


def resources_found(package_parent: Path, folder: Path) -> list[str]:
    """Where mlpsim was imported from, and the resources that it found there."""
    found = subprocess.run(
        [sys.executable, "-c", FOUND],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(package_parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.splitlines()


def resources_of_checkout() -> list[str]:
    folders = ("data", "fonts", "icons", "presets", "rails")
    files = (file for name in folders for file in sorted((ROOT / "resources" / name).iterdir()))
    return [f"{file.parent.name}/{file.name}" for file in files]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that hatchling builds from this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (path,) = folder.glob("*.whl")
    return path


def test_a_checkout_finds_its_resources(tmp_path: Path) -> None:
    where, *found = resources_found(ROOT, tmp_path)
    assert Path(where).is_relative_to(ROOT)
    assert found == resources_of_checkout()
    assert found


def test_a_wheel_finds_its_resources(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    where, *found = resources_found(tmp_path / "site", tmp_path)
    assert Path(where).is_relative_to(tmp_path)
    assert found == resources_of_checkout()


def test_a_wheel_holds_the_licence_the_command_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (entry_points,) = (name for name in names if name.endswith("entry_points.txt"))
        assert "mlpsim = mlpsim.app.cli:main" in archive.read(entry_points).decode()
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith("tests") for name in names)
