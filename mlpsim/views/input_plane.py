"""The input plane: the two inputs that are looked at, and where the others are held."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.arrays import Array
from mlpsim.core.dataset import Dataset
from mlpsim.core.features import Feature
from mlpsim.core.looks.input_grid import InputGrid
from mlpsim.core.moments import means
from mlpsim.core.network import Network
from mlpsim.core.window import Window
from mlpsim.session.session import Session
from mlpsim.views.spotlight import Node


class InputPlane(QObject):
    """Shared by what maps the network over its inputs; it begins with the first two that vary.

    ``changed`` comes with another pair or other values, ``looked`` with another window, and
    ``neuron_pointed`` with another neuron that is pointed at.
    """

    changed = Signal()
    looked = Signal()
    neuron_pointed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._data: Dataset | None = None
        self.columns = (0, 1)
        self.window: Window | None = None
        self._neuron: Node | None = None
        self._about: tuple[tuple[int, ...], tuple[Feature, ...]] = ((), ())
        self._held: dict[int, float] = {}
        self._means: tuple[Dataset, Array] | None = None
        self._follow()
        for signal in (session.run_started, session.cursor_moved, session.experiment_changed):
            signal.connect(self._follow)

    @property
    def held(self) -> dict[int, float]:
        """The values that were typed, by input; the others stand at their means."""
        return dict(self._held)

    @Slot()
    def _follow(self) -> None:
        """Begin anew for data with other inputs, or the same in other units."""
        data = self._session.experiment.problem.data
        if data is self._data:
            return
        self._data = data
        about = data.measured, tuple(data.each_feature[j] for j in data.measured)
        if about != self._about:
            if data.measured != self._about[0]:
                self.columns = _first_two(data)
            self._about, self._held = about, {}
            self.changed.emit()

    def choose(self, columns: tuple[int, int]) -> None:
        """Look at two other inputs (from 0)."""
        if columns != self.columns:
            self.columns = columns
            self.changed.emit()

    def look(self, window: Window) -> None:
        """Look at another window of the two inputs."""
        if window != self.window:
            self.window = window
            self.looked.emit()

    @Slot(object)
    def point_at_neuron(self, neuron: Node | None) -> None:
        """Point at a neuron whose map is looked at, or at none."""
        if neuron != self._neuron:
            self._neuron = neuron
            self.neuron_pointed.emit()

    def neuron_of(self, network: Network) -> Node | None:
        """The neuron that is pointed at; None if it is an output, or the network has none such."""
        if self._neuron is None:
            return None
        layer, i = self._neuron
        return self._neuron if layer < network.depth and i < network.sizes[layer] else None

    def hold(self, column: int, value: float) -> None:
        """Hold an input at a value."""
        self._held[column] = value
        self.changed.emit()

    def hold_at(self, values: Sequence[float]) -> None:
        """Hold every input at a value, such as those of a sample."""
        self._held = dict(enumerate(values))
        self.changed.emit()

    def hold_means(self) -> None:
        """Hold every input at its mean."""
        self._held = {}
        self.changed.emit()

    def values(self, data: Dataset) -> Array:
        """A value for every input (D,): the typed one, or the mean of the data."""
        if self._means is None or self._means[0] is not data:
            self._means = data, means(data)
        values = self._means[1].copy()
        for column, value in self._held.items():
            values[column] = value
        return values

    def grid(self, data: Dataset, window: Window, nx: int, ny: int) -> InputGrid:
        """Places of a window over the two inputs, the others held."""
        return InputGrid(self.columns, self.values(data), window, nx, ny, data.features)


def _first_two(data: Dataset) -> tuple[int, int]:
    """The first two measured inputs that vary from sample to sample, as far as there are such."""
    varies = np.ptp(data.x_columns, axis=1) > 0.0
    first, *rest = sorted(data.measured, key=lambda column: not varies[column])
    return first, rest[0] if rest else first
