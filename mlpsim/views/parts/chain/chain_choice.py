"""The choice of a sample and a parameter, for views that tell of one of each."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from mlpsim.core.network import Network
from mlpsim.views import labels
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.wrap_layout import WrapLayout

MOST_SAMPLES = 200  # listed; the one on view is always among them


class ChainChoice(QWidget):
    """Combos of the sample, the neuron and the parameter that enters it."""

    sample_chosen = Signal(int)
    parameter_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.samples = Combo("Sample")
        self.neurons = Combo("Neuron that the weight enters")
        self.parameters = Combo("Weight or bias")
        self.row = WrapLayout(self, spacing=6, row_gap=4)
        for combo in (self.samples, self.neurons, self.parameters):
            self.row.add(combo)
        self._listed: tuple[int, int] | None = None
        self._network: Network | None = None
        self._neuron: tuple[int, int] | None = None
        self.samples.chosen.connect(self._choose_sample)
        self.neurons.chosen.connect(self._choose_neuron)
        self.parameters.chosen.connect(self._choose_parameter)

    def show_choice(self, network: Network, samples: int, sample: int, parameter: int) -> None:
        """Show what is chosen, samples and parameters from 0."""
        extra = sample if sample >= MOST_SAMPLES else -1
        if self._listed != (samples, extra):
            self._listed = (samples, extra)
            listed = [*range(min(samples, MOST_SAMPLES)), *([extra] if extra >= 0 else [])]
            self.samples.set_choices(tuple((s, f"sample {s + 1}", "") for s in listed))
        self.samples.set_value(sample)
        if self._network is None or not network.has_shape_of(self._network):
            self._network, self._neuron = network, None
            self.neurons.set_choices(
                tuple(
                    (
                        (layer, i),
                        labels.of_neuron("a", layer + 1, i),
                        f"layer {layer + 1}, neuron {i + 1}",
                    )
                    for layer in range(network.depth)
                    for i in range(network.sizes[layer + 1])
                )
            )
            self.neurons.setVisible(self.neurons.count() > 1)
        layer, i, _ = network.place(parameter)
        if self._neuron != (layer, i):
            self._neuron = (layer, i)
            choices = labels.parameter_choices(network, entering(network, layer, i))
            self.parameters.set_choices(choices)
        self.neurons.set_value((layer, i))
        self.parameters.set_value(parameter)

    @Slot(object)
    def _choose_sample(self, sample: int) -> None:
        self.sample_chosen.emit(sample)

    @Slot(object)
    def _choose_neuron(self, neuron: tuple[int, int]) -> None:
        if self._network is not None:
            self.parameter_chosen.emit(entering(self._network, *neuron)[0])

    @Slot(object)
    def _choose_parameter(self, parameter: int) -> None:
        self.parameter_chosen.emit(parameter)


def entering(network: Network, layer: int, i: int) -> tuple[int, ...]:
    """The weights and the bias of neuron i of a layer, both from 0."""
    slots = network.layout[layer]
    weights = [network.weight_index(layer, i, j) for j in range(slots.shape[1])]
    return (*weights, *(() if slots.b is None else (slots.b.start + i,)))
