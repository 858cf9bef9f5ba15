"""Lens keys: the arrows move the ε-lens, + and - resize it, while a widget of it has the focus."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from mlpsim.session.lens_bench import LensBench
from mlpsim.views.arrow_keys import ARROWS

KEYS = "Arrows move z (Shift: farther), + and − change ε."
FARTHER = 10
_SIZES = {Qt.Key.Key_Plus: True, Qt.Key.Key_Equal: True, Qt.Key.Key_Minus: False}


class LensKeys(QObject):
    """Takes the keys of a widget for the bench, while the lens is on."""

    def __init__(self, bench: LensBench, widget: QWidget) -> None:
        super().__init__(widget)
        self._bench = bench
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if not self._bench.is_on or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        key = Qt.Key(event.key())
        if key in ARROWS:
            shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            times = FARTHER if shifted else 1
            right, up = ARROWS[key]
            self._bench.nudge(times * right, times * up)
            return True
        if key in _SIZES:
            self._bench.step_epsilon(_SIZES[key])
            return True
        return False
