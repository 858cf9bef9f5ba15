"""The cache of machine code: known to be filled by what made it, without an import of Numba."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from mlpsim.core.compiled import cache
from tests.core.engines import needs_numba


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path / "caches"


def test_a_cache_is_filled_once_it_was_noted(caches: Path) -> None:
    assert not cache.is_filled()
    cache.note_filled()
    assert cache.is_filled()
    assert cache.folder().parent == caches / "mlpsim"


def test_another_python_has_to_fill_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.note_filled()
    with monkeypatch.context() as other:
        other.setattr(sys, "version", "3.99")
        assert not cache.is_filled()
        cache.note_filled()
    assert cache.is_filled()  # each keeps its own


def test_a_folder_that_numba_is_told_of_has_to_be_filled_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache.note_filled()
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/elsewhere")
    assert not cache.is_filled()


@needs_numba
def test_another_numba_has_to_fill_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.note_filled()
    package = tmp_path / "other" / "numba"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(os.fspath(package.parent))
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    assert not cache.is_filled()


def test_without_a_home_that_can_be_read_nothing_is_known_to_be_filled(
    caches: Path,
) -> None:
    place = cache.folder() / cache.STAMP
    place.mkdir(parents=True)
    assert not cache.is_filled()


def filled(name: str, caches: Path, days: float) -> Path:
    """A folder that was used so many days after 1970."""
    place = caches / "mlpsim" / name
    place.mkdir(parents=True)
    (place / "kernel.nbc").touch()
    (place / cache.STAMP).touch()
    os.utime(place / cache.STAMP, (86_400.0 * days,) * 2)
    return place


def test_what_was_not_used_for_a_month_is_removed(caches: Path) -> None:
    cache.note_filled()
    mine = cache.folder()
    old, recent = filled("0" * 16, caches, 68.0), filled("1" * 16, caches, 71.0)
    begun = caches / "mlpsim" / ("2" * 16)  # not filled yet
    begun.mkdir()
    other = filled("something else", caches, 1.0)
    os.utime(begun, (86_400.0 * 99.0,) * 2)
    cache.tidy(86_400.0 * 100.0)
    assert not old.exists()
    assert all(place.is_dir() for place in (mine, recent, begun, other))
    cache.tidy(86_400.0 * 130.5)
    assert not recent.exists()
    assert not begun.exists()
    assert cache.is_filled()


def test_a_folder_that_is_used_stays(caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.note_filled()
    cache.tidy(86_400.0 * 100.0)
    mine = cache.folder()
    monkeypatch.setattr(sys, "version", "3.99")
    cache.note_filled()
    cache.tidy(86_400.0 * 129.0)
    assert mine.is_dir()
    cache.tidy(86_400.0 * 131.0)
    assert not mine.exists()


def test_a_folder_that_another_process_removes_meanwhile_is_passed_over(
    caches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.note_filled()
    old, older = filled("0" * 16, caches, 2.0), filled("1" * 16, caches, 1.0)
    remove = shutil.rmtree

    def at_the_same_time(place: Path) -> None:
        for folder in (old, older):
            remove(folder, ignore_errors=True)
        remove(place)

    monkeypatch.setattr(shutil, "rmtree", at_the_same_time)
    cache.tidy(86_400.0 * 100.0)
    assert not old.exists()
    assert not older.exists()


def test_without_a_cache_there_is_nothing_to_tidy(caches: Path) -> None:
    cache.tidy(86_400.0 * 100.0)
    assert not caches.exists()
