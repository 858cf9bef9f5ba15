"""The preset desk: puts presets in place, and takes down what is said of other data."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from mlpsim.app.dialogs import Dialogs
from mlpsim.app.documents import Documents
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.presets import Preset, Variant
from mlpsim.core.race import ALONE, Race
from mlpsim.session.files import read_whole
from mlpsim.session.session import Session
from mlpsim.views.panels.toolbar import Toolbar
from mlpsim.views.widgets.preset_strip import PresetStrip

RACE = "race"


class PresetDesk(QObject):
    """Answers the gallery and the preset's strip; ``turn_to`` shows a panel.

    A preset's name and text stand as long as a sample is left of the data that they are about.
    """

    def __init__(
        self,
        session: Session,
        documents: Documents,
        dialogs: Dialogs,
        strip: PresetStrip,
        toolbar: Toolbar,
        turn_to: Callable[[str], object],
    ) -> None:
        super().__init__(documents)
        self._session, self._dialogs = session, dialogs
        self._documents, self._strip, self._toolbar = documents, strip, toolbar
        self._turn_to = turn_to
        self._name = "Lecture example"
        self._data: Dataset | None = lecture_experiment().problem.data
        self._has_left = self._had_text = False
        toolbar.set_preset_name(self._name)
        session.experiment_changed.connect(self._compare)
        dialogs.preset_chosen.connect(self.open)
        dialogs.race_chosen.connect(self.race)
        strip.variant_chosen.connect(self.open)

    def open_file(self, path: Path) -> bool:
        """Open the presets in a file, the only one at once; False if it holds something else."""
        presets = self._documents.read(path, _presets_in)
        if presets is None:
            return True
        self._documents.folder = path.parent
        if len(presets) > 1:
            self._dialogs.show_presets(presets, path.name)
        elif presets:
            self.open(presets[0], presets[0].variants[0])
        return bool(presets)

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
            self.name(preset.title, variant.experiment.problem.data)
            self._strip.show_preset(preset, variant)
        else:
            self._strip.show_in_force(self._session.experiment)
        return is_open

    def name(self, name: str, data: Dataset | None = None) -> None:
        """Name what is in place, without a text; what has no ``data`` bears its name with any."""
        self._name, self._data, self._has_left = name, data, False
        self._toolbar.set_preset_name(name)
        self._strip.hide()

    @Slot()
    def _compare(self) -> None:
        self._strip.show_in_force(self._session.experiment)
        if self._data is None:
            return
        has_left = not self._data.shares_a_sample(self._session.experiment.problem.data)
        if has_left == self._has_left:
            return
        self._has_left = has_left
        self._toolbar.set_preset_name("" if has_left else self._name)
        if has_left:
            self._had_text = not self._strip.isHidden()
        self._strip.setVisible(not has_left and self._had_text)


def _presets_in(path: Path) -> tuple[Preset, ...]:
    """Those of a file of JSON; none if it says that it is something else."""
    from mlpsim.core.oracles.sources import holds_presets, read_presets

    data = read_whole(path)
    return read_presets(data, path.stem) if holds_presets(data) else ()
