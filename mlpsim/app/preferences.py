"""Preferences: what a person likes about the window, in a small file of the application's own."""

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from PySide6.QtCore import QStandardPaths

from mlpsim.core.files.strict_json import DocumentError
from mlpsim.session.files import read_whole, write_whole

MOST_RECENT_FILES = 10


@dataclass(frozen=True)
class Preferences:
    """Theme, type size in points, files opened last, sizes of the splitters, the Rosetta bar."""

    theme: str = "dark"
    point_size: float = 10.0
    recent_files: tuple[str, ...] = ()
    splitters: dict[str, tuple[int, ...]] = field(default_factory=dict)
    rosetta: bool = False

    def __post_init__(self) -> None:
        if self.theme not in ("dark", "light"):
            raise ValueError(f"the theme is dark or light, not {self.theme!r}")
        if not 6.0 <= self.point_size <= 40.0:
            raise ValueError(f"the type size is 6 to 40 points, not {self.point_size}")
        if any(not 0 <= size <= 100_000 for sizes in self.splitters.values() for size in sizes):
            raise ValueError("a splitter's sizes are 0 to 100000 pixels")

    def with_recent(self, path: Path) -> "Preferences":
        """With this file in front of those that were opened last."""
        name = str(path.resolve())
        others = (other for other in self.recent_files if other != name)
        files = (name, *others)[:MOST_RECENT_FILES]
        return dataclasses.replace(self, recent_files=files)


def preferences_path() -> Path:
    """The file, in the folder that Qt gives an application called mlpsim."""
    folder = QStandardPaths.StandardLocation.GenericConfigLocation
    return Path(QStandardPaths.writableLocation(folder)) / "mlpsim" / "preferences.json"


def parse(content: bytes) -> Preferences:
    """The preferences that a file holds; ValueError where it is not one of ours."""
    try:
        return msgspec.json.decode(content, type=Preferences)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def load(path: Path) -> tuple[Preferences, str]:
    """The preferences in the file, or the usual ones with the sentence that says why."""
    if not path.exists():
        return Preferences(), ""
    try:
        return parse(read_whole(path)), ""
    except DocumentError as error:
        return Preferences(), f"The preferences in {path} cannot be used: {error.what}."
    except ValueError as error:
        return Preferences(), _set_aside(path, str(error))


def save(preferences: Preferences, path: Path) -> str:
    """Write the file in one piece; the sentence that says why it could not be, or nothing."""
    content = msgspec.json.format(msgspec.json.encode(preferences), indent=2) + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, [content])
    except OSError as error:
        return f"The preferences could not be saved in {path}: {error.strerror}."
    except DocumentError as error:
        return f"The preferences could not be saved in {path}: {error.what}."
    return ""


def _set_aside(path: Path, reason: str) -> str:
    number = 1
    while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    try:
        path.rename(aside)
    except OSError as error:
        return f"The preferences in {path} are broken ({reason}) and stay there ({error.strerror})."
    return f"The preferences were broken ({reason}). They are now {aside}, and the usual ones hold."
