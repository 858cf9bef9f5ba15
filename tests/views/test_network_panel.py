"""The network panel: what it shows of a state, and what a person changes on it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY, RELU, SIGMOID, TANH, leaky_relu
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.lessons.chain import both_passes, chain
from mlpsim.core.losses import BCE_LOGITS
from mlpsim.core.network import Network
from mlpsim.core.neurons import neurons
from mlpsim.core.problem import Problem
from mlpsim.core.starts import Given, GlorotUniform
from mlpsim.views.panels import network
from mlpsim.views.panels.network import NetworkPanel
from mlpsim.views.spotlight import light_of_chain
from mlpsim.views.throttle import Throttle
from tests.views.panel_stage import Stage

LEFT = Qt.MouseButton.LeftButton
Open = Callable[..., Stage[NetworkPanel]]


@pytest.fixture
def opened(opened: Open) -> Open:
    return partial(opened, NetworkPanel)


def experiment_of(sizes: tuple[int, ...], **changes: object) -> Experiment:
    random = np.random.default_rng(1)
    data = Dataset(random.normal(size=(6, sizes[0])), random.normal(size=(6, sizes[-1])))
    depth = len(sizes) - 1
    network = Network(sizes, (TANH,) * (depth - 1) + (SIGMOID,), (True,) * depth)
    return replace(Experiment(Problem(data, network), start=GlorotUniform(1)), **changes)


def edge_point(stage: Stage[NetworkPanel], p: int, part: float = 0.2) -> QPoint:
    layout = stage.panel.diagram.layout_now
    assert layout is not None
    return layout.edges[layout.edge_parameters.index(p)].pointAt(part).toPoint()


def label_texts(stage: Stage[NetworkPanel]) -> list[str]:
    layout = stage.panel.diagram.layout_now
    assert layout is not None
    return [stage.panel.diagram.describe(label.parameter) for label in layout.labels]


def test_the_lectures_network_is_labelled_with_its_weights(opened: Open):
    stage = opened(lecture_experiment(), steps=1)
    assert label_texts(stage) == ["w¹₁₁ = -0.275", "w¹₁₂ = -0.1"]
    layout = stage.panel.diagram.layout_now
    assert layout is not None
    assert all(label.with_value for label in layout.labels)
    assert stage.panel.subtitle.startswith("2–1 · sigmoid")


def test_nodes_hold_the_selected_samples_values(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment(), steps=1)
    diagram = stage.panel.diagram
    assert diagram.describe_node(0, 1) == "x₂ = -3.0   (sample 1)"
    stage.session.selection.select_sample(3)
    qtbot.waitUntil(lambda: diagram.describe_node(0, 1) == "x₂ = -5.0   (sample 4)")
    a, z = diagram.describe_node(1, 0).splitlines()
    assert float(z.split("=")[1]) == pytest.approx(2 * -0.275 - 5 * -0.1)
    assert float(a.split("=")[1].split("(")[0]) == pytest.approx(1 / (1 + np.exp(0.05)))


def test_logits_are_shown_as_probabilities_beside_the_output():
    problem = Problem(
        Dataset(np.array([[2.0]]), np.array([[1.0]])),
        Network((1, 1), (IDENTITY,), (False,)),
        BCE_LOGITS,
    )
    state = neurons(problem, np.array([0.5]), 0)
    assert state.activations[1].tolist() == [1.0]
    assert state.prediction[0] == pytest.approx(1 / (1 + np.exp(-1.0)))


def test_a_diagram_laid_out_before_a_smaller_network_is_shown_moves_no_controls(
    opened: Open, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(network, "PAUSED_MS", 60_000)
    stage = opened(experiment_of((2, 3, 2, 1)))
    panel = stage.panel
    panel.findChild(Throttle).request()  # the next one has to wait
    stage.session.run_started.connect(panel.diagram.laid_out)
    stage.session.edit(experiment_of((2, 1)), "Another network")
    assert len(panel.layers) == 1


def test_a_weight_is_typed_exactly(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    qtbot.mouseClick(stage.panel.diagram, LEFT, pos=edge_point(stage, 1))
    entry = stage.panel.entry
    assert entry.isVisible()
    assert "w¹₁₂" in entry.entry.accessibleName()
    entry.entry.setText("0,12345678901")
    qtbot.keyClick(entry.entry, Qt.Key.Key_Return)
    assert not entry.isVisible()
    assert stage.session.experiment.start == Given((0.0, 0.12345678901))
    assert stage.session.undo_stack.undoText() == "Set w¹₁₂"
    stage.session.undo_stack.undo()
    assert stage.session.theta.tolist() == [0.0, 0.0]


def test_a_refused_weight_stays_on_view_and_escape_leaves_it(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    qtbot.mouseClick(stage.panel.diagram, LEFT, pos=edge_point(stage, 0))
    entry = stage.panel.entry
    entry.entry.selectAll()
    qtbot.keyClicks(entry.entry, "1e999")
    qtbot.keyClick(entry.entry, Qt.Key.Key_Return)
    assert entry.isVisible()
    assert entry.entry.refusal
    qtbot.keyClick(entry.entry, Qt.Key.Key_Escape)
    qtbot.keyClick(entry.entry, Qt.Key.Key_Escape)
    assert not entry.isVisible()
    assert stage.session.undo_stack.isClean()


def test_dragging_an_edge_is_one_undoable_edit(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment(), steps=2)
    diagram, start = stage.panel.diagram, edge_point(stage, 0)
    before = stage.session.theta.copy()
    qtbot.mousePress(diagram, LEFT, pos=start)
    for up in (10, 30, 50):
        qtbot.mouseMove(diagram, start - QPoint(0, up))
    qtbot.mouseRelease(diagram, LEFT, pos=start - QPoint(0, 50))
    assert stage.session.theta[0] == pytest.approx(before[0] + 0.5, abs=1e-4)
    assert stage.session.theta[1] == before[1]
    assert stage.session.cursor == 2
    assert not stage.panel.entry.isVisible()
    qtbot.mousePress(diagram, LEFT, pos=start)
    qtbot.mouseMove(diagram, start - QPoint(0, 20))
    qtbot.mouseRelease(diagram, LEFT, pos=start - QPoint(0, 20))
    assert stage.session.undo_stack.count() == 2


def test_keys_select_nudge_and_ask_for_a_parameter(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    diagram = stage.panel.diagram
    diagram.setFocus()
    qtbot.keyClick(diagram, Qt.Key.Key_Down)
    qtbot.keyClick(diagram, Qt.Key.Key_Down)
    assert diagram.accessibleDescription() == "w¹₁₂ = 0.0"
    qtbot.keyClick(diagram, Qt.Key.Key_Plus)
    assert stage.session.theta.tolist() == [0.0, 0.1]
    qtbot.keyClick(diagram, Qt.Key.Key_Return)
    assert stage.panel.entry.isVisible()


def test_tab_points_at_a_parameter(opened: Open, qtbot: QtBot):
    diagram = opened(lecture_experiment()).panel.diagram
    diagram.activateWindow()
    qtbot.waitUntil(diagram.isActiveWindow)
    diagram.setFocus(Qt.FocusReason.TabFocusReason)
    assert diagram.accessibleDescription() == "w¹₁₁ = 0.0"


def test_neurons_and_layers_are_added_and_removed(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    panel, said = stage.panel, []
    stage.session.said.connect(said.append)
    assert not panel.fewer_layers.isEnabled()
    panel.more_layers.click()
    assert stage.session.experiment.problem.network.sizes == (2, 4, 1)
    assert "Glorot uniform" in said[0]
    qtbot.waitUntil(lambda: len(panel.layers) == 2)
    panel.layers[0].menu.more.trigger()
    assert stage.session.experiment.problem.network.sizes == (2, 5, 1)
    panel.layers[0].menu.fewer.trigger()
    panel.layers[0].menu.after.trigger()
    assert stage.session.experiment.problem.network.sizes == (2, 4, 4, 1)
    qtbot.waitUntil(lambda: len(panel.layers) == 3)
    panel.layers[1].menu.remove.trigger()
    panel.fewer_layers.click()
    assert stage.session.experiment.problem.network.sizes == (2, 1)
    for _ in range(6):
        stage.session.undo_stack.undo()
    assert stage.session.experiment == lecture_experiment()


def test_hidden_layers_alone_have_buttons_for_their_neurons(opened: Open):
    layers = opened(experiment_of((2, 3, 2, 1)), size=(900, 700)).panel.layers
    assert [controls.more.isVisible() for controls in layers] == [True, True, False]
    assert [controls.fewer.isVisible() for controls in layers] == [True, True, False]


def test_the_controls_of_a_layer_that_is_no_more_end(opened: Open, qtbot: QtBot):
    stage = opened(experiment_of((2, 3, 1)))
    last = stage.panel.layers[-1]
    with qtbot.waitSignals([last.menu.destroyed, last.more.destroyed]):
        stage.panel.fewer_layers.click()


@pytest.mark.parametrize("before", [(2, 1), (2, 2, 2, 2, 1)])
def test_another_depth_looks_as_if_opened_with_it(opened: Open, before: tuple[int, ...]):
    after = experiment_of((2, 3, 1))
    stage = opened(experiment_of(before))
    stage.session.edit(after, "Another network")
    assert stage.panel.grab().toImage() == opened(after).panel.grab().toImage()


def test_an_activation_is_chosen_and_its_value_typed(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    menu = stage.panel.layers[0].menu
    next(a for a in menu.menu().actions() if a.objectName() == "leaky_relu").trigger()
    assert stage.session.experiment.problem.network.activations == (leaky_relu(),)
    assert stage.session.experiment.start == Given((0.0, 0.0))
    qtbot.waitUntil(lambda: menu.value.value == 0.01)
    menu.value.setText("0.2")
    menu.value.commit()
    assert stage.session.experiment.problem.network.activations == (leaky_relu(0.2),)


def test_a_bias_is_switched_on_and_shown_by_its_stub(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    stage.panel.layers[0].bias.click()
    assert stage.session.experiment.problem.network.bias == (True,)
    diagram = stage.panel.diagram
    qtbot.waitUntil(lambda: bool(diagram.layout_now.stubs))
    assert "b¹₁ = 0.0" in label_texts(stage)
    assert diagram.describe_node(1, 0).endswith("b¹₁ = 0.0")


def test_an_activation_that_the_loss_forbids_is_refused_with_the_reason(opened: Open):
    problem = Problem(
        lecture_experiment().problem.data, Network((2, 1), (IDENTITY,), (False,)), BCE_LOGITS
    )
    stage = opened(Experiment(problem, start=Given((0.0, 0.0))))
    menu = stage.panel.layers[0].menu.menu()
    next(a for a in menu.actions() if a.objectName() == "sigmoid").trigger()
    assert stage.session.experiment.problem == problem
    assert stage.panel.error.isVisible()
    assert "logits" in stage.panel.error.text()


@pytest.mark.parametrize("size", [(440, 360), (300, 240), (900, 700)])
@pytest.mark.parametrize(
    "sizes", [(2, 1), (2, 2, 1), (3, 3, 2), (2, 8, 8, 1), (10, 32, 32, 3), (2, *[4] * 7, 1)]
)
def test_everything_stands_inside_and_no_labels_overlap(
    opened: Open, sizes: tuple[int, ...], size: tuple[int, int]
):
    stage = opened(experiment_of(sizes), size=size)
    diagram = stage.panel.diagram
    layout = diagram.layout_now
    assert layout is not None
    assert all(len(c) == n for c, n in zip(layout.centers, sizes, strict=True))
    area = diagram.rect().toRectF()
    for layer, size in enumerate(sizes):
        rects = [layout.node_rect(layer, neuron) for neuron in range(size)]
        assert all(area.contains(rect) for rect in rects)
        assert all(a.bottom() <= b.top() + 1e-6 for a, b in pairwise(rects))
    edge_labels = [label.rect for label in layout.labels]
    for place, rect in enumerate(edge_labels):
        assert area.contains(rect)
        assert not any(rect.intersects(other) for other in edge_labels[:place])
    for controls in stage.panel.layers:
        assert diagram.rect().contains(controls.menu.geometry())


def test_where_no_name_has_room_a_layer_shows_the_curve_of_its_activation(opened: Open):
    network = Network((2, *(2,) * 8, 1), (TANH,) * 4 + (RELU,) * 4 + (SIGMOID,), (True,) * 9)
    data = lecture_experiment().problem.data
    experiment = Experiment(Problem(data, network), start=GlorotUniform(1))
    stage = opened(experiment, size=(385, 300))
    menus = [controls.menu for controls in stage.panel.layers]
    assert not any(menu.text() for menu in menus[:8])
    tanh, also_tanh, relu = (menus[i].grab().toImage() for i in (1, 2, 5))
    assert tanh == also_tanh
    assert tanh != relu


def test_both_themes_and_all_type_sizes_are_followed(opened: Open, qtbot: QtBot):
    stage = opened(experiment_of((2, 3, 1)))
    dark = stage.panel.diagram.grab().toImage()
    stage.appearance.set_theme("light")
    light = stage.panel.diagram.grab().toImage()
    assert light.pixelColor(1, light.height() // 2).lightness() > 200
    assert dark.pixelColor(1, dark.height() // 2).lightness() < 60
    before = stage.panel.diagram.layout_now
    stage.appearance.scale_type(1)
    qtbot.waitUntil(lambda: stage.panel.diagram.layout_now is not before)


def test_hovering_tells_the_exact_value(opened: Open, qtbot: QtBot):
    stage = opened(experiment_of((2, 8, 8, 1)), steps=1)
    diagram = stage.panel.diagram
    layout = diagram.layout_now
    assert layout is not None
    last = layout.edge_parameters[-1]
    qtbot.mouseMove(diagram, edge_point(stage, last, 0.5))
    pointed = diagram.parameter_at(QPointF(edge_point(stage, last, 0.5)))
    assert pointed is not None
    assert diagram.describe(pointed).endswith(repr(float(stage.session.theta[pointed])))
    node = layout.centers[1][0]
    assert diagram.parameter_at(QPointF(*node)) == layout.bias_of((1, 0))
    assert diagram.parameter_at(QPointF(0.0, 0.0)) is None


def test_a_click_on_an_edge_selects_its_weight_and_still_asks_for_it(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    qtbot.mouseClick(stage.panel.diagram, LEFT, pos=edge_point(stage, 1))
    assert stage.session.selection.parameter == 1
    assert stage.panel.entry.isVisible()
    qtbot.keyClick(stage.panel.entry.entry, Qt.Key.Key_Escape)
    qtbot.keyClick(stage.panel.diagram, Qt.Key.Key_Up)
    qtbot.keyClick(stage.panel.diagram, Qt.Key.Key_Return)
    assert stage.session.selection.parameter == 0
    qtbot.keyClick(stage.panel.entry.entry, Qt.Key.Key_Escape)


def test_a_selected_weight_and_a_light_are_seen(opened: Open, qtbot: QtBot):
    stage = opened(experiment_of((2, 3, 1)), size=(560, 420))
    diagram = stage.panel.diagram

    def pixels() -> bytes:
        image = diagram.grab().toImage()  # a name: its bits go with it
        return bytes(image.constBits())

    dark = pixels()
    stage.session.selection.select_parameter(2)
    qtbot.waitUntil(lambda: pixels() != dark)
    selected = pixels()
    problem, theta = stage.session.experiment.problem, stage.session.theta
    light = light_of_chain(chain(both_passes(problem, theta, 0), 2))
    stage.context.spotlight.show(light)
    qtbot.waitUntil(lambda: pixels() != selected)
    stage.session.selection.select_parameter(None)
    stage.context.spotlight.show(None)
    qtbot.waitUntil(lambda: pixels() == dark)
