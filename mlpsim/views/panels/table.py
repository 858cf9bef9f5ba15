"""The data as a table: typed into, pasted into, read from a file; in step with the plot."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton

from mlpsim.core.classes import target_of
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing import data_edits
from mlpsim.core.editing.feature_scaling import as_measured, is_scaled, standardised
from mlpsim.core.editing.surgery import Outcome
from mlpsim.core.experiment import Experiment
from mlpsim.core.problem import Problem
from mlpsim.core.tables.pasting import pasted
from mlpsim.core.tables.tabular import dataset_of, to_text
from mlpsim.views.context import Context
from mlpsim.views.labels import count, error_symbol, inputs, number, targets
from mlpsim.views.labels.symbols import total_in_symbols
from mlpsim.views.parts.samples.computed_inputs import ComputedInputs
from mlpsim.views.parts.samples.data_import import DataImport, dropped_table
from mlpsim.views.parts.samples.sample_model import SampleModel
from mlpsim.views.parts.samples.sample_table import SampleTable
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.action_menu import Entry, action_menu
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.elided import ElidedLabel
from mlpsim.views.widgets.icon_button import IconButton
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.still_label import StillLabel

PLAYING_MS = 200
PAUSED_MS = 25
# Samples times parameters, up to which E is summed anew while playing.
MANY = 20_000_000


class TablePanel(Card):
    """s, x₁ … y, ŷ, eˢ of every sample at the state on view, and Σ eˢ = E below them."""

    def __init__(self, context: Context) -> None:
        super().__init__("Table", "")
        self.set_subtitle("", "paste with Ctrl+V")
        self.setObjectName("table")
        self.setAcceptDrops(True)
        self._context, self._session = context, context.session
        self._appearance, self._plane = context.appearance, context.input_plane
        self.model = SampleModel(self._problem, self._session.theta, self)
        self.table = SampleTable(self.model)
        self._build_header()
        self.body.addWidget(self.table, 1)
        self._build_foot()
        self.importing = DataImport(context.session, self)
        self._throttle = Throttle(self, self._show, context.pace(PLAYING_MS, PAUSED_MS))
        self._connect(context)
        self._dress()
        self._show()

    def _build_header(self) -> None:
        self.symbols_button = QToolButton()
        self.symbols_button.setText("σ( )")
        self.symbols_button.setCheckable(True)
        self.symbols_button.setAccessibleName("Show predictions and errors in symbols")
        self.symbols_button.setToolTip("ŷ and eˢ in symbols, as formulas in the weights")
        self.add_button = IconButton("add", "Add a sample")
        self.open_button = IconButton("open", "Open a CSV file…")
        self.more_button = IconButton("more", "Rows, columns and clipboard")
        for button in (self.symbols_button, self.add_button, self.open_button, self.more_button):
            self.header.addWidget(button)

    def _build_foot(self) -> None:
        rule = QFrame()
        rule.setProperty("role", "rule")
        self.total_label = ElidedLabel()
        self.total_label.setProperty("role", "secondary")
        self.total = StillLabel()
        self.total.setProperty("role", "title")
        self.total.setAccessibleName("Total error E")
        self.total.setToolTip("the total error over all samples at the state on view")
        foot = QHBoxLayout()
        foot.setContentsMargins(6, 0, 8, 0)
        foot.addWidget(self.total_label, 1)
        foot.addWidget(self.total)
        self.message = Message("error")
        self.body.addWidget(rule)
        self.body.addLayout(foot)
        self.body.addWidget(self.message)
        self.body.addStretch()

    def _connect(self, context: Context) -> None:
        session, table = context.session, self.table
        self._throttle.follow(session.run_started, session.cursor_moved, session.experiment_changed)
        self._throttle.follow(context.player.playing_changed, context.appraiser.changed)
        session.selection.sample_selected.connect(table.show_sample)
        session.selection.sample_pointed.connect(self.model.show_pointed)
        context.appearance.changed.connect(self._dress)
        table.row_chosen.connect(session.selection.select_sample)
        table.row_pointed.connect(session.selection.point_at_sample)
        table.cells.typed.connect(self._type)
        table.cells.refused.connect(self.say)
        table.copy_asked.connect(self.copy)
        table.paste_asked.connect(self.paste)
        table.delete_asked.connect(self.delete_rows)
        table.menu_asked.connect(self._show_menu)
        self.symbols_button.toggled.connect(self._show_symbols)
        self.add_button.clicked.connect(self.add_row)
        self.open_button.clicked.connect(self._choose_file)
        self.more_button.clicked.connect(self._show_menu_below)
        self.importing.chosen.connect(self._use)
        self.importing.refused.connect(self._refuse)

    # -- showing -------------------------------------------------------------------------------

    @property
    def _problem(self) -> Problem:
        return self._session.experiment.problem

    def _show(self) -> None:
        problem, theta = self._problem, self._session.theta
        is_new = problem.data is not self.model.samples
        self.model.show_state(problem, theta)
        if is_new:
            self.say("")
            self.table.fit_columns()
        else:
            self.table.grow_columns()
        if self._session.selection.sample is not None:
            self.table.show_sample(self._session.selection.sample)
        symbol = error_symbol(problem.reduction)
        plain = "Σ eˢ = E" if problem.reduction == "sum" else f"{symbol} = Σ eˢ / S"
        in_symbols = self.model.in_symbols
        self.total_label.setText(f"{symbol} = {total_in_symbols(problem)}" if in_symbols else plain)
        appraiser = self._context.appraiser
        if appraiser.is_pending:
            self.total.setText("…")
        elif (present := appraiser.present) is not None:
            self.total.setText(number(present.error))
        else:
            self.total.setText(number(float(problem.errors(theta).sum()) * problem.scale))

    @Slot()
    def _dress(self) -> None:
        size = 0.8 * self.fontMetrics().height()
        self.model.dress(self._appearance.theme, size, self.devicePixelRatioF())
        self.table.fit_columns()

    @Slot(bool)
    def _show_symbols(self, on: bool) -> None:
        self.model.show_symbols(on)
        self.table.fit_columns()
        self._show()

    @Slot(str)
    def say(self, reason: str) -> None:
        """Show why something was refused; an empty reason takes it back."""
        self.message.say(reason)

    # -- asking --------------------------------------------------------------------------------

    @Slot(int, int, float)
    def _type(self, row: int, column: int, value: float) -> None:
        data = self._problem.data
        if data is not self.model.samples or value == self.model.value(row, column):
            return  # the samples on view have been replaced, or nothing is other
        x, y = data.x[row].copy(), data.y[row].copy()
        if column < data.n_features:
            x[column] = value
        else:
            y[column - data.n_features] = value
        typed = data.with_sample(row, x, y)
        self._edit(lambda e: data_edits.with_data(e, typed), f"Type into sample {row + 1}")

    @Slot()
    def add_row(self) -> None:
        """Add a sample at the origin, and begin to type into it."""
        data = self._problem.data
        x, y = np.zeros(data.n_features), target_of(data, 0)
        if self._edit(lambda e: data_edits.with_data(e, data.appended(x, y)), "Add a sample"):
            self._show()
            self._session.selection.select_sample(len(data))
            self.table.edit_cell(len(data), 0)

    @Slot()
    def delete_rows(self) -> None:
        """Delete the samples with a selected cell."""
        rows = self.table.selected_rows
        if rows:
            self._session.selection.select_sample(None)
            text = f"Delete {count(len(rows), 'sample')}"
            self._edit(lambda e: data_edits.without_samples(e, rows), text)

    @Slot()
    def copy(self) -> None:
        """Copy the selected cells, or the whole table with its names, for a spreadsheet."""
        if self.table.anchor is not None:
            text = to_text(self.table.selected_values())
        else:
            data = self._problem.data
            names = (*inputs(data.n_features), *targets(data.n_outputs))
            text = to_text(np.hstack([data.x, data.y]), names)
        QGuiApplication.clipboard().setText(text)

    @Slot()
    def paste(self) -> None:
        """Paste at the selected cell; without one, the clipboard's table replaces the data."""
        text, at = QGuiApplication.clipboard().text(), self.table.anchor
        put = data_edits.with_new_data if at is None else data_edits.with_data
        self._edit(lambda e: put(e, pasted(e.problem.data, text, at)), "Paste")

    def load(self, path: Path) -> None:
        """Read a CSV file, ask which of its columns are wanted, and replace the data by them."""
        self.say("")
        self.importing.read_file(path, self._problem.data)

    @Slot(object, str)
    def _use(self, data: Dataset, name: str) -> None:
        self._session.selection.select_sample(None)
        labelled = data_edits.labelled_for(self._problem.loss, data)
        self._edit(lambda e: data_edits.with_new_data(e, labelled), f"Open {name}")

    def _edit(self, change: Callable[[Experiment], Outcome], text: str) -> bool:
        """Make an edit of the data; what is wrong with it is shown, and nothing has changed."""
        try:
            experiment, about = change(self._session.experiment)
        except ValueError as reason:
            self._refuse(f"Nothing was changed: {reason}.")
            return False
        self._session.end_merge()
        self._session.edit(experiment, text, about=about)
        self.say("")
        return True

    @Slot(str)
    def _refuse(self, said: str) -> None:
        self.say(said)
        if not self.isVisible():
            self._session.say(said)

    # -- columns -------------------------------------------------------------------------------

    @Slot()
    def remove_input(self) -> None:
        """Without the selected input, or the last one."""
        data = self._problem.data
        anchor = self.table.anchor
        chosen = anchor is not None and anchor[1] < data.n_features
        column = anchor[1] if anchor is not None and chosen else data.n_features - 1
        name = inputs(data.n_features)[column]
        self._edit(lambda e: data_edits.without_input(e, column), f"Remove {name}")

    @Slot()
    def remove_target(self) -> None:
        column = self._problem.data.n_outputs - 1
        name = targets(column + 1)[column]
        self._edit(lambda e: data_edits.without_target(e, column), f"Remove {name}")

    # -- menu, files and drops -----------------------------------------------------------------

    def menu(self) -> QMenu:
        """The menu of rows, columns and clipboard as it now is."""
        data = self._problem.data

        def edit(change: Callable[[Experiment], Outcome], text: str) -> Callable[[], object]:
            return lambda: self._edit(change, text)

        scaled = edit(standardised, "Standardise the inputs")
        measured = edit(as_measured, "Back to measured units")
        entries: tuple[Entry | QMenu | None, ...] = (
            ("Copy", "Ctrl+C", self.copy, True),
            ("Paste", "Ctrl+V", self.paste, True),
            ("Delete selected rows", "Del", self.delete_rows, self.table.anchor is not None),
            None,
            ("Add an input column", "", edit(data_edits.with_input, "Add an input"), True),
            ComputedInputs(data, self._plane.columns, self._edit, self),
            ("Remove an input column", "", self.remove_input, data.n_features > 1),
            ("Add a target column", "", edit(data_edits.with_target, "Add a target"), True),
            ("Remove the last target column", "", self.remove_target, data.n_outputs > 1),
            None,
            ("Standardise the inputs", "", scaled, True),
            ("Back to measured units", "", measured, is_scaled(data)),
        )
        return action_menu("table menu", entries, self)

    @Slot(object)
    def _show_menu(self, at: QPoint) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    @Slot()
    def _show_menu_below(self) -> None:
        self._show_menu(self.more_button.mapToGlobal(QPoint(0, self.more_button.height() + 2)))

    @Slot()
    def _choose_file(self) -> None:
        self.say("")
        self.importing.ask_file(self._problem.data)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_table(event.mimeData()) is not None:
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        dropped = dropped_table(event.mimeData())
        if isinstance(dropped, Path):
            self.load(dropped)
        elif dropped is not None:
            k = self._problem.data.n_outputs
            self._edit(
                lambda e: data_edits.with_new_data(e, dataset_of(dropped, k)), "Drop a table"
            )
        event.acceptProposedAction()
