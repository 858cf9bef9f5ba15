"""The windows over the window: the presets and the help, imported and made with their first use."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from mlpsim.core.files.presets import Preset, load_presets
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
        """The program's presets, over the window."""
        if self.gallery is None:
            self.gallery = self._make_gallery(load_presets())
        self.gallery.open()

    def show_presets(self, presets: tuple[Preset, ...], name: str) -> None:
        """Those of a file of that name, over the window."""
        gallery = self._make_gallery(presets)
        gallery.setWindowTitle(name)
        gallery.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        gallery.open()

    def _make_gallery(self, presets: tuple[Preset, ...]) -> "Gallery":
        from mlpsim.views.panels.gallery import Gallery

        gallery = Gallery(self._context, presets, self._window)
        gallery.preset_chosen.connect(self.preset_chosen)
        gallery.race_chosen.connect(self.race_chosen)
        return gallery

    @Slot()
    def show_help(self) -> None:
        """Keys, symbols and where to begin."""
        from mlpsim.app.help import HelpDialog

        if self.help is None:
            self.help = HelpDialog(self._window)
        self.help.show()
