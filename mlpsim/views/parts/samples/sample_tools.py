"""What a new sample gets, and which inputs are plotted; shown where there is a choice."""

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from mlpsim.core.arrays import Array
from mlpsim.core.classes import class_labels, n_classes, target_of
from mlpsim.core.dataset import Dataset
from mlpsim.core.problem import Problem
from mlpsim.views.context import Context
from mlpsim.views.items.markers import class_icon
from mlpsim.views.labels import class_name, inputs, named_input
from mlpsim.views.parts.samples.held_inputs import HeldInputs
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.group import group
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.wrap_layout import WrapLayout


class SampleTools(QWidget):
    """A row with the class or target of a new sample, and the inputs on the two axes."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        appearance = context.appearance
        self._appearance, self._plane = appearance, context.input_plane
        self._inputs: list[tuple[int, str, str]] = []
        self._classes: list[tuple[int, str, str]] = []
        self.class_choice = Combo("Class of a new sample")
        self.target_entry = NumberEntry(0.0)
        self.target_entry.setAccessibleName("Target y of a new sample")
        self.target_entry.set_tip("target y of a new sample")
        self.x_choice = Combo("Input on the horizontal axis")
        self.y_choice = Combo("Input on the vertical axis")
        self._target_label = QLabel("y")
        self._add_label, self._axes_label = QLabel("add"), QLabel("axes")
        for label in (self._target_label, self._add_label, self._axes_label):
            label.setProperty("role", "secondary")
        self.held = HeldInputs(context.session, self._plane)
        self._adding = group(
            self._add_label, self.class_choice, self._target_label, self.target_entry
        )
        self._axes = group(self._axes_label, self.x_choice, self.y_choice)
        for part in (self._adding, self._axes):
            part.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = WrapLayout(self, spacing=6, row_gap=4)
        row.add(self._adding)
        row.add(self.held)
        row.add(self._axes, pushed=True)
        self.x_choice.chosen.connect(self._choose_axes)
        self.y_choice.chosen.connect(self._choose_axes)
        appearance.changed.connect(self._dress)

    def new_target(self, data: Dataset) -> Array:
        """The targets (K,) of a new sample."""
        if class_labels(data.y) is None:
            return np.full(data.n_outputs, self.target_entry.value)
        return target_of(data, max(self.class_choice.currentIndex(), 0))

    def show_choices(self, problem: Problem, adds: bool) -> None:
        """Offer what the data leaves open; ``adds`` says whether a click adds a sample."""
        data = problem.data
        self._offer(data)
        has_classes, is_plane = class_labels(data.y) is not None, len(data.measured) > 1
        # With one input the place of the click is the target, if that may be any number.
        picks_class = adds and has_classes and (is_plane or problem.loss.labels != "any")
        picks_target = adds and not has_classes and is_plane
        has_axes = len(data.measured) > 2
        self.class_choice.setVisible(picks_class)
        self._target_label.setVisible(picks_target)
        self.target_entry.setVisible(picks_target)
        self._adding.setVisible(picks_class or picks_target)
        self.held.setVisible(has_axes)
        self._axes.setVisible(has_axes)
        self.setVisible(picks_class or picks_target or has_axes)

    def _offer(self, data: Dataset) -> None:
        symbols = inputs(data.n_features)
        choices = [(j, symbols[j], f"input {named_input(data, j)}") for j in data.measured]
        if choices != self._inputs:
            self._inputs = choices
            for choice in (self.x_choice, self.y_choice):
                choice.set_choices(choices)
        for choice, column in zip((self.x_choice, self.y_choice), self._plane.columns, strict=True):
            choice.set_value(column)
        names = [class_name(k, data) for k in range(n_classes(data))]
        classes = [(k, name, f"class {name}") for k, name in enumerate(names)]
        if classes != self._classes:
            self._classes = classes
            self.class_choice.set_choices(classes)
            self._dress()

    @Slot()
    def _dress(self) -> None:
        size = round(1.1 * self.fontMetrics().height())
        for label in range(self.class_choice.count()):
            icon = class_icon(self._appearance.theme, label, size)
            self.class_choice.setItemIcon(label, icon)

    @Slot()
    def _choose_axes(self) -> None:
        x, y = self.x_choice.value, self.y_choice.value
        assert isinstance(x, int)
        assert isinstance(y, int)
        old_x, old_y = self._plane.columns
        # The same input on both axes: the other one takes the place that became free.
        if x == y:
            x, y = (x, old_x) if x == old_y else (old_y, y)
        self._plane.choose((x, y))
