"""The loss surface: E over two weights, the path of the run, and what lies under the pointer."""

from dataclasses import replace
from math import nan

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel

from mlpsim.core.edits import with_start
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.looks.camera import Look
from mlpsim.core.section import move_edge, move_rim
from mlpsim.core.surface import Surface
from mlpsim.core.window import Window
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.items.map_entries import map_entries, relief_entries
from mlpsim.views.items.map_legend import MapLegend
from mlpsim.views.items.marks import Pointed
from mlpsim.views.items.overlays.batch_lines import BatchLines
from mlpsim.views.items.overlays.bouquet import BouquetOverlay, Mode
from mlpsim.views.items.overlays.lens import LensOverlay
from mlpsim.views.items.overlays.lens_names import LensNames
from mlpsim.views.items.overlays.model import ModelOverlay, ModelPointer, NewtonArrow
from mlpsim.views.items.overlays.off_plane import OffPlane
from mlpsim.views.items.overlays.race import RaceOverlay
from mlpsim.views.items.plot_frame import rounded_to
from mlpsim.views.items.relief_view import ReliefView
from mlpsim.views.items.surface_map import HELP, SurfaceMap
from mlpsim.views.labels.surface_words import place_words, surface_caption, value_words
from mlpsim.views.parts.surface.halves import Halves
from mlpsim.views.parts.surface.plane_bar import PlaneBar
from mlpsim.views.parts.surface.plane_row import PlaneRow
from mlpsim.views.parts.surface.surface_tools import SurfaceTools
from mlpsim.views.parts.surface.window_form import WindowForm
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.screen_room import pop_up

DIGITS_MS = 200
HINT, TURN = "click to set the start", "drag to turn, wheel to zoom"
OUTSIDE = "the state lies outside of this"


class SurfacePanel(Card):
    """Shows the landscape; asks session and landscape for what is done on it."""

    def __init__(self, context: Context) -> None:
        super().__init__("Loss surface", "")
        self._context = context
        self.bouquet, self.batch_lines = BouquetOverlay(context), BatchLines(context)
        context.overlays.add(OffPlane(context))
        context.overlays.add(RaceOverlay(context))
        context.overlays.add(self.batch_lines)
        self.model = ModelOverlay(context)
        context.overlays.add(self.model)
        lens = LensOverlay(context)
        context.overlays.add(lens)  # the arrows above take the pointer first
        context.overlays.add(self.bouquet)
        context.overlays.add(NewtonArrow(context, self.model))
        context.overlays.add(LensNames(context, lens))
        self.pointer = ModelPointer(context, self.model)
        context.overlays.add(self.pointer)
        self.map = SurfaceMap(context)
        self.relief = ReliefView(context)
        self.tools = SurfaceTools(context.lens, context.session)
        self.header.addWidget(self.tools)
        self._build_body()
        self._progress = 0.0
        self._hover: tuple[float, float] | None = None
        self._is_on_map = True  # the pointer, rather than on the relief
        self._digits = Throttle(self, self._show_moving, DIGITS_MS)
        self._connect()
        self._on_window_changed(context.landscape.window)
        self._show()

    def _build_body(self) -> None:
        context = self._context
        self.window_form = WindowForm(self)
        self.plane_row = PlaneRow()
        self._plane_bar = PlaneBar(context, self.plane_row)
        self.legend = MapLegend(context.appearance)
        self.readout = QLabel(HINT)
        self.readout.setProperty("role", "caption")
        self.readout.setAccessibleName("Value under the pointer")
        for told in (self.legend, self.readout):
            told.setToolTip(HELP)
        foot = QHBoxLayout()
        foot.addWidget(self.legend, 1)
        foot.addWidget(self.readout, 0, Qt.AlignmentFlag.AlignRight)
        self.body.addWidget(self.plane_row)
        self.leave_out(self.plane_row.choices, keeps_room=True)
        self.body.addWidget(Halves(self.map, self.relief), 1)
        self.body.addLayout(foot)

    def _connect(self) -> None:
        context = self._context
        session, landscape = context.session, context.landscape
        self.tools.shape.chosen.connect(landscape.set_look)
        self.tools.log.clicked.connect(landscape.set_log)
        self.relief.camera_asked.connect(landscape.set_camera)
        landscape.camera_changed.connect(self._on_camera_changed)
        self.tools.fit.clicked.connect(self._on_fit_asked)
        self.tools.more.clicked.connect(self._pop_up)
        self.figure_turned.connect(self._show_digits)
        self.window_form.window_edited.connect(landscape.set_window)
        self.window_form.reset_asked.connect(landscape.reset_window)
        self.window_form.fit_asked.connect(self._on_fit_asked)
        self.window_form.arrows_chosen.connect(self._on_arrows_chosen)
        self.window_form.batch_switched.connect(self._on_batch_switched)
        self.window_form.model_switched.connect(self._on_model_switched)
        self.tools.arrows.clicked.connect(self._on_arrows_turned)
        self.map.hovered.connect(self._on_map_hovered)
        self.relief.hovered.connect(self._on_relief_hovered)
        self.map.start_dragged.connect(self._on_start_dragged)
        self.map.edge_dragged.connect(self._on_edge_dragged)
        self.map.released.connect(session.end_merge)
        self.map.window_asked.connect(landscape.set_window)
        self.map.reset_asked.connect(landscape.reset_window)
        self.map.aspect_changed.connect(landscape.set_aspect)
        landscape.surface_changed.connect(self._on_surface_changed)
        landscape.progressed.connect(self._on_progressed)
        landscape.plane_changed.connect(self._show)
        landscape.window_changed.connect(self._on_window_changed)
        session.experiment_changed.connect(self._show)
        for changed in (session.run_started, session.cursor_moved, context.appraiser.changed):
            changed.connect(self._on_run_changed)
        context.appearance.changed.connect(self._on_appearance_changed)

    # -- showing -------------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        """Everything but the map itself."""
        landscape = self._context.landscape
        self._plane_bar.show_plane()
        self.window_form.set_axes(
            *labels.axes(landscape.problem.network, landscape.plane.parameters)
        )
        mode = self.bouquet.mode
        self.window_form.arrows.set_value(mode)
        for made_in_a_frame in (self.tools.arrows, self.window_form.model):
            made_in_a_frame.setEnabled(self.bouquet.is_possible)
        tip = f"Arrows −∇eˢ of the samples: {mode.value} (click for the next)"
        self.tools.arrows.setToolTip(tip)
        self.map.setVisible(self.look != "relief")
        self.relief.setVisible(self.look != "contours")
        self.tools.shape.set_value(landscape.look)
        self._show_scale()
        if self._context.session.is_dragging:
            self._digits.request()
        else:
            self._show_moving()
        self._repaint()

    def _repaint(self) -> None:
        self.map.update()
        self.relief.update()

    @property
    def look(self) -> Look:
        """Whether the surface is a map, a sheet in a box, or both; over a line only a curve."""
        landscape = self._context.landscape
        return "contours" if landscape.plane.is_line else landscape.look

    def complete(self) -> None:
        """The picture at rest, here and now; for pictures without an event loop."""
        if self.look != "contours":
            self.relief.complete()

    def _show_moving(self) -> None:
        self._show_legend()
        self._show_digits()

    def _show_legend(self) -> None:
        context = self._context
        entries = relief_entries if self.look == "relief" else map_entries
        self.legend.set_entries(entries(context, self.bouquet, self.batch_lines, self.model))

    def _show_scale(self) -> None:
        landscape = self._context.landscape
        for choice in (self.tools.shape, self.tools.log):
            choice.setVisible(not landscape.plane.is_line)
        self.tools.log.setChecked(landscape.log)
        caption = surface_caption(
            landscape.problem, landscape.plane, landscape.log, landscape.surface, self._progress
        )
        self.set_subtitle(caption)

    def _show_digits(self) -> None:
        """The place under the pointer, and where the state on view lies in space."""
        pointed: Pointed | None = None
        if self._hover is None:
            self.readout.setText(self._resting_words())
        else:
            landscape, model = self._context.landscape, self.model.model
            value = landscape.value_at(*self._hover)
            pointed = Pointed(self._hover, value_words(landscape.problem, value))
            models = None if model is None else float(model.values(np.array(self._hover)))
            self.readout.setText(
                place_words(landscape.problem, landscape.plane, self._hover, value, models)
            )
        self.model.point_at(self._hover if self._is_on_map else None)
        self.relief.show_pointed(pointed)
        self.map.show_pointed(None if self._is_on_map else pointed)
        pulls = self.bouquet.pulls
        self._plane_bar.show_state(nan if pulls is None else pulls.share)

    def _resting_words(self) -> str:
        is_map = self.look != "relief"
        if not (self.map if is_map else self.relief).holds_state:
            return f"{OUTSIDE} {'window' if is_map else 'box'}"
        hint = HINT if is_map else TURN
        room = self.body.geometry().width() - self.readout.fontMetrics().horizontalAdvance(hint)
        has_room = not self.is_figure and self.legend.whole_width <= room
        return hint if has_room else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tools.set_room(event.size().width())
        self._digits.request()

    # -- what changed --------------------------------------------------------------------------

    @Slot(object)
    def _on_surface_changed(self, surface: Surface) -> None:
        self._progress = 0.0
        self._show_scale()
        self._digits.request()
        self._repaint()

    @Slot(float)
    def _on_progressed(self, share: float) -> None:
        self._progress = share
        self._show_scale()

    @Slot(object)
    def _on_window_changed(self, window: Window) -> None:
        self.window_form.set_window(window)
        self._repaint()

    @Slot()
    def _on_run_changed(self) -> None:
        self._digits.request()
        self.map.refresh()
        self.relief.refresh()

    @Slot()
    def _on_appearance_changed(self) -> None:
        self._repaint()
        self.legend.update()

    # -- what is asked -------------------------------------------------------------------------

    @Slot(object)
    def _on_map_hovered(self, place: tuple[float, float] | None) -> None:
        self._hover, self._is_on_map = place, True
        self._show_digits()

    @Slot(object)
    def _on_relief_hovered(self, place: tuple[float, float] | None) -> None:
        self._hover, self._is_on_map = place, False
        self._show_digits()

    @Slot(object)
    def _on_start_dragged(self, place: tuple[float, float]) -> None:
        session = self._context.session
        theta = self._context.landscape.plane.point(*place)
        session.edit(with_start(session.experiment, theta), "Set the start", "start on the map")

    @Slot(object, object)
    def _on_edge_dragged(self, edges: tuple[str, ...], place: tuple[float, float]) -> None:
        landscape = self._context.landscape
        plane, feasible = landscape.plane, landscape.problem.feasible
        if isinstance(feasible, Box):
            for edge in edges:
                feasible = move_edge(feasible, plane, edge, place["xy".index(edge[0])])
        elif isinstance(feasible, Ball):
            feasible = move_rim(feasible, plane, *place)
            radius = rounded_to(feasible.radius, landscape.shown_window.width / self.map.width())
            feasible = replace(feasible, radius=radius or feasible.radius)
        self._context.session.edit_problem("Move the edge of C", "edge of C", feasible=feasible)

    @Slot()
    def _on_fit_asked(self) -> None:
        self._context.landscape.fit_path()

    @Slot(object)
    def _on_arrows_chosen(self, mode: Mode) -> None:
        self.bouquet.set_mode(mode)
        self._show()

    @Slot()
    def _on_arrows_turned(self) -> None:
        modes = list(Mode)
        self._on_arrows_chosen(modes[(modes.index(self.bouquet.mode) + 1) % len(modes)])

    @Slot(bool)
    def _on_batch_switched(self, shown: bool) -> None:
        self.batch_lines.set_on(shown)
        self._show()

    @Slot(bool)
    def _on_model_switched(self, shown: bool) -> None:
        self.model.set_on(shown)
        self._show()

    @Slot()
    def _on_camera_changed(self) -> None:
        if (self.map.isHidden(), self.relief.isHidden()) != (
            self.look == "relief",
            self.look == "contours",
        ):
            self._show()
        self.relief.update()

    @Slot()
    def _pop_up(self) -> None:
        pop_up(self.window_form, self.tools.more, at_right=True)
