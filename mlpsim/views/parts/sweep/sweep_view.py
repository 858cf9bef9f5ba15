"""What has ended of a sweep: the choice of a map, the heat map, its loss curves, and the words."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mlpsim.core.studies.sweep import Cell
from mlpsim.core.studies.sweep_map import SweepMap, Tile, measured, sweep_map, values_of
from mlpsim.session.sweeper import Sweeper
from mlpsim.views.appearance import Appearance
from mlpsim.views.items.curve_family import CurveFamily
from mlpsim.views.items.family import family_of
from mlpsim.views.items.heat_map import HeatMap
from mlpsim.views.labels import sweep_words
from mlpsim.views.parts.sweep.map_choice import MapChoice
from mlpsim.views.parts.sweep.side_by_side import SideBySide

LINES = 2.2  # in em: the room of the words


class SweepView(QWidget):
    """Shows a sweeper's results; ``opened`` carries the cell whose run is asked for.

    A tile under the pointer brings out its curves, and a curve its tile.
    """

    opened = Signal(object)  # Cell

    def __init__(self, sweeper: Sweeper, appearance: Appearance) -> None:
        super().__init__()
        self._sweeper, self._appearance = sweeper, appearance
        # What the pictures are of: while cells run, most looks are alike.
        self._shown: object = None
        self.is_figure = False
        self._loss = ""  # whose curves are on view, where the loss is varied
        self.choice = MapChoice()
        self.heat, self.curves = HeatMap(appearance.theme), CurveFamily(appearance.theme)
        self.words = QLabel()
        self.words.setProperty("role", "secondary")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.choice)
        column.addWidget(SideBySide(self.heat, self.curves), 1)
        column.addWidget(self.words)
        self.choice.changed.connect(self.refresh)
        self.heat.moved.connect(self._show_brushed)
        self.heat.opened.connect(self._open_tile)
        self.curves.pointed.connect(self._on_curve)
        self.curves.opened.connect(self._open_number)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what has ended by now."""
        sweep, appearance = self._sweeper.sweep, self._appearance
        for widget in (self.heat, self.curves, self.words):
            widget.setVisible(sweep is not None)
        self.choice.setVisible(sweep is not None and not self.is_figure)
        chosen = self.choice.pivot, self.choice.colour.value
        dress = appearance.theme, appearance.point_size
        shown = (sweep, len(self._sweeper.results), chosen, dress)
        if sweep is None or shown == self._shown:
            return
        # Of one height, whatever is said: else the map would move away under the pointer.
        self.words.setFixedHeight(round(LINES * self.words.fontMetrics().height()))
        results, cells = self._sweeper.results, self._sweeper.cells
        self.choice.show_sweep(sweep, measured(results.values()))
        found = sweep_map(sweep, cells, results, self.choice.pivot)
        self.heat.show_map(found, appearance.theme)
        self._show_curves()
        self._show_brushed()
        self._shown = shown

    @property
    def stride(self) -> int:
        """One curve in so many is drawn."""
        family = self.curves.family
        return 1 if family is None else family.stride

    def _show_curves(self) -> None:
        """The curves of one loss: of the tile that is brushed, else of the first one there is."""
        sweeper, pivot = self._sweeper, self.choice.pivot
        assert sweeper.sweep is not None
        tile = self.heat.brushed_tile
        self._loss = self._loss_of(sweeper.cells[0] if tile is None else tile.cells[0])
        colour = str(self.choice.colour.value or "")
        family = family_of(sweeper.sweep, sweeper.cells, sweeper.results, pivot, self._loss, colour)
        self.curves.show_family(family, self._appearance.theme)

    def _loss_of(self, cell: Cell) -> str:
        """The loss that a cell is of, or that is held; "" where all are of one."""
        assert self._sweeper.sweep is not None
        varied = values_of(self._sweeper.sweep, cell).get("loss", "")
        return dict(self.choice.pivot.held).get("loss", varied)

    @Slot()
    def _show_brushed(self) -> None:
        tile, place, found = self.heat.brushed_tile, self.heat.brushed, self.heat.map
        if found is None:
            return
        if tile is not None and self._loss_of(tile.cells[0]) != self._loss:
            self._show_curves()
        self.curves.show_lit(frozenset(cell.number for cell in tile.cells) if tile else frozenset())
        self.words.setText(
            self._resting_words(found) if place is None else sweep_words.tile_words(found, place)
        )

    def _resting_words(self, found: SweepMap) -> str:
        """What is said while no tile is pointed at."""
        said = sweep_words.choice_words(found)
        return said if found.chosen or self.is_figure else f"{said} {sweep_words.HINT}"

    def set_figure(self, on: bool) -> None:
        """Show the pictures alone, without what a person chooses and is told to do."""
        self.is_figure = on
        self.refresh()
        self._show_brushed()

    @Slot(object)
    def _on_curve(self, number: int | None) -> None:
        """Bring out the tile that a cell belongs to."""
        found = self.heat.map
        places = [] if found is None or number is None else found.places_of(number)
        self.heat.point_at(places[0] if places else None)

    @Slot(object)
    def _open_tile(self, tile: Tile) -> None:
        self.opened.emit(tile.cells[0])

    @Slot(int)
    def _open_number(self, number: int) -> None:
        self.opened.emit(self._sweeper.cells[number])
