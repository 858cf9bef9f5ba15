"""The step panel: the lecture's numbers, and the rows of every optimizer."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlpsim.app.stage import settle
from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.surgery import with_layer_after
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.network import Network
from mlpsim.core.optimizers import (
    OPTIMIZERS,
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    RMSProp,
    VariableRate,
)
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.schedules import InverseTime
from mlpsim.core.second_order import ConjugateGradient, LevenbergMarquardt, Newton
from mlpsim.core.starts import Given, GlorotUniform
from mlpsim.views.labels.step_rows import Row, rows_at_start, rows_of_step
from mlpsim.views.labels.update_rules import update_rules
from mlpsim.views.panels.step import StepPanel
from mlpsim.views.throttle import flush
from mlpsim.views.widgets.typesetting import typeset
from tests.runs import trained
from tests.views.panel_stage import Stage

Open = Callable[..., Stage[StepPanel]]


@pytest.fixture
def opened(opened: Open) -> Open:
    return partial(opened, StepPanel)


def rows(experiment: Experiment, k: int) -> dict[str, Row]:
    return {row.name: row for row in rows_of_step(trained(experiment, k).record(k))}


def shown(stage: Stage[StepPanel]) -> dict[str, str]:
    views = [view for view in stage.panel.rows if view.isVisible()]
    return {view.name.text(): view.value.text() for view in views}


def test_the_lectures_first_step_of_gradient_descent(opened: Open):
    stage = opened(lecture_experiment(), size=(600, 320), steps=1)
    assert shown(stage) == {
        "before": "(0, 0)",
        "batch": "all 4 samples;  η = 0.1",
        "gradient": "(2.75, 1)",
        "weights": "(0, 0) − 0.1·(2.75, 1) = (−0.275, −0.1)",
        "E": "1 → 0.43393;  ΔE = −0.56607",
    }
    formulas = [view.formula.tex for view in stage.panel.rows]
    assert r"g = \nabla E" in formulas
    assert r"w \leftarrow w - \eta g" in formulas


def test_a_step_on_sample_4_raises_e(opened: Open):
    sampling = Sampling(order="given", batches=((3,),))
    stage = opened(replace(lecture_experiment(), sampling=sampling), size=(600, 320), steps=1)
    texts = shown(stage)
    assert texts["batch"].startswith("sample 4;")
    assert texts["gradient"] == "(0.5, −1.25)"
    assert texts["E"].startswith("1 → 1.0344;  raises E by 0.0344")
    assert r"g = \nabla e^{4}" in [view.formula.tex for view in stage.panel.rows]


def test_the_mini_batch_of_samples_1_and_4_is_summed():
    sampling = Sampling(order="given", batches=((0, 3),))
    found = rows(replace(lecture_experiment(), sampling=sampling), 1)
    assert found["gradient"].texts[0] == "(1.25, −0.5)"
    assert found["weights"].texts[-2].startswith("(−0.1")
    assert "0.7347" in found["E"].texts[0]


def test_at_the_start_nothing_has_happened(opened: Open):
    stage = opened(lecture_experiment())
    assert shown(stage) == {"start": "(0, 0)", "gradient": "(2.75, 1)", "E": "1"}
    assert "Nothing has happened yet" in stage.panel.sentence.text()


def test_rows_of_a_longer_update_go_when_it_is_gone(opened: Open):
    stage = opened(replace(lecture_experiment(), optimizer=Adam(0.1)), steps=2)
    assert "squares" in shown(stage)
    stage.session.seek(0)
    flush(stage.panel)
    assert list(shown(stage)) == ["start", "gradient", "E"]


def test_a_projection_is_a_row_of_its_own():
    problem = replace(lecture_experiment().problem, feasible=Box((-0.2, -0.2), (1.0, 1.0)))
    found = rows(replace(lecture_experiment(), problem=problem), 1)
    assert found["weights"].texts[1] == "(0, 0) − 0.1·(2.75, 1) = (−0.275, −0.1)"
    assert found["projection"].texts[0] == "(−0.2, −0.1)"
    assert found["projection"].tex == r"w \leftarrow P_C(w)"


@pytest.mark.parametrize(
    "optimizer",
    [
        *(optimizer() for optimizer in OPTIMIZERS),
        Momentum(nesterov=True),
        Momentum(dampening=0.5),
        AdaGrad(lr_decay=0.1),
        RMSProp(centered=True, momentum=0.5),
        Adam(amsgrad=True),
        AdamW(amsgrad=True),
        VariableRate(10.0, momentum=0.5),
        Newton(damping=0.5, saddle_free=True),
        ConjugateGradient(damping=0.5),
    ],
)
def test_every_optimizer_has_formulas_that_can_be_set(optimizer):
    run = trained(replace(lecture_experiment(), optimizer=optimizer), 3)
    record = run.record(3)
    rules = update_rules(record)
    assert np.array_equal(rules[-1].vector, record.unprojected)
    for rule in rules:
        assert rule.vector.shape == (2,) or not rule.is_of_weights
        assert typeset(rule.tex, "#000000", 14.0).width > 10.0


def test_adams_corrected_moments_by_hand():
    run = trained(replace(lecture_experiment(), optimizer=Adam(0.1)), 1)
    rules = {rule.tex: rule.vector for rule in update_rules(run.record(1))}
    corrected = [v for tex, v in rules.items() if "hat" in tex and "leftarrow" not in tex]
    assert corrected[0] == pytest.approx([2.75, 1.0])
    assert corrected[1] == pytest.approx([2.75**2, 1.0])


def test_the_share_of_a_tiny_direction_is_told():
    """d·d is 0 in floats where d is not."""
    tiny = Dataset(np.array([[1e-70]]), np.array([[1e-100]]))
    network = Network((1, 1), (IDENTITY,), (False,))
    experiment = Experiment(
        Problem(tiny, network, penalty=Penalty(l2=1.0)), ConjugateGradient(), start=Given((0.0,))
    )
    rules = {rule.name: rule for rule in update_rules(trained(experiment, 1).record(1))}
    d = rules["direction"].vector
    assert d[0] != 0.0
    assert d @ d == 0.0
    assert rules["step"].worked[0] == 0.0


def test_the_rows_of_newtons_equations_are_written_out_where_they_are_few():
    experiment = replace(lecture_experiment(), optimizer=Newton(damping=0.5))
    rules = update_rules(trained(experiment, 1).record(1))
    hessian = np.array([rule.vector for rule in rules if rule.name == "curvature"])
    # At w = 0: ∇²eˢ = 2·σ′²·xxᵀ = xxᵀ/8 (σ″ = 0); Σ xxᵀ = (33, 19; 19, 54)
    assert hessian == pytest.approx(np.array([[33.0, 19.0], [19.0, 54.0]]) / 8.0)
    direction = next(rule for rule in rules if rule.name == "direction")
    assert direction.tex == r"d = (\nabla^2 E + \lambda I)^{-1} g"
    solved = np.linalg.solve(hessian + 0.5 * np.eye(2), [2.75, 1.0])
    assert direction.vector == pytest.approx(solved)
    wide, _ = with_layer_after(experiment, 0)
    names = [rule.name for rule in update_rules(trained(wide, 1).record(1))]
    assert names == ["direction", "weights"]


def test_a_step_that_is_not_taken_says_where_it_would_have_led() -> None:
    """There E is 4.5·10⁻⁵ and R = (27.5² + 10²)/2."""
    problem = replace(lecture_experiment().problem, penalty=Penalty(l2=1.0))
    experiment = replace(lecture_experiment(), problem=problem, optimizer=VariableRate(10.0))
    found = rows(experiment, 1)
    assert found["tried"].texts[0] == "(0, 0) − 10·(2.75, 1) = (−27.5, −10)"
    assert found["compared"].texts[1] == "1, 428.1"
    assert (found["factor"].tex, found["factor"].texts[0]) == (r"c \leftarrow \rho c", "0.7")
    assert (found["weights"].tex, found["weights"].texts[0]) == (r"w \leftarrow w", "(0, 0)")
    taken = rows(experiment, 20)
    assert taken["weights"].tex == r"w \leftarrow w'"
    assert taken["weights"].texts[0] != "(0, 0)"


def test_weights_beyond_the_range_of_an_exponential_are_compared_without_a_warning() -> None:
    start = Given((1e4, -1e4))
    found = rows(replace(lecture_experiment(), optimizer=VariableRate(0.1), start=start), 1)
    here = float(lecture_experiment().problem.value(np.array([1e4, -1e4])))
    assert found["compared"].texts[0].startswith(f"{here:.6g}, ")


def test_the_damping_that_adapts_is_a_row() -> None:
    found = rows(replace(lecture_experiment(), optimizer=LevenbergMarquardt(damping=1.0)), 1)
    # At w = 0: G = 2 Σ σ′² xxᵀ = Σ xxᵀ / 8, Σ xxᵀ = (33, 19; 19, 54)
    d = np.linalg.solve(np.array([[33.0, 19.0], [19.0, 54.0]]) / 8.0 + np.eye(2), [2.75, 1.0])
    assert found["direction"].texts[0] == f"({d[0]:.5g}, {d[1]:.5g})".replace("-", "−")
    assert found["damping"].texts[0] == "0.1"
    assert found["damping"].tex == r"\lambda \leftarrow \lambda / \vartheta"


def test_the_scaling_in_force_stands_in_the_formula():
    half = Sampling(batch_size=2)
    experiment = replace(lecture_experiment(), sampling=half, scaling="unbiased")
    assert r"\tfrac{S}{B}" in rows(experiment, 1)["gradient"].tex
    mean = replace(experiment, problem=replace(experiment.problem, reduction="mean"))
    assert r"\tfrac{1}{B}" in rows(mean, 1)["gradient"].tex
    penalty = replace(
        experiment, scaling="batch_sum", problem=replace(experiment.problem, penalty=Penalty(l2=1))
    )
    assert r"\nabla R" in rows(penalty, 1)["gradient"].tex
    full = replace(mean, sampling=Sampling())
    assert rows(full, 1)["gradient"].tex == r"g = \tfrac{1}{S} \nabla E"


def test_a_schedule_shows_the_rate_in_force():
    found = rows(replace(lecture_experiment(), schedule=InverseTime(1.0)), 3)
    assert "η = 0.033333" in found["batch"].texts[0]


def test_many_parameters_are_a_norm_and_those_that_moved_most():
    random = np.random.default_rng(2)
    data = Dataset(random.normal(size=(9, 2)), random.normal(size=(9, 1)))
    network = Network((2, 8, 8, 1), (TANH, TANH, SIGMOID), (True,) * 3)
    run = trained(Experiment(Problem(data, network), start=GlorotUniform(1)), 2)
    record = run.record(2)
    found = {row.name: row for row in rows_of_step(record)}
    moved = np.abs(record.theta_after - record.theta_before)
    assert found["shown"].texts[0].endswith("of 105 parameters")
    norm = float(np.linalg.norm(record.gradient))
    assert found["gradient"].texts[0].startswith(f"norm {norm:.4g}")
    top = sorted(np.argsort(-moved)[:3])
    assert [float(v) for v in found["before"].exact.split(": ")[1].split(", ")] == pytest.approx(
        record.theta_before[top]
    )
    assert rows_at_start(run)[0].name == "shown"


def test_up_to_eight_parameters_are_written_out():
    random = np.random.default_rng(2)
    data = Dataset(random.normal(size=(5, 7)), random.normal(size=(5, 1)))
    network = Network((7, 1), (SIGMOID,), (True,))
    found = rows(Experiment(Problem(data, network), start=GlorotUniform(1)), 1)
    assert found["weights"].texts[0].count(",") == 7
    assert any("\n" in text for text in found["weights"].texts)


def test_a_weight_set_by_hand_is_told(opened: Open):
    stage = opened(lecture_experiment(), steps=1)
    stage.session.set_theta(np.array([1.0, 2.0]), "Set w¹₁₁")
    flush(stage.panel)
    assert shown(stage)["by hand"] == "(1, 2)"


def test_an_edit_of_the_problem_after_the_step_is_told(opened: Open):
    stage = opened(lecture_experiment(), steps=2)
    stage.session.edit_problem("Mean", reduction="mean")
    flush(stage.panel)
    said = "The problem was edited after this step: its numbers are those of before."
    assert stage.panel.sentence.text() == said
    stage.session.seek(1)
    flush(stage.panel)
    assert stage.panel.sentence.text() == ""
    stage.session.undo_stack.undo()
    rate = replace(stage.session.experiment, optimizer=GradientDescent(0.2))
    stage.session.edit(rate, "Set η")  # the same problem
    flush(stage.panel)
    assert stage.panel.sentence.text() == ""


def test_divergence_is_said_at_the_last_state(opened: Open):
    data = Dataset(np.array([[1.0]]), np.array([[0.0]]))
    linear = Problem(data, Network((1, 1), (IDENTITY,), (False,)))
    stage = opened(
        Experiment(linear, GradientDescent(5.0), start=Given((1.0,))), size=(600, 400), steps=5000
    )
    assert stage.panel.sentence.text().startswith("Diverged at step")
    assert "raises E by" in shown(stage)["E"]


@pytest.mark.parametrize("size", [(300, 240), (440, 230), (700, 400)])
def test_no_text_is_wider_than_its_row(opened: Open, size: tuple[int, int]):
    stage = opened(replace(lecture_experiment(), optimizer=AdamW(0.1)), size=size, steps=3)
    assert stage.panel.rows
    for view in stage.panel.rows:
        lines = view.value.text().split("\n")
        widest = max(view.value.fontMetrics().horizontalAdvance(line) for line in lines)
        assert widest <= view.value.width() + 1


def test_larger_type_leaves_the_rows_as_if_they_were_made_with_it(opened: Open, qtbot: QtBot):
    stage = opened(lecture_experiment())
    stage.appearance.scale_type(+1)
    made = StepPanel(stage.context)
    qtbot.addWidget(made)
    made.resize(stage.panel.size())
    made.show()
    settle()
    heights = [[row.height() for row in panel.rows] for panel in (stage.panel, made)]
    assert heights[0] == heights[1]
    stage.appearance.scale_type(0)


def test_a_norm_of_huge_components_does_not_overflow():
    random = np.random.default_rng(2)
    data = Dataset(random.normal(size=(4, 9)), random.normal(size=(4, 1)))
    problem = Problem(data, Network((9, 1), (IDENTITY,), (False,)))
    run = Run.from_experiment(Experiment(problem, start=Given((3e151, 4e151, *[0.0] * 7))))
    assert rows_at_start(run)[1].texts[-1] == "norm 5·10¹⁵¹"
