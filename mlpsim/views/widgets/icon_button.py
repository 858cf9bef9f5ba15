"""A button that shows a line icon in the theme's colour."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QToolButton

from mlpsim.views.icons import icon


class IconButton(QToolButton):
    """A tool button with an icon from ``resources/icons``, a name and a tooltip.

    ``scale`` is the icon's height in units of the type. Icon and size follow palette and font.
    """

    def __init__(self, icon_name: str, text: str, scale: float = 1.4) -> None:
        super().__init__()
        self._icon_name = icon_name
        self._scale = scale
        self._is_polished = False
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._dress()

    def set_icon(self, icon_name: str, text: str) -> None:
        """Show another icon, and say what the button now does."""
        self._icon_name = icon_name
        self.setAccessibleName(text)
        self.setToolTip(text)
        self._dress()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.Polish:
            self._is_polished = True
            self._dress()
        return handled

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def _dress(self) -> None:
        size = round(self._scale * self.fontMetrics().height() / 1.21)
        self.setIconSize(QSize(size, size))
        # Until then the stylesheet may still change the colours and the size.
        if self._is_polished:
            role, palette = QPalette.ColorRole.WindowText, self.palette()
            ink = palette.color(QPalette.ColorGroup.Active, role)
            faint = palette.color(QPalette.ColorGroup.Disabled, role)
            self.setIcon(icon(self._icon_name, ink, faint))
