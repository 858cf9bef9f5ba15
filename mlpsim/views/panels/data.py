"""The data as a scatter plot: added to by a click, moved by a drag, drawn by a generator."""

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSignalBlocker, Slot

from mlpsim.core.arrays import Array
from mlpsim.core.classes import class_labels, classes_of
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.conversions import Conversion, fitting_labels, fitting_output, misfit
from mlpsim.core.editing.data_edits import labelled_for, with_computed_of, with_new_data
from mlpsim.core.editing.feature_scaling import scaling_offer
from mlpsim.core.experiment import Experiment
from mlpsim.core.held_out import HeldOut
from mlpsim.core.looks.activation_maps import activation_maps
from mlpsim.core.looks.prediction_map import (
    decided,
    neuron_map,
    prediction_map,
    residual_bars,
    shares_of,
)
from mlpsim.core.problem import Problem
from mlpsim.core.readout import predictions_and_errors
from mlpsim.core.window import Window
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.items.scatter import Scatter, Tool
from mlpsim.views.items.scatter_picture import Samples, places
from mlpsim.views.parts.samples.data_import import DataImport
from mlpsim.views.parts.samples.sample_edits import SampleEdits
from mlpsim.views.parts.samples.sample_tools import SampleTools
from mlpsim.views.spotlight import Node
from mlpsim.views.throttle import HURRIED_MS, Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.icon_button import IconButton
from mlpsim.views.widgets.offer import Offer
from mlpsim.views.widgets.screen_room import pop_up

if TYPE_CHECKING:  # imported with the popup
    from mlpsim.core.generators import Generator
    from mlpsim.core.tables.data_sets import DataSet
    from mlpsim.views.parts.samples.generator_popup import GeneratorPopup

PLAYING_MS, PAUSED_MS = 50, 33
FEW_PARAMETERS, FEW_SAMPLES = 150, 1000  # up to which every state that is sought is shown
GRID, COARSE_GRID = 64, 32
MANY_PARAMETERS = 1500
CURVE_POINTS = 240

MOVE_TIP = (
    "Drag a sample to move it, or nudge the selected one by arrow keys.\n"
    "Delete removes it, Page Up and Page Down select another. The wheel zooms."
)
ADD_TIP = "Click where a sample is to be added, of the class that is chosen above."
CLASSES_TIP = "Show the classes alone: on which side of the border ŷ lies"
NOT_FINITE = "some predictions are not finite"


class DataPanel(Card):
    """Two inputs of the samples over the prediction map of the state on view."""

    def __init__(self, context: Context) -> None:
        super().__init__("Data", "")
        self.setObjectName("data")
        self._session, self._player = context.session, context.player
        self._appearance = context.appearance
        self._shown: Problem | None = None
        self._held_out: HeldOut | None = None
        self.scatter = Scatter(self._describe)
        self.scatter.setToolTip(MOVE_TIP)
        self._build_header()
        self._plane = context.input_plane
        self.tools = SampleTools(context)
        self.offer = Offer()
        self._edits = SampleEdits(self._session, self.scatter, self._plane, self.tools)
        self.body.addWidget(self.tools)
        self.body.addWidget(self.scatter, 1)
        self.body.addWidget(self.offer)
        self.importing = DataImport(context.session, self)
        self._throttle = Throttle(self, self._show, self._interval)
        self._connect(context)
        self._dress()
        self._show()

    def _build_header(self) -> None:
        self.classes_button = IconButton("classes", CLASSES_TIP)
        self.add_button = IconButton("add", "Add samples by a click; they are moved otherwise")
        self.generate_button = IconButton("dice", "Generate data, or take real ones…")
        self.classes_button.setCheckable(True)
        self.add_button.setCheckable(True)
        for button in (self.classes_button, self.add_button, self.generate_button):
            self.header.addWidget(button)

    def _connect(self, context: Context) -> None:
        session, scatter = context.session, self.scatter
        self._throttle.follow(session.run_started, session.cursor_moved, session.experiment_changed)
        session.selection.sample_selected.connect(scatter.show_selected)
        session.selection.sample_pointed.connect(scatter.show_pointed)
        context.appearance.changed.connect(self._dress)
        scatter.window_changed.connect(self._look)
        # what is held follows the pointer, whoever's turn it is
        self._edits.moved.connect(self._throttle.flush)
        self._plane.changed.connect(self._on_plane)
        self._throttle.follow(self._plane.neuron_pointed, self.classes_button.clicked)
        self.add_button.clicked.connect(self._choose_tool)
        self.generate_button.clicked.connect(self._open_generators)
        self.offer.accepted.connect(self._convert)
        self.importing.chosen.connect(self._use)

    @cached_property
    def generators(self) -> "GeneratorPopup":
        """The popup that generates data, made when it is first asked for."""
        from mlpsim.views.parts.samples.generator_popup import GeneratorPopup

        popup = GeneratorPopup(self._appearance, self)
        popup.generated.connect(self._generate)
        popup.data_set_chosen.connect(self._ask_for_columns)
        return popup

    # -- showing -------------------------------------------------------------------------------

    @property
    def _problem(self) -> Problem:
        return self._session.experiment.problem

    def _interval(self) -> int:
        if self._player.playing:
            return PLAYING_MS
        n_params, samples = self._problem.network.n_params, len(self._problem.data)
        is_small = n_params <= FEW_PARAMETERS and samples <= FEW_SAMPLES
        return HURRIED_MS if is_small else PAUSED_MS

    @Slot()
    def _dress(self) -> None:
        self.scatter.show_theme(self._appearance.theme)

    def _show(self) -> None:
        problem, before = self._problem, self._shown
        self._shown = problem
        held_out = self._session.experiment.held_out
        is_new = before is None or problem.data is not before.data
        if is_new or held_out is not self._held_out:
            self._held_out = held_out
            self.tools.show_choices(problem, self.scatter.tool is Tool.ADD)
            self._show_samples()
            self.scatter.show_selected(self._session.selection.sample)
        if problem is not before:
            self._show_offer(self._session.experiment)
        if len(problem.data.measured) > 2:
            self.tools.held.show_data(problem.data)
        self._show_prediction(problem)

    def _show_offer(self, experiment: Experiment) -> None:
        """What does not fit, labels before output before scales, and the edit that mends it."""
        why = misfit(experiment.problem.loss, experiment.problem.data)
        if why:
            self.offer.show_offer(why, fitting_labels(experiment))
        else:
            why, conversion = fitting_output(experiment)
            offered = (why, conversion) if conversion else scaling_offer(experiment)
            self.offer.show_offer(*offered)

    def _show_samples(self) -> None:
        problem, held_out = self._problem, self._session.experiment.held_out
        others = None if held_out is None else self._samples(problem, held_out.data)
        with QSignalBlocker(self.scatter):  # the prediction over its window follows anyway
            self.scatter.show_samples(self._samples(problem, problem.data), others)
        self._plane.look(self.scatter.window_of_plot)

    def _samples(self, problem: Problem, data: Dataset) -> Samples:
        shares = shares_of(problem, data.y[:, 0])
        points = places(data, self._plane.columns)
        if len(data.measured) == 1:
            x, y = labels.named_input(data, 0), labels.named_target(data, 0)
        else:
            x, y = (labels.named_input(data, j) for j in self._plane.columns)
        return Samples(points, classes_of(data), shares, x, y)

    def _show_prediction(self, problem: Problem) -> None:
        is_plane = len(problem.data.measured) > 1
        has_regions = is_plane and class_labels(problem.data.y) is not None
        self.classes_button.setEnabled(has_regions)
        if not is_plane:
            self._show_curves(problem)
            return
        theta, plane, window = self._session.theta, self._plane, self.scatter.window_of_plot
        n = COARSE_GRID if problem.network.n_params > MANY_PARAMETERS else GRID
        grid = plane.grid(problem.data, window, n, n)
        neuron = plane.neuron_of(problem.network)
        self.scatter.show_curves(())
        if neuron is not None:
            self.scatter.show_map(neuron_map(problem, theta, neuron, grid))
            self._show_subtitle(f"{_symbol(problem, neuron)} in place of ŷ")
            return
        prediction = prediction_map(problem, theta, grid)
        shows_classes = has_regions and self.classes_button.isChecked()
        self.scatter.show_map(decided(prediction) if shows_classes else prediction)
        if not np.isfinite(prediction.shares).all():
            self._show_subtitle(NOT_FINITE)
        elif (prediction.shares == 0.5).all():
            self._show_subtitle("ŷ = ½ everywhere")
        elif len(problem.data.measured) > 2:
            self._show_subtitle("ŷ over two of the inputs")
        else:
            adds = self.scatter.tool is Tool.ADD
            self._show_subtitle("", hint="click to add" if adds else "drag to move")

    def _show_curves(self, problem: Problem) -> None:
        """ŷ over the one measured input, or the neuron that is pointed at."""
        theta, plane, window = self._session.theta, self._plane, self.scatter.window_of_plot
        grid, neuron = (
            plane.grid(problem.data, window, CURVE_POINTS, 1),
            plane.neuron_of(problem.network),
        )
        self.scatter.show_map(None)
        if neuron is not None:
            layer, i = neuron
            a = activation_maps(problem.network, theta, grid)[layer][i, 0]
            self.scatter.show_curves((np.column_stack([grid.xs, a]),))
            self._show_subtitle(f"{_symbol(problem, neuron)} in place of ŷ")
            return
        y_hat = problem.predict(theta, grid.inputs.T)
        curves = tuple(np.column_stack([grid.xs, y]) for y in y_hat.T)
        self.scatter.show_curves(curves, residual_bars(problem, theta))
        self._show_subtitle(_where(y_hat, window))

    def _show_subtitle(self, text: str, hint: str = "") -> None:
        held_out = self._session.experiment.held_out
        samples = labels.count(len(self._problem.data), "sample")
        if held_out is not None:
            samples += f" + {labels.whole(len(held_out.data))} held out (hollow)"
        self.set_subtitle(" · ".join(filter(None, (samples, text))), hint)

    def _describe(self, s: int) -> str:
        data = self._problem.data
        here = slice(s, s + 1)
        y_hat, errors = predictions_and_errors(self._problem, self._session.theta, here)
        parts = [
            *_listed(labels.inputs(data.n_features), data.x[s]),
            *_listed(labels.targets(data.n_outputs), data.y[s]),
            *_listed(labels.predictions(data.n_outputs), y_hat[0]),
            f"{labels.sample_error(s)} = {labels.number(float(errors[0]))}",
        ]
        classes = classes_of(data) if data.labels else None
        of_class = "" if classes is None else f", class {labels.class_name(int(classes[s]), data)}"
        return f"sample {s + 1}{of_class}: {', '.join(parts)}"

    # -- asking --------------------------------------------------------------------------------

    @Slot()
    def _choose_tool(self) -> None:
        self.scatter.set_tool(Tool.ADD if self.add_button.isChecked() else Tool.MOVE)
        adds = self.scatter.tool is Tool.ADD
        self.scatter.setToolTip(ADD_TIP if adds else MOVE_TIP)
        self.tools.show_choices(self._problem, adds)
        self._show()

    @Slot()
    def _on_plane(self) -> None:
        self._shown = None  # its samples stand elsewhere
        self._throttle.request()

    @Slot()
    def _look(self) -> None:
        self._plane.look(self.scatter.window_of_plot)
        self._throttle.request()

    @Slot(object)
    def _generate(self, spec: "Generator") -> None:
        data = with_computed_of(spec.generate(), self._problem.data)
        self._replace(data, f"Generate {labels.generator_name(spec)}")

    @Slot(object)
    def _ask_for_columns(self, chosen: "DataSet") -> None:
        table = chosen.table()
        self.importing.ask(chosen.title, table, chosen.choice(table), chosen.about)

    @Slot(object, str)
    def _use(self, data: Dataset, name: str) -> None:
        self._replace(data, f"Take {name}")

    @Slot()
    def _open_generators(self) -> None:
        pop_up(self.generators, self.generate_button)

    @Slot(object)
    def _convert(self, conversion: Conversion) -> None:
        self._session.edit(conversion.experiment, conversion.text, about=conversion.sentence)

    def _replace(self, data: Dataset, text: str) -> None:
        """Put other data in place, their labels as the loss takes them."""
        self._session.selection.select_sample(None)
        data = labelled_for(self._problem.loss, data)
        experiment, about = with_new_data(self._session.experiment, data)
        self._session.edit(experiment, text, about=about)
        self.scatter.fit()


def _symbol(problem: Problem, neuron: Node) -> str:
    layer, i = neuron
    if layer == 0:
        return labels.input_symbols(problem.data)[i]
    return labels.of_neuron("a", layer, i)


def _where(y_hat: Array, window: Window) -> str:
    """What is said of the curve ŷ(x): also that it is not to be seen, and where it is."""
    if not np.isfinite(y_hat).all():
        return NOT_FINITE
    if (y_hat < window.y0).all():
        return "ŷ(x) lies below"
    if (y_hat > window.y1).all():
        return "ŷ(x) lies above"
    return "the curve is ŷ(x)"


def _listed(names: tuple[str, ...], values: Array) -> list[str]:
    return [f"{name} = {labels.number(v)}" for name, v in zip(names, values.tolist(), strict=True)]
