"""The seeds panel: one experiment under many seeds, its noise ball, and what is true on average."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QPushButton

from mlpsim.core.looks.bouquet import CHEAP
from mlpsim.core.studies.fan import expectation
from mlpsim.core.work import work_of
from mlpsim.session.fan_maker import FanMaker
from mlpsim.views.context import Context
from mlpsim.views.items.overlays.fan import MOST_PATHS, FanOverlay
from mlpsim.views.labels import percent, seed_words
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.formula import FormulaLabel
from mlpsim.views.widgets.group import labelled
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.scroll_column import ScrollColumn
from mlpsim.views.widgets.wrap_layout import WrapLayout

SEEDS, MOST_SEEDS = 30, 500
STEPS, MOST_STEPS = 400, 1_000_000
PLAYING_MS, PAUSED_MS = 200, 16
SUBTITLE = "many runs that differ by chance alone"


class SeedsPanel(Card):
    """Asks for the fan and the noise balls, and says what they are at the state on view."""

    def __init__(self, context: Context) -> None:
        super().__init__("Seeds", SUBTITLE)
        self._context = context
        self.maker = FanMaker(context.session, context.session)
        self.overlay = FanOverlay(context, self.maker)
        context.overlays.add_lowest(self.overlay)
        self.seeds = NumberEntry(SEEDS, 2, MOST_SEEDS, integer=True)
        self.steps = NumberEntry(STEPS, 1, MOST_STEPS, integer=True)
        self.run, self.measure = QPushButton("Run seeds"), QPushButton("Noise against η")
        self.cancel = QPushButton("Cancel")
        self.draws = QCheckBox("Draw on map")
        self.draws.setChecked(True)
        self.spread = Message("", selectable=True)
        self.note = Message("caption")
        self.balls = Message("", selectable=True)
        self.ball_note = Message("caption")
        self.formula = FormulaLabel(seed_words.EXPECTATION_TEX, seed_words.EXPECTATION_WORDS, 1.12)
        self.average = Message("", selectable=True)
        self.add_tools(self._make_tools())
        scroll = ScrollColumn("What the seeds show")
        for widget in (self.spread, self.note, self.balls, self.ball_note, self.formula):
            scroll.column.addWidget(widget)
        scroll.column.addWidget(self.average)
        scroll.column.addStretch(1)
        self.body.addWidget(scroll, 1)
        self._throttle = Throttle(self, self._show, context.pace(PLAYING_MS, PAUSED_MS))
        self._connect()
        self._show()

    def _make_tools(self) -> WrapLayout:
        row = WrapLayout()
        for widget, name, tip in (
            (self.seeds, "Seeds", "With how many seeds the experiment is run"),
            (self.steps, "Steps of every seed", "How many steps every seed takes"),
            (self.run, "Run the seeds", "Seed i adds i to the seeds of sampling and start"),
            (
                self.measure,
                "Measure the noise ball against η",
                "Run the seeds with a fourth, a half and the double of η as well",
            ),
            (self.cancel, "Cancel the seeds", "Stop; what was there stays"),
            (self.draws, "Draw the seeds on the loss surface", "Paths, their mean, the ellipse"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        for text, entry in (("seeds", self.seeds), ("steps", self.steps)):
            entry.set_columns(5)
            row.addWidget(labelled(text, entry))
        for widget in (self.run, self.measure, self.cancel, self.draws):
            row.addWidget(widget)
        return row

    def _connect(self) -> None:
        session, context = self._context.session, self._context
        self._throttle.follow(self.maker.changed, session.experiment_changed, session.run_started)
        self._throttle.follow(session.cursor_moved, context.player.playing_changed)
        self._throttle.follow(context.landscape.plane_changed)
        self.run.clicked.connect(self._ask_fan)
        self.measure.clicked.connect(self._ask_balls)
        self.cancel.clicked.connect(self.maker.errand.cancel)
        self.draws.toggled.connect(self.overlay.set_on)

    def demonstrate(self) -> None:
        """Run the seeds here and now, for a picture; a fan that is there stays."""
        if self.maker.fan is None:
            self.maker.complete(int(self.seeds.value), int(self.steps.value))
        self._show()

    @Slot()
    def _ask_fan(self) -> None:
        self.maker.ask_fan(int(self.seeds.value), int(self.steps.value))

    @Slot()
    def _ask_balls(self) -> None:
        self.maker.ask_balls(int(self.seeds.value), int(self.steps.value))

    def _show(self) -> None:
        share, found, balls = self.maker.errand.share, self.maker.fan, self.maker.balls
        for button in (self.run, self.measure):
            button.setEnabled(share is None)
        self.cancel.setVisible(share is not None)
        self.draws.setEnabled(self.overlay.is_possible)
        self.set_subtitle(SUBTITLE if share is None else f"running: {percent(share)}")
        if found is None:
            self.spread.say("")
            self.note.say(self.maker.errand.failure or seed_words.NOT_RUN)
        else:
            around = self.overlay.spread(found) if self.overlay.is_possible else None
            cursor = self._context.session.cursor
            self.spread.say(seed_words.fan_words(found, around, cursor))
            self.note.say(self.maker.errand.failure or seed_words.note_words(found, MOST_PATHS))
        self.balls.say("\n".join(seed_words.ball_words(ball) for ball in balls))
        sampling = self._context.session.experiment.sampling
        self.ball_note.say(seed_words.growth_words(balls, sampling) if balls else "")
        self._show_average()

    def _show_average(self) -> None:
        session = self._context.session
        problem = session.segment.experiment.problem
        if work_of(problem) > CHEAP:
            self.average.say(seed_words.DEAR)
            return
        found = expectation(problem, session.theta)
        self.average.say(seed_words.expectation_words(problem.network, found))
