"""The step panel: what the step that led to the state on view did, in symbols and numbers."""

from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.labels.observations import edit_after, observation
from mlpsim.views.labels.step_rows import Row, rows_at_start, rows_of_step
from mlpsim.views.parts.steps.row_view import RowView
from mlpsim.views.throttle import FRAME_MS, Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.scroll_column import ScrollColumn

PLAYING_MS, PAUSED_MS = 200, 16
NOTHING_YET = "Nothing has happened yet: this is the start. The first step goes down the gradient."


class StepPanel(Card):
    """Shows the update row by row; the exact numbers are in the tooltips."""

    def __init__(self, context: Context) -> None:
        super().__init__("This step", "")
        self._session, self._player = context.session, context.player
        self._appraiser = context.appraiser
        self._scroll = ScrollColumn("This step, row by row")
        self._column = self._scroll.column
        self._column.setSpacing(0)
        self.rows: list[RowView] = []
        self.sentence = Message("caption")
        self.sentence.setContentsMargins(0, 6, 0, 0)
        self._column.addWidget(self.sentence)
        self._column.addStretch()
        self.body.addWidget(self._scroll, 1)
        self._throttle = Throttle(self, self._show, self._interval)
        session = context.session
        self._throttle.follow(session.run_started, session.cursor_moved, session.experiment_changed)
        self._throttle.follow(self._appraiser.changed, context.player.playing_changed)
        self._show()

    def _interval(self) -> int:
        if self._player.playing or self._session.is_dragging:
            return PLAYING_MS
        # What has been faint until a worker found it may take a turn: others come with it.
        is_faint = not self._scroll.content.isEnabled()
        return FRAME_MS if is_faint and not self._appraiser.is_pending else PAUSED_MS

    def _show(self) -> None:
        session, run = self._session, self._session.run
        self._scroll.content.setEnabled(not self._appraiser.is_pending)
        if self._appraiser.is_pending:
            # The rows of an earlier step stay, faint: nothing moves until the new ones come.
            self.set_subtitle(f"state {labels.whole(self._appraiser.place)} …")
            self.sentence.say("")
            return
        record = session.record
        rows = rows_at_start(run) if record is None else rows_of_step(record)
        self._show_rows(rows)
        if record is None:
            self.set_subtitle("the start")
        else:
            optimizer = record.segment.experiment.optimizer
            before, after = labels.whole(record.k - 1), labels.whole(record.k)
            name = labels.optimizer_name(optimizer)
            self.set_subtitle(f"{name}, state {before} → {after}")
        said = (edit_after(run, session.cursor), observation(run, session.cursor))
        self.sentence.say(" ".join(filter(None, said)) or ("" if record else NOTHING_YET))

    def _show_rows(self, rows: tuple[Row, ...]) -> None:
        while len(self.rows) < len(rows):
            view = RowView(self._scroll.content)
            self._column.insertWidget(len(self.rows), view)
            self.rows.append(view)
        for place, view in enumerate(self.rows):
            view.setVisible(place < len(rows))
        for view, row in zip(self.rows, rows, strict=False):
            view.show_row(row)
