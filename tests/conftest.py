"""What every test starts from, and that it leaves nothing behind."""

import gc
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from shiboken6 import getCppPointer

# Before NumPy is imported and Qt started; the settings of whoever runs the tests stay untouched.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
_home = tempfile.TemporaryDirectory(prefix="mlpsim-tests-")
for _name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
    os.environ[_name] = str(Path(_home.name, _name))

# The same examples every time, and as much time as a busy machine takes;
# --hypothesis-profile=search looks for others.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("search", derandomize=False, deadline=None)
settings.load_profile("repeatable")

gc.disable()  # see the end of nothing_is_left_behind
GRACE_SECONDS = 20.0  # a thread that a busy machine has just begun has no name yet
# Threads that Qt starts for itself and keeps, and the one label that shows every tooltip.
QTS_THREADS = ("QDBusConnection", "QXcbEventQueue", "Thread (pooled)")
QTS_WIDGETS = ("QTipLabel",)


def running_threads() -> dict[int, str]:
    """The name of every thread of this process, Python's and Qt's, by its native id."""
    tasks = Path("/proc/self/task")
    if not tasks.exists():
        return {thread.native_id or 0: thread.name for thread in threading.enumerate()}
    names = {}
    for task in tasks.iterdir():
        try:
            names[int(task.name)] = (task / "comm").read_text().strip()
        except OSError:
            continue  # it ended meanwhile
    return {tid: name for tid, name in names.items() if not name.startswith(QTS_THREADS)}


def top_level_widgets() -> dict[int, str]:
    """What stands for itself on the screen, or would if it were shown."""
    if not QApplication.instance():
        return {}
    return {
        getCppPointer(widget)[0]: f"{type(widget).__name__} {widget.objectName()}".strip()
        for widget in QApplication.topLevelWidgets()
        if type(widget).__name__ not in QTS_WIDGETS
    }


@pytest.fixture(scope="session", autouse=True)
def empty_clipboard() -> Iterator[None]:
    """What was copied goes while Python is there: the offscreen platform lets go of it at exit."""
    yield
    if QApplication.instance():
        QApplication.clipboard().clear()


@pytest.fixture
def dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a few samples were many."""
    monkeypatch.setattr("mlpsim.core.work.DEAR", 0)


@pytest.fixture(autouse=True)
def nothing_is_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves a thread or a top-level widget behind."""
    if "qtbot" in request.fixturenames:
        request.getfixturevalue("qapp")
    threads, widgets = running_threads(), top_level_widgets()

    def left_threads() -> list[str]:
        return [f"thread {name}" for _, name in running_threads().items() - threads.items()]

    def left_widgets() -> list[str]:
        return [name for _, name in top_level_widgets().items() - widgets.items()]

    yield
    deadline = time.monotonic() + GRACE_SECONDS
    while (left_threads() or left_widgets()) and time.monotonic() < deadline:
        if left_widgets():
            gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()
        time.sleep(0.01)
    assert not left_threads() + left_widgets(), "left behind by this test"
    # WORKAROUND: PySide6 6.11 on Python 3.11 crashes now and then where the cycles of hundreds of
    # windows are collected at once; each test collects its own, and what is left stays alone.
    gc.freeze()
