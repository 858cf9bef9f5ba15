"""The application: its objects, made in order, and one window around them."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from mlpsim.app import preferences
from mlpsim.session.landscape import Landscape
from mlpsim.session.player import Player
from mlpsim.session.session import Session
from mlpsim.views.appearance import Appearance
from mlpsim.views.context import Context

SWITCH_SECONDS = 0.001  # how long the worker may hold Python's lock against the window


def make_application(arguments: list[str]) -> QApplication:
    """The one QApplication, named so that files find their place."""
    application = QApplication(arguments)
    application.setApplicationName("mlpsim")
    application.setDesktopFileName("mlpsim")
    sys.setswitchinterval(SWITCH_SECONDS)
    _leave_sources_unread()
    return application


def _leave_sources_unread() -> None:
    """Have modules imported without PySide's look through their sources.

    WORKAROUND: it reads each for whether it uses PySide, for switches that nobody has set here, and
    imports take up to half as long again (https://bugreports.qt.io/browse/PYSIDE-2029).
    """
    feature: Any = import_module("PySide6.support.feature")
    feature.feature_imported = lambda _module: None


def make_context(appearance: Appearance) -> Context:
    """A session with the lecture's example, its player and its landscape."""
    session = Session()
    player, landscape = Player(session, session), Landscape(session, session)
    landscape.watch(player)
    return Context(session, player, landscape, appearance)


def run(path: Path | None) -> int:
    """Open the window, with a document or picture if there is one, until it is closed."""
    application = make_application(sys.argv[:1])
    file = preferences.preferences_path()
    chosen, complaint = preferences.load(file)
    appearance = Appearance(chosen.theme, chosen.point_size)
    appearance.apply(application)
    from mlpsim.app.ctrl_c import CtrlC
    from mlpsim.app.errors import ErrorReporter
    from mlpsim.app.layout import FRAME, fills
    from mlpsim.app.start import Start
    from mlpsim.app.window import Window

    window = Window(make_context(appearance), chosen)
    reporter = ErrorReporter(window)
    reporter.caught.connect(window.pause)
    reporter.install()
    available = window.screen().availableSize()
    window.scroller.set_room(available - FRAME)
    if fills(available):
        window.showMaximized()
    else:
        window.show()
    window.context.session.say(complaint)
    if path is not None:
        QTimer.singleShot(0, window, lambda: window.open_file(path))
    start, ctrl_c = Start(window), CtrlC(window)
    start.begin()
    code = application.exec()
    ctrl_c.stop()
    start.stop()
    complaint = preferences.save(window.preferences, file)
    if complaint:
        print(complaint, file=sys.stderr)
    if ctrl_c.is_pressed:
        raise KeyboardInterrupt
    return code
