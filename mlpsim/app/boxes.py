"""Message boxes: what went wrong, said without holding up the window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from mlpsim.views.labels.plain import plain


def warn(parent: QWidget, name: str, what: str, advice: str, details: str = "") -> None:
    """Open a box with this object name; it goes when it is closed."""
    box = QMessageBox(parent)
    box.setObjectName(name)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowModality(Qt.WindowModality.NonModal)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(plain(what))
    box.setInformativeText(plain(advice))
    if details:
        box.setDetailedText(details)
    box.show()
