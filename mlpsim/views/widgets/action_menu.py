"""A menu of a few actions, made when it is asked for."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

Entry = tuple[str, str, Callable[[], object], bool]  # text, keys, what it does, whether it can


def action_menu(name: str, entries: Sequence[Entry | QMenu | None], parent: QWidget) -> QMenu:
    """A menu of entries and other menus; None is a line between them."""
    menu = QMenu(parent)
    menu.setObjectName(name)
    for entry in entries:
        if entry is None:
            menu.addSeparator()
            continue
        if isinstance(entry, QMenu):
            entry.setParent(menu, entry.windowFlags())  # it goes when the menu does
            menu.addMenu(entry)
            continue
        text, keys, slot, enabled = entry
        action = QAction(f"{text}\t{keys}" if keys else text, menu)
        action.setObjectName(text)
        action.setEnabled(enabled)
        action.triggered.connect(slot)
        menu.addAction(action)
    return menu
