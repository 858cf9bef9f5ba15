"""The data panel: clicks, drags and keys change the data, and the picture follows the state."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.dataset import MAX_SAMPLES, Dataset
from mlpsim.core.experiment import Experiment
from mlpsim.core.generators import GENERATORS, Blobs, Sine
from mlpsim.core.losses import BCE_LOGITS, HINGE
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.starts import Given, GlorotUniform
from mlpsim.views import throttle, turns
from mlpsim.views.items.scatter_picture import fitted_window
from mlpsim.views.labels import generator_name
from mlpsim.views.panels.data import FEW_SAMPLES, DataPanel
from mlpsim.views.throttle import Throttle, flush
from mlpsim.views.turns import Turns
from tests.views.controls import double_click, on_view

ONE_INPUT = Network((1, 1), (IDENTITY,), (True,))
# Far and near on either side of the line on which 0.275 x₁ + 0.1 x₂ is 0.
SIDES = ((-3.5, 0.0), (-1.0, 0.0), (3.5, 0.0), (1.0, 0.0))


@pytest.fixture
def panel(context, qtbot):
    return on_view(qtbot, DataPanel(context), 420, 430)


def data_of(context):
    return context.session.experiment.problem.data


def at(panel, x, y):
    place = panel.scatter.frame.pixels(np.array([x, y], dtype=float))
    return QPoint(*np.rint(place).astype(int).tolist())


def click(qtbot, panel, x, y):
    qtbot.mouseClick(panel.scatter, Qt.MouseButton.LeftButton, pos=at(panel, x, y))


def drag(qtbot, panel, start, *stops):
    scatter = panel.scatter
    qtbot.mousePress(scatter, Qt.MouseButton.LeftButton, pos=at(panel, *start))
    places = [at(panel, *stop) for stop in stops]
    for place in places:
        qtbot.mouseMove(scatter, place)
    qtbot.mouseRelease(scatter, Qt.MouseButton.LeftButton, pos=places[-1])


def choose(popup, generator):
    """Click a generator's thumbnail."""
    name = generator_name(generator())
    next(button for button in popup.findChildren(QToolButton) if button.text() == name).click()


def test_every_sample_lies_in_the_plot_with_its_class(panel):
    samples = panel.scatter.samples
    assert samples.points.tolist() == [[-3, -3], [-2, -2], [4, 4], [2, -5]]
    assert samples.labels.tolist() == [1, 1, 0, 0]
    pixels = panel.scatter.frame.pixels(samples.points)
    assert all(panel.scatter.frame.area.contains(QPointF(*p)) for p in pixels.tolist())


def test_a_click_selects_a_sample_and_a_click_beside_it_none(panel, context, qtbot):
    click(qtbot, panel, 4, 4)
    assert context.session.selection.sample == 2
    assert panel.scatter.selected == 2
    click(qtbot, panel, 0, 3)
    assert context.session.selection.sample is None
    context.session.selection.select_sample(1)
    assert panel.scatter.selected == 1


def test_a_click_with_the_add_tool_adds_a_sample_of_the_chosen_class(panel, context, qtbot):
    panel.add_button.click()
    panel.tools.class_choice.setCurrentIndex(1)
    click(qtbot, panel, 1, 2)
    data = data_of(context)
    assert len(data) == 5
    assert np.allclose(data.x[4], [1, 2], atol=0.05)
    assert data.y[4].tolist() == [1.0]
    assert context.session.selection.sample == 4
    context.session.undo_stack.undo()
    assert len(data_of(context)) == 4


def test_a_drag_moves_a_sample_as_one_undo_step_and_each_drag_is_its_own(panel, context, qtbot):
    session = context.session
    drag(qtbot, panel, (4, 4), (3, 3), (2, 2), (1, 3))
    assert np.allclose(data_of(context).x[2], [1, 3], atol=0.05)
    assert session.undo_stack.count() == 1
    flush(panel)
    drag(qtbot, panel, (1, 3), (0, 2))
    assert session.undo_stack.count() == 2
    session.undo_stack.undo()
    session.undo_stack.undo()
    assert data_of(context).x[2].tolist() == [4, 4]


def test_a_dragged_sample_is_where_the_pointer_is_before_any_view_has_its_turn(
    panel, context, qtbot
):
    scatter = panel.scatter
    qtbot.mousePress(scatter, Qt.MouseButton.LeftButton, pos=at(panel, 4, 4))
    for place in ((3, 3), (2, 2), (1, 3)):
        qtbot.mouseMove(scatter, at(panel, *place))
        assert np.allclose(scatter.samples.points[2], place, atol=0.05)
        assert scatter.samples.points.tolist() == data_of(context).x.tolist()
    qtbot.mouseRelease(scatter, Qt.MouseButton.LeftButton, pos=at(panel, 1, 3))


def test_the_window_stays_while_a_sample_is_dragged(panel, context, qtbot):
    before = panel.scatter.window_of_plot
    scatter = panel.scatter
    qtbot.mousePress(scatter, Qt.MouseButton.LeftButton, pos=at(panel, 4, 4))
    qtbot.mouseMove(scatter, at(panel, 0, 0))
    assert scatter.window_of_plot == before
    qtbot.mouseRelease(scatter, Qt.MouseButton.LeftButton, pos=at(panel, 0, 0))
    flush(panel)
    assert scatter.window_of_plot != before


def test_a_drag_ends_at_the_edge_of_the_plot(panel, context, qtbot):
    window = panel.scatter.window_of_plot
    drag(qtbot, panel, (4, 4), (4, 40))
    assert data_of(context).x[2, 1] == pytest.approx(window.y1, abs=0.05)


def test_a_small_tremble_moves_nothing(panel, context, qtbot):
    place = at(panel, 4, 4)
    qtbot.mousePress(panel.scatter, Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseMove(panel.scatter, place + QPoint(1, 1))
    qtbot.mouseRelease(panel.scatter, Qt.MouseButton.LeftButton, pos=place)
    assert context.session.undo_stack.count() == 0


def test_keys_select_nudge_and_delete(panel, context, qtbot):
    session, scatter = context.session, panel.scatter
    scatter.setFocus()
    qtbot.keyClick(scatter, Qt.Key.Key_PageDown)
    qtbot.keyClick(scatter, Qt.Key.Key_PageDown)
    assert session.selection.sample == 1
    x, y = data_of(context).x[1]
    qtbot.keyClick(scatter, Qt.Key.Key_Right)
    qtbot.keyClick(scatter, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    moved = data_of(context).x[1]
    assert x < moved[0] < x + 0.2
    assert y + 0.2 < moved[1]
    assert session.undo_stack.count() == 2
    qtbot.keyClick(scatter, Qt.Key.Key_Delete)
    assert len(data_of(context)) == 3
    assert session.selection.sample is None
    qtbot.keyClick(scatter, Qt.Key.Key_PageUp)
    assert session.selection.sample == 2
    qtbot.keyClick(scatter, Qt.Key.Key_Escape)
    assert session.selection.sample is None
    panel.add_button.click()
    qtbot.keyClick(scatter, Qt.Key.Key_Insert)
    assert len(data_of(context)) == 4


def test_the_last_sample_stays_and_it_is_said(panel, context, qtbot):
    for _ in range(3):
        panel.scatter.removed.emit(0)
    with qtbot.waitSignal(context.session.said) as said:
        panel.scatter.removed.emit(0)
    assert said.args == ["A dataset needs at least one sample."]
    assert len(data_of(context)) == 1


def test_one_sample_more_than_is_possible_is_refused_in_words(panel, context, qtbot):
    full = Dataset(np.zeros((MAX_SAMPLES, 2)), np.zeros((MAX_SAMPLES, 1)))
    context.session.edit_problem("Fill the data", data=full)
    with qtbot.waitSignal(context.session.said) as said:
        panel.scatter.added.emit(1.0, 2.0)
    assert said.args == ["100001 samples; 1 to 100000 are possible."]
    assert len(data_of(context)) == MAX_SAMPLES


def test_the_line_follows_the_state_on_view(panel, context, qtbot):
    assert panel.scatter.picture.map.border == ()
    assert "½ everywhere" in panel.subtitle
    context.session.set_theta(np.array([-0.275, -0.1]), "Set")
    qtbot.waitUntil(lambda: len(panel.scatter.picture.map.border) == 1)
    x1, x2 = panel.scatter.picture.map.border[0].T
    assert np.allclose(-0.275 * x1 - 0.1 * x2, 0.0, atol=1e-9)


@pytest.mark.parametrize("samples", [FEW_SAMPLES, FEW_SAMPLES + 1])
def test_few_samples_follow_every_state_and_many_wait_for_their_turn(
    panel, context, qtbot, monkeypatch, samples
):
    inputs = np.random.default_rng(1).normal(size=(samples, 2))
    data = Dataset(inputs, (inputs[:, :1] > 0.0).astype(float))
    context.session.edit_problem("Data", data=data, reduction="mean")
    flush(panel)
    other = Throttle(panel, lambda: None, 60_000)
    others = Turns()
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 60.0)
    monkeypatch.setattr(throttle, "TURNS", others)
    assert others.take(other)
    context.session.set_theta(np.array([-0.275, -0.1]), "Set")
    if samples > FEW_SAMPLES:
        assert len(panel.scatter.picture.map.border) != 1
        others.end(other)
    qtbot.waitUntil(lambda: len(panel.scatter.picture.map.border) == 1)


def test_labels_that_do_not_fit_the_loss_are_converted_only_when_asked(panel, context, qtbot):
    session = context.session
    line = Network((2, 1), (IDENTITY,), (False,))
    problem = replace(session.experiment.problem, network=line, loss=HINGE)
    session.edit(replace(session.experiment, problem=problem), "hinge")
    qtbot.waitUntil(panel.offer.button.isVisible)
    assert "−1 and +1" in panel.offer.sentence.text()
    assert data_of(context).y[:, 0].tolist() == [1, 1, 0, 0]
    panel.offer.button.click()
    assert data_of(context).y[:, 0].tolist() == [1, 1, -1, -1]
    qtbot.waitUntil(lambda: not panel.offer.isVisible())
    session.undo_stack.undo()
    assert data_of(context).y[:, 0].tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("generator", GENERATORS, ids=lambda g: g.__name__)
def test_every_generator_replaces_the_data_as_one_edit(panel, context, generator):
    panel.generate_button.click()
    choose(panel.generators, generator)
    panel.generators.generated.emit(panel.generators.spec)
    panel.generators.hide()
    assert data_of(context) == generator().generate()
    assert context.session.undo_stack.count() == 1
    flush(panel)
    assert not panel.grab().isNull()
    context.session.undo_stack.undo()
    assert len(data_of(context)) == 4
    flush(panel)
    assert panel.scatter.samples.points.shape == (4, 2)


def test_the_form_of_a_generator_is_what_is_drawn(panel, context, qtbot):
    popup = panel.generators
    panel.generate_button.click()
    choose(popup, Blobs)
    entry = popup.form.entry("samples")
    entry.setText("12")
    entry.setModified(True)
    entry.commit()
    assert popup.spec == Blobs(samples=12)
    entry = popup.form.entry("classes")
    entry.setText("3")
    entry.commit()
    with qtbot.waitSignal(context.session.said) as said:
        buttons = popup.findChildren(QPushButton)
        next(button for button in buttons if button.text() == "Generate").click()
    assert "2–3" in said.args[0]
    assert data_of(context) == Blobs(samples=12, classes=3).generate()
    assert context.session.experiment.problem.network.sizes == (2, 3)
    assert not popup.isVisible()


def test_one_input_is_plotted_against_its_target_with_the_curve(panel, context):
    network = Network((1, 4, 1), (TANH, IDENTITY), (True, True))
    problem = Problem(Sine().generate(), network)
    context.session.edit(Experiment(problem, start=GlorotUniform()), "sine")
    flush(panel)
    theta = context.session.theta
    (curve,) = panel.scatter.picture.curves
    assert np.allclose(problem.predict(theta, curve[:, :1])[:, 0], curve[:, 1])
    assert np.array_equal(panel.scatter.samples.points[:, 1], problem.data.y[:, 0])
    x, y = problem.data.x[3, 0], problem.data.y[3, 0]
    panel.scatter.dragged.emit(3, x, y + 0.5)
    assert data_of(context).y[3, 0] == pytest.approx(y + 0.5, abs=0.02)


@pytest.mark.parametrize(
    ("target", "said"),
    [(5.0, "ŷ(x) lies below"), (-5.0, "ŷ(x) lies above"), (0.0, "the curve is ŷ(x)")],
)
def test_a_curve_out_of_sight_is_said_to_be_so(panel, context, target, said):
    data = Dataset([[0.0], [1.0]], [[target], [target]])
    problem = Problem(data, ONE_INPUT)
    context.session.edit(Experiment(problem, start=Given((0.0, 0.0))), "a line at 0")
    flush(panel)
    assert panel.subtitle == f"2 samples · {said}"


def test_a_curve_that_is_seen_in_part_is_said_to_be_the_curve(panel, context):
    data = Dataset([[0.0], [1.0]], [[0.0], [1.0]])
    problem = Problem(data, ONE_INPUT)
    context.session.edit(Experiment(problem, start=Given((100.0, -50.0))), "a steep line")
    flush(panel)
    assert panel.subtitle == "2 samples · the curve is ŷ(x)"


def test_predictions_that_overflow_are_said_to_do_so(panel, context):
    network = Network((2, 1), (IDENTITY,), (False,))
    problem = Problem(data_of(context), network)
    context.session.edit(Experiment(problem, start=Given((1e308, 1e308))), "huge")
    flush(panel)
    assert panel.subtitle == "4 samples · some predictions are not finite"


def test_a_sample_is_placed_with_no_more_digits_than_a_pixel_tells(panel, context):
    place = 1.0 / 3.0, 2.0 / 3.0
    panel.scatter.dragged.emit(0, *place)
    x = data_of(context).x[0].tolist()
    assert x == list(panel.scatter.frame.rounded(*place))
    assert x == pytest.approx(place, abs=0.02)
    assert all(len(str(number)) <= 6 for number in x)


def test_labels_of_a_class_loss_are_not_dragged(panel, context):
    data = Dataset([[0.0], [1.0]], [[0.0], [1.0]])
    problem = Problem(data, ONE_INPUT, BCE_LOGITS)
    context.session.edit(Experiment(problem, start=GlorotUniform()), "one input")
    flush(panel)
    panel.scatter.dragged.emit(1, 0.5, 0.2)
    assert data_of(context).x[1, 0] == pytest.approx(0.5, abs=0.01)
    assert data_of(context).y[1, 0] == 1.0


def test_a_tool_is_chosen_before_other_inputs_are_on_view(panel, context, qtbot):
    one_input = Experiment(Problem(Sine().generate(), ONE_INPUT), start=GlorotUniform())
    context.session.edit(one_input, "one input")
    qtbot.mouseClick(panel.add_button, Qt.MouseButton.LeftButton)
    click(qtbot, panel, 0.0, 0.0)
    assert len(data_of(context)) == len(Sine().generate()) + 1
    flush(panel)


def test_classes_are_shown_alone_when_asked_for(panel, context, qtbot):
    context.session.set_theta(np.array([-0.275, -0.1]), "Set")
    qtbot.waitUntil(lambda: len(panel.scatter.picture.map.border) == 1)
    shares = np.unique(panel.scatter.picture.map.shares)
    assert len(shares) > 2
    qtbot.mouseClick(panel.classes_button, Qt.MouseButton.LeftButton)
    flush(panel)
    assert np.unique(panel.scatter.picture.map.shares).tolist() == [0.0, 1.0]
    colours = {panel.scatter.grab().toImage().pixelColor(at(panel, *p)).name() for p in SIDES}
    assert len(colours) == 2
    qtbot.mouseClick(panel.classes_button, Qt.MouseButton.LeftButton)
    flush(panel)
    assert np.array_equal(np.unique(panel.scatter.picture.map.shares), shares)


def test_classes_are_offered_only_where_targets_tell_them(panel, context):
    assert panel.classes_button.isEnabled()
    network = Network((2, 1), (IDENTITY,), (False,))
    numbers = Problem(Dataset(data_of(context).x, [[0.5], [1.0], [2.0], [4.0]]), network)
    context.session.edit(Experiment(numbers, start=Given((0.1, 0.2))), "other targets")
    flush(panel)
    assert not panel.classes_button.isEnabled()


def test_two_of_many_inputs_are_chosen(panel, context):
    x = np.arange(12.0).reshape(3, 4)
    data = Dataset(x, [[0.1], [2.5], [1.0]])
    problem = Problem(data, Network((4, 1), (SIGMOID,), (True,)))
    context.session.edit(Experiment(problem, start=GlorotUniform()), "four inputs")
    flush(panel)
    assert panel.tools.x_choice.isVisible()
    panel.tools.x_choice.setCurrentIndex(3)
    panel.tools.x_choice.chosen.emit(3)
    flush(panel)
    assert np.array_equal(panel.scatter.samples.points, x[:, [3, 1]])
    assert panel.scatter.samples.x_label == "x₄"
    panel.tools.y_choice.setCurrentIndex(3)
    panel.tools.y_choice.chosen.emit(3)
    flush(panel)
    assert np.array_equal(panel.scatter.samples.points, x[:, [1, 3]])
    panel.tools.y_choice.setCurrentIndex(1)
    panel.tools.y_choice.chosen.emit(1)
    flush(panel)
    assert np.array_equal(panel.scatter.samples.points, x[:, [3, 1]])
    panel.add_button.click()
    assert panel.tools.target_entry.isVisible()
    panel.scatter.added.emit(1.0, 2.0)
    row = data_of(context).x[-1]
    assert (row[3], row[1]) == (1.0, 2.0)
    assert (row[0], row[2]) == (x[:, 0].mean(), x[:, 2].mean())
    panel.scatter.dragged.emit(0, 3.0, 4.0)
    assert data_of(context).x[0].tolist() == [0.0, 4.0, 2.0, 3.0]


def test_data_with_other_inputs_is_shown_once(panel, context, qtbot, monkeypatch):
    shown = []
    show = panel.scatter.show_samples
    monkeypatch.setattr(
        panel.scatter, "show_samples", lambda *parts: (shown.append(len(parts[0])), show(*parts))
    )
    data = Dataset(np.arange(15.0).reshape(5, 3), np.ones((5, 1)))
    network = Network((3, 1), (IDENTITY,), (True,))
    context.session.edit(Experiment(Problem(data, network), start=GlorotUniform()), "Another")
    qtbot.waitUntil(lambda: shown != [])
    assert shown == [5]


def test_the_wheel_zooms_a_right_drag_pans_and_a_double_click_fits(panel, qtbot):
    scatter = panel.scatter
    fitted = scatter.window_of_plot
    place = QPointF(at(panel, 0, 0))
    wheel = QWheelEvent(
        place,
        scatter.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(scatter, wheel)
    assert scatter.window_of_plot.width < fitted.width
    qtbot.mousePress(scatter, Qt.MouseButton.RightButton, pos=at(panel, 0, 0))
    qtbot.mouseMove(scatter, at(panel, 1, 0))
    qtbot.mouseRelease(scatter, Qt.MouseButton.RightButton, pos=at(panel, 0, 0))
    double_click(scatter, at(panel, 0, 3))
    assert scatter.window_of_plot == fitted


def test_a_hundred_thousand_samples_are_painted(panel, context):
    data = Blobs(samples=100_000).generate()
    context.session.edit_problem("many", data=data)
    flush(panel)
    assert not panel.grab().isNull()


def test_one_sample_and_equal_samples_have_a_window():
    for points in ([[0.0, 0.0]], [[5.0, -5.0]] * 3, [[1e300, 1e-300]], [[1.0, 2.0], [1.0, 3.0]]):
        window = fitted_window(np.array(points))
        assert window.width > 0.0
        assert window.height > 0.0


def test_the_theme_and_the_type_change_live(panel, context, qtbot):
    dark = panel.grab().toImage().pixelColor(5, 60)
    context.appearance.set_theme("light")
    qtbot.waitUntil(lambda: panel.grab().toImage().pixelColor(5, 60) != dark)
    before = panel.scatter.frame.area.left()
    context.appearance.scale_type(1)
    context.appearance.scale_type(1)
    assert panel.scatter.frame.area.left() > before
    context.appearance.scale_type(0)
    context.appearance.set_theme("dark")


def test_a_sample_is_described_in_the_lectures_symbols(panel):
    text = panel.scatter.describe(3)
    assert text == "sample 4: x₁ = 2, x₂ = −5, y = 0, ŷ = 0.5, e⁴ = 0.25"


def test_every_control_has_a_name_and_a_tooltip(panel):
    for widget in (
        panel.classes_button,
        panel.add_button,
        panel.generate_button,
        panel.tools.class_choice,
    ):
        assert widget.accessibleName()
        assert widget.toolTip()
