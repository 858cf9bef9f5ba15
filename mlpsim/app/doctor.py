"""``mlpsim doctor``: the whole state of the installation, even where Qt does not start.

What may take long comes last, and the engine is not compiled for it.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

import mlpsim
from mlpsim.app import system
from mlpsim.core.compiled import cache
from mlpsim.core.resources import resource

COMPILER = "mlpsim.core.compiled"
PACKAGES = (
    "PySide6-Essentials",
    "shiboken6",
    "numpy",
    "contourpy",
    "msgspec",
    "ziamath",
    "pillow",
)

# Run by a process of its own, as the window compiles the engine.
_COMPILER_TRIAL = """
import numba
import mlpsim.core.compiled.jit
numba.njit(lambda number: number + 1)(1)
"""

# Run by a process of its own: Qt aborts the process that it cannot start in.
_TRIAL = """
import json
from pathlib import Path
from PySide6.QtCore import qVersion
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication
from mlpsim.app.preferences import parse, preferences_path
from mlpsim.core.resources import resource
application = QApplication([])
files = sorted(resource("fonts").glob("*.[ot]tf"))
bad = [file.name for file in files if QFontDatabase.addApplicationFont(str(file)) < 0]
path = preferences_path()
state = "not written yet, so the usual ones hold"
try:
    state = f"theme {parse(path.read_bytes()).theme}"
except FileNotFoundError:
    pass
except (OSError, ValueError) as error:
    state = f"broken: {error}"
print(json.dumps({
    "qt": qVersion(),
    "platform": application.platformName(),
    "fonts": len(files),
    "bad_fonts": bad,
    "families": len(QFontDatabase.families()),
    "preferences": str(path),
    "preferences_state": state,
}))
"""


def report(environ: Mapping[str, str]) -> Iterator[str]:
    """The report, each line as soon as it is known, and the problems at its end."""
    problems: list[str] = []
    yield from _versions(problems)
    yield from _libraries(environ, problems)
    yield from _resources(problems)
    yield from _qt(environ, problems)
    yield from _engine(problems)
    yield ""
    if problems:
        yield "To be mended:"
        yield from (f"  {problem}" for problem in problems)
    else:
        yield "Nothing is missing."


def _line(name: str, value: object) -> str:
    return f"{name + ':' if name else '':<20} {value}"


def _versions(problems: list[str]) -> list[str]:
    lines = [
        _line("mlpsim", f"{mlpsim.__version__} in {Path(mlpsim.__file__).parent}"),
        _line("Python", f"{platform.python_version()} in {sys.executable}"),
        _line("system", f"{platform.platform()}, {os.cpu_count()} processors"),
    ]
    for package in PACKAGES:
        try:
            found = version(package)
        except PackageNotFoundError:
            lines.append(_line(package, "missing"))
            problems.append(f"{package} is not installed: install mlpsim again with pip.")
            continue
        lines.append(_line(package, found))
        if package == "PySide6-Essentials" and system.aborts_here(found):
            problems.append(
                f"PySide6 {found} aborts on Python 3.11: pip install 'PySide6-Essentials<6.12'"
            )
    return lines


def _engine(problems: list[str]) -> list[str]:
    """The compiled engine, loaded if it is compiled; else whether the compiler works."""
    if find_spec("numba") is None:
        return [_line("engine", "NumPy; pip install numba adds a compiled one")]
    numba, is_compiled = f"Numba {version('numba')}", cache.is_filled()
    start = perf_counter()
    trial = subprocess.run(
        [sys.executable, *(["-m", COMPILER] if is_compiled else ["-c", _COMPILER_TRIAL])],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = perf_counter() - start
    if trial.returncode:
        last = trial.stderr.strip().rpartition("\n")[2] or f"exit code {trial.returncode}"
        problems.append(f"the compiled engine does not start, and NumPy does its work: {last}")
        return [_line("engine", f"NumPy; {numba} fails ({last})")]
    if is_compiled:
        return [_line("engine", f"{numba}, ready in {seconds:.1f} s")]
    return [
        _line("engine", f"NumPy until the one by {numba} is compiled; the compiler works"),
        _line("", "the window compiles it when it first opens, for half a minute and more"),
    ]


def _libraries(environ: Mapping[str, str], problems: list[str]) -> list[str]:
    lines = [
        _line(name, environ.get(name) or "not set")
        for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    ]
    named: dict[system.Absent, None] = {}
    for name in dict.fromkeys(("offscreen", *system.platforms(environ))):
        state = system.examine(name, environ)
        needed = system.libraries_of(state.name)
        found = f"{len(needed) - len(state.missing)} of {len(needed)} libraries found"
        lines.append(_line(f"platform {state.name}", f"{found}, {_display(state)}"))
        missing = [entry for entry in state.missing if entry not in named]
        lines += [_line("", f"{entry.library.soname}: {entry.reason}") for entry in missing]
        named |= dict.fromkeys(missing)
        if state.display:
            problems.append(f"no window on {state.name}: {state.display}")
    if named:
        problems.append(f"libraries are missing: {system.apt_line(named)}")
    return lines


def _display(state: system.Platform) -> str:
    if state.display:
        return state.display.rstrip(".")
    return "no display needed" if state.name in system.HEADLESS else "the display answers"


def _resources(problems: list[str]) -> list[str]:
    lines = []
    for folder, pattern in (("presets", "*.json"), ("icons", "*.svg"), ("fonts", "*.[ot]tf")):
        try:
            path = resource(folder)
        except FileNotFoundError as error:
            problems.append(f"{error}: install mlpsim again.")
            continue
        lines.append(_line(folder, f"{len(list(path.glob(pattern)))} in {path}"))
    return lines


def _qt(environ: Mapping[str, str], problems: list[str]) -> list[str]:
    trial_environ = {**environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", _TRIAL]
    try:
        trial = subprocess.run(
            command, env=trial_environ, capture_output=True, text=True, timeout=60
        )
    except subprocess.TimeoutExpired:
        problems.append("Qt did not start within 60 seconds.")
        return [_line("Qt", "does not answer")]
    if trial.returncode:
        last = trial.stderr.strip().rpartition("\n")[2] or f"exit code {trial.returncode}"
        problems.append(f"Qt does not start: {last}")
        return [_line("Qt", f"does not start ({last})")]
    found = json.loads(trial.stdout)
    problems += [f"the font {name} cannot be loaded." for name in found["bad_fonts"]]
    return [
        _line("Qt", f"{found['qt']}, starts on the platform {found['platform']}"),
        _line("font families", f"{found['families']}, with {found['fonts']} bundled files"),
        _line("preferences", f"{found['preferences']} ({found['preferences_state']})"),
    ]
