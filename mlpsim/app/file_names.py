"""Names of files: asked for with the ending that the file will have, and dropped ones."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog, QWidget

DROPPED = (".mlpsim", ".png", ".json")  # documents, pictures and rails


def save_dialog(
    parent: QWidget, title: str, suggestion: Path, kind: str, endings: Sequence[str]
) -> QFileDialog:
    """A dialog for a name to save under; it asks before a file that exists is written over.

    A name without an ending takes the suggestion's, before the dialog looks whether it exists.
    """
    ending = suggestion.suffix
    shown = " ".join(f"*{one}" for one in endings or (ending,))
    dialog = QFileDialog(parent, title, str(suggestion.parent), f"{kind} ({shown})")
    dialog.setObjectName("save dialog")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(ending[1:])
    dialog.selectFile(suggestion.name)
    return dialog


def ask_save_name(
    parent: QWidget, title: str, suggestion: Path, kind: str, endings: Sequence[str] = ()
) -> Path | None:
    """The name that a person gives; None if they give none."""
    dialog = save_dialog(parent, title, suggestion, kind, endings)
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()
    return Path(chosen[0]) if chosen else None


def dropped_file(mime: QMimeData) -> Path | None:
    """The one document, picture or rail that is being dragged, if it is one."""
    urls = mime.urls() if mime.hasUrls() else []
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in DROPPED else None
