"""The system libraries and the display that Qt needs, checked before PySide6 is imported."""

import ctypes
import importlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlpsim.app.refusal import RefusedError

INSTEAD = (
    "Every other command works without a display; to draw a figure:"
    " mlpsim render lecture-gd-sgd-minibatch --step 10 --out figure.png"
)


@dataclass(frozen=True)
class Library:
    """A shared library by the name the loader knows, and the Debian package that brings it."""

    soname: str
    package: str


@dataclass(frozen=True)
class Absent:
    """A library that the loader refused, with the loader's own words."""

    library: Library
    reason: str


COMMON = (
    Library("libstdc++.so.6", "libstdc++6"),
    Library("libz.so.1", "zlib1g"),
    Library("libzstd.so.1", "libzstd1"),
    Library("libglib-2.0.so.0", "libglib2.0-0"),
    Library("libgthread-2.0.so.0", "libglib2.0-0"),
    Library("libdbus-1.so.3", "libdbus-1-3"),
    Library("libfreetype.so.6", "libfreetype6"),
    Library("libfontconfig.so.1", "libfontconfig1"),
    Library("libX11.so.6", "libx11-6"),
    Library("libxkbcommon.so.0", "libxkbcommon0"),
    Library("libEGL.so.1", "libegl1"),
    Library("libGL.so.1", "libgl1"),
)
XCB = (
    Library("libX11-xcb.so.1", "libx11-xcb1"),
    Library("libxcb.so.1", "libxcb1"),
    Library("libxcb-cursor.so.0", "libxcb-cursor0"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4"),
    Library("libxcb-image.so.0", "libxcb-image0"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Library("libxcb-randr.so.0", "libxcb-randr0"),
    Library("libxcb-render.so.0", "libxcb-render0"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0"),
    Library("libxcb-shape.so.0", "libxcb-shape0"),
    Library("libxcb-shm.so.0", "libxcb-shm0"),
    Library("libxcb-sync.so.1", "libxcb-sync1"),
    Library("libxcb-util.so.1", "libxcb-util1"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
)
WAYLAND = (
    Library("libwayland-client.so.0", "libwayland-client0"),
    Library("libwayland-cursor.so.0", "libwayland-cursor0"),
)
HEADLESS = ("offscreen", "minimal")


@dataclass(frozen=True)
class Platform:
    """One of Qt's platform plugins: what it lacks, and why its display cannot be used."""

    name: str
    missing: tuple[Absent, ...]
    display: str

    @property
    def usable(self) -> bool:
        """Whether a window can be opened on it."""
        return not self.missing and not self.display


def libraries_of(platform: str) -> tuple[Library, ...]:
    """What Qt's platform plugin of this name needs from the system."""
    own = {"xcb": XCB, "wayland": WAYLAND}
    return COMMON + own.get(platform, ())


def absent(libraries: Iterable[Library]) -> tuple[Absent, ...]:
    """The libraries that the loader cannot load; always empty where Qt brings its own."""
    if not sys.platform.startswith("linux"):
        return ()
    refused = []
    for library in libraries:
        try:
            ctypes.CDLL(library.soname)
        except OSError as error:
            reason = str(error).removeprefix(f"{library.soname}: ")
            found_none = reason.endswith("No such file or directory")
            refused.append(Absent(library, "not found" if found_none else reason))
    return tuple(refused)


def apt_line(missing: Iterable[Absent]) -> str:
    """The command that installs what is missing, on Debian and Ubuntu."""
    packages = dict.fromkeys(entry.library.package for entry in missing)
    return f"sudo apt-get install {' '.join(packages)}"


def platforms(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The platform plugins that Qt may take here, best first."""
    if asked := environ.get("QT_QPA_PLATFORM"):
        names = (name.split(":")[0] for name in asked.split(";"))
        known = ("wayland" if name.startswith("wayland") else name for name in names if name)
        return tuple(known) or ("xcb",)
    if not environ.get("WAYLAND_DISPLAY"):
        return ("xcb",)
    return ("wayland", "xcb") if environ.get("DISPLAY") else ("wayland",)


def examine(platform: str, environ: Mapping[str, str]) -> Platform:
    """The state of one platform plugin on this machine."""
    missing = absent(libraries_of(platform))
    return Platform(platform, missing, _display_error(platform, missing, environ))


def require_window() -> None:
    """Make sure that a window can be opened; of several platforms, the first that works is taken.

    Raises:
        RefusedError: a library, the display or PySide6 is missing.
    """
    if sys.platform.startswith("linux"):
        states = [examine(name, os.environ) for name in platforms(os.environ)]
        usable = [state.name for state in states if state.usable]
        if not usable:
            raise refusal_of_platform(states[0])
        if len(usable) < len(states):
            os.environ["QT_QPA_PLATFORM"] = usable[0]
    _require_pyside()


def require_offscreen() -> None:
    """Make sure that figures can be drawn, and let Qt draw them without a display.

    Raises:
        RefusedError: a library or PySide6 is missing.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    state = examine("offscreen", os.environ)
    if not state.usable:
        raise refusal_of_platform(state)
    _require_pyside()
    _silence_the_platform()


def refusal_of_platform(state: Platform) -> RefusedError:
    """Everything that this platform lacks, in one message."""
    why, advice = [], []
    if state.missing:
        why += ["system libraries that Qt needs cannot be loaded."]
        why += [f"  {entry.library.soname}: {entry.reason}" for entry in state.missing]
        advice += [f"On Debian and Ubuntu this installs them: {apt_line(state.missing)}"]
    if state.display:
        why += [f"And {state.display}" if why else state.display]
        advice += [INSTEAD]
    return RefusedError("mlpsim cannot start", "\n".join(why), "\n".join(advice))


def refusal_of_import(error: ImportError) -> RefusedError:
    """What a failed import means to the person who typed the command."""
    return RefusedError(
        "mlpsim cannot start",
        f"a part of it cannot be imported ({error}).",
        "Install mlpsim again with pip; mlpsim doctor shows what is here.",
    )


def aborts_here(pyside: str) -> bool:
    """Whether this version of PySide6 aborts on the Python that runs.

    From 6.12 on it loses, on Python 3.11, a reference to None with every void call.
    """
    major, minor = (int(part) for part in pyside.split(".")[:2])
    return sys.version_info < (3, 12) and (major, minor) >= (6, 12)


def _require_pyside() -> None:
    try:
        version: str = importlib.import_module("PySide6").__version__
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        raise refusal_of_import(error) from error
    if aborts_here(version):
        raise RefusedError(
            "mlpsim cannot start",
            f"PySide6 {version} aborts on Python 3.11.",
            "pip install 'PySide6-Essentials>=6.11.2,<6.12' mends that, and so does Python 3.12.",
        )


def _silence_the_platform() -> None:
    """Drop what the offscreen platform says of every window; all else goes to the error stream."""
    from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

    def pass_on(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        if not message.startswith("This plugin does not support"):
            print(message, file=sys.stderr)

    qInstallMessageHandler(pass_on)


def _display_error(platform: str, missing: Sequence[Absent], environ: Mapping[str, str]) -> str:
    """Why no window can be opened on this platform; empty if one can, or if nobody can tell."""
    if platform in HEADLESS or not sys.platform.startswith("linux"):
        return ""
    if platform == "xcb":
        return _x_error(missing, environ)
    if platform == "wayland":
        return _wayland_error(environ)
    return "" if missing else _trial_error(platform)


def _x_error(missing: Sequence[Absent], environ: Mapping[str, str]) -> str:
    name = environ.get("DISPLAY")
    if not name:
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    if any(entry.library.soname == "libxcb.so.1" for entry in missing):
        return ""
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    screen = ctypes.byref(ctypes.c_int())  # else xcb would not look whether there is this screen
    connection = xcb.xcb_connect(name.encode(), screen)
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return f"the X server of DISPLAY={name} cannot be reached." if failed else ""


def _wayland_error(environ: Mapping[str, str]) -> str:
    name = environ.get("WAYLAND_DISPLAY", "wayland-0")
    path = Path(environ.get("XDG_RUNTIME_DIR", ""), name)
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError as error:
            return f"the Wayland server of WAYLAND_DISPLAY={name} cannot be reached ({error})."
    return ""


def _trial_error(platform: str) -> str:
    # Qt aborts the process over a platform it cannot start, so a process of its own tries first.
    code = "from PySide6.QtGui import QGuiApplication; QGuiApplication([])"
    environ = os.environ | {"QT_QPA_PLATFORM": platform}
    command = [sys.executable, "-c", code]
    try:
        trial = subprocess.run(command, env=environ, capture_output=True, timeout=30)
    except subprocess.TimeoutExpired:
        return f"Qt did not start on QT_QPA_PLATFORM={platform} within 30 seconds."
    return f"Qt does not start on QT_QPA_PLATFORM={platform}." if trial.returncode else ""
