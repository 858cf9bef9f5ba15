"""The network panel: the network as the lecture draws it, to look at and to change."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Slot

from mlpsim.core.activations import Activation
from mlpsim.core.editing import surgery
from mlpsim.core.editing.surgery import Outcome
from mlpsim.core.experiment import Experiment
from mlpsim.core.looks.activation_maps import activation_maps
from mlpsim.core.network import MAX_LAYERS, Network
from mlpsim.core.neurons import Neurons, neurons
from mlpsim.core.problem import Problem
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.items.activation_pictures import Pictures, activation_pictures
from mlpsim.views.items.diagram import NetworkDiagram
from mlpsim.views.items.scatter_picture import fitted_window, places
from mlpsim.views.parts.network.layer_controls import ROOMY, LayerControls
from mlpsim.views.parts.network.parameter_entry import ParameterEntry
from mlpsim.views.parts.samples.computed_inputs import ComputedInputs
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.icon_button import IconButton
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.small_button import SmallButton

PLAYING_MS, PAUSED_MS = 200, 16
MAP_POINTS = 24
MAPS_TIP = "Fill every neuron with what it gives over the two inputs of the data's plot"
INPUTS_TIP = "Inputs computed from those on the axes of the data's plot: squares, product, sines"


class NetworkPanel(Card):
    """Shows the state on view; weights are typed and dragged, layers and neurons changed."""

    def __init__(self, context: Context) -> None:
        super().__init__("Network", "")
        self._session, self._player = context.session, context.player
        self._appearance = context.appearance
        self._spotlight = context.spotlight
        self._pick = context.axis_pick
        self.fewer_layers = IconButton("remove", "Remove the last hidden layer", 1.1)
        self.more_layers = IconButton("add", "Add a hidden layer before the output", 1.1)
        self.maps = IconButton("maps", MAPS_TIP, 1.1)
        self.maps.setCheckable(True)
        self._plane = context.input_plane
        for button in (self.maps, self.fewer_layers, self.more_layers):
            self.header.addWidget(button)
        self.diagram = NetworkDiagram(self._appearance.theme, *self._present())
        self.entry = ParameterEntry(self.diagram)
        self.error = Message("error")
        self.body.addWidget(self.diagram, 1)
        self.body.addWidget(self.error)
        self.layers: list[LayerControls] = []
        self.inputs = SmallButton(self._appearance, "x²", INPUTS_TIP, self.diagram)
        self.inputs.setProperty("role", "layer")
        self._network: Network | None = None
        self.figure_turned.connect(self._place_controls)
        self._throttle = Throttle(self, self._show, context.pace(PLAYING_MS, PAUSED_MS))
        self._connect()
        self._show()

    def _connect(self) -> None:
        session, diagram = self._session, self.diagram
        session.experiment_changed.connect(self._on_experiment_changed)
        self._throttle.follow(
            session.run_started, session.cursor_moved, session.selection.sample_selected
        )
        self._throttle.follow(
            session.selection.sample_pointed, session.selection.parameter_selected
        )
        self._throttle.follow(self._spotlight.changed, self._player.playing_changed)
        self._throttle.follow(self.maps.toggled, self._plane.changed, self._plane.looked)
        self._pick.changed.connect(self._on_pick_changed)
        self._appearance.changed.connect(self._restyle)
        self.fewer_layers.clicked.connect(self._remove_last_layer)
        self.more_layers.clicked.connect(self._add_last_layer)
        self.inputs.clicked.connect(self._ask_for_inputs)
        diagram.parameter_clicked.connect(self._ask_for_value)
        diagram.parameter_dragged.connect(self._drag)
        diagram.drag_ended.connect(session.end_merge)
        diagram.left.connect(self._pick.cancel)
        diagram.neuron_pointed.connect(self._plane.point_at_neuron)
        diagram.laid_out.connect(self._place_controls)
        self.entry.value_committed.connect(self._set_value)

    # -- showing -------------------------------------------------------------------------------

    @Slot()
    def _on_experiment_changed(self) -> None:
        self.error.say("")
        network = self._session.experiment.problem.network
        if network == self._network:
            self._throttle.request()
        else:
            # Nothing may be asked of a network that is no more.
            self.entry.leave()
            self._show()

    @Slot()
    def _restyle(self) -> None:
        self.diagram.set_theme(self._appearance.theme)
        self._throttle.request()
        self._place_controls()

    def _show(self) -> None:
        problem, before = self._session.experiment.problem, self._network
        self._network = network = problem.network
        if before is not None and not network.has_shape_of(before):
            self._pick.cancel()
        self._show_subtitle()
        self.more_layers.setEnabled(network.depth < MAX_LAYERS)
        self.fewer_layers.setEnabled(network.depth > 1)
        self._match_controls(network)
        # Before the state: the pictures are those of another network until then.
        self.diagram.set_maps(self._pictures(problem))
        self.diagram.set_state(*self._present())
        lit = self._pick.first if self._pick.is_on else self._session.selection.parameter
        self.diagram.set_lit(lit, self._spotlight.on(network))
        self._place_controls()

    def _present(self) -> tuple[Neurons, tuple[str, ...]]:
        """The state on view, and what its inputs are called."""
        session = self._session
        problem = session.experiment.problem
        found = neurons(problem, session.theta, session.selection.brushed_sample or 0)
        return found, labels.input_symbols(problem.data)

    def _show_subtitle(self) -> None:
        network, pick = self._session.experiment.problem.network, self._pick
        if not pick.is_on:
            self.set_subtitle(labels.network_summary(network))
        elif pick.first is None:
            self.set_subtitle("click the weight across")
        else:
            first = labels.parameter(network, pick.first)
            self.set_subtitle(f"{first} across; click the weight up")

    @Slot()
    def _on_pick_changed(self) -> None:
        self.entry.leave()
        if self._pick.is_on:
            self.diagram.setFocus()
        self._show_subtitle()
        self._throttle.request()

    def _pictures(self, problem: Problem) -> Pictures:
        """What every neuron gives over the two inputs of the data's plot, if it is asked for."""
        if not self.maps.isChecked():
            return ()
        data, plane = problem.data, self._plane
        window = plane.window or fitted_window(places(data, plane.columns))
        grid = plane.grid(data, window, MAP_POINTS, MAP_POINTS)
        layers = activation_maps(problem.network, self._session.theta, grid)
        return activation_pictures(layers, self._appearance.theme)

    # -- the layers' controls ------------------------------------------------------------------

    def _match_controls(self, network: Network) -> None:
        """As many layers' controls as the network has layers."""
        while len(self.layers) > network.depth:
            self.layers.pop().discard()
        while len(self.layers) < network.depth:
            controls = LayerControls(len(self.layers) + 1, self._appearance, self.diagram)
            menu = controls.menu
            menu.activation_chosen.connect(self._choose_activation)
            menu.bias_chosen.connect(self._choose_bias)
            menu.neurons_wanted.connect(self._change_width)
            menu.layer_wanted_after.connect(self._add_layer)
            menu.layer_unwanted.connect(self._remove_layer)
            self.layers.append(controls)

    @Slot()
    def _place_controls(self) -> None:
        """Put every layer's controls under and beside its column."""
        layout, network = self.diagram.layout_now, self._session.experiment.problem.network
        if not len(self.layers) == len(layout.columns) - 1 == network.depth:
            return  # one of them is of the network before
        height = self.layers[0].menu.sizeHint().height()
        self.diagram.set_bottom(0.0 if self.is_figure else height + 2.0)
        if self.is_figure:
            self.inputs.hide()
            for controls in self.layers:
                controls.hide()
            return
        gap = layout.columns[1] - layout.columns[0]
        width = self.inputs.sizeHint().width()
        self.inputs.setVisible(gap > ROOMY * self.diagram.fontMetrics().height())
        left, top = round(layout.columns[0] - 0.5 * width), self.diagram.height() - height
        self.inputs.setGeometry(left, top, width, height)
        for controls, x in zip(self.layers, layout.columns[1:], strict=True):
            controls.place(network, x, gap)

    # -- changes of the network ----------------------------------------------------------------

    @Slot(int, object)
    def _choose_activation(self, layer: int, activation: Activation) -> None:
        name = labels.activation_name(activation)
        self._edit(
            lambda e: surgery.with_activation(e, layer, activation), f"Layer {layer}: {name}"
        )

    @Slot(int, bool)
    def _choose_bias(self, layer: int, bias: bool) -> None:
        text = f"Layer {layer}: {'with' if bias else 'without'} bias"
        self._edit(lambda e: surgery.with_bias(e, layer, bias), text)

    @Slot(int, int)
    def _change_width(self, layer: int, by: int) -> None:
        width = self._session.experiment.problem.network.sizes[layer] + by
        text = f"Layer {layer}: {labels.count(width, 'neuron')}"
        self._edit(lambda e: surgery.with_width(e, layer, width), text)

    @Slot()
    def _ask_for_inputs(self) -> None:
        data = self._session.experiment.problem.data
        menu = ComputedInputs(data, self._plane.columns, self._edit, self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.inputs.mapToGlobal(QPoint(0, self.inputs.height() + 2)))

    @Slot(int)
    def _add_layer(self, layer: int) -> None:
        self._edit(lambda e: surgery.with_layer_after(e, layer), "Add a layer")

    @Slot(int)
    def _remove_layer(self, layer: int) -> None:
        self._edit(lambda e: surgery.without_layer(e, layer), "Remove a layer")

    @Slot()
    def _add_last_layer(self) -> None:
        self._add_layer(self._session.experiment.problem.network.depth - 1)

    @Slot()
    def _remove_last_layer(self) -> None:
        self._remove_layer(self._session.experiment.problem.network.depth - 1)

    def _edit(self, change: Callable[[Experiment], Outcome], text: str) -> None:
        """Edit the experiment, or show why it is refused."""
        try:
            experiment, about = change(self._session.experiment)
        except ValueError as reason:
            self.error.say(labels.sentence(reason))
            self._place_controls()
            return
        self.error.say("")
        self._session.edit(experiment, text, about=about)

    # -- weights -------------------------------------------------------------------------------

    @Slot(int)
    def _ask_for_value(self, p: int) -> None:
        if self._pick.is_on:
            self._pick.take(p)
            return
        network = self._session.experiment.problem.network
        if p >= network.n_params:
            return  # the diagram still shows a larger network
        self._session.selection.select_parameter(p)
        place: QPointF = self.diagram.anchor(p)
        name, words = labels.parameter(network, p), labels.parameter_words(network, p)
        self.entry.open(p, name, words, float(self._session.theta[p]), place)

    @Slot(int, float)
    def _set_value(self, p: int, value: float) -> None:
        self._set(p, value, "")

    @Slot(int, float)
    def _drag(self, p: int, value: float) -> None:
        if self._pick.is_on:
            return
        self._set(p, value, f"drag parameter {p}")

    def _set(self, p: int, value: float, merge: str) -> None:
        theta = self._session.theta.copy()
        if p >= len(theta):
            return  # the diagram, or the entry over it, still shows a larger network
        theta[p] = value
        name = labels.parameter(self._session.experiment.problem.network, p)
        self._session.set_theta(theta, f"Set {name}", merge)
