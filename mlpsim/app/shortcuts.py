"""The shortcuts with Ctrl, which reach the window from wherever the focus is."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

Sequence = str | QKeySequence.StandardKey

SEQUENCES: Mapping[str, tuple[Sequence, ...]] = {
    "undo": (QKeySequence.StandardKey.Undo,),
    "redo": ("Ctrl+Y", "Ctrl+Shift+Z"),
    "save": (QKeySequence.StandardKey.Save,),
    "save as": ("Ctrl+Shift+S",),
    "open": (QKeySequence.StandardKey.Open,),
    "presets": ("Ctrl+P",),
    "help": (QKeySequence.StandardKey.HelpContents,),
    "paste": (QKeySequence.StandardKey.Paste,),
    "copy figure": ("Ctrl+Shift+C",),
    "larger type": ("Ctrl++", "Ctrl+="),
    "smaller type": ("Ctrl+-",),
    "usual type": ("Ctrl+0",),
    "quit": (QKeySequence.StandardKey.Quit,),
}


def add_shortcuts(window: QWidget, actions: Mapping[str, Callable[[], object]]) -> None:
    """Give every action its keys; there is one for each name in SEQUENCES."""
    for name, sequences in SEQUENCES.items():
        for sequence in sequences:
            shortcut = QShortcut(QKeySequence(sequence), window)
            shortcut.setObjectName(f"{name} shortcut")
            shortcut.activated.connect(actions[name])
