"""The sweep panel: a grid of settings run cell by cell, its heat map and its loss curves."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QPushButton, QWidget

from mlpsim.core.editing.splitting import held_out_by
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.held_out import Split
from mlpsim.core.studies.sweep import Cell
from mlpsim.core.studies.sweep_map import MEASURES, SweepMap, Tile, sweep_map, values_of
from mlpsim.session.sweeper import Sweeper
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.items.curve_family import CurveFamily
from mlpsim.views.items.family import family_of
from mlpsim.views.items.heat_map import HeatMap
from mlpsim.views.labels import sweep_words
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.map_choice import MapChoice
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.sweep_form import SweepForm
from mlpsim.views.widgets.throttle import Throttle
from mlpsim.views.widgets.wrap_layout import WrapLayout

SHOW_MS = 100
WIDE = 1.5  # width by height from which map and curves stand side by side
LEAST_SPLIT = 8  # samples from which some are offered to be held out
PICTURE_EPOCHS = 20  # of a sweep that a picture without an event loop waits for


class SweepPanel(Card):
    """Asks for the sweep on the form, and shows what has ended of the present one."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("Sweep", sweep_words.SUBTITLE, parent)
        self._context = context
        session, theme = context.session, context.appearance.theme
        self.sweeper = Sweeper(session, context.landscape, session)
        self.form = SweepForm(session, context.appearance)
        self.grid = QPushButton("Grid")
        self.grid.setCheckable(True)
        self.grid.setChecked(True)
        self.run, self.cancel = QPushButton("Run"), QPushButton("Cancel")
        self.split = QPushButton("Hold out 25 %")
        self.save, self.open = QPushButton("Save CSV…"), QPushButton("Open results…")
        self.choice = MapChoice()
        self.heat, self.curves = HeatMap(theme), CurveFamily(theme)
        self.words, self.note = Message("secondary", True), Message("caption")
        self._pictures = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._pictures.addWidget(self.heat, 5)
        self._pictures.addWidget(self.curves, 4)
        self.body.addWidget(self.form)
        self.body.addLayout(self._make_tools())
        self.body.addWidget(self.choice)
        self.body.addLayout(self._pictures, 1)
        self.body.addWidget(self.words)
        self.body.addWidget(self.note)
        self.header.addWidget(self.grid)
        self._throttle = Throttle(self, self._show, SHOW_MS)
        self._connect()
        self._show()

    def _make_tools(self) -> WrapLayout:
        row = WrapLayout(spacing=10)
        for button, name, tip in (
            (self.run, "Run the sweep", "Run every cell that has not ended; those that have stay"),
            (self.cancel, "Cancel the sweep", "Stop; what has ended stays"),
            (
                self.split,
                "Hold out a quarter of the samples",
                "Settings are chosen on samples that training never sees. Can be undone.",
            ),
            (
                self.save,
                "Save the results as CSV",
                "As mlpsim sweep writes them; what ends from then on is added at once",
            ),
            (self.open, "Open results of a sweep", "Take up a file's results, and go on from them"),
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
        self.cancel.clicked.connect(self.sweeper.cancel)
        self.split.clicked.connect(self._hold_out)
        self.save.clicked.connect(self._ask_save)
        self.open.clicked.connect(self._ask_open)
        self.sweeper.changed.connect(self._refresh)
        self.choice.changed.connect(self._show)
        self.heat.moved.connect(self._show_brushed)
        self.heat.opened.connect(self._open_tile)
        self.curves.pointed.connect(self._on_curve)
        self.curves.opened.connect(self._open_number)
        session.experiment_changed.connect(self._refresh)
        self._context.appearance.changed.connect(self._refresh)

    def complete(self) -> None:
        """Run the sweep here and now, for a picture."""
        if self.sweeper.sweep is None:
            self.form.set_length(PICTURE_EPOCHS)
            sweep = self.form.sweep()
            if sweep is not None:
                self.sweeper.complete(sweep)
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

    @Slot()
    def _hold_out(self) -> None:
        session = self._context.session
        experiment, about = held_out_by(session.experiment, Split())
        session.select_sample(None)
        session.end_merge()
        session.edit(experiment, "Hold out 25 %", about=about)

    @Slot()
    def _ask_save(self) -> None:
        dialog = QFileDialog(self, "Save the results", "", "Results (*.csv)")
        dialog.setObjectName("save results")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("results.csv")
        chosen = dialog.selectedFiles() if dialog.exec() else []
        dialog.deleteLater()
        if chosen:
            self.save_results(Path(chosen[0]))

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
    def _open_tile(self, tile: Tile) -> None:
        self._open_cell(tile.cells[0])

    @Slot(int)
    def _open_number(self, number: int) -> None:
        self._open_cell(self.sweeper.cells[number])

    def _open_cell(self, cell: Cell) -> None:
        """Put a cell's experiment in place, and run it as far as the sweep did."""
        session, sweep = self._context.session, self.sweeper.sweep
        assert sweep is not None
        where = sweep_words.setting(values_of(sweep, cell))
        session.begin(cell.experiment, f"Open the run of {where}")
        self._context.player.run_to(cell.steps)

    # -- showing -------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self._pictures.geometry()
        is_wide = room.width() > WIDE * room.height()
        direction = QBoxLayout.Direction
        self._pictures.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)

    @Slot()
    def _refresh(self) -> None:
        self._throttle.request()

    @Slot()
    def _show(self) -> None:
        sweeper, experiment = self.sweeper, self._context.session.experiment
        is_running = sweeper.errand.share is not None
        self.run.setEnabled(not is_running)
        self.cancel.setVisible(is_running)
        total, done = len(sweeper.cells), len(sweeper.results)
        self.run.setText("Go on" if 0 < done < total and not is_running else "Run")
        self.split.setVisible(
            experiment.held_out is None and len(experiment.problem.data) >= LEAST_SPLIT
        )
        self.save.setEnabled(sweeper.sweep is not None)
        self.open.setEnabled(not is_running)
        self.set_subtitle(
            sweep_words.progress_words(done, total, sweeper.is_starting)
            if total
            else sweep_words.SUBTITLE
        )
        self._show_pictures()
        self._show_note()

    @property
    def _map(self) -> SweepMap | None:
        sweeper = self.sweeper
        if sweeper.sweep is None:
            return None
        return sweep_map(sweeper.sweep, sweeper.cells, sweeper.results, self.choice.look)

    def _show_pictures(self) -> None:
        sweep, theme = self.sweeper.sweep, self._context.appearance.theme
        for widget in (self.choice, self.heat, self.curves):
            widget.setVisible(sweep is not None)
        if sweep is not None:
            self.choice.show_sweep(sweep, MEASURES)
        self.heat.show_map(self._map, theme)
        self._show_curves()
        self._show_brushed()

    def _show_curves(self) -> None:
        sweeper, theme = self.sweeper, self._context.appearance.theme
        if sweeper.sweep is None:
            return
        names = [axis.name for axis in sweeper.sweep.axes]
        tile = self.heat.brushed_tile
        loss = ""
        if "loss" in names:
            cell = tile.cells[0] if tile is not None else sweeper.cells[0]
            loss = dict(self.choice.look.held).get("loss", cell.values[names.index("loss")])
        colour = str(self.choice.colour.value or "")
        family = family_of(
            sweeper.sweep, sweeper.cells, sweeper.results, self.choice.look, loss, colour
        )
        self.curves.show_family(family, theme)

    @Slot()
    def _show_brushed(self) -> None:
        tile, place, found = self.heat.brushed_tile, self.heat.brushed, self.heat.map
        numbers = frozenset() if tile is None else frozenset(cell.number for cell in tile.cells)
        self.curves.show_lit(numbers)
        if found is None:
            self.words.say("")
        elif place is not None:
            self.words.say(sweep_words.tile_words(found, place))
        else:
            self.words.say(sweep_words.choice_words(found))

    @Slot(object)
    def _on_curve(self, number: int | None) -> None:
        found = self.heat.map
        if found is not None:
            self.heat.point_at(
                next(
                    (
                        (row, column)
                        for row, column in found.places()
                        if any(cell.number == number for cell in found.tiles[row][column].cells)
                    ),
                    None,
                )
            )

    def _show_note(self) -> None:
        sweeper = self.sweeper
        failure = sweeper.failure or sweeper.errand.failure
        if failure:
            self.note.say(f"{failure} {sweep_words.KEPT}")
        elif sweeper.sweep is None:
            self.note.say(sweep_words.NOTHING)
        else:
            self.note.say(sweep_words.note_words(sweeper.sweep, sweeper.path))
