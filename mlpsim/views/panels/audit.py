"""The audit panel: every error before and after the step on view, and what became of the sum."""

from PySide6.QtCore import QItemSelectionModel, Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.labels.audit_words import audit_sentence, totals
from mlpsim.views.labels.observations import edit_after
from mlpsim.views.parts.steps.audit_model import HEADS, AuditModel
from mlpsim.views.parts.steps.totals_grid import TotalsGrid
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.quiet_delegate import QuietDelegate

PLAYING_MS, PAUSED_MS = 200, 16
NOTHING_YET = "No step has been taken yet: there is nothing to audit."
WIDEST = " −0.000888888 "  # of a number with five digits, and its padding
PADDING, ICON = 11, 22  # of a dense cell, and of a class's mark in it, in pixels
BY_HAND = "The weights were set by hand after this step."


class AuditPanel(Card):
    """eˢ before → after and Δ, the batch marked, the sums at the foot, and a sentence."""

    def __init__(self, context: Context) -> None:
        super().__init__("Audit", "")
        self._session = context.session
        self._appraiser = context.appraiser
        self._appearance = context.appearance
        self.sentence = Message("", selectable=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.sentence)
        self.model = AuditModel()
        self.model.setParent(self)
        self.table = self._make_table()
        self.body.addWidget(self.table, 1)
        self.rule = QFrame()
        self.rule.setProperty("role", "rule")
        self.body.addWidget(self.rule)
        self.totals = TotalsGrid("Sums over all samples, before and after the step")
        self.body.addWidget(self.totals)
        self.note = Message("caption")
        self.body.addWidget(self.note)
        self._throttle = Throttle(self, self._show, context.pace(PLAYING_MS, PAUSED_MS))
        session = context.session
        self._throttle.follow(session.run_started, session.cursor_moved, self._appraiser.changed)
        self._throttle.follow(context.player.playing_changed, context.appearance.changed)
        session.selection.sample_selected.connect(self._select)
        self._show()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        self._cells = QuietDelegate(table)
        table.setItemDelegate(self._cells)
        table.setAccessibleName("Errors before and after the step")
        table.setProperty("role", "dense")
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setMinimumHeight(round(3.5 * table.fontMetrics().height()))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        table.selectionModel().currentRowChanged.connect(self._on_row)
        return table

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._throttle.request()

    def _show(self) -> None:
        is_pending = self._appraiser.place > 0 and self._appraiser.is_pending
        self.sentence.setEnabled(not is_pending)
        self.totals.setEnabled(not is_pending)
        self._cells.set_quiet(is_pending)
        if is_pending:
            # What is said of an earlier step stays, faint: nothing moves until the new comes.
            self.set_subtitle(f"state {labels.whole(self._appraiser.place)} …")
            if self.model.rowCount() == 0:
                self.sentence.say("…")
            return
        record = self._session.record
        self.table.verticalHeader().setDefaultSectionSize(round(1.6 * self.fontMetrics().height()))
        self.totals.show_totals(() if record is None else totals(record))
        self.model.show_record(record, self._appearance.theme)
        self._set_widths()
        for widget in (self.table, self.rule, self.totals):
            widget.setVisible(record is not None)
        by_hand = BY_HAND if record is not None and record.set_by_hand is not None else ""
        self.note.say(edit_after(self._session.run, self._session.cursor) or by_hand)
        if record is None:
            self.set_subtitle("the start")
            self.sentence.say(NOTHING_YET)
            return
        before, after = labels.whole(record.k - 1), labels.whole(record.k)
        self.set_subtitle(f"state {before} → {after}")
        self.sentence.say(audit_sentence(record))
        self.table.setAccessibleDescription(self.sentence.text())
        self._select(self._session.selection.sample)
        if self._session.selection.sample is None:
            self.table.scrollTo(self.model.index(int(record.batch.min()), 0))

    def _set_widths(self) -> None:
        """The names and the numbers of the table, and those of the totals below, as they fit."""
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)  # as the members of the batch are
        metrics = QFontMetrics(font)
        # The body's width: that of a table which was hidden is not up to date.
        room = self.body.geometry().width() - self.table.verticalScrollBar().sizeHint().width()
        is_narrow = room < len(HEADS) * metrics.horizontalAdvance(WIDEST)
        name = ICON + metrics.horizontalAdvance(self.model.widest_name(is_narrow)) + PADDING
        names = max(name, self.totals.names_width)
        self.table.setColumnWidth(0, names)
        self.totals.set_names_width(names)
        column = (room - names) // (len(HEADS) - 1) - PADDING - metrics.horizontalAdvance(".")
        self.model.set_narrow(is_narrow, 1 + column // metrics.horizontalAdvance("0"))

    @Slot(object)
    def _select(self, s: int | None) -> None:
        chosen = self.table.selectionModel()
        if s is None or s >= self.model.rowCount():
            chosen.clear()
        elif self.table.currentIndex().row() != s:
            flags = QItemSelectionModel.SelectionFlag
            chosen.setCurrentIndex(self.model.index(s, 0), flags.ClearAndSelect | flags.Rows)

    @Slot()
    def _on_row(self) -> None:
        row = self.table.currentIndex().row()
        if row >= 0:
            self._session.selection.select_sample(row)
