"""Files that are dropped on the window."""

from pathlib import Path

from PySide6.QtCore import QMimeData

DROPPED = (".mlpsim", ".png", ".json")  # documents, pictures, rails and presets


def dropped_file(mime: QMimeData) -> Path | None:
    """The one such file that is being dragged, if it is one."""
    urls = mime.urls() if mime.hasUrls() else []
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.suffix.lower() in DROPPED else None
