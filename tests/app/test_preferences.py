"""Preferences come back as they were saved, and a broken file is set aside."""

import json
from pathlib import Path

import pytest

from mlpsim.app.preferences import Preferences, load, preferences_path, save

LIKED = Preferences("light", 13.0, ("/a.mlpsim", "/ü.png"), {"columns": (400, 740, 450)}, True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "preferences.json"


def test_what_was_saved_comes_back(path: Path) -> None:
    assert save(LIKED, path) == ""
    assert load(path) == (LIKED, "")
    assert [file.name for file in path.parent.iterdir()] == ["preferences.json"]


def test_without_a_file_the_usual_ones_hold(path: Path) -> None:
    assert load(path) == (Preferences(), "")


def test_a_key_of_another_version_is_no_harm(path: Path) -> None:
    save(LIKED, path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"sounds": True}))
    assert load(path) == (LIKED, "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b'{"theme": 3}',
        b'{"theme": "pink"}',
        b'{"point_size": 1e999}',
        b'{"point_size": 400}',
        b'{"splitters": {"columns": [-1]}}',
        b"[" * 100_000,
    ],
    ids=range(10),
)
def test_a_broken_file_is_set_aside_and_said(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    for number in (1, 2):
        path.write_bytes(content)
        preferences, said = load(path)
        assert preferences == Preferences()
        aside = path.with_name(f"preferences.json.broken-{number}")
        assert str(aside) in said
        assert aside.read_bytes() == content
        assert not path.exists()


def test_a_folder_in_place_of_the_file_is_said_and_not_fatal(path: Path) -> None:
    path.mkdir(parents=True)
    preferences, said = load(path)
    assert preferences == Preferences()
    assert str(path) in said
    assert str(path) in save(LIKED, path)
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "settings").write_text("a file")
    assert "could not be saved" in save(LIKED, tmp_path / "settings" / "preferences.json")


def test_a_file_opened_again_moves_to_the_front(tmp_path: Path) -> None:
    preferences = Preferences()
    names = [str(tmp_path / f"{number}.mlpsim") for number in range(12)]
    for name in (*names, names[5]):
        preferences = preferences.with_recent(Path(name))
    assert preferences.recent_files[:2] == (names[5], names[11])
    assert len(preferences.recent_files) == 10


def test_the_file_lies_in_the_folder_of_the_settings_of_this_application() -> None:
    assert preferences_path().parts[-2:] == ("mlpsim", "preferences.json")
