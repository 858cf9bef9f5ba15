"""The feasible set's form: the whole space, a box or a ball, with typed limits."""

from math import ceil

import numpy as np
from PySide6.QtCore import Slot

from mlpsim.core.feasible import Ball, Box, FeasibleSet, WholeSpace
from mlpsim.session.session import Session
from mlpsim.views.labels import feasible_name, parameter
from mlpsim.views.parts.training.limits import Limits
from mlpsim.views.widgets.form_section import FormSection
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.numbers_entry import NumbersEntry, Values
from mlpsim.views.widgets.segmented import Segmented

MOST_LIMITS = 4  # parameters that have limits of their own on screen; more have a common ±r
_TIPS = {
    WholeSpace: "C = the whole space: no constraint",
    Box: "C: a lower and an upper limit for every parameter",
    Ball: "C: all parameters within a distance of the centre",
}


class FeasibleForm(FormSection):
    """C, onto which the parameters are projected after every step."""

    def __init__(self, session: Session) -> None:
        super().__init__("Feasible set C")
        self._session = session
        kinds = (WholeSpace, Box, Ball)
        self.kind = Segmented("Feasible set", [(k, feasible_name(k), _TIPS[k]) for k in kinds])
        self.limits = Limits()
        self.common = NumberEntry(1.0, lo=0.0)
        self.common.setAccessibleName("Common limit r")
        self.common.set_tip("Every parameter between −r and r")
        self.radius = NumberEntry(1.0, lo=0.0)
        self.radius.setAccessibleName("Radius")
        self.radius.set_tip("Radius of the ball, 0 or above")
        self.center = NumbersEntry()
        self.center.setAccessibleName("Centre")
        self.center.set_tip("Centre of the ball: one number per parameter, separated by spaces")
        self.add_wide(self.kind)
        self.add_wide(self.limits)
        self.add_row("limit ±r", self.common)
        self.add_row("radius", self.radius)
        self.add_row("centre", self.center)
        self.note = self.add_caption()
        self.kind.chosen.connect(self._choose)
        self.limits.limits_edited.connect(self._change_limits)
        self.common.value_committed.connect(self._change_common)
        self.radius.value_committed.connect(self._change_radius)
        self.center.value_committed.connect(self._change_center)
        session.experiment_changed.connect(self._show)
        self._show()

    # -- requests ------------------------------------------------------------------------------

    @Slot(object)
    def _choose(self, kind: type[FeasibleSet]) -> None:
        """A set of another kind that holds the weights on view."""
        if kind is type(self._session.experiment.problem.feasible):
            return
        theta = self._session.theta
        count = len(theta)
        feasible: FeasibleSet = WholeSpace()
        if kind is Box:
            r = max(1.0, float(ceil(np.abs(theta).max())))
            feasible = Box((-r,) * count, (r,) * count)
        elif kind is Ball:
            feasible = Ball((0.0,) * count, max(1.0, float(ceil(np.linalg.norm(theta)))))
        self._edit(feasible, f"Feasible set: {feasible_name(kind)}")

    @Slot(object)
    def _change_limits(self, box: Box) -> None:
        self._edit(box, "Change limits of C")

    @Slot(object)
    def _change_common(self, r: float) -> None:
        count = self._session.experiment.problem.network.n_params
        self._edit(Box((-r,) * count, (r,) * count), "Change limit of C")

    @Slot(object)
    def _change_radius(self, radius: float) -> None:
        ball = self._session.experiment.problem.feasible
        if isinstance(ball, Ball):
            self._edit(Ball(ball.center, radius), "Change radius of C")

    @Slot(object)
    def _change_center(self, center: Values) -> None:
        ball = self._session.experiment.problem.feasible
        count = self._session.experiment.problem.network.n_params
        if len(center) != count:
            self.center.refuse(
                f"{count} numbers are needed, one per parameter: {len(center)} here."
            )
        elif isinstance(ball, Ball):
            self._edit(Ball(center, ball.radius), "Change centre of C")

    def _edit(self, feasible: FeasibleSet, text: str) -> None:
        self._session.edit_problem(text, feasible=feasible)

    # -- what is shown -------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        problem = self._session.experiment.problem
        feasible, network = problem.feasible, problem.network
        self.kind.set_value(type(feasible))
        box = feasible if isinstance(feasible, Box) else None
        ball = feasible if isinstance(feasible, Ball) else None
        few = network.n_params <= MOST_LIMITS
        self.limits.setVisible(box is not None and few)
        self.set_shown(self.common, box is not None and not few)
        self.set_shown(self.radius, ball is not None)
        self.set_shown(self.center, ball is not None)
        self.note.hide()
        if box is not None and few:
            names = tuple(parameter(network, p) for p in range(network.n_params))
            self.limits.show_box(box, names)
        elif box is not None:
            self._show_common(box)
        elif ball is not None:
            self.radius.set_value(ball.radius)
            self.center.set_value(ball.center)

    def _show_common(self, box: Box) -> None:
        r = max(abs(limit) for limit in (*box.lo, *box.hi))
        self.common.set_value(r)
        is_common = set(box.hi) == {r} and set(box.lo) == {-r}
        self.note.setVisible(not is_common)
        self.note.setText("The limits differ from parameter to parameter; r is the largest.")
