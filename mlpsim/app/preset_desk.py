"""The preset desk: puts a preset's variant in place, alone or with the others beside it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from mlpsim.app.dialogs import Dialogs
from mlpsim.app.documents import Documents
from mlpsim.core.files.presets import Preset, Variant
from mlpsim.core.race import ALONE, Race
from mlpsim.views.panels.toolbar import Toolbar
from mlpsim.views.widgets.preset_strip import PresetStrip

RACE = "race"


class PresetDesk(QObject):
    """Answers the gallery and the preset's strip; ``turn_to`` shows a panel."""

    def __init__(
        self,
        documents: Documents,
        dialogs: Dialogs,
        strip: PresetStrip,
        toolbar: Toolbar,
        turn_to: Callable[[str], object],
    ) -> None:
        super().__init__(documents)
        self._documents, self._strip, self._toolbar = documents, strip, toolbar
        self._turn_to = turn_to
        dialogs.preset_chosen.connect(self.open)
        dialogs.race_chosen.connect(self.race)
        strip.variant_chosen.connect(self.open)

    @Slot(object, object)
    def open(self, preset: Preset, variant: Variant) -> None:
        """Put a preset's variant in place, after asking about unsaved changes."""
        self._open(preset, variant, ALONE)

    @Slot(object)
    def race(self, preset: Preset) -> None:
        """The same for the first variant, with all others beside it."""
        from mlpsim.core.studies.variants import preset_race

        if self._open(preset, preset.variants[0], preset_race(preset)):
            self._turn_to(RACE)

    def _open(self, preset: Preset, variant: Variant, race: Race) -> bool:
        is_open = self._documents.open_preset(preset, variant, race)
        if is_open:
            self._strip.show_preset(preset, variant)
            self._toolbar.set_preset_name(preset.title)
        return is_open
