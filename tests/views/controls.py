"""What the tests of the controls share: a real session with everything around it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.run import Run
from mlpsim.session.landscape import Landscape
from mlpsim.session.player import Player
from mlpsim.session.session import Session
from mlpsim.views.appearance import Appearance
from mlpsim.views.context import Context

W = TypeVar("W", bound=QWidget)


def context_of(experiment: Experiment) -> Context:
    """The context of a real session; ``end`` has to end its threads."""
    appearance = Appearance()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    appearance.apply(app)
    session = Session(Run.from_experiment(experiment))
    return Context(session, Player(session), Landscape(session), appearance)


def end(context: Context) -> None:
    """End the threads of a context."""
    context.session.end()


@contextmanager
def running(experiment: Experiment | None = None) -> Iterator[Context]:
    """The context of a real session; its threads are ended afterwards."""
    context = context_of(experiment or lecture_experiment())
    try:
        yield context
    finally:
        end(context)


def on_view(qtbot: QtBot, widget: W, width: int, height: int) -> W:
    """Show a widget in a size, and wait until it is seen."""
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def typed(qtbot: QtBot, entry: QLineEdit, text: str) -> None:
    """Type a text in place of what an entry holds, and finish it."""
    entry.setFocus()
    entry.selectAll()
    qtbot.keyClicks(entry, text)
    qtbot.keyClick(entry, Qt.Key.Key_Return)


class Layouts(QObject):
    """Counts how often a widget is asked to lay itself out."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def in_column(panel: QWidget) -> QWidget:
    """A window with a panel at its top, as the main window has it."""
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(panel)
    column.addStretch(1)
    return window


def texts(widget: QWidget) -> list[str]:
    """What the labels in a widget show, in the order in which they were made."""
    return [label.text() for label in widget.findChildren(QLabel) if not label.isHidden()]


def has(image: QImage, colour: QColor) -> bool:
    """Whether a pixel of a picture has a colour."""
    pixels = (image.pixel(x, y) for x in range(image.width()) for y in range(image.height()))
    return colour.rgb() in pixels


def is_inside(part: QWidget, panel: QWidget) -> bool:
    """Whether a widget is shown whole within its panel."""
    corners = (part.rect().topLeft(), part.rect().bottomRight())
    return all(panel.rect().contains(part.mapTo(panel, corner)) for corner in corners)


def double_click(widget: QWidget, at: QPoint) -> None:
    """Twice the left button, which is up afterwards: Qt's own double click leaves it down."""
    QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=at)
