"""The race panel: variants of the experiment beside its run: their curves and how each stands."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mlpsim.core.experiment import Experiment
from mlpsim.core.files.presets import Preset, load_presets
from mlpsim.core.race import ALONE, Race, Racer
from mlpsim.core.studies.lanes import standing
from mlpsim.core.studies.sweep_axes import Kind
from mlpsim.core.studies.variants import race_of, varied
from mlpsim.core.ticks import round_below
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.items.race_lines import EVALUATIONS, UPDATES, Axes
from mlpsim.views.labels import race_words
from mlpsim.views.labels.failures import not_computed
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.group import labelled
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.race_form import RaceForm
from mlpsim.views.widgets.race_model import Row
from mlpsim.views.widgets.race_pictures import BOTH, CURVES, PANES, RacePictures
from mlpsim.views.widgets.race_table import RaceTable
from mlpsim.views.widgets.segmented import Segmented
from mlpsim.views.widgets.wrap_layout import WrapLayout

PLAYING_MS, DIGITS_MS, PAUSED_MS = 100, 200, 16
STEPS, MOST_STEPS = 200, 1_000_000
LEVEL = 0.1  # of E at the start, until another one is typed
SUBTITLE = "variants of the experiment beside its run"
COUNTS = (
    (UPDATES, "updates", "Curves against the updates of each lane"),
    (
        EVALUATIONS,
        "∇eˢ",
        "Curves against the gradients of single samples that were evaluated"
        " (Hessians and trials of a step are not counted)",
    ),
)

SHOWN = (
    (BOTH, "both", "The lanes side by side, and their curves"),
    (PANES, "panes", "Every lane over its own loss surface, on one window"),
    (CURVES, "curves", "The loss curves of all lanes"),
)


class RacePanel(Card):
    """Shows the track; asks the session for who runs, and the track for how far."""

    def __init__(self, context: Context) -> None:
        super().__init__("Race", SUBTITLE)
        self._context, self.track = context, context.race
        self._presets: tuple[Preset, ...] = ()
        self._preset_of: tuple[Experiment, tuple[Race, int] | None] | None = None
        self.form = RaceForm()
        self.steps = NumberEntry(STEPS, 1, MOST_STEPS, integer=True)
        self.level = NumberEntry(LEVEL, 0.0)
        self.run, self.cancel = QPushButton("Run"), QPushButton("Cancel")
        self.counts = Segmented("Curves against", COUNTS)
        self.log = QToolButton()
        self.draws = QCheckBox("Draw on map")
        self.pictures = RacePictures(context)
        self.shown = Segmented("Pictures of the race", SHOWN)
        self.preset = QPushButton("Race its preset")
        self.preset.setAccessibleName("Race the variants of the preset")
        self.preset.setToolTip("Let all variants of the preset on view run beside one another")
        tools = QWidget()
        choices = WrapLayout(tools, spacing=6, row_gap=4)  # more than a row at a projector's type
        choices.add(self.preset)
        choices.add(self.shown)
        self.header.addWidget(tools)
        self.table = RaceTable()
        self.note, self.hint = Message("caption", selectable=True), Message("caption")
        self.add_tools(self.form)
        self.add_tools(self._make_tools())
        self.body.addWidget(self.pictures, 1)
        self.body.addWidget(self.table)
        self.body.addWidget(self.note)
        self.add_tools(self.hint)
        self._log: bool | None = None
        self._has_level = False  # typed by a person
        self._can_tell = False  # how the lanes stand at the state on view
        # Two, which take turns: curves and table are not painted in one frame while it plays.
        self._throttle = Throttle(
            self, self._show_curves, context.pace(PLAYING_MS, PAUSED_MS), self._sum_up
        )
        self._digits = Throttle(
            self, self._show_standings, context.pace(DIGITS_MS, PAUSED_MS), self._stand
        )
        self._connect()
        self._on_race_changed()
        self._show()

    # -- building ------------------------------------------------------------------------------

    def _make_tools(self) -> WrapLayout:
        row = WrapLayout(spacing=10, row_gap=6)
        self.log.setText("log")
        self.log.setCheckable(True)
        self.draws.setChecked(True)
        for widget, name, tip in (
            (self.steps, "Steps of every lane", "How far all lanes go; they follow the run anyway"),
            (self.run, "Run the race", "Let all lanes come to that step, the run on view too"),
            (self.cancel, "Stop the race", "Stop where the lanes are"),
            (self.level, "Level of E", "The table says when each lane's E came to it"),
            (self.log, "Logarithmic scale of E", "Logarithmic scale; chosen by itself at first"),
            (self.draws, "Draw the race on the loss surface", "Paths and states of the lanes"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        for entry in (self.steps, self.level):
            entry.set_columns(6)
            entry.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.add(labelled("steps", self.steps))
        row.add(self.run)
        row.add(self.cancel)
        row.add(labelled("E ≤", self.level))
        row.add(self.counts)
        for widget in (self.log, self.draws):
            row.add(widget)
        return row

    def _connect(self) -> None:
        context, track = self._context, self.track
        track.changed.connect(self._refresh)
        context.session.race_changed.connect(self._on_race_changed)
        context.player.playing_changed.connect(self._refresh)
        context.appearance.changed.connect(self._refresh)
        context.landscape.surface_changed.connect(self._on_surface_changed)
        track.standings.failed.connect(self._say_failure)
        self.form.varied.connect(self._add_variants)
        self.form.this_asked.connect(self._add_this)
        self.preset.clicked.connect(self._race_preset)
        self.form.removal_asked.connect(self._remove)
        self.run.clicked.connect(self._ask)
        self.cancel.clicked.connect(track.cancel)
        self.level.value_committed.connect(self._choose_level)
        self.counts.chosen.connect(self._refresh)
        self.shown.chosen.connect(self._refresh)
        self.pictures.panes.chosen.connect(self.table.selectRow)
        self.log.clicked.connect(self._choose_log)
        self.draws.toggled.connect(track.set_drawn)
        self.pictures.resized.connect(self._refresh)
        self.table.lanes.renamed.connect(self._rename)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)

    def complete(self) -> None:
        """All lanes as far as the state on view, here and now, for a picture."""
        self.track.complete(self.track.cursor)
        self.track.complete_standings()
        self._show()
        self.pictures.panes.complete()

    # -- asking --------------------------------------------------------------------------------

    @Slot(object, str)
    def _add_variants(self, kind: Kind, text: str) -> None:
        def with_variants(race: Race) -> Race:
            variants = varied(self._context.session.experiment, kind, text)
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
        this = Racer("as it stood", self._context.session.experiment)
        self._change(lambda race: race.with_racers((this,)), "Add the experiment to the race")

    def _change(self, change: Callable[[Race], Race], text: str) -> str:
        """Change who runs; why that is refused, which is said, or nothing."""
        session = self._context.session
        try:
            race = change(session.race)
        except ValueError as error:
            reason = labels.sentence(error)
            session.say(reason)
            return reason
        session.set_race(race, text)
        return ""

    @Slot()
    def _race_preset(self) -> None:
        found = self._preset()
        if found is not None:
            self._context.session.set_race(found[0], "Race the preset's variants")

    @Slot()
    def _on_race_changed(self) -> None:
        """A preset's race goes as far as its longest variant."""
        race = self._context.session.race
        found = None if race == ALONE else self._preset()
        if found is not None and found[0] == race:
            self.steps.set_value(found[1])

    @Slot()
    def _remove(self) -> None:
        lane = self.table.chosen
        session = self._context.session
        if lane > 0:
            session.set_race(session.race.without(lane), "Remove from the race")

    @Slot(int, str)
    def _rename(self, lane: int, name: str) -> None:
        self._change(lambda race: race.renamed(lane, name), "Rename a lane")

    @Slot()
    def _ask(self) -> None:
        self.track.run_to(int(self.steps.value))

    @Slot(object)
    def _choose_level(self, _level: float) -> None:
        self._has_level = True
        self._refresh()

    @Slot(bool)
    def _choose_log(self, log: bool) -> None:
        self._log = log
        self._refresh()

    @Slot()
    def _on_selected(self) -> None:
        self.form.remove.setEnabled(self.table.chosen > 0)

    @Slot()
    def _refresh(self) -> None:
        self._throttle.request()
        self._digits.request()

    @Slot(str)
    def _say_failure(self, message: str) -> None:
        self._context.session.say(not_computed("How the lanes stand", message))

    @Slot(object)
    def _on_surface_changed(self, _surface: object) -> None:
        self._digits.request()  # its note tells who is drawn there

    # -- showing -------------------------------------------------------------------------------

    def _preset(self) -> tuple[Race, int] | None:
        """The race of the preset that the run began with a variant of, and how long it is."""
        experiment = self._context.session.run.segments[0].experiment
        if self._preset_of is None or self._preset_of[0] is not experiment:
            self._presets = self._presets or load_presets()
            self._preset_of = experiment, race_of(experiment, self._presets)
        return self._preset_of[1]

    @property
    def _symbol(self) -> str:
        return labels.error_symbol(self.track.lanes[0].errors.reduction)

    def _axes(self) -> Axes:
        return Axes(str(self.counts.value), self._log, self.level.value, self._symbol)

    def _show(self) -> None:
        self._sum_up()
        self._show_curves()
        self._stand()
        self._show_standings()

    def _follow_start(self) -> None:
        """The level is of this run, before curves or table are found out for it."""
        start = self.track.lanes[0].errors.value(0)
        if not self._has_level and start is not None:
            self.level.set_value(round_below(LEVEL * start))

    def _sum_up(self) -> None:
        self._follow_start()
        self.pictures.sum_up(self._axes())

    def _show_curves(self) -> None:
        self.pictures.show_race(str(self.shown.value))
        self.log.setChecked(self.pictures.is_log)

    def _show_standings(self) -> None:
        track, share = self.track, self.track.share
        coming = "" if self._can_tell else f" {race_words.COMING}"
        running = "" if share is None else f"running: {labels.percent(share)}"
        self.set_subtitle((running or SUBTITLE) + coming)
        self.cancel.setVisible(share is not None)
        found = self._preset()
        self.preset.setVisible(found is not None and found[0] != self._context.session.race)
        self.table.cells.set_quiet(not self._can_tell)  # those of an earlier state stay meanwhile
        self.table.show_rows(self._rows, self.level.value, self._symbol, self._context.appearance)
        self._on_selected()
        self.note.say(track.failure or self._words())
        self.hint.say("" if track.failure or len(track.lanes) > 1 else race_words.NOBODY)

    def _stand(self) -> None:
        """Find out how the lanes stand, which is shown next."""
        track, level = self.track, self.level
        self._can_tell = track.can_tell()
        self._follow_start()
        rows = []
        for lane in track.lanes:
            k = track.cursor if self._can_tell else track.standings.latest.get(lane.errors, 0)
            rows.append(Row(lane.name, standing(lane.errors, k, level.value)))
        self._rows = tuple(rows)

    def _words(self) -> str:
        track, landscape = self.track, self._context.landscape
        if len(track.lanes) == 1:
            return ""
        runs = [lane.run for lane in track.lanes]
        problems = [lane.problem for lane in track.lanes]
        every = [lane.errors.every for lane in track.lanes]
        is_plane = problems[0].network.n_params > 2
        return " ".join(
            filter(
                None,
                (
                    race_words.comparison_words(problems),
                    race_words.course_words(runs, track.short, track.cursor),
                    race_words.recording_words(every, self._symbol),
                    race_words.surface_words(len(runs), track.here, is_plane)
                    if landscape.surface is not None and track.is_drawn
                    else "",
                ),
            )
        )
