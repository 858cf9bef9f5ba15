"""The transport: play, step and seek through the run, and its numbers in large type."""

from math import inf

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mlpsim.core.readout import Readout, readout
from mlpsim.views.appearance import em
from mlpsim.views.context import Context
from mlpsim.views.labels import number, whole
from mlpsim.views.labels.engine_words import engine_name, engine_tip
from mlpsim.views.labels.observations import expectation, observation
from mlpsim.views.parts.transport.captioned import captioned
from mlpsim.views.parts.transport.play_button import PlayButton
from mlpsim.views.parts.transport.run_figures import RunFigures
from mlpsim.views.parts.transport.scrubber import Scrubber
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.elided import ElidedLabel
from mlpsim.views.widgets.icon_button import IconButton
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.still_label import StillLabel
from mlpsim.views.widgets.wrap_layout import WrapLayout

SPEEDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 200.0, 1000.0, inf)
MAX_STEP = 10_000_000
PLAYING_MS, PAUSED_MS = 200, 40
SCRUBBER_MS = 33, 16  # while playing, and paused: then it follows the hand at once


class TransportPanel(Card):
    """Shows where the run stands; one row, or two where there is no room for one."""

    def __init__(self, context: Context) -> None:
        super().__init__("", "")
        self.setAccessibleName("Transport")
        self._session, self._player = context.session, context.player
        self._appearance, self._appraiser = context.appearance, context.appraiser
        self._said = ""
        self._read: Readout | None = None
        self._build()
        self._numbers_throttle = Throttle(
            self, self._show_numbers, context.pace(PLAYING_MS, PAUSED_MS)
        )
        self._scrubber_throttle = Throttle(self, self._show_scrubber, context.pace(*SCRUBBER_MS))
        self._connect()
        self._restyle()
        self._show_playing(self._player.playing)

    # -- construction --------------------------------------------------------------------------

    def _build(self) -> None:
        look = self._appearance
        self.to_start = IconButton("to-start", "To the start (Home)")
        self.step_back = IconButton("step-back", "One step back (←)")
        self.play = PlayButton(look)
        self.step = IconButton("step", "One step (→)")
        self.epoch = IconButton("epoch", "To the end of the epoch")
        self.to_end = IconButton("to-end", "To the end of the run (End)")
        self.restart = IconButton("restart", "Restart: a new run from step 0")
        self.scrubber = Scrubber(look)
        self.step_label, self.last_label = StillLabel(), StillLabel()
        self.step_label.setProperty("role", "large")
        self.last_label.setProperty("role", "large-quiet")
        self.sentence = ElidedLabel()
        self.sentence.setProperty("role", "caption")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        policy = self.sentence.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.sentence.setSizePolicy(policy)
        self.sentence.hide()
        self.figures = RunFigures()
        self.run_to = NumberEntry(100, lo=0, hi=MAX_STEP, integer=True)
        self.run_to.setAccessibleName("Run to step")
        self.run_to.set_columns(6)
        self.run_to.set_tip("Run to this step, as fast as it goes (Enter)")
        self.speed = Combo("Speed", [(s, _speed_text(s), _speed_words(s)) for s in SPEEDS])
        self.speed.setToolTip("Speed while playing")
        self.speed_caption = QLabel()
        self._lay_out()

    def _lay_out(self) -> None:
        self._buttons, self._middle, self._right = QWidget(), QWidget(), QWidget()
        buttons = _row(self._buttons, 2)
        for button in (
            *(self.to_start, self.step_back, self.play, self.step),
            *(self.epoch, self.to_end, self.restart),
        ):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            buttons.addWidget(button)
        self._place = QWidget()
        place = _row(self._place, 0)
        place.addWidget(self.step_label)
        place.addWidget(self.last_label)
        place.addStretch(1)
        where = QHBoxLayout()
        where.setSpacing(12)
        where.addWidget(self._place)
        where.addWidget(self.scrubber, 1)
        middle = QVBoxLayout(self._middle)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addStretch(1)
        middle.addLayout(where)
        middle.addWidget(self.sentence, 1)
        right = _row(self._right, 16)
        right.addWidget(self.figures)
        right.addSpacing(4)
        right.addLayout(captioned(QLabel("run to step"), self.run_to))
        right.addLayout(captioned(self.speed_caption, self.speed))
        rows = WrapLayout(spacing=14)
        policy = QSizePolicy.Policy
        for part, horizontal in (
            (self._buttons, policy.Fixed),
            (self._middle, policy.Expanding),
            (self._right, policy.Fixed),
        ):
            part.setSizePolicy(horizontal, policy.Preferred)
            rows.add(part, pushed=part is self._right)
        self.body.addLayout(rows)
        self.setSizePolicy(policy.Preferred, policy.Minimum)

    def _connect(self) -> None:
        session, player = self._session, self._player
        self.to_start.clicked.connect(player.to_start)
        self.step_back.clicked.connect(player.step_back)
        self.play.clicked.connect(player.toggle)
        self.step.clicked.connect(player.step)
        self.epoch.clicked.connect(player.epoch)
        self.to_end.clicked.connect(player.to_end)
        self.restart.clicked.connect(session.restart)
        self.scrubber.sought.connect(player.seek)
        self.run_to.value_committed.connect(player.run_to)
        self.run_to.returnPressed.connect(self._run_again)
        self.speed.chosen.connect(player.set_speed)
        session.run_started.connect(self._on_run_started)
        session.run_grew.connect(self._on_moved)
        session.cursor_moved.connect(self._on_moved)
        session.experiment_changed.connect(self._request)
        session.said.connect(self._say)
        session.engine_changed.connect(self._show_engine)
        player.playing_changed.connect(self._show_playing)
        player.speed_changed.connect(self._show_speed)
        self._appearance.changed.connect(self._restyle)
        self._appraiser.changed.connect(self._request)

    # -- requests ------------------------------------------------------------------------------

    @Slot()
    def _run_again(self) -> None:
        """Enter on an unchanged number asks again."""
        if not self.run_to.refusal:
            self._player.run_to(int(self.run_to.value))

    # -- what is shown -------------------------------------------------------------------------

    @Slot()
    def _on_run_started(self) -> None:
        self._said = ""
        if self._session.is_dragging:  # else the whole window would be laid out at every move
            self._request()
            return
        self._forget_widths()
        self._request()
        self._numbers_throttle.flush()  # whoever's turn it is, what has been is no more

    @Slot(int)
    def _on_moved(self, _k: int) -> None:
        self._said = ""
        self._request()

    @Slot(str)
    def _say(self, sentence: str) -> None:
        self._said = sentence
        self._show_sentence()

    @Slot()
    def _request(self) -> None:
        self._scrubber_throttle.request()
        self._numbers_throttle.request()

    @Slot(bool)
    def _show_playing(self, playing: bool) -> None:
        self.play.setChecked(playing)
        tip = "Pause (Space)" if playing else "Play (Space)"
        self.play.setToolTip(tip)
        self.play.setAccessibleName(tip)
        self._show_speed(self._player.speed)
        self._show_scrubber()
        self._show_numbers()

    @Slot(float)
    def _show_speed(self, speed: float) -> None:
        speeds = sorted({*SPEEDS, speed})
        if speed not in SPEEDS:
            self.speed.set_choices([(s, _speed_text(s), _speed_words(s)) for s in speeds])
        self.speed.set_value(speed)

    def _show_scrubber(self) -> None:
        run = self._session.run
        forks = tuple(segment.start for segment in run.segments[1:])
        self.scrubber.show_run(self._appraiser.place, run.last, forks)

    def _show_numbers(self) -> None:
        session = self._session
        k, last = self._appraiser.place, session.run.last
        self.step_label.setText(f"step {whole(k)}")
        self.last_label.setText(f" / {whole(last)}")
        self._place.setMinimumWidth(self._width_of_place(last))
        for button in (self.to_start, self.step_back):
            button.setEnabled(k > 0)
        self.to_end.setEnabled(k < last)
        self._show_engine()
        self._show_figures()
        self._show_sentence()

    def _readout(self) -> Readout | None:
        """That of the state on view; while it is pending an earlier one, if there is any."""
        if not self._appraiser.is_pending:
            present, session = self._appraiser.present, self._session
            self._read = (
                readout(session.run, session.cursor) if present is None else present.readout
            )
        return self._read

    @Slot()
    def _show_engine(self) -> None:
        engine = self._session.engine
        self.speed_caption.setText(f"speed · {engine_name(engine)}")
        self.speed_caption.setToolTip(engine_tip(engine))

    def _show_figures(self) -> None:
        problem, shown = self._session.experiment.problem, self._readout()
        if shown is None or self._appraiser.is_pending:
            self.figures.show_pending(problem, shown)
        else:
            self.figures.show_numbers(problem, shown)

    def _show_sentence(self) -> None:
        text = self._said or self._observation()
        if text != self.sentence.text():
            self.sentence.setText(text)
            self.sentence.setVisible(bool(text))

    def _observation(self) -> str:
        """What is to be said of the state on view; nothing of states that fly by."""
        run, k, place = self._session.run, self._session.cursor, self._appraiser.place
        if place != k:
            return expectation(place, k)
        flies_by = self._player.playing and run.diverged_at is None
        return "" if flies_by or self._appraiser.is_pending else observation(run, k)

    # -- size ----------------------------------------------------------------------------------

    @Slot()
    def _restyle(self) -> None:
        unit = em(self._appearance.point_size)
        self._middle.setMinimumHeight(round(4.5 * unit))
        self.scrubber.setMinimumWidth(round(7 * unit))
        self._forget_widths()
        self._show_numbers()

    def _forget_widths(self) -> None:
        self.figures.forget_widths()
        self._place.setMinimumWidth(0)

    def _width_of_place(self, last: int) -> int:
        """Room for every step up to the last, so that the scrubber stays where it is."""
        digits = "8" * max(3, len(whole(last)))
        step = self.step_label.fontMetrics().horizontalAdvance(f"step {digits}")
        return step + self.last_label.fontMetrics().horizontalAdvance(f" / {digits}") + 4


def _row(part: QWidget, spacing: int) -> QHBoxLayout:
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    return row


def _speed_text(speed: float) -> str:
    return "max" if speed == inf else f"{number(speed)}/s"


def _speed_words(speed: float) -> str:
    return "As fast as it goes" if speed == inf else f"{number(speed)} steps per second"
