"""The evaluation panel: splitting and joining, both parts' numbers, and the confusion matrix."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPalette
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.data_edits import with_data
from mlpsim.core.editing.splitting import held_out_by
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.generators import Blobs, Line, Moons
from mlpsim.core.held_out import Split
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.starts import Given
from mlpsim.views.items.loss_paint import TEST
from mlpsim.views.panels.data import DataPanel
from mlpsim.views.panels.evaluation import EvaluationPanel
from mlpsim.views.panels.loss import PER_SAMPLE, TRAINING, LossPanel
from mlpsim.views.panels.transport import TransportPanel
from mlpsim.views.parts.evaluation.split_form import HOLD_OUT, JOIN
from mlpsim.views.throttle import flush
from tests.runs import passing
from tests.views.controls import texts
from tests.views.panel_stage import Stage

Open = Callable[..., Stage]
ROLE = Qt.ItemDataRole
LEFT = Qt.MouseButton.LeftButton


def on(data: Dataset, share: float | None = 0.25) -> Experiment:
    experiment = with_data(lecture_experiment(), data)[0]
    return experiment if share is None else held_out_by(experiment, Split(share, 1))[0]


def counts(panel: EvaluationPanel) -> list[list[str]]:
    model = panel.matrix.counts
    rows, columns = range(model.rowCount()), range(model.columnCount())
    return [[model.index(i, j).data() for j in columns] for i in rows]


def test_a_split_is_made_drawn_anew_and_taken_back_and_each_can_be_undone(
    opened: Open, qtbot: QtBot
):
    stage = opened(EvaluationPanel, on(Moons(samples=40).generate(), None))
    session, split = stage.session, stage.panel.split
    assert split.button.text() == HOLD_OUT
    split.share.setText("50")
    qtbot.keyClick(split.share, Qt.Key.Key_Return)
    assert session.experiment.held_out is None  # not before it is asked for
    split.button.click()
    first = session.experiment
    assert len(first.held_out.data) == len(first.problem.data) == 20
    assert split.button.text() == JOIN
    split.seed.setText("7")
    qtbot.keyClick(split.seed, Qt.Key.Key_Return)
    assert session.experiment.held_out.split == Split(0.5, 7, True)
    assert session.experiment.held_out.places != first.held_out.places
    split.by_class.click()
    assert session.experiment.held_out.split == Split(0.5, 7, False)
    split.button.click()
    assert session.experiment == on(Moons(samples=40).generate(), None)
    for _ in range(3):
        session.undo_stack.undo()
    assert session.experiment == first
    assert split.share.value == 50.0
    assert split.seed.value == 0


def test_one_sample_cannot_be_split_and_it_is_said(opened: Open):
    stage = opened(EvaluationPanel, on(Dataset([[1.0, 2.0]], [[1.0]]), None))
    stage.panel.split.button.click()
    assert "One sample cannot be split" in stage.panel.split.error.text()
    assert stage.session.experiment.held_out is None


def test_both_parts_are_told_side_by_side(opened: Open):
    experiment = on(Moons(samples=40, noise=0.4).generate())
    panel = opened(EvaluationPanel, experiment).panel
    # At w = 0 every ŷ is ½: an error of ¼ each, and class 0 for all.
    assert texts(panel.numbers) == [
        *("", "training", "held out"),
        *("samples", "30", "10"),
        *("E per sample", "0.25", "0.25"),
        *("accuracy", "50 %", "50 %"),
    ]
    assert counts(panel) == [["5", "0"], ["5", "0"]]
    panel.part.button("training").click()
    flush(panel)
    assert counts(panel) == [["15", "0"], ["15", "0"]]
    words = panel.matrix.counts.index(1, 0).data(ROLE.ToolTipRole)
    assert words == "15 of 15 samples of class B predicted A (100 %)"


def test_a_long_label_of_the_matrix_is_cut_with_an_ellipsis(opened: Open):
    def heights(name: str) -> list[int]:
        """How much ink the columns of pixels of the first class's name have, that have any."""
        named = replace(Moons(samples=40).generate(), labels=(name, "b"))
        header = opened(EvaluationPanel, on(named)).panel.matrix.verticalHeader()
        image = header.grab(QRect(0, 0, header.width(), header.sectionSize(0))).toImage()
        rows, ground = range(image.height()), image.pixel(0, 0)
        ink = [sum(image.pixel(x, y) != ground for y in rows) for x in range(image.width())]
        return [height for height in ink if height]

    whole, cut = heights("HH"), heights(20 * "H")
    assert max(whole[-6:]) > 0.5 * max(whole)  # the last letter
    assert max(cut[-6:]) < 0.5 * max(cut)  # dots


def test_without_a_split_there_is_one_part(opened: Open):
    panel = opened(EvaluationPanel, lecture_experiment()).panel
    numbers = ["samples", "4", "E per sample", "0.25", "accuracy", "50 %"]
    assert texts(panel.numbers) == ["", "training", *numbers]
    assert not panel.part.isVisible()
    assert counts(panel) == [["2", "0"], ["2", "0"]]
    assert panel.sides.isVisible()
    assert panel.sides.text() == "class ↓   predicted →"


@pytest.mark.parametrize(("height", "has_sides"), [(300, True), (205, False)])
def test_in_a_low_panel_every_row_of_the_matrix_is_seen(
    opened: Open, qtbot: QtBot, height: int, has_sides: bool
):
    classes = np.arange(40) % 4
    data = Dataset(np.column_stack((classes, classes**2)), np.eye(4)[classes])
    panel = opened(EvaluationPanel, on(data), size=(384, height)).panel
    qtbot.waitUntil(panel.matrix.isVisible)
    qtbot.waitUntil(lambda: panel.sides.isVisible() == has_sides)
    qtbot.waitUntil(lambda: panel.matrix.verticalScrollBar().maximum() == 0)


def test_numbers_have_no_confusion_matrix(opened: Open):
    data = Line(samples=20, noise=0.0, slope=1.0, intercept=0.5).generate()
    panel = opened(EvaluationPanel, on(data)).panel
    assert texts(panel.numbers)[6::3] == ["E per sample", "√ mean (y − ŷ)²", "R²"]
    assert not panel.matrix.isVisible()
    assert not panel.sides.isVisible()


def test_a_fit_that_leaves_a_little_is_not_called_whole(opened: Open):
    data = Dataset(np.array([[-1.0], [0.0], [1.0]]), np.array([[-1.001], [0.002], [0.999]]))
    network = Network((1, 1), (IDENTITY,), (False,))
    experiment = Experiment(Problem(data, network), start=Given((1.0,)))
    panel = opened(EvaluationPanel, experiment).panel
    # The residuals are −0.001, 0.002 and −0.001; y varies by 2.000006 about its mean, 0.
    assert texts(panel.numbers)[-2:] == ["R²", "0.999997"]
    whole = replace(experiment, problem=replace(experiment.problem, data=Dataset(data.x, data.x)))
    assert texts(opened(EvaluationPanel, whole).panel.numbers)[-2:] == ["R²", "1"]


def test_classes_have_the_names_that_the_data_give_them(opened: Open):
    named = replace(Blobs(samples=30, classes=3).generate(), labels=("ant", "bee", "cat"))
    model = opened(EvaluationPanel, on(named)).panel.matrix.counts
    vertical = Qt.Orientation.Vertical
    assert [model.headerData(k, vertical) for k in range(3)] == ["ant", "bee", "cat"]
    told = model.headerData(2, Qt.Orientation.Horizontal, ROLE.ToolTipRole)
    assert told == "predicted cat"


def test_the_cell_in_focus_has_a_frame(opened: Open, qtbot: QtBot):
    matrix = opened(EvaluationPanel, on(Moons(samples=40).generate(), None)).panel.matrix
    matrix.activateWindow()
    matrix.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(matrix.hasFocus)
    cell = matrix.visualRect(matrix.currentIndex())
    image = matrix.viewport().grab().toImage()
    ink = matrix.palette().color(QPalette.ColorRole.Text)
    assert image.pixelColor(cell.left() + 2, cell.center().y()) == ink


def test_ten_classes_have_counts_that_fit_into_their_cells(opened: Open):
    data = Dataset(np.ones((3_000, 2)), np.tile(np.eye(10), (300, 1)))
    matrix = opened(EvaluationPanel, on(data, None)).panel.matrix
    matrix.resize(230, 230)
    room = matrix.columnWidth(5) - 2
    font = QFont(matrix.font())
    font.setWeight(QFont.Weight.DemiBold)
    assert QFontMetricsF(font).horizontalAdvance("300") > room
    cell = matrix.itemDelegate()
    fitting = cell.fitting(font, QRect(0, 0, room, room))
    assert QFontMetricsF(fitting).horizontalAdvance("300") <= room
    assert cell.fitting(font, QRect(0, 0, 90, room)) == font


def test_the_loss_panel_compares_the_means_of_both_parts(opened: Open, qtbot: QtBot):
    stage = opened(LossPanel, on(Moons(samples=40, noise=0.3).generate()), steps=20)
    panel, run = stage.panel, stage.session.run
    qtbot.waitUntil(lambda: panel.curve.picture is not None and panel.curve.picture.end == 20.0)
    picture, experiment = panel.curve.picture, stage.session.experiment
    assert panel.subtitle == PER_SAMPLE
    assert picture.mean == pytest.approx(run.values(0, 20) / 30.0)
    steps, values = picture.test
    assert steps.tolist() == list(range(21))
    for k in (0, 7, 20):
        x, y = experiment.held_out.data.x, experiment.held_out.data.y[:, 0]
        y_hat = 1.0 / (1.0 + np.exp(-x @ run.theta(k)))
        assert values[k] == pytest.approx(((y - y_hat) ** 2).mean())
    assert picture.cursor[1] == pytest.approx(picture.mean[-1])
    assert f"{TRAINING} = " in panel.curve.accessibleDescription()
    assert f"{TEST} = " in panel.curve.read(7.0)
    panel.test.click()
    qtbot.waitUntil(lambda: panel.curve.picture.test is None)
    assert panel.curve.picture.mean == pytest.approx(run.values(0, 20))


def test_the_loss_panel_marks_where_the_held_out_error_was_least(opened: Open, qtbot: QtBot):
    # w = 0.9^k is nearest to 0.5 at k = 7.
    stage = opened(LossPanel, passing(0.5, 0.05), steps=20)
    panel = stage.panel
    qtbot.waitUntil(lambda: panel.curve.picture is not None)
    x, value, words = panel.curve.picture.lowest
    assert (x, words) == (7.0, "lowest seen: step 7")
    assert value == pytest.approx((0.9**7 - 0.5) ** 2)
    assert panel.curve.accessibleDescription().endswith(f"{TEST} lowest seen: step 7")
    marked = panel.curve.grab().toImage()
    panel.test.click()
    qtbot.waitUntil(lambda: panel.curve.picture.lowest is None)
    panel.test.click()
    qtbot.waitUntil(lambda: panel.curve.picture.lowest is not None)
    assert panel.curve.grab().toImage() == marked
    for size in ((10, 10), (60, 40)):
        panel.curve.setFixedSize(*size)
        panel.curve.grab()  # where there is hardly room, too


def test_a_click_beside_the_mark_goes_to_the_very_step(opened: Open, qtbot: QtBot):
    stage = opened(LossPanel, passing(0.5, 0.0005), steps=2_000)  # 0.999^k is nearest to 0.5
    panel, curve = stage.panel, stage.panel.curve
    panel.complete()
    x, _, words = curve.picture.lowest
    assert words == f"lowest seen: step {x:.0f}"
    plot = curve.plot()
    mark = QPoint(round(plot.left() + x / 2_000 * plot.width()), round(plot.center().y()))
    for beside, goes in ((-4, True), (3, True), (12, False)):
        at = mark + QPoint(beside, 0)
        stage.player.seek(0)
        read = curve.read(curve.coordinate_at(at.x()))
        qtbot.mouseClick(curve, LEFT, pos=at)
        assert (f"step {x:.0f} " in read, stage.session.cursor == x) == (goes, goes)


def test_a_held_out_error_of_0_has_no_place_on_a_logarithmic_axis(opened: Open):
    stage = opened(LossPanel, passing(0.5, 0.25), steps=9)  # w = 0.5^k
    stage.panel.log.click()
    flush(stage.panel)
    x, value, _ = stage.panel.curve.picture.lowest
    assert (x, value) == (1.0, 0.0)
    assert stage.panel.curve.picture.scale.log
    stage.panel.curve.grab()


def test_without_a_split_the_loss_panel_offers_no_comparison(opened: Open):
    panel = opened(LossPanel, lecture_experiment(), steps=3).panel
    assert not panel.test.isVisible()
    assert panel.curve.picture.test is None


def test_the_transport_tells_the_test_accuracy_or_error(opened: Open, qtbot: QtBot):
    stage = opened(TransportPanel, on(Moons(samples=40).generate()), size=(1500, 120))
    figure = stage.panel.figures.test
    assert figure.isVisible()
    assert figure.toolTip().startswith("5 of 10 right; mean error of 10 held-out samples: 0.25")
    numbers = on(Line(samples=20).generate())
    stage.session.edit(numbers, "Other data")
    qtbot.waitUntil(lambda: figure.toolTip().startswith("mean error of 5 held-out samples"))
    stage.session.edit(replace(numbers, held_out=None), "None")
    qtbot.waitUntil(lambda: not figure.isVisible())


@pytest.mark.parametrize("samples", [40, 900])
def test_held_out_samples_are_hollow_and_out_of_reach(opened: Open, samples: int):
    stage = opened(DataPanel, on(Moons(samples=samples).generate()))
    panel = stage.panel
    held_out = stage.session.experiment.held_out.data
    assert np.array_equal(panel.scatter.picture.held_out.points, held_out.x)
    assert "held out (hollow)" in panel.subtitle
    image = panel.scatter.grab().toImage()
    stage.session.edit(replace(stage.session.experiment, held_out=None), "Without")
    flush(panel)
    assert panel.scatter.picture.held_out is None
    assert panel.scatter.grab().toImage() != image


def test_generated_data_have_nothing_held_out(opened: Open, qtbot: QtBot):
    stage = opened(DataPanel, on(Moons(samples=40).generate()))
    with qtbot.waitSignal(stage.session.said) as said:
        stage.panel.generators.generated.emit(Moons(samples=50))
    assert stage.session.experiment.held_out is None
    assert said.args == ["No sample is held out any more."]
