"""The optimizer panel: the update rule in force with its numbers, and its vectors on the map."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QWidget

from mlpsim.core.network import Network
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.items.overlays.anatomy import COLOURS, Anatomy
from mlpsim.views.labels.anatomy_words import (
    COMPONENTWISE,
    DRAWN,
    MOST_AT_ONCE,
    NOTHING_YET,
    Line,
    anatomy,
)
from mlpsim.views.parts.steps.anatomy_row import AnatomyRow
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.scroll_column import ScrollColumn
from mlpsim.views.widgets.wrap_layout import WrapLayout

PLAYING_MS, PAUSED_MS = 200, 16
USUAL = "−0.5432", "(−0.5432, −0.5432)"  # results of one weight, and of two


class AnatomyPanel(Card):
    """Shows the step on view line by line; of many weights, for the one that is chosen."""

    needs_changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__("Optimizer", "")
        self._context, self._appraiser = context, context.appraiser
        self.overlay = Anatomy(context)
        context.overlays.add(self.overlay)
        self.draws = QCheckBox("Draw on map")
        self.draws.setAccessibleName("Draw the optimizer's vectors on the loss surface")
        self.draws.setToolTip(DRAWN)
        self.weight = Combo("Weight whose numbers are shown")
        tools = QWidget()
        row = WrapLayout(tools, spacing=8, row_gap=4)
        row.add(self.weight)
        row.add(self.draws)
        self.header.addWidget(tools)
        self._scroll = ScrollColumn("The update, line by line")
        self._scroll.column.setSpacing(0)
        self.rows: list[AnatomyRow] = []
        self.note = Message("caption")
        self._scroll.column.addWidget(self.note)
        self._scroll.column.addStretch(1)
        self.body.addWidget(self._scroll, 1)
        self._network: Network | None = None
        self._needed = 0
        self._throttle = Throttle(self, self._show, context.pace(PLAYING_MS, PAUSED_MS))
        session = context.session
        self._throttle.follow(session.run_started, session.cursor_moved, session.experiment_changed)
        self._throttle.follow(context.player.playing_changed, context.landscape.plane_changed)
        self._throttle.follow(self._appraiser.changed, self.weight.chosen, self.draws.toggled)
        self.draws.toggled.connect(self.overlay.set_on)
        self._show()

    def _show(self) -> None:
        session = self._context.session
        is_pending = self._appraiser.place > 0 and self._appraiser.is_pending
        self._scroll.content.setEnabled(not is_pending)
        if is_pending:
            # The lines of an earlier step stay, faint.
            self.set_subtitle(f"state {labels.whole(self._appraiser.place)} …")
            if self.note.text() == NOTHING_YET:
                self.note.say("…")
            return
        record = session.record
        self.draws.setEnabled(self.overlay.is_possible)
        self.weight.setVisible(False)
        if record is None:
            self.set_subtitle("the start")
            self._show_lines(())
            self.note.say(NOTHING_YET)
            return
        experiment = record.segment.experiment
        before, after = labels.whole(record.k - 1), labels.whole(record.k)
        name = labels.optimizer_name(experiment.optimizer)
        self.set_subtitle(f"{name}, state {before} → {after}")
        lines = anatomy(record, self._chosen(experiment.problem.network))
        self._show_lines(lines)
        notes = [COMPONENTWISE] if any("√" in line.text for line in lines) else []
        if self.overlay.is_on and self.overlay.is_possible:
            notes.append(DRAWN)
        self.note.say(" ".join(notes))

    def _chosen(self, network: Network) -> tuple[int, ...]:
        """The parameters in the numbers: all of few, else the one in the combo."""
        if network.n_params <= MOST_AT_ONCE:
            return tuple(range(network.n_params))
        if self._network is None or not network.has_shape_of(self._network):
            self._network = network
            self.weight.set_choices(labels.parameter_choices(network, range(network.n_params)))
        self.weight.setVisible(True)
        chosen = self.weight.value
        assert isinstance(chosen, int)
        return (chosen,)

    def needed_height(self) -> int:
        """What its lines need, at this width."""
        return self.height_beside(self._scroll) + self._scroll.needed_height

    def _show_lines(self, lines: tuple[Line, ...]) -> None:
        while len(self.rows) < len(lines):
            row = AnatomyRow(self._scroll.content)
            row.was_set.connect(self._fit)
            self._scroll.column.insertWidget(len(self.rows), row)
            self.rows.append(row)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(lines))
        for row, line in zip(self.rows, lines, strict=False):
            row.show_line(line, None if line.drawn is None else COLOURS[line.drawn.kind])
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """Name the lines where usual results have room beside their formulas all the same."""
        shown = [row for row in self.rows if not row.isHidden()]
        usual = USUAL[self.weight.isHidden()]
        room = self._scroll.content.width() - self.fontMetrics().horizontalAdvance(usual)
        named = all(row.named_width <= room for row in shown)
        for row in shown:
            row.show_name(named)
        if self._needed != (needed := self.needed_height()):
            self._needed = needed
            self.needs_changed.emit()
