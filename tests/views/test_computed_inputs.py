"""Inputs computed from others, as a person meets them: in menus, table, plot and diagram."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.data_edits import with_computed_input, with_data, with_input
from mlpsim.core.editing.feature_scaling import standardised
from mlpsim.core.editing.surgery import with_activation
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.generators import Circles, Sine
from mlpsim.session.session import Session
from mlpsim.views.input_plane import InputPlane
from mlpsim.views.items.scatter_picture import places
from mlpsim.views.labels import input_symbols, named_input, unit_of_input
from mlpsim.views.panels.data import DataPanel
from mlpsim.views.panels.network import NetworkPanel
from mlpsim.views.panels.table import TablePanel
from mlpsim.views.parts.samples.computed_inputs import ComputedInputs
from tests.views.panel_stage import Stage

Open = Callable[..., Stage]


def computed(experiment: Experiment, *inputs: tuple[str, tuple[int, ...]]) -> Experiment:
    for function, of in inputs:
        experiment, _ = with_computed_input(experiment, function, of)
    return experiment


SQUARES = computed(lecture_experiment(), ("product", (0, 0)), ("product", (1, 1)))
POLYNOMIAL = computed(
    with_data(lecture_experiment(), Sine().generate())[0],
    ("product", (0, 0)),
    ("product", (0, 0, 0)),
)


def data_of(stage: Stage) -> Dataset:
    return stage.session.experiment.problem.data


def entries(menu: QMenu) -> dict[str, bool]:
    return {action.text(): action.isChecked() for action in menu.actions()}


def test_they_are_called_by_their_formulas():
    data = SQUARES.problem.data
    assert input_symbols(data) == ("x₁", "x₂", "x₁²", "x₂²")
    assert named_input(data, 2) == "x₃ = x₁²"
    assert unit_of_input(data, 3) == "x₄ = x₂²"
    assert unit_of_input(data, 0) == ""
    others = computed(lecture_experiment(), ("product", (0, 1)), ("sin", (0,))).problem.data
    assert input_symbols(others)[2:] == ("x₁x₂", "sin x₁")
    scaled = standardised(SQUARES)[0].problem.data
    assert named_input(scaled, 2) == "x₃ = x₁², scaled"
    assert unit_of_input(scaled, 2) == "x₃ = (x₁² as measured − 8.25) / 4.9181"


def test_the_networks_menu_adds_and_removes_them(opened: Open, qtbot: QtBot):
    stage = opened(NetworkPanel, lecture_experiment(), size=(520, 360))

    def choose(text: str) -> dict[str, bool]:
        qtbot.mouseClick(stage.panel.inputs, Qt.MouseButton.LeftButton)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, ComputedInputs)
        found = entries(menu)
        next(action for action in menu.actions() if action.text() == text).trigger()
        menu.hide()
        return found

    texts = ["x₁²", "x₂²", "x₁x₂", "sin x₁", "sin x₂"]
    assert choose("x₁x₂") == dict.fromkeys(texts, False)
    assert stage.session.experiment.problem.network.sizes == (3, 1)
    assert data_of(stage).x[:, 2].tolist() == [9.0, 4.0, 16.0, -10.0]
    assert stage.session.undo_stack.undoText() == "Add x₁x₂"
    qtbot.waitUntil(lambda: stage.panel.diagram.layout_now.columns[0] > 0)
    assert stage.panel.diagram.describe_node(0, 2) == "x₃ = x₁x₂ = 9.0   (sample 1)"
    assert choose("x₁x₂") == dict.fromkeys(texts, False) | {"x₁x₂": True}
    assert data_of(stage) == lecture_experiment().problem.data
    stage.session.undo_stack.undo()
    assert data_of(stage).measured == (0, 1)


def test_the_table_offers_them_and_lets_only_measured_numbers_be_typed(opened: Open):
    stage = opened(TablePanel, SQUARES)
    model, menu = stage.panel.model, stage.panel.menu()
    (offered,) = [action.menu() for action in menu.actions() if action.menu() is not None]
    assert entries(offered)["x₂²"]
    header = [
        model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())
    ]
    assert header == ["x₁", "x₂", "x₁²", "x₂²", "y", "ŷ", "eˢ"]
    editable = [
        bool(model.flags(model.index(0, column)) & Qt.ItemFlag.ItemIsEditable)
        for column in range(model.columnCount())
    ]
    assert editable == [True, True, False, False, True, False, False]
    stage.panel.table.cells.typed.emit(0, 1, 5.0)
    assert data_of(stage).x[0].tolist() == [-3.0, 5.0, 9.0, 25.0]
    menu.deleteLater()


def test_of_a_single_input_powers_are_offered(opened: Open):
    stage = opened(TablePanel, POLYNOMIAL)
    menu = stage.panel.menu()
    (offered,) = [action.menu() for action in menu.actions() if action.menu() is not None]
    assert entries(offered) == {"x₁²": True, "x₁³": True, "x₁⁴": False, "sin x₁": False}
    menu.deleteLater()


def test_the_plot_stays_over_the_measured_inputs(opened: Open):
    stage = opened(DataPanel, SQUARES, size=(560, 420))
    panel, theta = stage.panel, stage.session.theta
    assert panel.tools.held.isHidden()
    seen = panel.scatter.picture.map
    point = np.array([[seen.xs[3], seen.ys[9], seen.xs[3] ** 2, seen.ys[9] ** 2]])
    y_hat = SQUARES.problem.predict(theta, point)[0, 0]
    assert seen.shares[9, 3, 0] == pytest.approx(y_hat)
    panel.scatter.dragged.emit(0, 1.5, -2.0)
    assert data_of(stage).x[0] == pytest.approx([1.5, -2.0, 2.25, 4.0], abs=0.05)
    assert data_of(stage).x[0, 2] == data_of(stage).x[0, 0] ** 2


def test_a_third_measured_input_has_axes_to_choose_and_values_to_hold(opened: Open):
    stage = opened(DataPanel, with_input(SQUARES)[0], size=(560, 420))
    held, plane = stage.panel.tools.held, stage.context.input_plane
    assert held.isVisible()
    assert plane.columns == (0, 1)
    assert stage.panel.tools.x_choice.count() == 3
    held.click()
    assert sorted(held.popup.entries) == [4]
    held.popup.hide()


def test_a_polynomial_is_a_curve_over_its_one_input(opened: Open, qtbot: QtBot):
    stage = opened(DataPanel, POLYNOMIAL)
    stage.session.set_theta(np.array([0.5, -0.25, 0.125]), "Set")

    def is_drawn() -> bool:
        (curve,) = stage.panel.scatter.picture.curves
        x = curve[:, 0]
        z = 0.5 * x - 0.25 * x * x + 0.125 * x**3
        return bool(np.allclose(curve[:, 1], 1.0 / (1.0 + np.exp(-z)), 1e-9, 0.0))

    qtbot.waitUntil(is_drawn)
    data = data_of(stage)
    assert places(data).tolist() == np.column_stack([data.x[:, 0], data.y]).tolist()


def test_a_curve_that_is_not_finite_is_told(opened: Open, qtbot: QtBot):
    stage = opened(DataPanel, with_activation(POLYNOMIAL, 1, IDENTITY)[0])
    stage.session.set_theta(np.array([1e308, 0.0, 0.0]), "Set")
    qtbot.waitUntil(lambda: stage.panel.subtitle.endswith("some predictions are not finite"))


def test_generated_data_keep_them(opened: Open):
    stage = opened(DataPanel, SQUARES)
    stage.panel.generators.generated.emit(Circles(seed=2))
    data = data_of(stage)
    assert data.x[:, 3] == pytest.approx(data.x[:, 1] ** 2)


def test_typed_values_stay_held_when_one_is_added():
    session, wide = Session(), with_input(lecture_experiment())[0]
    plane = InputPlane(session)
    session.edit(wide, "Add an input")
    plane.choose((2, 1))
    plane.hold(0, 0.5)
    session.edit(computed(wide, ("sin", (0,))), "Compute one")
    assert (plane.columns, plane.held) == ((2, 1), {0: 0.5})
