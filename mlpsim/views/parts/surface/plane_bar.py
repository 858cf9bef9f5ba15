"""The plane's bar: shows which plane the landscape is over, and asks it for another."""

from collections.abc import Callable
from math import nan

import numpy as np
from PySide6.QtCore import QObject, Slot

from mlpsim.core.looks.aim import RANDOM, AimKind, Centre
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.labels.plane_words import PlaneFigures, slice_sentence
from mlpsim.views.parts.surface.plane_row import PlaneRow


class PlaneBar(QObject):
    """Keeps a row of choices and its sentence up to date with a context's landscape."""

    def __init__(self, context: Context, row: PlaneRow) -> None:
        super().__init__(row)
        self._context, self._row = context, row
        pick = context.axis_pick
        row.kind_chosen.connect(self._on_plane_chosen)
        row.weights_chosen.connect(context.landscape.set_parameters)
        row.pick_asked.connect(self._on_pick_asked)
        row.seed_chosen.connect(self._on_seed_chosen)
        row.centre_chosen.connect(self._on_centre_chosen)
        row.follow_chosen.connect(context.landscape.set_follow)
        pick.changed.connect(self._on_pick_changed)
        pick.picked.connect(context.landscape.set_parameters)

    def show_plane(self) -> None:
        """Show what is aimed at."""
        landscape = self._context.landscape
        self._row.set_plane(landscape.problem.network, landscape.aim)

    def show_state(self, pull: float) -> None:
        """Say where the state lies; ``pull`` is the gradient's share in the plane, or NaN."""
        landscape, session = self._context.landscape, self._context.session
        if landscape.problem.network.n_params <= 2:
            return
        plane, theta = landscape.plane, session.theta
        place = plane.project(theta)
        surface = landscape.surface
        below = nan
        if not landscape.is_dear:
            below = landscape.value_at(*place.tolist())
        elif surface is not None and surface.plane is plane:
            below = float(surface.at(place))
        known = PlaneFigures(
            symbol=labels.objective_symbol(landscape.problem),
            distance=float(plane.distance(theta)),
            here=self._context.appraiser.value,
            below=below,
            about=landscape.is_dear,
            explained=float(np.sum(plane.explained)) if plane.explained else nan,
            pull=pull,
            step=landscape.step,
            is_left=landscape.has_been_left,
            is_degenerate=plane.is_degenerate,
        )
        self._row.set_sentence(slice_sentence(known))

    @Slot(object)
    def _on_plane_chosen(self, kind: AimKind) -> None:
        landscape = self._context.landscape
        if kind == "two_weights":
            landscape.set_parameters(0, 1)
        elif kind == "random":
            self._lay(lambda: landscape.set_aim(RANDOM))
        else:
            self._lay(landscape.set_pca)

    @Slot(object)
    def _on_seed_chosen(self, seed: int) -> None:
        self._lay(lambda: self._context.landscape.set_random(seed))

    @Slot(object)
    def _on_centre_chosen(self, centre: Centre) -> None:
        self._lay(lambda: self._context.landscape.set_centre(centre))

    def _lay(self, plane: Callable[[], None]) -> None:
        """Look at another plane, or say why there is none."""
        try:
            plane()
        except ValueError as reason:
            self.show_plane()
            self._context.session.say(labels.sentence(reason))

    @Slot(bool)
    def _on_pick_asked(self, wanted: bool) -> None:
        pick = self._context.axis_pick
        if wanted and not pick.is_on:
            pick.begin()
        elif not wanted:
            pick.cancel()

    @Slot()
    def _on_pick_changed(self) -> None:
        self._row.set_picking(self._context.axis_pick.is_on)
