"""The optimizer panel: every line with numbers worked out by hand, and its vectors on the map."""

from collections.abc import Callable
from dataclasses import replace
from math import exp, sqrt

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import SIGMOID, TANH
from mlpsim.core.arrays import Array
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.network import Network
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import (
    OPTIMIZERS,
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    RMSProp,
)
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run
from mlpsim.core.starts import Given, GlorotUniform
from mlpsim.core.window import Window
from mlpsim.views.items.overlays.anatomy import COLOURS
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.labels.anatomy_words import NOTHING_YET, anatomy, drawn_of, in_numbers
from mlpsim.views.panels.anatomy import AnatomyPanel
from tests.runs import lecture_run
from tests.views.controls import has
from tests.views.panel_stage import Stage

Open = Callable[..., Stage[AnatomyPanel]]
FRAME = PlotFrame(Window(-2.0, 2.0, -2.0, 2.0), QRectF(0.0, 0.0, 400.0, 400.0), "", "", QFont())


@pytest.fixture
def opened(opened: Open) -> Open:
    def make(optimizer: Optimizer, steps: int, experiment: Experiment | None = None):
        base = experiment or lecture_experiment()
        return opened(AnatomyPanel, replace(base, optimizer=optimizer), steps=steps)

    return make


def texts(run: Run, k: int, chosen: tuple[int, ...] = (0, 1)) -> dict[str, str]:
    lines = anatomy(run.record(k), chosen)
    named = {line.name or "v̂": line.text for line in lines}
    return {name: text.replace("\u00a0", " ") for name, text in named.items()}


def lecture_gradient(w1: float, w2: float) -> tuple[float, float]:
    """∇E of Σ (y − σ(w·x))² over the lecture's four samples, sample by sample."""
    samples = (((-3, -3), 1), ((-2, -2), 1), ((4, 4), 0), ((2, -5), 0))
    total = [0.0, 0.0]
    for (x1, x2), y in samples:
        a = 1.0 / (1.0 + exp(-(w1 * x1 + w2 * x2)))
        slope = -2.0 * (y - a) * a * (1.0 - a)
        total[0] += slope * x1
        total[1] += slope * x2
    return total[0], total[1]


def painted(stage: Stage[AnatomyPanel], frame: PlotFrame = FRAME) -> QImage:
    image = QImage(400, 400, QImage.Format.Format_ARGB32)
    image.fill(QColor("black"))
    painter = QPainter(image)
    try:
        stage.panel.overlay.paint(painter, replace(frame, font=stage.panel.font()))
    finally:
        painter.end()
    return image


def vector(line: QLineF) -> tuple[float, float]:
    return line.dx(), -line.dy()


# -- the numbers -----------------------------------------------------------------------------------


def test_adams_first_step_by_hand() -> None:
    # g = (2.75, 1), so m = 0.1 g, v = 0.001 g², m̂ = g, v̂ = g², and Δw = −0.1 sign(g).
    assert texts(lecture_run(1, optimizer=Adam(0.1)), 1) == {
        "gradient": "(2.75, 1)",
        "momentum": "0.9·(0, 0) + 0.1·(2.75, 1) = (0.275, 0.1)",
        "squares": "0.999·(0, 0) + 0.001·(2.75, 1)² = (0.007563, 0.001)",
        "corrected": "(0.275, 0.1) / (1 − 0.9¹) = (2.75, 1)",
        "v̂": "(0.007563, 0.001) / (1 − 0.999¹) = (7.562, 1)",
        "weights": "(0, 0) − 0.1·(2.75, 1) / (√(7.562, 1) + 10⁻⁸) = (−0.1, −0.1)",
    }


def test_adams_second_step_by_hand() -> None:
    run = lecture_run(2, optimizer=Adam(0.1))
    g = lecture_gradient(-0.1, -0.1)
    assert g == pytest.approx((1.9643, -0.0016), abs=1e-4)
    m = [0.9 * 0.1 * first + 0.1 * now for first, now in zip((2.75, 1.0), g, strict=True)]
    v = [0.999 * 0.001 * a**2 + 0.001 * b**2 for a, b in zip((2.75, 1.0), g, strict=True)]
    m_hat = [part / 0.19 for part in m]
    v_hat = [part / 0.001999 for part in v]
    w = [-0.1 - 0.1 * a / sqrt(b) for a, b in zip(m_hat, v_hat, strict=True)]
    vectors = {drawn.name: drawn.vector for drawn in drawn_of(run.record(2))}
    assert list(vectors) == ["−g", "−m", "√v", "−m̂", "√v̂", "Δw"]
    assert vectors["−g"] == pytest.approx([-part for part in g], rel=1e-5)
    assert vectors["−m"] == pytest.approx([-part for part in m], rel=1e-5)
    assert vectors["√v"] == pytest.approx([sqrt(part) for part in v], rel=1e-5)
    assert vectors["−m̂"] == pytest.approx([-part for part in m_hat], rel=1e-5)
    assert vectors["√v̂"] == pytest.approx([sqrt(part) for part in v_hat], rel=1e-5)
    assert vectors["Δw"] == pytest.approx([part + 0.1 for part in w], rel=1e-5)
    shown = texts(run, 2, (1,))
    assert shown["momentum"] == "0.9·0.1 + 0.1·(−0.001645) = 0.08984"
    assert shown["corrected"] == "0.08984 / (1 − 0.9²) = 0.4728"
    assert shown["v̂"] == "0.000999 / (1 − 0.999²) = 0.4998"
    assert shown["weights"] == "−0.1 − 0.1·0.4728 / (√0.4998 + 10⁻⁸) = −0.1669"


def test_momentum_adds_the_kept_velocity_to_the_gradient() -> None:
    run = lecture_run(2, optimizer=Momentum(0.1))
    assert texts(run, 1)["velocity"] == "(2.75, 1)"
    g = lecture_gradient(-0.275, -0.1)
    v = (0.9 * 2.75 + g[0], 0.9 + g[1])
    assert texts(run, 2)["velocity"] == "0.9·(2.75, 1) + (1.257, −0.4486) = (3.732, 0.4514)"
    vectors = {drawn.name: drawn.vector for drawn in drawn_of(run.record(2))}
    assert vectors["−v"] == pytest.approx([-part for part in v], rel=1e-5)
    assert vectors["Δw"] == pytest.approx([-0.1 * part for part in v], rel=1e-5)


def test_nesterov_looks_ahead_and_dampening_holds_the_gradient_back() -> None:
    nesterov = texts(lecture_run(2, optimizer=Momentum(0.1, nesterov=True)), 1, (0,))
    assert nesterov["weights"] == "0 − 0.1·(2.75 + 0.9·2.75) = −0.5225"
    dampened = texts(lecture_run(2, optimizer=Momentum(0.1, dampening=0.5)), 2, (1,))
    assert dampened["velocity"] == "0.9·1 + (1 − 0.5)·(−0.4486) = 0.6757"


def test_adagrad_divides_by_the_root_of_the_sum_of_squares() -> None:
    first = texts(lecture_run(1, optimizer=AdaGrad(0.1)), 1)
    assert first["squares"] == "(0, 0) + (2.75, 1)² = (7.562, 1)"
    assert first["weights"] == "(0, 0) − 0.1·(2.75, 1) / (√(7.562, 1) + 10⁻¹⁰) = (−0.1, −0.1)"
    # With decay 0.5 the second step has 0.1/1.5 for η.
    second = texts(lecture_run(2, optimizer=AdaGrad(0.1, lr_decay=0.5)), 2, (1,))
    assert second["weights"].startswith("−0.1 − 0.1 / (1 + 1·0.5)·(−0.001645) / (√1 + 10⁻¹⁰)")


def test_rmsprop_plain_and_centred_with_momentum() -> None:
    plain = texts(lecture_run(1, optimizer=RMSProp(0.01)), 1, (1,))
    assert plain["squares"] == "0.99·0 + 0.01·1² = 0.01"
    assert plain["weights"] == "0 − 0.01·1 / (√0.01 + 10⁻⁸) = −0.1"
    full = texts(lecture_run(1, optimizer=RMSProp(0.01, centered=True, momentum=0.5)), 1, (1,))
    # s − ḡ² = 0.01 − 0.0001 = 0.0099, and 1/√0.0099 = 10.05.
    assert full["mean"] == "0.99·0 + 0.01·1 = 0.01"
    assert full["velocity"] == "0.5·0 + 1 / (√(0.01 − 0.01²) + 10⁻⁸) = 10.05"
    assert full["weights"] == "0 − 0.01·10.05 = −0.1005"


def test_adamw_decays_the_weights_first_and_amsgrad_keeps_the_largest_squares() -> None:
    start = Given((2.0, -1.0))
    shown = texts(
        lecture_run(1, optimizer=AdamW(0.1, amsgrad=True, weight_decay=0.5), start=start), 1, (0,)
    )
    assert shown["decay"] == "(1 − 0.1·0.5)·2 = 1.9"
    assert shown["largest"].startswith("max(0, ")
    assert shown["weights"].startswith("1.9 − 0.1·")


def test_brackets_stand_where_signs_ask_for_them() -> None:
    small, negative = np.array([2e-6]), np.array([-0.5])
    assert in_numbers((negative, " + ", negative, "²"), (0,)) == "−0.5 + (−0.5)²"
    assert in_numbers((0.9, "·", small, "² / √", small), (0,)) == "0.9·(2·10⁻⁶)² / √(2·10⁻⁶)"
    assert in_numbers(("(", negative, " + ", small, ")"), (0,)) == "(−0.5 + 2·10⁻⁶)"


@pytest.mark.parametrize("optimizer", [optimizer() for optimizer in OPTIMIZERS])
def test_every_optimizer_draws_its_step_and_works_out_its_weights(optimizer: Optimizer) -> None:
    run = lecture_run(3, optimizer=optimizer)
    record = run.record(3)
    drawn = {drawn.name: drawn.vector for drawn in drawn_of(record)}
    assert drawn["Δw"] == pytest.approx(run.theta(3) - run.theta(2))
    worked = texts(run, 3)
    assert " − " in worked.get("tried", worked["weights"])


@pytest.mark.parametrize(
    ("optimizer", "step"),
    [
        (Momentum(0.1, dampening=0.3), 3),
        (Momentum(0.1, nesterov=True), 3),
        (AdaGrad(0.1, lr_decay=0.1), 3),
        (RMSProp(0.01, centered=True, momentum=0.5), 3),
        (Adam(0.1, amsgrad=True), 3),
        (AdamW(0.1), 3),
    ],
)
def test_what_is_written_comes_out(optimizer: Optimizer, step: int) -> None:
    """Each line is read back as arithmetic, and gives what stands after its last =."""
    run = lecture_run(step, optimizer=optimizer)
    worked = {name: text for name, text in texts(run, step, (0,)).items() if " = " in text}
    assert worked
    for name, text in worked.items():
        formula, result = text.rsplit(" = ", 1)
        assert evaluated(formula) == pytest.approx(evaluated(result), rel=2e-2), name


class Root:
    """√x, written as root @ x."""

    def __matmul__(self, x: float) -> float:
        return sqrt(x)


def evaluated(text: str) -> float:
    """A text of numbers, + − · / ² √, powers and max() as Python reads it."""
    for sign, written in (
        ("10⁻⁸", "1e-8"),
        ("10⁻¹⁰", "1e-10"),
        ("−", "-"),
        ("·", "*"),
        ("²", "**2"),
        ("³", "**3"),
        ("√", "root @ "),
    ):
        text = text.replace(sign, written)
    return float(eval(text, {"max": max, "root": Root()}))


# -- the panel -------------------------------------------------------------------------------------


def shown_rows(panel: AnatomyPanel) -> list[str]:
    return [row.badge.text() for row in panel.rows if row.isVisible()]


def test_the_start_has_no_lines(opened: Open) -> None:
    panel = opened(Adam(0.1), 0).panel
    assert shown_rows(panel) == []
    assert panel.note.text() == NOTHING_YET
    assert panel.subtitle == "the start"


def test_a_row_has_formula_numbers_and_the_colour_of_its_vector(opened: Open) -> None:
    panel = opened(Adam(0.1), 1).panel
    assert shown_rows(panel) == ["−g", "−m", "√v", "−m̂", "√v̂", "Δw"]
    assert panel.subtitle == "Adam, state 0 → 1"
    row = panel.rows[1]
    assert row.formula.tex == r"m \leftarrow \beta_1 m + (1 - \beta_1) g"
    assert row.result.text() == "(0.275,\u00a00.1)"
    assert row.numbers.text().startswith("0.9·")
    assert row.numbers.accessibleName().startswith("momentum: 0.9·")
    assert "w¹₁₂: 0.0999999" in row.numbers.toolTip()
    assert COLOURS["memory"].name() in row.badge.styleSheet()
    assert not panel.weight.isVisible()


def test_lines_follow_the_cursor_and_the_optimizer(qtbot: QtBot, opened: Open) -> None:
    stage = opened(Adam(0.1), 2)
    stage.session.seek(1)
    qtbot.waitUntil(lambda: stage.panel.subtitle == "Adam, state 0 → 1")
    stage.session.edit(replace(stage.session.experiment, optimizer=GradientDescent(0.2)), "GD")
    stage.advance(1)
    qtbot.waitUntil(lambda: shown_rows(stage.panel) == ["−g", "Δw"])
    assert stage.panel.subtitle == "gradient descent, state 1 → 2"
    stage.player.playing_changed.emit(True)
    stage.player.playing_changed.emit(False)


def test_of_many_weights_one_is_chosen_by_keyboard(qtbot: QtBot, opened: Open) -> None:
    random = np.random.default_rng(4)
    data = Dataset(random.normal(size=(6, 2)), random.normal(size=(6, 1)))
    network = Network((2, 3, 1), (TANH, SIGMOID), (True, True))
    experiment = Experiment(Problem(data, network), start=GlorotUniform(2))
    stage = opened(Adam(0.1), 1, experiment)
    panel = stage.panel
    assert panel.weight.isVisible()
    assert panel.weight.count() == network.n_params
    g = stage.session.run.record(1).gradient
    qtbot.keyClick(panel.weight, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: float(panel.rows[0].result.text().replace("−", "-")) == near(g[1]))
    assert panel.rows[0].result.toolTip() == f"w¹₁₂: {float(g[1])!r}"


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-3)


def test_a_projection_is_the_last_line() -> None:
    problem = replace(lecture_experiment().problem, feasible=Box((-0.2, -0.2), (1.0, 1.0)))
    run = lecture_run(1, optimizer=GradientDescent(0.1), problem=problem)
    assert texts(run, 1)["projection"] == "(−0.2, −0.1)"


# -- the map ---------------------------------------------------------------------------------------


def test_vectors_are_drawn_when_they_are_asked_for(qtbot: QtBot, opened: Open) -> None:
    stage = opened(Momentum(0.1), 2)
    overlay = stage.panel.overlay
    blank = painted(stage)
    assert overlay.arrows == {}
    with qtbot.waitSignal(stage.context.overlays.changed):
        qtbot.keyClick(stage.panel.draws, Qt.Key.Key_Space)
    assert painted(stage) != blank
    assert set(overlay.arrows) == {"−g", "−v", "Δw"}
    qtbot.waitUntil(lambda: "to one scale" in stage.panel.note.text())


def test_arrows_start_at_w_before_the_step_and_end_where_they_should(opened: Open) -> None:
    stage = opened(Momentum(0.1), 2)
    stage.panel.overlay.set_on(True)
    painted(stage)
    arrows = stage.panel.overlay.arrows
    for line in arrows.values():
        assert at(FRAME, np.array([-0.275, -0.1])) == pytest.approx((line.x1(), line.y1()))
    # The step ends at the state on view; the others are parallel to their vectors, on one scale.
    step = arrows["Δw"]
    assert at(FRAME, stage.session.theta) == pytest.approx((step.x2(), step.y2()))
    g = np.array(lecture_gradient(-0.275, -0.1))
    v = 0.9 * np.array([2.75, 1.0]) + g
    scale = arrows["−v"].length() / float(np.hypot(*v))
    assert vector(arrows["−g"]) == pytest.approx(tuple(-scale * g))
    assert vector(arrows["−v"]) == pytest.approx(tuple(-scale * v))


def at(frame: PlotFrame, place: Array) -> tuple[float, float]:
    x, y = frame.pixels(place).tolist()
    return x, y


def test_a_name_stands_where_its_arrow_leaves_the_map(opened: Open) -> None:
    stage = opened(Adam(0.1), 1)
    stage.panel.overlay.set_on(True)
    near_edge = replace(FRAME, window=Window(-3.0, 1.0, -3.0, 1.0))
    image = painted(stage, near_edge)
    line = stage.panel.overlay.arrows["√v̂"]
    assert line.p1() == QPointF(300.0, 100.0)
    assert line.x2() > 410.0
    rise = line.dy() / line.dx()
    beside = [
        (x, y)
        for x in range(360, 400)
        for y in range(30, 100)
        if abs(y - (100.0 + rise * (x - 300.0))) > 5.0
    ]
    assert COLOURS["scale"].name() in {image.pixelColor(x, y).name() for x, y in beside}


def test_nothing_is_drawn_that_would_give_a_step_away_or_has_no_plane(opened: Open) -> None:
    stage = opened(Adam(0.1), 1)
    stage.panel.overlay.set_on(True)
    stage.context.overlays.hide_step(True)
    painted(stage)
    assert stage.panel.overlay.arrows == {}
    stage.context.overlays.hide_step(False)
    stage.session.seek(0)
    painted(stage)
    assert stage.panel.overlay.arrows == {}
    network = Network((1, 1), (SIGMOID,), (False,))
    line = Experiment(Problem(Dataset([[1.0]], [[0.0]]), network), start=Given((1.0,)))
    single = opened(GradientDescent(0.1), 1, line)
    single.panel.overlay.set_on(True)
    assert not single.panel.draws.isEnabled()
    painted(single)
    assert single.panel.overlay.arrows == {}


@pytest.mark.usefixtures("dear")
def test_nothing_is_drawn_that_a_frame_would_wait_for(opened: Open, qtbot: QtBot) -> None:
    stage = opened(Adam(0.1), 2)
    stage.panel.overlay.set_on(True)
    stage.session.seek(1)
    assert stage.context.appraiser.is_pending
    painted(stage)
    assert stage.panel.overlay.arrows == {}
    qtbot.waitUntil(lambda: not stage.context.appraiser.is_pending)
    painted(stage)
    assert "√v̂" in stage.panel.overlay.arrows


def test_vectors_off_the_map_cost_nothing_to_paint(opened: Open) -> None:
    stage = opened(Adam(0.1), 1)
    stage.panel.overlay.set_on(True)
    far = replace(FRAME, window=Window(10.0, 11.0, 10.0, 11.0))
    image = painted(stage, far)
    assert image.pixelColor(QPointF(200.0, 200.0).toPoint()) == QColor("black")


def test_the_vectors_lie_on_the_sheet(opened: Open, qtbot: QtBot) -> None:
    stage = opened(Adam(0.1), 3)
    stage.panel.draws.setChecked(True)
    assert has(stage.on_sheet(qtbot), COLOURS["scale"])
    stage.panel.draws.setChecked(False)
    assert not has(stage.on_sheet(qtbot), COLOURS["scale"])
