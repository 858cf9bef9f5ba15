"""Asks for the name of a file to save, with the ending that the file will have."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget


def ask_save_name(
    parent: QWidget, title: str, suggestion: Path, kind: str, endings: Sequence[str] = ()
) -> Path | None:
    """The name that a person gives, None if they give none; a file that exists is asked about.

    A name without an ending takes the suggestion's, before the dialog looks whether it exists.
    """
    ending = suggestion.suffix
    shown = " ".join(f"*{one}" for one in endings or (ending,))
    dialog = QFileDialog(parent, title, str(suggestion.parent), f"{kind} ({shown})")
    dialog.setObjectName("save dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(ending[1:])
    dialog.selectFile(suggestion.name)
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return Path(chosen[0]) if chosen else None
