"""Room on the screen: for a dialog as large as it wants to be, for what pops up at a button."""

from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QWidget

SHARE = 0.92  # of the screen: the frame needs some too


def resize_within(dialog: QWidget, wanted: QSize) -> None:
    """Give a dialog this size, or what the screen has of it."""
    dialog.resize(wanted.boundedTo(dialog.screen().availableSize() * SHARE))


def pop_up(popup: QWidget, button: QWidget, at_right: bool = False) -> None:
    """Open below a button, the left or the right edges in line, but within the screen."""
    popup.adjustSize()
    size, screen = popup.size(), button.screen().availableGeometry()
    corner = button.mapToGlobal(QPoint(0, button.height() + 4))
    left = corner.x() + (button.width() - size.width() if at_right else 0)
    popup.move(
        max(screen.left(), min(left, screen.right() - size.width())),
        max(screen.top(), min(corner.y(), screen.bottom() - size.height())),
    )
    popup.show()
