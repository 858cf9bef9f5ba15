"""The basins panel: which minimum each start reaches, mapped over the loss surface."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QPushButton

from mlpsim.core.edits import with_start
from mlpsim.core.studies.basins import DIVERGED, FLAT, UNSETTLED, BasinMap
from mlpsim.session.basin_mapper import BasinMapper
from mlpsim.views.context import Context
from mlpsim.views.items.overlays.basins import Basins, colour
from mlpsim.views.labels import basin_words
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.group import labelled
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.scroll_column import ScrollColumn
from mlpsim.views.widgets.wrap_layout import WrapLayout

STEPS, MOST_STEPS = 500, 1_000_000
SIDE, LEAST_SIDE, MOST_SIDE = 101, 5, 401
HINT = "Click a place on the map to run from there."
PICTURE_SIDE = 51  # of a map that a picture without an event loop waits for


class BasinsPanel(Card):
    """Asks for the map, lists the basins with their shares, and runs from a clicked start."""

    def __init__(self, context: Context) -> None:
        super().__init__("Basins", "which minimum each start reaches")
        self._context = context
        self.mapper = BasinMapper(context.session, context.landscape, context.session)
        self.overlay = Basins(context, self.mapper, self._replay)
        context.overlays.add_under(self.overlay)
        self.steps = NumberEntry(STEPS, 1, MOST_STEPS, integer=True)
        self.side = NumberEntry(SIDE, LEAST_SIDE, MOST_SIDE, integer=True)
        self.map, self.cancel = QPushButton("Map basins"), QPushButton("Cancel")
        self.draws = QCheckBox("Draw on map")
        self.draws.setChecked(True)
        self._rows = QGridLayout()
        self._rows.setColumnStretch(1, 1)
        self.note = Message("caption", True)
        self.hint = Message("caption")
        self.add_tools(self._make_tools())
        scroll = ScrollColumn("The basins, one a row")
        scroll.column.addLayout(self._rows)
        scroll.column.addWidget(self.note)
        scroll.column.addWidget(self.hint)
        scroll.column.addStretch(1)
        self.body.addWidget(scroll, 1)
        self.lines: list[str] = []
        self._connect()
        self._show()

    def _make_tools(self) -> WrapLayout:
        row = WrapLayout()
        for widget, name, tip in (
            (self.steps, "Steps of every start", "How many steps every start takes"),
            (self.side, "Starts a side", "How many starts a side of the map has"),
            (self.map, "Map the basins", "Start from every place of the map's window"),
            (self.cancel, "Cancel mapping", "Stop; a coarse map stays"),
            (self.draws, "Draw the basins on the loss surface", "Colour the map by basin"),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        for text, entry in (("steps", self.steps), ("starts a side", self.side)):
            entry.set_columns(5)
            row.addWidget(labelled(text, entry))
        for widget in (self.map, self.cancel, self.draws):
            row.addWidget(widget)
        return row

    def _connect(self) -> None:
        session, landscape = self._context.session, self._context.landscape
        self.mapper.changed.connect(self._show)
        self.figure_turned.connect(self._show)
        self.map.clicked.connect(self._ask)
        self.cancel.clicked.connect(self.mapper.cancel)
        self.draws.toggled.connect(self.overlay.set_on)
        session.experiment_changed.connect(self._on_changed)
        session.run_started.connect(self._show)
        landscape.plane_changed.connect(self._on_changed)

    def demonstrate(self) -> None:
        """Map here and now, for a picture; a map that is there stays."""
        if self.mapper.map is None:
            self.side.set_value(PICTURE_SIDE)
            self.mapper.complete(int(self.steps.value), PICTURE_SIDE)

    @Slot()
    def _ask(self) -> None:
        self.mapper.ask(int(self.steps.value), int(self.side.value))

    def _replay(self, place: tuple[float, float]) -> None:
        """Start at the place that was clicked, and run as far as the map did."""
        session, found = self._context.session, self.mapper.map
        steps = found.question.steps if found is not None else int(self.steps.value)
        theta = self._context.landscape.plane.point(*place)
        session.edit(with_start(session.experiment, theta), "Start in a basin")
        session.end_merge()
        self._context.player.run_to(steps)

    @Slot(object)
    def _on_changed(self, _what: object) -> None:
        self._show()

    @Slot()
    def _show(self) -> None:
        mapper = self.mapper
        share, found = mapper.errand.share, mapper.map
        self.map.setEnabled(mapper.is_possible and share is None)
        self.cancel.setVisible(share is not None)
        self.set_subtitle(
            "which minimum each start reaches"
            if share is None
            else f"mapping: {basin_words.share(share)}"
        )
        self._show_rows(found)
        if found is None:
            nothing = basin_words.NOT_MAPPED if mapper.is_possible else basin_words.NO_PLANE
            self.note.say(mapper.errand.failure or nothing)
            self.hint.say("")
        else:
            self.note.say(basin_words.note_words(found))
            self.hint.say("" if self.is_figure else HINT)

    def _show_rows(self, found: BasinMap | None) -> None:
        rows = [] if found is None else _rows(found)
        if [text for _, text in rows] == self.lines:
            return
        self.lines = [text for _, text in rows]
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for row, (label, text) in enumerate(rows):
            chip, words = QLabel("■"), Message("", selectable=True)
            chip.setStyleSheet(f"color: {colour(label).name()}")
            words.say(text)
            self._rows.addWidget(chip, row, 0)
            self._rows.addWidget(words, row, 1)


def _rows(found: BasinMap) -> list[tuple[int, str]]:
    """What stands beside which colour."""
    rows = [
        (label, basin_words.basin_words(found, basin)) for label, basin in enumerate(found.basins)
    ]
    others = [
        (label, basin_words.other_words(found, label)) for label in (FLAT, UNSETTLED, DIVERGED)
    ]
    return rows + [(label, text) for label, text in others if text]
