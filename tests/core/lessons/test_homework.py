"""Homework: the lecture's numbers by hand, and every slip by name."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.lessons.exercise import Exercise, Quantity, exercise
from mlpsim.core.lessons.homework import Judgement, Miss, agrees, judge, miss
from mlpsim.core.lessons.slips import Slip, slips
from mlpsim.core.losses import BCE_LOGITS, HALF_SQUARED_ERROR
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.starts import Given, GlorotUniform

Y_HAT, ERROR = Quantity("prediction", 0, 3), Quantity("error", 0, 3)
G1, G2 = Quantity("gradient", 0), Quantity("gradient", 1)
W1, W2 = Quantity("weight", 0), Quantity("weight", 1)


def lecture(**changes: object) -> Exercise:
    """w = 0 and sample 4, in the lecture's example with another problem if asked."""
    base = lecture_experiment()
    return exercise(replace(base, problem=replace(base.problem, **changes)), 0)


def at(
    theta: tuple[float, float], batch: tuple[int, ...], before: tuple[float, float] = (0.0, 0.0)
) -> Exercise:
    return Exercise(lecture_experiment(), 1, theta, before, batch, (0, 1))


def said(task: Exercise, quantity: Quantity, typed: str) -> Slip | bool | None:
    verdict = judge(task, quantity, Decimal(typed))
    return verdict.right or verdict.slip


def test_the_lectures_step_at_0_on_sample_4() -> None:
    task = lecture()
    assert task.batch == (3,)
    assert task.quantities == (Y_HAT, ERROR, G1, G2, W1, W2)
    values = [task.answer(quantity) for quantity in task.quantities]
    assert values == pytest.approx([0.5, 0.25, 0.5, -1.25, -0.05, 0.125], abs=1e-15)
    typed = ("0.5", ".25", "0.50", "-1.25", "-0.05", "0.125")
    pairs = zip(task.quantities, typed, strict=True)
    assert all(judge(task, quantity, Decimal(text)) == Judgement(True) for quantity, text in pairs)


@pytest.mark.parametrize(
    ("quantity", "typed", "slip"),
    [
        (Y_HAT, "0", Slip("activation")),
        (ERROR, "0.125", Slip("half")),
        (ERROR, "-0.25", Slip("sign")),
        (ERROR, "0.5", Slip("square")),
        (ERROR, "-0.5", Slip("square")),
        (ERROR, "1", Slip("all_samples")),
        (ERROR, "0.0625", Slip("mean", 4)),
        (G1, "0.25", Slip("factor_two")),
        (G2, "-0.625", Slip("factor_two")),
        (G2, "0.625", Slip("factor_two_and_sign")),
        (G2, "1.25", Slip("sign")),
        (G2, "-5", Slip("slope")),
        (G1, "2", Slip("slope")),
        (G1, "-1.25", Slip("parameter", 1)),
        (G1, "2.75", Slip("all_samples")),
        (G2, "0.75", Slip("sample", 0)),
        (G1, "0.125", Slip("mean", 4)),
        (W1, "0.05", Slip("added")),
        (W2, "-0.125", Slip("added")),
        (W1, "-0.5", Slip("rate")),
        (W2, "1.25", Slip("rate")),
        (W1, "0", Slip("unmoved")),
        (W1, "-0.025", Slip("factor_two")),
        (W2, "0.5", Slip("slope")),
        (W1, "0.125", Slip("parameter", 1)),
        (W1, "17", None),
        (Y_HAT, "17", None),
    ],
)
def test_a_slip_is_named_by_the_value_that_it_gives(
    quantity: Quantity, typed: str, slip: Slip | None
) -> None:
    assert judge(lecture(), quantity, Decimal(typed)) == Judgement(False, slip)


def test_a_weight_that_hardly_moves_is_not_right_where_it_was() -> None:
    # At w = (.5, .5) and sample 4: z = -1.5, g₁ = 2·2·ŷ²(1 - ŷ) = 0.10883, w⁺ = 0.489117
    task = at((0.5, 0.5), (3,), (0.5, 0.5))
    assert said(task, W1, "0.4891") is True
    assert said(task, W1, "0.49") is True
    assert said(task, W1, "0.5") == Slip("unmoved")
    assert said(task, W1, "0.511") == Slip("added")
    small = replace(lecture_experiment(), optimizer=GradientDescent(1e-6))
    hardly = Exercise(small, 1, (0.5, 0.5), (0.5, 0.5), (3,), (0, 1))
    assert said(hardly, W1, "0.5") is True


def test_slips_away_from_0() -> None:
    # z = 0.1·2 + 0.2·5 = 1.2 now and 0.6 before; sigmoid 0.768525 and 0.645656
    task = at((0.1, -0.2), (3,), (0.05, -0.1))
    slope = 0.768525 * 0.231475
    assert said(task, Y_HAT, "0.7685") is True
    assert said(task, Y_HAT, "1.2") == Slip("activation")
    assert said(task, Y_HAT, "0.2315") == Slip("sign")
    assert said(task, Y_HAT, "0.6457") == Slip("stale")
    # sample 1: z = -3·0.1 + 3·0.2 = 0.3
    assert said(task, Y_HAT, "0.57444") == Slip("sample", 0)
    assert said(task, ERROR, "0.41687") == Slip("stale")
    assert said(task, ERROR, "0.18110") == Slip("sample", 0)
    g = 2 * 0.768525 * slope
    before = 2 * 0.645656 * 0.645656 * 0.354344
    assert said(task, G1, f"{2 * g:.5f}") is True
    assert said(task, G1, f"{g:.5f}") == Slip("factor_two")
    assert said(task, G2, f"{g:.5f}") == Slip("input")
    assert said(task, G2, f"{-5 * before:.5f}") == Slip("stale")
    assert said(task, W2, f"{-0.1 + 0.1 * 5 * g:.5f}") == Slip("stale")
    assert said(task, W2, f"{0.1 * 5 * g:.5f}") == Slip("change")


def test_a_batch_is_added_up_and_one_of_it_is_not_enough() -> None:
    # at w = 0 samples 1 and 4 give (.75, .75) + (.5, -1.25)
    task = at((0.0, 0.0), (0, 3))
    assert [quantity.sample for quantity in task.quantities[:4]] == [0, 0, 3, 3]
    assert said(task, G1, "1.25") is True
    assert said(task, G2, "-.5") is True
    assert said(task, G1, "0.75") == Slip("one_of_batch", 0)
    assert said(task, G2, "-1.25") == Slip("one_of_batch", 3)
    assert said(task, G1, "0.625") == Slip("factor_two")
    assert said(task, G2, "1") == Slip("all_samples")
    assert said(task, W1, "-0.125") is True
    tilted = at((0.1, 0.1), (0, 1, 2))
    third = sum(s * 2 * x for s, x in _sums((0.1, 0.1), (0, 1, 2))) / 3
    assert said(tilted, G1, f"{third:.6f}") == Slip("mean", 3)


def _sums(w: tuple[float, float], batch: tuple[int, ...]) -> list[tuple[float, float]]:
    """(ŷ - y)·ŷ·(1 - ŷ) and x₁ of the lecture's samples."""
    data = lecture_experiment().problem.data
    found = []
    for s in batch:
        y_hat = 1.0 / (1.0 + np.exp(-float(data.x[s] @ np.array(w))))
        found.append(((y_hat - data.y[s, 0]) * y_hat * (1.0 - y_hat), float(data.x[s, 0])))
    return found


def test_a_mean_that_is_asked_is_not_a_sum() -> None:
    task = lecture(reduction="mean")
    assert task.answer(G1) == 0.125
    assert said(task, G1, "0.5") == Slip("sum")


def test_a_loss_with_a_half_has_no_factor_2() -> None:
    task = lecture(loss=HALF_SQUARED_ERROR)
    assert said(task, ERROR, "0.125") is True
    assert said(task, ERROR, "0.25") == Slip("no_half")
    assert said(task, G1, "0.25") is True
    assert said(task, G1, "0.5") == Slip("no_half")
    assert said(task, W1, "-0.05") == Slip("no_half")


def test_a_step_that_leaves_the_feasible_set_is_projected() -> None:
    task = lecture(feasible=Box((-0.01, -1.0), (1.0, 1.0)))
    assert task.answer(W1) == -0.01
    assert said(task, W1, "-0.05") == Slip("projection")


def test_a_logit_is_not_yet_a_share_and_tanh_is_odd() -> None:
    data = lecture_experiment().problem.data
    logits = Experiment(
        Problem(data, Network((2, 1), (IDENTITY,), (False,)), BCE_LOGITS), start=Given((0.1, 0.0))
    )
    task = exercise(logits, 0)
    assert task.answer(ERROR) == pytest.approx(np.log1p(np.exp(0.2)))
    assert said(task, Y_HAT, "0.2") == Slip("activation")
    assert said(task, Y_HAT, f"{1 / (1 + np.exp(0.2)):.4f}") == Slip("sign")
    assert said(task, ERROR, "-0.798") == Slip("sign")
    odd = Experiment(Problem(data, Network((2, 1), (TANH,), (False,))), start=Given((0.1, 0.0)))
    assert said(exercise(odd, 0), Y_HAT, f"{-np.tanh(0.2):.4f}") == Slip("sign")


def test_hidden_layers_and_several_outputs() -> None:
    data = Dataset(np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]))
    network = Network((2, 2, 2), (TANH, SIGMOID), (True, False))
    task = exercise(Experiment(Problem(data, network), start=GlorotUniform()), 5, 2)
    assert len(task.asked) == 4
    assert len(task.quantities) == 2 * 3 + 8
    values = {quantity: task.answer(quantity) for quantity in task.quantities}
    step = 1e-6
    for p in task.asked:
        shift = step * np.eye(network.n_params)[p]
        theta = np.array(task.theta)
        rise = task.problem.value(theta + shift) - task.problem.value(theta - shift)
        assert values[Quantity("gradient", p)] == pytest.approx(rise / (2 * step), rel=1e-5)
        found = dict(slips(task, Quantity("gradient", p)))
        assert found[Slip("factor_two")] == pytest.approx(0.5 * values[Quantity("gradient", p)])


@pytest.mark.parametrize("seed", range(1, 40))
@pytest.mark.parametrize("size", [1, 2, 4])
def test_the_right_answer_rounded_is_right_for_every_seed(seed: int, size: int) -> None:
    task = exercise(lecture_experiment(), seed, size)
    assert len(task.batch) == size
    assert exercise(lecture_experiment(), seed, size) == task
    assert max(abs(z) for z in task.problem.forward(np.array(task.before)).z[0][0]) <= 2.6
    for quantity in task.quantities:
        for digits in (2, 3, 6):
            typed = Decimal(f"{task.answer(quantity):.{digits}g}")
            assert judge(task, quantity, typed).right or digits == 2


def test_what_agrees() -> None:
    assert agrees(Decimal("0.5"), 0.504)
    assert not agrees(Decimal("0.5"), 0.54)
    assert agrees(Decimal("0.54"), 0.5449)
    assert not agrees(Decimal("0"), 1e-9)
    assert not agrees(Decimal("0.00"), 1e-9)
    assert agrees(Decimal("0"), 0.0)
    assert agrees(Decimal("0"), 1e-18, slack=1e-16)
    assert agrees(Decimal("7.7e-18"), 7.727622597e-18)


def test_exercises_stay_in_the_feasible_set() -> None:
    base = lecture_experiment()
    ball = replace(base.problem, feasible=Ball((0.0, 0.0), 0.05))
    box = replace(base.problem, feasible=Box((1.0, -4.0), (4.0, 4.0)))
    for problem in (ball, box):
        for seed in range(6):
            task = exercise(replace(base, problem=problem), seed)
            for state in (task.theta, task.before):
                assert problem.feasible.contains(np.array(state))


def test_a_step_that_leads_far_away_is_not_what_the_state_is_left_by() -> None:
    task = exercise(replace(lecture_experiment(), optimizer=GradientDescent(1e6)), 3)
    assert task.theta == task.before


def test_weights_too_large_to_have_decimals_stay() -> None:
    far = replace(lecture_experiment(), start=Given((1e308, 0.125)))
    assert exercise(far, 0).theta == (1e308, 0.12)


def test_what_cannot_be_set_is_said() -> None:
    data = lecture_experiment().problem.data
    large = Problem(data, Network((2, 8, 1), (TANH, SIGMOID), (True, True)))
    with pytest.raises(ValueError, match="33 weights are too many"):
        exercise(Experiment(large, start=GlorotUniform()), 1)
    with pytest.raises(ValueError, match="a batch of 5 is not between 1 and 4"):
        exercise(lecture_experiment(), 1, 5)


def test_a_guess_misses_by_a_distance_and_an_angle() -> None:
    origin, true = np.array([1.0, 1.0]), np.array([2.0, 1.0])
    assert miss(origin, true, true) == Miss(0.0, 0.0)
    found = miss(origin, true, np.array([1.0, 2.0]))
    assert (found.distance, found.angle) == (pytest.approx(2.0**0.5), pytest.approx(90.0))
    assert miss(origin, true, np.array([0.0, 1.0])) == Miss(2.0, 180.0)
    assert miss(origin, true, origin) == Miss(1.0, None)
    assert miss(origin, origin, true) == Miss(1.0, None)


def test_what_an_exercise_asks_depends_on_no_setting_that_it_does_not_use() -> None:
    base = lecture_experiment()
    task = exercise(base, 4)
    assert task.asks_the_same_as(exercise(replace(base, start=Given((1.0, 2.0))), 4))
    assert not task.asks_the_same_as(exercise(base, 5))
    assert not task.asks_the_same_as(exercise(replace(base, optimizer=GradientDescent(0.2)), 4))
