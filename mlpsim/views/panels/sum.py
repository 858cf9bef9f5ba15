"""The surface sum: a small map of every eˢ, "+" between them, and the map of what is ticked."""

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel

from mlpsim.core.arrays import Array
from mlpsim.core.classes import classes_of
from mlpsim.core.looks.bouquet import sample_gradients
from mlpsim.core.looks.error_maps import PENALTY, REST
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.readout import predictions_and_errors
from mlpsim.session.error_mapper import ErrorMapper
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.items import marks
from mlpsim.views.items.error_picture import ErrorPicture, shortening
from mlpsim.views.items.markers import class_colour
from mlpsim.views.parts.steps.error_tile import ErrorTile
from mlpsim.views.theme import DARK
from mlpsim.views.theme import PENALTY as PENALTY_COLOUR
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import PADDING, Card
from mlpsim.views.widgets.message import Message

PLAYING_MS, PAUSED_MS = 100, 25
MOST, FIRST = 12, 8  # samples up to which each has a map; else so many of the first
A_ROW = {1: 2, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 4, 8: 4, 9: 5, 10: 5}
WIDE = 6
TILES = 0.36  # of the card's height: the most that the tiles take
SIGN = 1.1  # in em: the room of a +


class SumPanel(Card):
    """Shows the landscape's window for every part of the objective; ticks choose the sum's."""

    def __init__(self, context: Context) -> None:
        super().__init__("Surface sum", "")
        self.setObjectName("sum")
        self._session, self._player = context.session, context.player
        self._landscape, self._appearance = context.landscape, context.appearance
        self._appraiser = context.appraiser
        self.mapper = ErrorMapper(context.session, context.landscape, context.session)
        self.tiles: dict[int, ErrorTile] = {}
        self.signs: list[QLabel] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(6)
        self.equals = QLabel("")
        self.equals.setProperty("role", "title")
        self.equals.setAccessibleName("The sum")
        self.total = ErrorPicture(detailed=True)
        self.total.setAccessibleName("Map of the sum")
        self.message = Message("secondary")
        self.body.addWidget(self.message)
        self.body.addLayout(self._grid)
        self.body.addWidget(self.equals, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(self.total, 1)
        self._throttle = Throttle(self, self._show, context.pace(PLAYING_MS, PAUSED_MS))
        self._connect()
        self._dress()

    def _connect(self) -> None:
        session, landscape = self._session, self._landscape
        self._throttle.follow(session.run_started, session.cursor_moved, session.experiment_changed)
        self._throttle.follow(session.selection.sample_selected, landscape.surface_changed)
        self._throttle.follow(landscape.plane_changed, landscape.window_changed)
        self._throttle.follow(self._appraiser.changed, self._player.playing_changed)
        session.selection.sample_pointed.connect(self._show_brushed)
        self._appearance.changed.connect(self._dress)
        self.mapper.changed.connect(self._show_maps)

    # -- what is shown -------------------------------------------------------------------------

    @property
    def samples(self) -> tuple[int, ...]:
        """The samples that have a map: all, or the first and the selected one."""
        count, selected = len(self._landscape.problem.data), self._session.selection.sample
        if count <= MOST:
            return tuple(range(count))
        picked = () if selected is None or selected < FIRST else (selected,)
        return (*range(FIRST), *picked)

    @property
    def left_out(self) -> frozenset[int]:
        """The parts that are not ticked."""
        return frozenset(key for key, tile in self.tiles.items() if not tile.tick.isChecked())

    def complete(self) -> None:
        """Map and sum here and now; for pictures without an event loop."""
        self._show()
        self.mapper.complete(self.samples, self.left_out)

    @Slot()
    def _dress(self) -> None:
        for picture in (self.total, *(tile.picture for tile in self.tiles.values())):
            picture.show_theme(self._appearance.theme)
        self._throttle.request()

    def _show(self) -> None:
        if not self.mapper.is_possible:
            self.mapper.ask((), frozenset())
            self._show_nothing()
            return
        self.message.say("")
        keys = self._keys()
        if keys != list(self.tiles):
            self._build(keys, len(self._landscape.problem.data))
        self.mapper.ask(self.samples, self.left_out)
        self._show_state()
        self._show_brushed()

    def _show_nothing(self) -> None:
        self.message.say("With one weight there is no plane: the loss surface is a curve.")
        self._build([], 0)
        self.total.show_surface(None)
        self.equals.setText("")
        self.set_subtitle("")

    def _keys(self) -> list[int]:
        """The parts that the sum on view has."""
        problem, samples = self._landscape.problem, self.samples
        keys = list(samples)
        keys += [REST] if len(samples) < len(problem.data) else []
        keys += [PENALTY] if problem.penalty else []
        return keys

    def _build(self, keys: list[int], samples: int) -> None:
        """Lay out tiles for these parts; those that were left out stay so."""
        left_out = self.left_out
        for widget in (*self.tiles.values(), *self.signs):
            widget.hide()
            widget.deleteLater()
        self.tiles, self.signs = {}, []
        across = A_ROW.get(len(keys), WIDE)
        for place, key in enumerate(keys):
            row, column = divmod(place, across)
            tile = ErrorTile(key, *_named(key, samples - sum(k >= 0 for k in keys)))
            tile.tick.setChecked(key not in left_out)
            tile.picture.show_theme(self._appearance.theme)
            tile.ticked.connect(self._on_ticked)
            tile.chosen.connect(self._on_chosen)
            tile.pointed.connect(self._on_pointed)
            self._grid.addWidget(tile, row, 2 * column)
            self.tiles[key] = tile
            if place + 1 < len(keys):
                sign = QLabel("+")
                sign.setProperty("role", "title")
                self._grid.addWidget(sign, row, 2 * column + 1, Qt.AlignmentFlag.AlignCenter)
                self.signs.append(sign)
        for column in range(2 * WIDE):
            self._grid.setColumnStretch(column, int(column % 2 == 0 and column < 2 * across))
        self._fit_tiles()

    def _fit_tiles(self) -> None:
        """Make the tiles as high as their window wants; most of the card is the sum's."""
        across, window = A_ROW.get(len(self.tiles), WIDE), self._landscape.shown_window
        rows = -(-len(self.tiles) // across)
        width = (
            self.contentsRect().width() - 2 * PADDING
        ) / across - SIGN * self.fontMetrics().height()
        height = min(width * window.height / window.width, TILES * self.height() / max(rows, 1))
        for tile in self.tiles.values():
            tile.picture.setFixedHeight(max(round(height) + 4, 24))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tiles()
        self._throttle.request()

    @Slot()
    def _show_maps(self) -> None:
        """The maps as they have been computed; of others than the tiles' some are left blank."""
        maps, total = self.mapper.maps, self.mapper.total
        if maps is None:
            return
        parts = dict(zip(maps.keys, maps.parts, strict=True))
        for key, tile in self.tiles.items():
            tile.picture.show_surface(parts.get(key))
        self.total.show_surface(total, self._axes())
        self._fit_tiles()
        self._show_state()

    def _axes(self) -> tuple[str, str]:
        landscape = self._landscape
        return labels.axes(landscape.problem.network, landscape.plane.parameters)

    @quiet()
    def _show_state(self) -> None:
        """Values, arrows and the sum at the state on view."""
        problem, theta, plane = self._landscape.problem, self._session.theta, self._landscape.plane
        if len(plane.origin) != len(theta) or list(self.tiles) != self._keys():
            return  # the tiles are of what was on view before
        if REST in self.tiles and self._appraiser.is_pending:
            self._show_coming(problem, plane.project(theta))
            return
        pulls, values = self._pulls(problem, theta), self._values(problem, theta)
        place, ticked = plane.project(theta), [k for k in self.tiles if k not in self.left_out]
        factors = {key: 1.0 if key == PENALTY else problem.scale for key in self.tiles}
        total = np.sum([factors[k] * pulls[k] for k in ticked], axis=0) if ticked else np.zeros(2)
        lengths = [float(np.hypot(*pull)) for pull in (*pulls.values(), total)]
        longest = max((length for length in lengths if np.isfinite(length)), default=0.0)
        shrink = 1.0 / (longest or 1.0)
        arrows = shrink * np.array([*pulls.values(), total])
        shrink *= shortening(self._landscape.shown_window, place, arrows)
        for key, tile in self.tiles.items():
            tile.show_value(values[key])
            tile.picture.show_state(place, (shrink * pulls[key], self._colour(problem, key)))
        self.total.show_state(place, (shrink * total, marks.WHITE))
        value = sum(factors[key] * values[key] for key in ticked)
        self.equals.setText(f"= {self._sum_name(problem, ticked)} = {labels.number(value)}")
        self.set_subtitle(self._sentence())

    def _show_coming(self, problem: Problem, place: Array) -> None:
        """Where the state on view is, as long as the gradient of all samples is still to come."""
        for tile in self.tiles.values():
            tile.show_value(None)
            tile.picture.show_state(place, None)
        self.total.show_state(place, None)
        ticked = [key for key in self.tiles if key not in self.left_out]
        self.equals.setText(f"= {self._sum_name(problem, ticked)} = …")
        self.set_subtitle(self._sentence())

    def _pulls(self, problem: Problem, theta: Array) -> dict[int, Array]:
        """−∇ of every part, as seen in the plane."""
        samples = [key for key in self.tiles if key >= 0]
        gradients = sample_gradients(problem, theta, np.array(samples, dtype=np.intp))
        parts = dict(zip(samples, gradients, strict=True))
        if PENALTY in self.tiles:
            parts[PENALTY] = problem.penalty_gradient(theta)
        if REST in self.tiles:
            whole = self._session.run.gradient(self._session.cursor) - parts.get(PENALTY, 0.0)
            parts[REST] = whole / problem.scale - gradients.sum(axis=0)
        return {key: self._landscape.plane.components(-part) for key, part in parts.items()}

    def _values(self, problem: Problem, theta: Array) -> dict[int, float]:
        """e^s of the samples that have a tile, the sum of the others, and R."""
        keys = [key for key in self.tiles if key >= 0]
        samples, present = np.array(keys, dtype=np.intp), self._appraiser.present
        if present is None:
            errors = problem.errors(theta)
            shown, rest = errors[samples], np.delete(errors, samples).sum()
        else:
            _, shown = predictions_and_errors(problem, theta, samples)
            rest = present.error / problem.scale - shown.sum()
        values = dict(zip(keys, shown.tolist(), strict=True))
        return values | {REST: float(rest), PENALTY: float(problem.penalty_value(theta))}

    def _colour(self, problem: Problem, key: int) -> QColor:
        classes = classes_of(problem.data)
        if key == PENALTY:
            return PENALTY_COLOUR
        return marks.WHITE if key < 0 or classes is None else class_colour(DARK, int(classes[key]))

    def _sum_name(self, problem: Problem, ticked: list[int]) -> str:
        if len(ticked) == len(self.tiles):
            symbol = labels.error_symbol(problem.reduction)
            return f"J = {symbol} + R" if problem.penalty else symbol
        errors = [self.tiles[key].name for key in ticked if key != PENALTY]
        text = " + ".join(errors) or "0"
        if problem.reduction == "mean" and errors:
            text = f"({text})/S"
        return f"{text} + R" if PENALTY in ticked else text

    def _sentence(self) -> str:
        same = "one window, one scale of eˢ"
        return f"{same}, log" if self.mapper.maps is not None and self.mapper.maps.log else same

    @Slot()
    def _show_brushed(self) -> None:
        for key, tile in self.tiles.items():
            tile.show_light(key == self._session.selection.brushed_sample)

    # -- what is asked -------------------------------------------------------------------------

    @Slot(int, bool)
    def _on_ticked(self, key: int, on: bool) -> None:
        self._throttle.request()

    @Slot(int)
    def _on_chosen(self, key: int) -> None:
        if key >= 0:
            self._session.selection.select_sample(key)

    @Slot(int, bool)
    def _on_pointed(self, key: int, inside: bool) -> None:
        if key >= 0:
            self._session.selection.point_at_sample(key if inside else None)


def _named(key: int, others: int) -> tuple[str, str]:
    """The symbol and the words of a part."""
    if key == PENALTY:
        return "R", "the penalty R"
    if key == REST:
        return "others", f"the errors of the other {labels.whole(others)}"
    name = labels.sample_error(key)
    return name, f"{name}, the error of sample {key + 1}"
