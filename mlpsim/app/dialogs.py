"""The windows over the window: the presets and the help, imported and made with their first use."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from mlpsim.views.context import Context

if TYPE_CHECKING:
    from mlpsim.app.help import HelpDialog
    from mlpsim.views.panels.gallery import Gallery


class Dialogs(QObject):
    """Opens the gallery and the help; each keeps its place while the window is there."""

    preset_chosen = Signal(object, object)  # Preset, Variant
    race_chosen = Signal(object)  # Preset

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self.gallery: Gallery | None = None
        self.help: HelpDialog | None = None

    @Slot()
    def show_gallery(self) -> None:
        """The presets, over the window."""
        from mlpsim.views.panels.gallery import Gallery

        if self.gallery is None:
            self.gallery = Gallery(self._context, self._window)
            self.gallery.preset_chosen.connect(self.preset_chosen)
            self.gallery.race_chosen.connect(self.race_chosen)
        self.gallery.open()

    @Slot()
    def show_help(self) -> None:
        """Keys, symbols and where to begin."""
        from mlpsim.app.help import HelpDialog

        if self.help is None:
            self.help = HelpDialog(self._window)
        self.help.show()
