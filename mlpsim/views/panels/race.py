"""The race panel: variants of the experiment beside its run: their curves and how each stands."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mlpsim.core.studies.lanes import standing
from mlpsim.core.ticks import round_below
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.items.race_lines import EVALUATIONS, UPDATES, Axes
from mlpsim.views.labels import race_words
from mlpsim.views.labels.failures import not_computed
from mlpsim.views.parts.race.entrants import Entrants
from mlpsim.views.parts.race.race_model import Row
from mlpsim.views.parts.race.race_pictures import BOTH, CURVES, PANES, RacePictures
from mlpsim.views.parts.race.race_table import RaceTable
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.group import labelled
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.number_entry import NumberEntry
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
    """Shows the track, and asks it for how far the lanes go; the entrants ask for who runs."""

    def __init__(self, context: Context) -> None:
        super().__init__("Race", SUBTITLE)
        self._context, self.track = context, context.race
        self.entrants = Entrants(context.session, self)
        self.steps = NumberEntry(STEPS, 1, MOST_STEPS, integer=True)
        self.level = NumberEntry(LEVEL, 0.0)
        self.run, self.cancel = QPushButton("Run"), QPushButton("Cancel")
        self.counts = Segmented("Curves against", COUNTS)
        self.log = QToolButton()
        self.draws = QCheckBox("Draw on map")
        self.pictures = RacePictures(context)
        self.shown = Segmented("Pictures of the race", SHOWN)
        tools = QWidget()
        choices = WrapLayout(tools, spacing=6, row_gap=4)  # more than a row at a projector's type
        choices.add(self.entrants.preset)
        choices.add(self.shown)
        self.header.addWidget(tools)
        self.table = RaceTable()
        self.note, self.hint = Message("caption", selectable=True), Message("caption")
        self.add_tools(self.entrants.form)
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
        self.entrants.form.removal_asked.connect(self._remove)
        self.run.clicked.connect(self._ask)
        self.cancel.clicked.connect(track.cancel)
        self.level.value_committed.connect(self._choose_level)
        self.counts.chosen.connect(self._refresh)
        self.shown.chosen.connect(self._refresh)
        self.pictures.panes.chosen.connect(self.table.selectRow)
        self.log.clicked.connect(self._choose_log)
        self.draws.toggled.connect(track.set_drawn)
        self.pictures.resized.connect(self._refresh)
        self.table.lanes.renamed.connect(self.entrants.rename)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)

    def complete(self) -> None:
        """All lanes as far as the state on view, here and now, for a picture."""
        self.track.complete(self.track.cursor)
        self.track.complete_standings()
        self._show()
        self.pictures.panes.complete()

    # -- asking --------------------------------------------------------------------------------

    @Slot()
    def _on_race_changed(self) -> None:
        if (length := self.entrants.length) is not None:
            self.steps.set_value(length)

    @Slot()
    def _remove(self) -> None:
        self.entrants.remove(self.table.chosen)

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
        self.entrants.form.remove.setEnabled(self.table.chosen > 0)

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
        self.entrants.show_preset()
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
