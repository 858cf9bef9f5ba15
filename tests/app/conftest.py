"""A real window for each test that asks for one."""

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from mlpsim.app.application import make_context
from mlpsim.app.window import Window
from mlpsim.views.appearance import Appearance


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Window:
    appearance = Appearance()
    appearance.apply(qapp)
    window = Window(make_context(appearance))
    qtbot.addWidget(window, before_close_func=forget_changes)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: window.context.landscape.surface is not None)
    return window


def forget_changes(window: Window) -> None:
    """Close what is open, and let the window go without asking."""
    for box in window.findChildren(QMessageBox):
        box.close()
    window.context.session.undo_stack.setClean()
