"""Sweeps: the cells of a grid, what comes of them, and that any executor gives the same."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.files.document import states
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.held_out import HeldOut, Split
from mlpsim.core.network import Network
from mlpsim.core.optimizers import Adam, AdamW, GradientDescent, Momentum
from mlpsim.core.problem import Problem
from mlpsim.core.random import MAX_SEED
from mlpsim.core.sampling import Sampling
from mlpsim.core.segment import first_segment
from mlpsim.core.starts import Given, GlorotUniform, HeNormal, Uniform, Zeros
from mlpsim.core.studies.sweep import (
    Axis,
    Sweep,
    has_same_samples,
    run_cell,
    run_cells,
    with_seed,
)
from mlpsim.core.studies.sweep_axes import KINDS, kind

LECTURE = lecture_experiment()
GRID = Sweep(LECTURE, (Axis("eta", ("0.1", "0.01")), Axis("batch", ("1", "3", "full"))), 2, 5)


def test_the_last_axis_and_then_the_seed_vary_fastest() -> None:
    cells = GRID.cells()
    assert len(GRID) == len(cells) == 12
    assert [cell.number for cell in cells] == list(range(12))
    assert [cell.values for cell in cells[:5:2]] == [("0.1", "1"), ("0.1", "3"), ("0.1", "full")]
    assert [cell.seed for cell in cells[:4]] == [0, 1, 0, 1]
    assert [cell.steps for cell in cells[:6:2]] == [20, 10, 5]
    assert cells[7].experiment.optimizer == GradientDescent(0.01)
    assert cells[7].experiment.sampling == Sampling(1, seed=1)


def test_more_cells_than_can_be_counted_are_refused() -> None:
    with pytest.raises(ValueError, match="cells are more than 100,000"):
        replace(GRID, seeds=10**20)


def test_a_number_of_steps_goes_for_every_cell() -> None:
    assert {cell.steps for cell in replace(GRID, steps=7).cells()} == {7}


def test_a_result_is_that_of_the_run() -> None:
    cell = GRID.cells()[3]
    result = run_cell(cell)
    found = [state for _, state in states((first_segment(cell.experiment),), cell.steps)]
    problem = cell.experiment.problem
    assert result.curve == tuple((s.k, float(problem.value(s.theta))) for s in found)
    assert result.objective == float(problem.value(found[-1].theta))
    assert result.error == pytest.approx(result.objective / 4.0, rel=1e-15)
    assert result.accuracy == 1.0
    assert result.diverged_at is None
    assert result.held_out_error is None


def test_held_out_samples_are_told_of_apart() -> None:
    data = LECTURE.problem.data
    split = replace(
        LECTURE,
        problem=replace(LECTURE.problem, data=data.without([3])),
        held_out=HeldOut(data.without([0, 1, 2]), (3,), Split()),
    )
    result = run_cell(Sweep(split, (), epochs=1).cells()[0])
    # w = -0.1·∇(e¹ + e² + e³) = (-0.225, -0.225) and z⁴ = 2·w₁₁ - 5·w₁₂ = 0.675.
    assert result.held_out_error == pytest.approx((1.0 / (1.0 + np.exp(-0.675))) ** 2, rel=1e-12)
    assert (result.accuracy, result.held_out_accuracy) == (1.0, 0.0)


def test_samples_are_the_same_whatever_their_labels() -> None:
    data = LECTURE.problem.data
    fewer = replace(LECTURE, problem=replace(LECTURE.problem, data=data.without([3])))
    split = replace(fewer, held_out=HeldOut(data.without([0, 1, 2]), (3,), Split()))
    assert has_same_samples(LECTURE, kind("loss").apply(LECTURE, "hinge"))
    assert not has_same_samples(LECTURE, fewer)
    assert not has_same_samples(fewer, split)
    assert has_same_samples(split, replace(split, scaling="unbiased"))


def test_a_long_curve_keeps_101_points() -> None:
    result = run_cell(replace(GRID.cells()[0], steps=1000))
    assert [k for k, _ in result.curve] == list(range(0, 1001, 10))


def test_a_diverging_cell_says_when_and_keeps_the_last_finite_value() -> None:
    preset = find_preset("ravine", load_presets())
    base = preset.document("beyond the limit").experiment
    cell = Sweep(base, (Axis("eta", ("1e200",)),), steps=50).cells()[0]
    result = run_cell(cell)
    assert result.diverged_at is not None
    assert 1 <= result.diverged_at <= 3
    assert np.isfinite([result.objective, result.error]).all()
    assert result.accuracy is None


def test_a_start_that_is_not_finite_diverges_at_once() -> None:
    penalized = replace(LECTURE.problem, penalty=replace(LECTURE.problem.penalty, l2=1.0))
    start = replace(LECTURE.start, values=(1e200, 0.0))
    cell = Sweep(replace(LECTURE, problem=penalized, start=start), (), steps=5).cells()[0]
    assert run_cell(cell).diverged_at == 0


def test_an_interrupted_cell_ends_where_it_is() -> None:
    assert run_cell(GRID.cells()[0], lambda: True).curve == ((0, 1.0),)


@pytest.mark.parametrize("workers", [1, 3])
def test_an_executor_gives_every_result_once(workers) -> None:
    cells = GRID.cells()
    with ThreadPoolExecutor(workers) as executor:
        found = list(run_cells(cells, executor, workers))
    assert sorted(result.number for result in found) == list(range(12))
    assert {result.number: result for result in found} == {c.number: run_cell(c) for c in cells}


def test_a_cancelled_sweep_ends() -> None:
    seen = set()
    with ThreadPoolExecutor(1) as executor:
        for result in run_cells(GRID.cells(), executor, 1, lambda: len(seen) >= 2):
            seen.add(result.number)
    assert 2 <= len(seen) < 12


def test_seeds_move_on_and_begin_anew_after_the_last() -> None:
    seeded = replace(LECTURE, start=GlorotUniform(3), sampling=Sampling(1, seed=MAX_SEED))
    moved = with_seed(seeded, 2)
    assert moved.start == GlorotUniform(5)
    assert moved.sampling.seed == 1
    assert with_seed(LECTURE, 2).start == LECTURE.start


def test_the_fingerprint_tells_sweeps_apart() -> None:
    others = (
        replace(GRID, seeds=3),
        replace(GRID, steps=9),
        replace(GRID, axes=GRID.axes[:1]),
        replace(GRID, base=replace(LECTURE, optimizer=GradientDescent(0.2))),
    )
    assert len({GRID.fingerprint(), *(other.fingerprint() for other in others)}) == 5
    assert GRID.fingerprint() == replace(GRID).fingerprint()


# -- axes --------------------------------------------------------------------------------------


def test_an_optimizer_comes_before_its_hyperparameters() -> None:
    axes = (Axis("momentum", ("0.5",)), Axis("eta", ("0.3",)), Axis("optimizer", ("momentum",)))
    assert Sweep(LECTURE, axes).cells()[0].experiment.optimizer == Momentum(0.3, 0.5)


def test_another_optimizer_keeps_the_rate_and_the_same_one_its_numbers() -> None:
    assert kind("optimizer").apply(LECTURE, "adamw").optimizer == AdamW(0.1)
    tuned = replace(LECTURE, optimizer=Adam(0.2, 0.5))
    assert kind("optimizer").apply(tuned, "adam") is tuned
    decaying = replace(LECTURE, optimizer=AdamW(0.1))
    assert kind("optimizer").apply(decaying, "adam").optimizer == Adam(0.1)


def test_a_batch_size_keeps_the_order_and_leaves_given_batches() -> None:
    with_replacement = replace(LECTURE, sampling=Sampling(2, "with_replacement", 5))
    assert kind("batch").apply(with_replacement, "3").sampling == Sampling(3, "with_replacement", 5)
    given = replace(LECTURE, sampling=Sampling(None, "given", 7, ((0, 1),)))
    assert kind("batch").apply(given, "full").sampling == Sampling(None, seed=7)


def test_another_start_keeps_the_seed_and_the_same_one_its_numbers() -> None:
    drawn = replace(LECTURE, start=Uniform(3.0, 7))
    assert kind("start").apply(drawn, "uniform") is drawn
    assert kind("start").apply(drawn, "he-normal").start == HeNormal(seed=7)
    assert kind("start").apply(drawn, "zeros").start == Zeros()
    assert kind("start").apply(drawn, "0.5:-1").start == Given((0.5, -1.0))
    network = Network((1, 1), (IDENTITY,), (False,))
    single = Experiment(Problem(Dataset([[1.0]], [[2.0]]), network), start=Zeros())
    assert kind("start").apply(single, "0.5").start == Given((0.5,))


def test_penalties() -> None:
    assert kind("l1").apply(LECTURE, "0.5").problem.penalty.l1 == 0.5
    assert kind("l2").apply(LECTURE, "0.5").problem.penalty.l2 == 0.5


def test_squared_error_and_cross_entropy_compare_the_same_model() -> None:
    logits = kind("loss").apply(LECTURE, "bce_logits")
    assert logits.problem.loss.name == "bce_logits"
    assert logits.problem.network.activations[-1].name == "identity"
    theta = np.array([-0.3, 0.2])
    x = LECTURE.problem.data.x
    np.testing.assert_allclose(
        logits.problem.predict(theta, x), LECTURE.problem.predict(theta, x), rtol=1e-15
    )
    assert kind("loss").apply(logits, "squared_error") == LECTURE
    assert kind("loss").apply(LECTURE, "squared_error") is LECTURE


def test_squared_error_gets_its_sigmoids_back_from_softmax() -> None:
    softmax = find_preset("blobs-softmax", load_presets()).document(None).experiment
    squared = kind("loss").apply(softmax, "squared_error")
    assert squared.problem.network.activations[-1].name == "sigmoid"
    assert run_cell(Sweep(squared, (), epochs=1).cells()[0]).accuracy is not None


def test_labels_go_with_the_loss() -> None:
    hinge = kind("loss").apply(LECTURE, "hinge")
    assert hinge.problem.data.y.ravel().tolist() == [1.0, 1.0, -1.0, -1.0]
    assert hinge.problem.network.activations[-1].name == "identity"  # a score of both signs
    half = kind("loss").apply(LECTURE, "half_squared_error")
    assert half.problem.network == LECTURE.problem.network
    data = replace(LECTURE.problem.data, y=3.0 * LECTURE.problem.data.y)  # σ comes to 1 at most
    beyond = replace(LECTURE, problem=replace(LECTURE.problem, data=data))
    absolute = kind("loss").apply(beyond, "absolute_error")
    assert absolute.problem.network == LECTURE.problem.network
    sine = find_preset("sine", load_presets()).document(None).experiment
    assert kind("loss").apply(sine, "absolute_error").problem.network == sine.problem.network
    one_hot = kind("loss").apply(LECTURE, "softmax_ce_logits")
    assert one_hot.problem.data.n_outputs == 2


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("eta", "fast", "eta = fast: 'fast' is not a finite number"),
        ("eta", "-1", "eta = -1: learning rate -1.0 is below 0"),
        ("batch", "0", "batch = 0: '0' is neither a whole number from 1 on nor 'full'"),
        ("batch", "5", "batch = 5: there are 4 samples, and 'full' takes all"),
        ("loss", "cubic", "unknown loss 'cubic'; known: "),
        ("optimizer", "sgd", "unknown optimizer 'sgd'; known: gd, momentum"),
        ("start", "0.5", "start = 0.5: unknown start '0.5'; known: zeros, uniform, glorot-uniform"),
        ("momentum", "0.9", "has no momentum; these have one: momentum, variable-rate, rmsprop"),
    ],
)
def test_a_value_that_does_not_fit_is_named(name, value, message) -> None:
    with pytest.raises(ValueError, match=message):
        Sweep(LECTURE, (Axis(name, (value,)),)).cells()


def test_labels_that_no_loss_takes_are_refused() -> None:
    sine = find_preset("sine", load_presets()).document(None).experiment
    with pytest.raises(ValueError, match="This loss takes the labels −1 and \\+1"):
        kind("loss").apply(sine, "hinge")


def test_grids_that_are_none_are_refused() -> None:
    known = ", ".join(entry.name for entry in KINDS)
    with pytest.raises(ValueError, match=f"unknown axis 'rate'; known: {known}"):
        Axis("rate", ("1",))
    with pytest.raises(ValueError, match="has no values"):
        Axis("eta", ())
    with pytest.raises(ValueError, match="names a value twice"):
        Axis("eta", ("1", "1"))
    with pytest.raises(ValueError, match="an axis is named twice"):
        Sweep(LECTURE, (Axis("eta", ("1",)), Axis("eta", ("2",))))
    with pytest.raises(ValueError, match="seeds 0 is below 1"):
        Sweep(LECTURE, (), 0)
    with pytest.raises(ValueError, match="100,001 cells are more than 100,000"):
        Sweep(LECTURE, (), 100_001)
