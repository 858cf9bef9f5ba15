"""The gradients as a table: ∇eˢ of every sample, and their sum ∇E at the foot."""

from PySide6.QtCore import Slot

from mlpsim.core.classes import classes_of
from mlpsim.core.lessons.gradient_table import FootKind, GradientTable
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.parts.steps.gradient_grid import GradientGrid
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card

PLAYING_MS, PAUSED_MS = 200, 25
MOST_SAID = 12
FEET: dict[FootKind, str] = {
    "sum": "Σ = ∇E",
    "mean": "∇E/S",
    "penalty": "∇R",
    "objective": "∇J",
}


class GradientsPanel(Card):
    """A row of ∂eˢ/∂w for every sample at the state on view; the next step's batch is marked."""

    def __init__(self, context: Context) -> None:
        super().__init__("Gradients", "")
        self.setObjectName("gradients")
        self._session = context.session
        self._appearance, self._appraiser = context.appearance, context.appraiser
        self.grid = GradientGrid()
        self.body.addWidget(self.grid, 1)
        self._throttle = Throttle(self, self._show, context.pace(PLAYING_MS, PAUSED_MS))
        session = self._session
        self._throttle.follow(session.run_started, session.cursor_moved, session.experiment_changed)
        self._throttle.follow(self._appraiser.changed, context.player.playing_changed)
        session.selection.sample_selected.connect(self._show_brushed)
        session.selection.sample_pointed.connect(self._show_pointed)
        session.selection.parameter_selected.connect(self.grid.show_parameter)
        context.appearance.changed.connect(self._dress)
        self.grid.row_pointed.connect(session.selection.point_at_sample)
        self.grid.row_chosen.connect(self._choose)
        self.grid.column_chosen.connect(self._choose_parameter)
        self._dress()
        self._show()

    @Slot()
    def _dress(self) -> None:
        self.grid.show_theme(self._appearance.theme)

    def _show(self) -> None:
        session = self._session
        self.grid.set_quiet(self._appraiser.is_pending)
        if self._appraiser.is_pending:
            # The rows of an earlier state stay, faint.
            self.set_subtitle(f"{labels.step_caption(self._appraiser.place)} …")
            return
        present = self._appraiser.present
        known = None if present is None else (present.error, present.gradient)
        experiment = session.experiment
        problem, coming = experiment.problem, session.cursor + 1
        batch = None if experiment.sampling.is_full else session.segment.batch(coming)
        table = GradientTable(problem, session.theta, batch, experiment.scaling, known)
        step = f"g, {labels.step_caption(coming)}"
        feet = tuple(FEET.get(foot.kind, step) for foot in table.feet)
        self.grid.show_table(table, classes_of(problem.data), feet)
        self.grid.show_parameter(session.selection.parameter)
        marked = "" if batch is None else f" · batch of {labels.step_caption(coming)}"
        self.set_subtitle(f"∇eˢ at {labels.step_caption(session.cursor)}{marked}")
        self._show_pointed()

    @Slot()
    def _show_brushed(self) -> None:
        self.grid.show_sample(self._session.selection.brushed_sample, bring=True)
        self._describe()

    @Slot()
    def _show_pointed(self) -> None:
        self.grid.show_sample(self._session.selection.brushed_sample)
        self._describe()

    def _describe(self) -> None:
        """Say the selected row, or the sum, to who cannot see it."""
        # Of the table on view: while others hear of a new network, this one may be hidden.
        s, table = self._session.selection.sample, self.grid.picture.table
        if table is None:
            return
        network = table.problem.network
        names = [labels.parameter(network, p) for p in range(min(network.n_params, MOST_SAID))]
        if s is None or s >= len(table):
            head, texts = "sum", self.grid.foot(0, MOST_SAID)[2:]
        else:
            head, texts = f"sample {s + 1}", self.grid.texts(s, MOST_SAID)
        said = ", ".join(f"{name} {text}" for name, text in zip(names, texts, strict=True))
        self.grid.setAccessibleDescription(f"{head}: {said}")

    @Slot(object)
    def _choose(self, sample: int | None) -> None:
        self._session.selection.point_at_sample(None)
        self._session.selection.select_sample(sample)

    @Slot(object)
    def _choose_parameter(self, parameter: int | None) -> None:
        # The table on view may still be that of a larger network.
        if parameter is None or parameter < self._session.experiment.problem.network.n_params:
            self._session.selection.select_parameter(parameter)
