"""Entrants: who runs in the race, as a person asks for it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QPushButton

from mlpsim.core.experiment import Experiment
from mlpsim.core.files.presets import Preset, load_presets
from mlpsim.core.race import ALONE, Race, Racer
from mlpsim.core.studies.sweep_axes import Kind
from mlpsim.core.studies.variants import race_of, varied
from mlpsim.session.session import Session
from mlpsim.views import labels
from mlpsim.views.labels import race_words
from mlpsim.views.parts.race.race_form import RaceForm


class Entrants(QObject):
    """A form for variants and a button for those of a preset, which ask the session."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._presets: tuple[Preset, ...] = ()
        self._preset_of: tuple[Experiment, tuple[Race, int] | None] | None = None
        self.form = RaceForm()
        self.preset = QPushButton("Race its preset")
        self.preset.setAccessibleName("Race the variants of the preset")
        self.preset.setToolTip("Let all variants of the preset on view run beside one another")
        self.form.varied.connect(self._add_variants)
        self.form.this_asked.connect(self._add_this)
        self.preset.clicked.connect(self._race_preset)

    def show_preset(self) -> None:
        """Offer the variants of the preset on view where they are not the race already."""
        found = self._found()
        self.preset.setVisible(found is not None and found[0] != self._session.race)

    @property
    def length(self) -> int | None:
        """How many steps the race goes if it is a preset's: those of its longest variant."""
        race = self._session.race
        found = None if race == ALONE else self._found()
        return found[1] if found is not None and found[0] == race else None

    def remove(self, lane: int) -> None:
        """Take a lane other than the run on view out of the race."""
        if lane > 0:
            self._session.set_race(self._session.race.without(lane), "Remove from the race")

    @Slot(int, str)
    def rename(self, lane: int, name: str) -> None:
        """Call a lane otherwise."""
        self._change(lambda race: race.renamed(lane, name), "Rename a lane")

    def _found(self) -> tuple[Race, int] | None:
        """The race of the preset that the run began with a variant of, and how long it is."""
        experiment = self._session.run.segments[0].experiment
        if self._preset_of is None or self._preset_of[0] is not experiment:
            self._presets = self._presets or load_presets()
            self._preset_of = experiment, race_of(experiment, self._presets)
        return self._preset_of[1]

    @Slot(object, str)
    def _add_variants(self, kind: Kind, text: str) -> None:
        def with_variants(race: Race) -> Race:
            variants = varied(self._session.experiment, kind, text)
            racers = [
                Racer(race_words.variant_name(kind.name, value), experiment)
                for value, experiment in variants
            ]
            return race.with_racers(tuple(racers))

        reason = self._change(with_variants, "Add variants to the race")
        if reason:
            self.form.refuse(reason)
        else:
            self.form.clear()

    @Slot()
    def _add_this(self) -> None:
        this = Racer("as it stood", self._session.experiment)
        self._change(lambda race: race.with_racers((this,)), "Add the experiment to the race")

    @Slot()
    def _race_preset(self) -> None:
        found = self._found()
        if found is not None:
            self._session.set_race(found[0], "Race the preset's variants")

    def _change(self, change: Callable[[Race], Race], text: str) -> str:
        """Change who runs; why that is refused, which is said, or nothing."""
        try:
            race = change(self._session.race)
        except ValueError as error:
            reason = labels.sentence(error)
            self._session.say(reason)
            return reason
        self._session.set_race(race, text)
        return ""
