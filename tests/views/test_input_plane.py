"""The inputs that are mapped: two on the axes, the others held where a person types; scaling."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QAction, QMouseEvent
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.data_edits import with_data
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.features import Feature
from mlpsim.core.generators import Line
from mlpsim.core.looks.prediction_map import PredictionMap
from mlpsim.core.network import Network
from mlpsim.core.starts import GlorotUniform
from mlpsim.core.window import Window
from mlpsim.session.session import Session
from mlpsim.views.input_plane import InputPlane
from mlpsim.views.items.activation_pictures import STRENGTH
from mlpsim.views.panels.data import DataPanel
from mlpsim.views.panels.network import NetworkPanel
from mlpsim.views.panels.table import TablePanel
from mlpsim.views.parts.samples.held_inputs import MEANS, TYPED
from mlpsim.views.throttle import flush
from tests.views.panel_stage import Stage

Open = Callable[..., Stage]
X = np.array([[0.0, 1.0, 5.0, 2.0], [2.0, 3.0, 7.0, 6.0], [4.0, 2.0, 0.0, 1.0]])
DATA = Dataset(X, [[0.0], [1.0], [1.0]], tuple(Feature(name) for name in "abcd"))
WIDE = Dataset(X * [1.0, 1.0, 100.0, 1.0], DATA.y, DATA.features)


def on(data: Dataset) -> Experiment:
    return with_data(lecture_experiment(), data)[0]


def test_the_plane_begins_with_means_and_follows_other_inputs(qtbot: QtBot):
    session = Session()
    plane = InputPlane(session)
    with qtbot.waitSignal(plane.changed):
        session.edit(on(DATA), "Other data")
    assert plane.values(DATA).tolist() == [2.0, 2.0, 4.0, 3.0]
    plane.choose((3, 1))
    plane.hold(2, -1.5)
    assert plane.values(DATA).tolist() == [2.0, 2.0, -1.5, 3.0]
    session.edit(on(DATA.without([0])), "Fewer samples")
    assert plane.held == {2: -1.5}
    session.edit(on(Dataset(X, DATA.y)), "As many inputs, of another meaning")
    assert (plane.columns, plane.held) == ((3, 1), {})
    with qtbot.waitSignal(plane.changed):
        plane.hold_at([1.0, 2.0, 3.0, 4.0])
    with qtbot.waitSignal(plane.changed):
        plane.hold_means()
    assert plane.held == {}
    session.edit(on(Dataset(X[:, :1], DATA.y)), "One input")
    assert plane.columns == (0, 0)
    with qtbot.assertNotEmitted(plane.changed), qtbot.waitSignal(plane.looked):
        plane.look(Window(0.0, 1.0, 0.0, 1.0))
    with qtbot.assertNotEmitted(plane.looked):
        plane.look(Window(0.0, 1.0, 0.0, 1.0))
        plane.choose((0, 0))


@pytest.mark.parametrize(
    ("row", "columns"),
    [((0.0, 1.0, 0.0, 1.0), (1, 3)), ((0.0, 0.0, 1.0), (2, 0)), ((0.0, 0.0), (0, 1))],
)
def test_an_input_that_never_varies_is_not_looked_at_first(row, columns):
    session = Session()
    plane = InputPlane(session)
    session.edit(on(Dataset(np.outer(np.arange(4.0), row), np.zeros((4, 1)))), "Other data")
    assert plane.columns == columns


def test_a_typed_value_changes_the_map_and_is_told(opened: Open, qtbot: QtBot):
    stage = opened(DataPanel, on(DATA), size=(560, 420))
    panel, plane = stage.panel, stage.context.input_plane
    held = panel.tools.held
    assert held.isVisible()
    assert held.text() == MEANS
    assert "x₃ c = 4" in held.accessibleDescription()
    before = panel.scatter.picture.map.shares.copy()
    held.click()
    popup = held.popup
    assert popup.isVisible()
    assert sorted(popup.entries) == [2, 3]
    assert popup.entries[3].accessibleName() == "Value of x₄ d"
    popup.entries[2].setText("9")
    qtbot.keyClick(popup.entries[2], Qt.Key.Key_Return)
    assert plane.held == {2: 9.0}
    qtbot.waitUntil(lambda: held.text() == TYPED)
    prediction = panel.scatter.picture.map
    point = np.array([[prediction.xs[5], prediction.ys[7], 9.0, 3.0]])
    y_hat = stage.session.experiment.problem.predict(stage.session.theta, point)[0, 0]
    assert prediction.shares[7, 5, 0] == pytest.approx(y_hat)
    assert not np.allclose(prediction.shares, before)
    assert not popup.at_sample.isEnabled()
    popup.hide()
    stage.session.selection.select_sample(1)
    held.click()
    assert popup.entries[2].value == 9.0
    popup.at_sample.click()
    assert plane.values(DATA).tolist() == X[1].tolist()
    popup.means.click()
    qtbot.waitUntil(lambda: held.text() == MEANS)
    popup.hide()


def test_where_inputs_are_held_asks_for_little_more_width(opened: Open):
    few = Dataset(X[:, :2], DATA.y)
    least = [
        opened(DataPanel, on(data), size=(200, 420)).panel.minimumSizeHint().width()
        for data in (few, DATA)
    ]
    assert least[1] < 1.25 * least[0]


def test_the_mean_of_the_largest_numbers_is_shown(opened: Open):
    huge = Dataset(X * [1.0, 1.0, 2e307, 1.0], DATA.y, DATA.features)
    held = opened(DataPanel, on(huge)).panel.tools.held
    held.click()
    assert held.popup.entries[2].value == pytest.approx(8e307)
    held.popup.hide()


def test_a_mean_is_shown_with_the_digits_that_matter(opened: Open):
    third = Dataset(X / 3.0 + 1e-9, DATA.y, DATA.features)
    held = opened(DataPanel, on(third)).panel.tools.held
    held.click()
    # The mean of 5/3, 7/3 and 0 is 4/3, the deviation about 0.98.
    assert held.popup.entries[2].value == 1.33333
    held.popup.hide()


def test_the_axes_are_two_different_inputs(opened: Open):
    stage = opened(DataPanel, on(DATA))
    tools, plane = stage.panel.tools, stage.context.input_plane

    def choose(combo, column):
        combo.setCurrentIndex(column)
        combo.activated.emit(column)

    choose(tools.x_choice, 3)
    assert plane.columns == (3, 1)
    choose(tools.y_choice, 3)
    flush(stage.panel)
    assert plane.columns == (1, 3)
    assert (tools.x_choice.value, tools.y_choice.value) == (1, 3)
    assert stage.panel.scatter.samples.x_label == "x₂ b"


def test_inputs_of_unequal_scale_are_said_and_the_scaling_is_one_edit(opened: Open):
    stage = opened(DataPanel, on(WIDE))
    panel, session = stage.panel, stage.session
    assert "One input varies" in panel.offer.sentence.text()
    assert session.experiment.problem.data == WIDE  # nothing is scaled unasked
    panel.offer.button.click()
    flush(panel)
    assert not panel.offer.isVisible()
    assert session.experiment.problem.data.x.std(axis=0) == pytest.approx(1.0)
    assert panel.scatter.samples.x_label == "x₁ a, scaled"
    session.undo_stack.undo()
    assert session.experiment.problem.data == WIDE


def test_the_table_tells_the_units_and_takes_them_back(opened: Open):
    stage = opened(TablePanel, on(WIDE))
    panel = stage.panel

    def choose(text: str) -> None:
        menu = panel.menu()
        action = menu.findChild(QAction, text)
        assert action.isEnabled()
        action.trigger()
        menu.deleteLater()

    menu = panel.menu()
    assert not menu.findChild(QAction, "Back to measured units").isEnabled()
    menu.deleteLater()
    choose("Standardise the inputs")
    flush(panel)
    tip = panel.model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    # The mean of 0, 2, 4 is 2; the deviation √(8/3).
    assert tip == "input x₁ a, scaled\nx₁ = (a − 2) / 1.633"
    choose("Back to measured units")
    assert stage.session.experiment.problem.data == WIDE


def test_bars_of_the_residuals_are_drawn_for_numbers_of_one_input(opened: Open):
    line = Line(samples=12, noise=0.3).generate()
    stage = opened(DataPanel, on(line))
    panel, session = stage.panel, stage.session
    bars = panel.scatter.picture.residuals
    assert np.array_equal(bars[:, 0], np.hstack([line.x, line.y]))
    assert bars[:, 1, 1] == pytest.approx(
        session.experiment.problem.predict(session.theta, line.x)[:, 0]
    )
    with_bars = panel.scatter.grab().toImage()
    panel.scatter.show_curves(panel.scatter.picture.curves)
    assert panel.scatter.grab().toImage() != with_bars


def test_every_neuron_shows_its_map_when_asked_for(opened: Open, qtbot: QtBot):
    network = Network((2, 3, 1), (TANH, SIGMOID), (True, True))
    problem = replace(lecture_experiment().problem, network=network)
    experiment = replace(lecture_experiment(), problem=problem, start=GlorotUniform(1))
    stage = opened(NetworkPanel, experiment)
    panel, plane, theme = stage.panel, stage.context.input_plane, stage.appearance.theme
    plane.look(Window(-4.0, 4.0, -4.0, 4.0))
    assert panel.diagram.maps == ()
    plain = panel.diagram.grab().toImage()
    panel.maps.click()
    qtbot.waitUntil(lambda: len(panel.diagram.maps) == 3)
    maps = panel.diagram.maps
    assert [len(layer) for layer in maps] == [2, 3, 1]
    assert panel.diagram.grab().toImage() != plain
    # x₁ grows to the right: blue, the card's colour in the middle, orange; x₂ grows upwards.
    x1, x2 = maps[0]
    last = x1.width() - 1
    assert x1.pixelColor(0, 5) == x1.pixelColor(0, 9)
    assert x1.pixelColor(last, 5).red() > x1.pixelColor(last, 5).blue()
    assert x1.pixelColor(0, 5).blue() > x1.pixelColor(0, 5).red()
    assert x2.pixelColor(3, 0) == x1.pixelColor(last, 3)
    # A hidden neuron at the middle of the grid's first column, by hand.
    theta = stage.session.theta
    x = np.array([-4.0, 4.0 - 8.0 * 11 / last])
    a = np.tanh(theta[:6].reshape(3, 2) @ x + theta[6:9])
    for neuron in range(3):
        colour = maps[1][neuron].pixelColor(0, 11)
        signed = theme.positive if a[neuron] > 0.0 else theme.negative
        share = STRENGTH * abs(a[neuron]) ** 0.5
        expected = theme.card.blue() + share * (signed.blue() - theme.card.blue())
        assert colour.blue() == pytest.approx(expected, abs=1.0)
    panel.maps.click()
    qtbot.waitUntil(lambda: panel.diagram.maps == ())


def test_maps_follow_the_network_the_data_and_the_theme(opened: Open, qtbot: QtBot):
    stage = opened(NetworkPanel, on(DATA))
    panel = stage.panel
    panel.maps.click()
    qtbot.waitUntil(lambda: len(panel.diagram.maps) == 2)
    assert [len(layer) for layer in panel.diagram.maps] == [4, 1]
    stage.session.edit(on(Line(samples=9).generate()), "One input")
    qtbot.waitUntil(lambda: len(panel.diagram.maps[0]) == 1)
    assert panel.diagram.maps[0][0].height() == 1
    dark = panel.diagram.maps[0][0]
    stage.appearance.toggle_theme()
    qtbot.waitUntil(lambda: panel.diagram.maps[0][0] != dark)
    panel.diagram.grab()


def neurons_of(stage: Stage) -> NetworkPanel:
    """The network's panel beside the data's, in the same context."""
    panel = NetworkPanel(stage.context)
    panel.resize(520, 360)
    panel.show()
    return panel


def test_the_neuron_pointed_at_is_seen_behind_the_samples(opened: Open, qtbot: QtBot):
    network = Network((4, 3, 1), (TANH, SIGMOID), (True, True))
    experiment = on(DATA)
    experiment = replace(experiment, problem=replace(experiment.problem, network=network))
    stage = opened(DataPanel, replace(experiment, start=GlorotUniform(seed=1)))
    data, network_panel = stage.panel, neurons_of(stage)
    qtbot.addWidget(network_panel)
    before = data.scatter.picture.map.shares
    diagram = network_panel.diagram

    def point_at(layer: int, i: int, told: str) -> PredictionMap:
        at = QPointF(*diagram.layout_now.centers[layer][i].tolist())
        none = Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        move = QMouseEvent(QEvent.Type.MouseMove, at, diagram.mapToGlobal(at), *none)
        QCoreApplication.sendEvent(diagram, move)
        qtbot.waitUntil(lambda: data.subtitle.endswith(told))
        return data.scatter.picture.map

    seen = point_at(1, 2, "a¹₃ in place of ŷ")
    theta = stage.session.theta
    x = np.array([seen.xs[4], seen.ys[9], 4.0, 3.0])  # the others at their means
    a = np.tanh(theta[8:12] @ x + theta[14])
    assert seen.shares[9, 4, 0] == pytest.approx(0.5 + 0.5 * a)
    point_at(0, 1, "x₂ in place of ŷ")
    assert point_at(2, 0, "ŷ over two of the inputs").shares == pytest.approx(before)
    point_at(1, 2, "a¹₃ in place of ŷ")
    stage.session.edit_problem("fewer", network=replace(network, sizes=(4, 2, 1)))
    qtbot.waitUntil(lambda: "in place" not in data.subtitle)
    QCoreApplication.sendEvent(diagram, QEvent(QEvent.Type.Leave))
    assert stage.context.input_plane.neuron_of(network) is None


def test_over_one_input_the_neuron_pointed_at_is_a_curve(opened: Open):
    network = Network((1, 2, 1), (TANH, IDENTITY), (True, True))
    experiment = on(Line().generate())
    experiment = replace(experiment, problem=replace(experiment.problem, network=network))
    stage = opened(DataPanel, replace(experiment, start=GlorotUniform(seed=1)))
    samples = stage.panel.scatter.samples
    stage.context.input_plane.point_at_neuron((1, 1))
    flush(stage.panel)
    assert stage.panel.scatter.samples is samples  # they are not laid out anew
    (curve,) = stage.panel.scatter.picture.curves
    theta = stage.session.theta
    assert curve[:, 1] == pytest.approx(np.tanh(theta[1] * curve[:, 0] + theta[3]))
    assert not len(stage.panel.scatter.picture.residuals)


def test_a_sample_is_told_with_the_name_of_its_class(opened: Open):
    panel = opened(DataPanel, on(replace(DATA, labels=("cat", "dog")))).panel
    assert panel.scatter.describe(1).startswith("sample 2, class dog: x₁ = 2, x₂ = 3")
    numbers = replace(DATA, y=DATA.y * 2.5, labels=("size",))
    panel = opened(DataPanel, on(numbers)).panel
    assert panel.scatter.describe(1).startswith("sample 2: x₁ = 2")


def test_a_sample_that_went_while_it_was_dragged_is_let_go(opened: Open):
    stage = opened(DataPanel, on(DATA))
    stage.session.edit(on(DATA.without([2])), "Fewer")
    before = stage.session.experiment
    stage.panel.scatter.dragged.emit(2, 1.0, 1.0)
    assert stage.session.experiment == before
