"""The check before PySide6 is imported, against libraries and displays that are really broken."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlpsim.app import system

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt brings its own there")
DISPLAYS = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")


def mlpsim(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """What `mlpsim WORDS` does with these displays and no others."""
    rest = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    return subprocess.run(
        [sys.executable, "-m", "mlpsim", *words],
        cwd=Path(__file__).parent.parent.parent,
        env=rest | environ,
        capture_output=True,
        text=True,
        timeout=240,  # a busy machine takes its time
    )


def break_libraries(folder: Path, *names: str) -> str:
    """A folder that the loader searches first, in which these libraries are empty files."""
    for name in names:
        (folder / name).touch()
    return str(folder)


def assert_refused(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "mlpsim cannot start" in done.stderr


@linux
def test_without_a_display_it_says_so_and_what_to_do_instead() -> None:
    done = mlpsim()
    assert_refused(done)
    assert "there is no display" in done.stderr
    assert "mlpsim render" in done.stderr


@linux
@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"DISPLAY": ":4711"}, "DISPLAY=:4711 cannot be reached"),
        ({"QT_QPA_PLATFORM": "xcb"}, "there is no display"),
        ({"QT_QPA_PLATFORM": "no-such-platform"}, "QT_QPA_PLATFORM=no-such-platform"),
        ({"QT_QPA_PLATFORM": ";"}, "there is no display"),
    ],
)
def test_a_display_that_does_not_answer_is_named(environ: dict[str, str], said: str) -> None:
    done = mlpsim(**environ)
    assert_refused(done)
    assert said in done.stderr


@linux
def test_a_wayland_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    error = system.examine(
        "wayland", {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
    ).display
    assert "WAYLAND_DISPLAY=wayland-7 cannot be reached" in error


@linux
def test_every_missing_library_is_named_at_once_with_the_line_that_mends_it(tmp_path: Path) -> None:
    broken = break_libraries(tmp_path, "libxcb-cursor.so.0", "libEGL.so.1", "libdbus-1.so.3")
    done = mlpsim(LD_LIBRARY_PATH=broken)
    assert_refused(done)
    for name in ("libxcb-cursor.so.0", "libEGL.so.1", "libdbus-1.so.3", "there is no display"):
        assert name in done.stderr
    (line,) = (line for line in done.stderr.splitlines() if "apt-get install" in line)
    assert {"libxcb-cursor0", "libegl1", "libdbus-1-3"} <= set(line.split())


@linux
def test_a_figure_needs_no_library_of_the_display_but_the_common_ones(tmp_path: Path) -> None:
    words = ("render", "lecture-gd-sgd-minibatch", "--step", "1", "--out", str(tmp_path / "a.png"))
    (tmp_path / "display").mkdir()
    display = break_libraries(tmp_path / "display", "libxcb-cursor.so.0")
    done = mlpsim(*words, LD_LIBRARY_PATH=display)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (tmp_path / "common").mkdir()
    common = break_libraries(tmp_path / "common", "libGL.so.1")
    done = mlpsim(*words, LD_LIBRARY_PATH=common)
    assert_refused(done)
    assert "apt-get install libgl1" in done.stderr


@linux
def test_the_doctor_reports_a_qt_that_does_not_start(tmp_path: Path) -> None:
    done = mlpsim("doctor", LD_LIBRARY_PATH=break_libraries(tmp_path, "libGL.so.1"))
    assert done.returncode == 0
    assert "apt-get install libgl1" in done.stdout
    assert "Qt does not start: ImportError" in done.stdout


def test_the_doctor_shows_versions_resources_fonts_and_preferences() -> None:
    done = mlpsim("doctor")
    assert done.returncode == 0, done.stderr
    for said in ("PySide6-Essentials:", "numpy:", "presets:", "bundled files", "preferences.json"):
        assert said in done.stdout
    assert "engine: " in done.stdout
    assert done.stderr == ""


def install_numba(folder: Path, code: str) -> str:
    """A folder in which a package is found under Numba's name."""
    (folder / "numba").mkdir()
    (folder / "numba" / "__init__.py").write_text(code)
    information = folder / "numba-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: numba\nVersion: 1.0\n")
    return str(folder)


def test_the_doctor_says_why_there_is_no_compiled_engine(tmp_path: Path) -> None:
    numba = install_numba(tmp_path, "raise ImportError('no numba here')")
    done = mlpsim("doctor", PYTHONPATH=numba)
    assert done.returncode == 0, done.stderr
    assert "NumPy; Numba 1.0 fails (ImportError: no numba here)" in done.stdout
    assert "NumPy does its work: ImportError: no numba here" in done.stdout


def test_the_doctor_tries_the_compiler_and_compiles_no_engine(tmp_path: Path) -> None:
    pytest.importorskip("numba", reason="Numba is not installed: mlpsim[fast]")
    done = mlpsim("doctor", XDG_CACHE_HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "is compiled; the compiler works" in done.stdout
    assert "ready in" not in done.stdout
    assert [*tmp_path.rglob("*.nb?")] == []  # machine code


def test_the_doctor_says_all_else_before_it_tries_the_engine(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    code = f"""
import time
from pathlib import Path
for _ in range(300):
    if Path({str(heard)!r}).exists():
        raise ImportError("heard before")
    time.sleep(0.1)
raise ImportError("not heard")
"""
    environ = os.environ | {"PYTHONPATH": install_numba(tmp_path, code)}
    command = [sys.executable, "-m", "mlpsim", "doctor"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environ, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.startswith("preferences:"):
                heard.touch()
            if line.startswith("engine:"):
                assert "heard before" in line
    assert heard.exists()


def test_a_missing_pyside_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text("raise ImportError('no PySide6 here')")
    done = mlpsim(QT_QPA_PLATFORM="offscreen", PYTHONPATH=str(tmp_path))
    assert_refused(done)
    assert "no PySide6 here" in done.stderr


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({}, ("xcb",)),
        ({"DISPLAY": ":0"}, ("xcb",)),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ("wayland",)),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ("wayland", "xcb")),
        ({"QT_QPA_PLATFORM": "wayland-egl;xcb", "DISPLAY": ":0"}, ("wayland", "xcb")),
        ({"QT_QPA_PLATFORM": "offscreen:enable_fonts", "DISPLAY": ":0"}, ("offscreen",)),
    ],
)
def test_the_platforms_are_those_that_qt_would_try(
    environ: dict[str, str], names: tuple[str, ...]
) -> None:
    assert system.platforms(environ) == names


def test_a_pyside_that_aborts_on_this_python_is_known() -> None:
    assert system.aborts_here("6.12.0") == (sys.version_info < (3, 12))
    assert not system.aborts_here("6.11.3")
