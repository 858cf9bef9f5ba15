"""The sweep panel: a grid of settings run cell by cell, its heat map and its loss curves."""

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFileDialog, QPushButton

from mlpsim.core.editing.splitting import held_out_by
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.held_out import Split
from mlpsim.core.studies.sweep import Cell, has_same_samples
from mlpsim.core.studies.sweep_map import values_of
from mlpsim.session.sweeper import Sweeper
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.labels import sweep_words
from mlpsim.views.parts.sweep.sweep_form import SweepForm
from mlpsim.views.parts.sweep.sweep_view import SweepView
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.action_menu import action_menu
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.save_name import ask_save_name
from mlpsim.views.widgets.wrap_layout import WrapLayout

SHOW_MS, CELL_MS, LONGEST_MS = 100, 5, 1500  # between two pictures, and more for every cell
LOW = 40  # heights of a line below which a sweep that runs takes the room of its form
LEAST_SPLIT = 8  # samples from which some are offered to be held out
# Of a sweep that a picture without an event loop waits for: passes, and visits to samples.
PICTURE_EPOCHS, PICTURE_VISITS = 20, 10_000


class SweepPanel(Card):
    """Asks for the sweep on the form, and shows what has ended of the present one."""

    def __init__(self, context: Context) -> None:
        super().__init__("Sweep", sweep_words.SUBTITLE)
        self._context = context
        session = context.session
        self.sweeper = Sweeper(session, session)
        self.form = SweepForm(session, context.appearance)
        self.grid = QPushButton("Grid")
        self.grid.setCheckable(True)
        self.grid.setChecked(True)
        self.run, self.cancel = QPushButton("Run"), QPushButton("Cancel")
        self.course = QPushButton("The course’s assignment")
        self.split = QPushButton("Hold out 25 %")
        self.file = QPushButton("Results…")
        self.view = SweepView(self.sweeper, context.appearance)
        self.note = Message("caption")
        self.body.addWidget(self.form)
        self.leave_out(self.form)
        self.add_tools(self._make_tools())
        self.figure_turned.connect(self.view.set_figure)
        self.body.addWidget(self.note)
        self.body.addWidget(self.view, 1)
        self.header.addWidget(self.grid)
        self._throttle = Throttle(self, self._show, self._interval)
        self._connect()
        self._show()

    def _make_tools(self) -> WrapLayout:
        row = WrapLayout(spacing=10)
        for button, name, tip in (
            (self.run, "Run the sweep", "Run the cells that are not finished; the others stay"),
            (self.cancel, "Cancel the sweep", "Stop; finished cells stay"),
            (
                self.course,
                "The course’s assignment",
                "Learning rates 0.1 … 1e-6, batch sizes 50 … 500, squared error\n"
                "against cross-entropy, as far as they fit the data on view",
            ),
            (
                self.split,
                "Hold out a quarter of the samples",
                "Settings are chosen on samples that training never sees. Can be undone.",
            ),
            (self.file, "Results of the sweep", "Save the results as CSV, or open some"),
        ):
            button.setAccessibleName(name)
            button.setToolTip(tip)
            row.addWidget(button)
        self.grid.setAccessibleName("Show the form of the grid")
        self.grid.setToolTip("Show the form of the grid, or leave its room to the map")
        return row

    def _connect(self) -> None:
        session = self._context.session
        self.grid.toggled.connect(self.form.setVisible)
        self.form.changed.connect(self._refresh)
        self.run.clicked.connect(self._run)
        self.cancel.clicked.connect(self._cancel)
        self.split.clicked.connect(self._hold_out)
        self.course.clicked.connect(self._show_assignment)
        self.file.clicked.connect(self._show_menu)
        self.sweeper.changed.connect(self._refresh)
        self.view.opened.connect(self._open_cell)
        session.experiment_changed.connect(self._refresh)
        self._context.appearance.changed.connect(self._refresh)

    def demonstrate(self) -> None:
        """Run the sweep here and now, for a picture; one that is there stays."""
        if self.sweeper.sweep is None:
            samples = len(self._context.session.experiment.problem.data)
            self.form.set_length(max(1, min(PICTURE_EPOCHS, PICTURE_VISITS // samples)))
            sweep = self.form.sweep()
            if sweep is not None:
                self.sweeper.complete(sweep)
        self._make_room()
        self._show()

    # -- asking --------------------------------------------------------------------------------

    @Slot()
    def _run(self) -> None:
        sweep = self.form.sweep()
        if sweep is None:
            return
        try:
            self.sweeper.run(sweep)
        except ValueError as reason:
            self.form.error.say(labels.sentence(reason))
            return
        self._make_room()

    def _make_room(self) -> None:
        """In a low window the form gives way to the pictures; its button brings it back."""
        if self.height() < LOW * self.fontMetrics().height():
            self.grid.setChecked(False)

    @Slot()
    def _cancel(self) -> None:
        self.sweeper.cancel()
        self._show()

    @Slot()
    def _hold_out(self) -> None:
        session = self._context.session
        experiment, about = held_out_by(session.experiment, Split())
        session.selection.select_sample(None)
        session.end_merge()
        session.edit(experiment, "Hold out 25 %", about=about)

    @Slot()
    def _show_assignment(self) -> None:
        self.grid.setChecked(True)
        self.form.show_assignment()

    @Slot()
    def _show_menu(self) -> None:
        has_sweep = self.sweeper.sweep is not None
        is_running = self.sweeper.errand.share is not None
        entries = (
            ("Save CSV…", "", self._ask_save, has_sweep),
            ("Open results…", "", self._ask_open, not is_running),
        )
        menu = action_menu("results menu", entries, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.file.mapToGlobal(self.file.rect().bottomLeft()))

    @Slot()
    def _ask_save(self) -> None:
        path = ask_save_name(self, "Save the results", Path("results.csv"), "Results")
        if path is not None:
            self.save_results(path)

    def save_results(self, path: Path) -> None:
        """Write what has ended, and keep the file up to date."""
        try:
            self.sweeper.save(path)
        except DocumentError as error:
            self.note.say(str(error))
        else:
            self._context.session.say(f"Saved as {path}.")

    @Slot()
    def _ask_open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Open results", "", "Results (*.csv)")
        if path:
            self.open_results(Path(path))

    def open_results(self, path: Path) -> None:
        """Take up the results of a file; what is on view stays if they do not fit."""
        sweep = self.form.sweep()
        try:
            self.sweeper.open(path, [] if sweep is None else [sweep])
        except DocumentError as error:
            self.note.say(str(error))
            return
        if self.sweeper.sweep is not None:
            self.form.show_sweep(self.sweeper.sweep)

    @Slot(object)
    def _open_cell(self, cell: Cell) -> None:
        """Put a cell's experiment in place, and run it as far as the sweep did."""
        session, sweep = self._context.session, self.sweeper.sweep
        assert sweep is not None
        where = sweep_words.setting(values_of(sweep, cell))
        session.begin(cell.experiment, f"Open the run of {where}")
        self._context.player.run_to(cell.steps)

    # -- showing -------------------------------------------------------------------------------

    def _interval(self) -> int:
        return min(SHOW_MS + CELL_MS * len(self.sweeper.cells), LONGEST_MS)

    @Slot()
    def _refresh(self) -> None:
        """How far it is at once; pictures of many cells less often."""
        self._show_state()
        self._throttle.request()

    @Slot()
    def _show(self) -> None:
        self._show_state()
        self.view.refresh()
        self._show_note()

    def _show_state(self) -> None:
        sweeper, experiment = self.sweeper, self._context.session.experiment
        is_running = sweeper.errand.share is not None
        self.cancel.setVisible(is_running)
        if is_running and self.run.hasFocus():
            self.cancel.setFocus()
        self.run.setEnabled(not is_running)
        total, done = len(sweeper.cells), len(sweeper.results)
        self.run.setText("Go on" if 0 < done < total and not is_running else "Run")
        self.split.setVisible(
            experiment.held_out is None and len(experiment.problem.data) >= LEAST_SPLIT
        )
        self.set_subtitle(
            sweep_words.progress_words(done, total, sweeper.is_starting)
            if total
            else sweep_words.SUBTITLE
        )

    def _show_note(self) -> None:
        sweeper = self.sweeper
        failure = sweeper.failure or sweeper.errand.failure
        if failure:
            self.note.say(f"{failure} {sweep_words.KEPT}")
        elif sweeper.sweep is None:
            self.note.say(sweep_words.NOTHING)
        else:
            now, then = self._context.session.experiment, sweeper.sweep.base
            curves = sum(bool(result.curve) for result in sweeper.results.values())
            self.note.say(
                sweep_words.note_words(
                    has_hold_out=then.held_out is not None,
                    has_same_data=has_same_samples(now, then),
                    lost_curves=len(sweeper.results) - curves,
                    stride=self.view.stride,
                    file=sweeper.path.name if sweeper.path is not None else "",
                )
            )
