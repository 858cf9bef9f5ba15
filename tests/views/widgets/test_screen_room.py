"""Room on the screen: what pops up at a button stays on it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QPushButton
from pytestqt.qtbot import QtBot

from mlpsim.views.widgets.screen_room import pop_up


@pytest.fixture
def button(qtbot: QtBot) -> QPushButton:
    button = QPushButton("Open")
    qtbot.addWidget(button)
    button.show()
    return button


@pytest.fixture
def popup(qtbot: QtBot) -> QFrame:
    popup = QFrame(None, Qt.WindowType.Popup)
    qtbot.addWidget(popup)
    popup.setFixedSize(200, 150)
    popup.show()  # Qt's offscreen windows move by 2 pixels when they are first shown
    return popup


@pytest.mark.parametrize("at_right", [False, True])
@pytest.mark.parametrize("corner", ["topLeft", "bottomRight"])
def test_what_pops_up_stays_on_the_screen(
    button: QPushButton, popup: QFrame, corner: str, at_right: bool
) -> None:
    screen = button.screen().availableGeometry()
    button.move(getattr(screen, corner)() - QPoint(20, 20))
    pop_up(popup, button, at_right)
    assert screen.contains(popup.geometry())


def test_its_left_or_right_edge_is_in_line_with_the_button(
    button: QPushButton, popup: QFrame
) -> None:
    button.move(button.screen().availableGeometry().center())
    left = button.mapToGlobal(QPoint(0, 0)).x()
    pop_up(popup, button)
    assert popup.x() == left
    pop_up(popup, button, at_right=True)
    assert popup.x() + popup.width() == left + button.width()
