"""The real window on a real X server with a window manager: it opens, plays, and closes."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

ROOT = Path(__file__).parent.parent.parent
GRAB = """
import sys
from PySide6.QtGui import QGuiApplication
application = QGuiApplication([])
picture = application.primaryScreen().grabWindow(int(sys.argv[1]))
sys.exit(0 if picture.save(sys.argv[2]) else 1)
"""
CORES = ("core*", "*.core")

Answer = TypeVar("Answer")

pytestmark = [
    pytest.mark.smoke,
    pytest.mark.skipif(
        not (os.environ.get("DISPLAY") and shutil.which("xdotool")),
        reason="needs DISPLAY with a window manager, and xdotool",
    ),
]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The display of the tests, with the settings of nobody."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    rest = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    return rest | {
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_RUNTIME_DIR": str(runtime),
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture
def program(environ: dict[str, str], tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "mlpsim"],
        cwd=tmp_path,
        env=environ,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def xdotool(*words: str) -> str:
    return subprocess.run(["xdotool", *words], capture_output=True, text=True).stdout.strip()


def wait_for(question: Callable[[], Answer], what: str, seconds: float = 30) -> Answer:
    """The first answer that is not empty."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline, f"no {what} within {seconds} s"
        time.sleep(0.1)
    return answer


def grab(window: str, path: Path, environ: dict[str, str]) -> bytes:
    """The pixels of a window as PNG."""
    subprocess.run([sys.executable, "-c", GRAB, window, str(path)], env=environ, check=True)
    return path.read_bytes()


def test_the_window_opens_plays_on_space_and_closes(
    program: subprocess.Popen[str], environ: dict[str, str], tmp_path: Path
) -> None:
    search = ("search", "--onlyvisible", "--pid", str(program.pid), "--name", "mlpsim")
    window = wait_for(lambda: xdotool(*search), "window").split()[0]
    xdotool("windowactivate", "--sync", window)
    picture = tmp_path / "window.png"

    def still() -> bytes:
        before = grab(window, picture, environ)
        return before if before == grab(window, picture, environ) else b""

    at_rest = wait_for(still, "picture at rest")
    assert len(at_rest) > 20_000, "the window is all but empty"
    xdotool("key", "space")
    wait_for(lambda: grab(window, picture, environ) != at_rest, "step after Space")
    xdotool("key", "space")
    xdotool("key", "alt+F4")
    _, said = program.communicate(timeout=30)
    assert program.returncode == 0, said
    assert said == ""
    assert [path for pattern in CORES for path in tmp_path.glob(pattern)] == []


def test_a_library_of_the_display_that_is_missing_is_named(
    environ: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "libxcb-cursor.so.0").touch()
    done = subprocess.run(
        [sys.executable, "-m", "mlpsim"],
        cwd=tmp_path,
        env=environ | {"LD_LIBRARY_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2, done.stderr
    assert "apt-get install libxcb-cursor0" in done.stderr


def test_a_screen_that_the_display_does_not_have_is_named(environ: dict[str, str]) -> None:
    display = f"{environ['DISPLAY'].split('.')[0]}.7"
    done = subprocess.run(
        [sys.executable, "-m", "mlpsim"],
        env=environ | {"DISPLAY": display},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2, done.stderr
    assert f"DISPLAY={display} cannot be reached" in done.stderr
