"""The cache of machine code: known to be filled by what made it, without an import of Numba."""

import os
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
