"""The compiled engine: one step of any network equals NumPy's, and its history comes back whole."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from mlpsim.core.activations import IDENTITY, RELU, SIGMOID, TANH
from mlpsim.core.compiled.engine import COMPILED, engine_named
from mlpsim.core.compiled.program import BLOCK
from mlpsim.core.dataset import Dataset
from mlpsim.core.edits import edited, with_theta
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.losses import huber
from mlpsim.core.network import Network
from mlpsim.core.optimizers import (
    Adam,
    GradientDescent,
    Momentum,
    RMSProp,
)
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.segment import first_segment
from mlpsim.core.starts import Given
from mlpsim.core.training import (
    FULL_RECORDING,
    KEYFRAME_INTERVAL,
    Burst,
    advance,
    begin,
    recording_interval,
    replay,
)
from tests.core.compiled.random_experiments import assert_close, experiments
from tests.core.engines import needs_numba
from tests.runs import trained

pytestmark = needs_numba

LECTURE = lecture_experiment()


def both(experiment: Experiment, steps: int):
    segments = first_segment(experiment), first_segment(experiment, COMPILED)
    return [advance(segment, begin(segment, None), steps) for segment in segments]


def compiled_run(experiment: Experiment, steps: int, burst: int = 10_000) -> Run:
    return trained(experiment, steps, burst, COMPILED)


def assert_values_close(compiled: Burst, reference: Burst, tolerance: float) -> None:
    """J where both have recorded it; NumPy has whatever the engine has."""
    known = np.isfinite(compiled.values)
    assert np.isfinite(reference.values[known]).all()
    assert_close(compiled.values[known], reference.values[known], tolerance)


@settings(max_examples=150)
@given(experiments())
def test_one_step_of_any_network_equals_numpys(experiment) -> None:
    reference, compiled = both(experiment, 1)
    assert_close(compiled.thetas, reference.thetas, 1e-12)
    assert_values_close(compiled, reference, 1e-12)
    for here, there in zip(compiled.last.state, reference.last.state, strict=True):
        assert_close(here, there, 1e-12)
    assert compiled.last.k == reference.last.k


@settings(max_examples=60)
@given(experiments())
def test_the_steps_of_an_epoch_equal_numpys(experiment) -> None:
    reference, compiled = both(experiment, 7)
    assert compiled.diverged_at == reference.diverged_at
    assert_close(compiled.thetas, reference.thetas, 1e-7)
    assert_values_close(compiled, reference, 1e-7)


@pytest.mark.parametrize("hidden", [(3,), (19, 13, 3)], ids=["narrow", "wide"])
def test_blocks_of_samples_add_up_to_numpys_sums(hidden) -> None:
    rng = np.random.default_rng(5)
    samples = 2 * BLOCK + 37
    layers = (*[TANH] * len(hidden), SIGMOID)
    network = Network((2, *hidden, 1), layers, (True,) * len(layers))
    data = Dataset(rng.normal(size=(samples, 2)), rng.integers(0, 2, (samples, 1)))
    start = Given(tuple(rng.normal(size=network.n_params)))
    full = Experiment(Problem(data, network, reduction="mean"), start=start)
    for sampling in (Sampling(), Sampling(2 * BLOCK), Sampling(3)):
        reference, compiled = both(replace(full, sampling=sampling), 20)
        assert_close(compiled.thetas, reference.thetas, 1e-12)
        assert_values_close(compiled, reference, 1e-12)


@pytest.mark.parametrize("sampling", [Sampling(), Sampling(3, seed=1)])
def test_states_do_not_depend_on_how_steps_are_cut_into_bursts(sampling) -> None:
    experiment = replace(LECTURE, optimizer=Adam(0.05), sampling=sampling)
    whole, pieces = compiled_run(experiment, 700), compiled_run(experiment, 700, burst=13)
    assert np.array_equal(whole.recorded(0, 700)[1], pieces.recorded(0, 700)[1])
    assert np.array_equal(whole.values(0, 700), pieces.values(0, 700))
    for a, b in zip(whole.tip.state, pieces.tip.state, strict=True):
        assert np.array_equal(a, b)


@pytest.mark.parametrize("sampling", [Sampling(), Sampling(1, seed=1)])
def test_every_state_comes_back_bit_for_bit_from_a_thinned_history(sampling) -> None:
    run = compiled_run(replace(LECTURE, optimizer=Momentum(0.05), sampling=sampling), 3000)
    states = run.recorded(0, 3000)[1].copy()
    run.thin(thetas=4000, keyframes=2000)
    assert run.stride > KEYFRAME_INTERVAL
    for k in range(0, 3001, 37):
        assert np.array_equal(run.theta(k), states[k])
        assert run.checkpoint(k).t == k


def test_keyframes_and_the_state_before_the_last_equal_numpys() -> None:
    reference, compiled = both(replace(LECTURE, optimizer=RMSProp(0.02)), 5000)
    known = {key.k: key for key in reference.keyframes}
    pairs = [(key, known[key.k]) for key in compiled.keyframes]
    assert len(pairs) >= 2
    pairs.append((compiled.before_last, reference.before_last))
    for here, there in pairs:
        assert (here.k, here.t) == (there.k, there.t)
        assert_close(here.theta, there.theta, 1e-9)
        for a, b in zip(here.state, there.state, strict=True):
            assert_close(a, b, 1e-9)


def growing(sampling: Sampling) -> Experiment:
    """A line fit whose rate is far too large."""
    data = Dataset(np.array([[1.0], [2.0], [-1.0]]), np.array([[1.0], [0.0], [2.0]]))
    problem = Problem(data, Network((1, 1), (IDENTITY,), (True,)))
    return Experiment(problem, GradientDescent(1e30), sampling=sampling, start=Given((0.5, 0.5)))


@pytest.mark.parametrize("sampling", [Sampling(), Sampling(1), Sampling(2)])
def test_a_run_diverges_at_numpys_step(sampling) -> None:
    reference, compiled = both(growing(sampling), 100)
    assert reference.diverged_at is not None
    assert compiled.diverged_at == reference.diverged_at
    assert compiled.last.k == reference.last.k == compiled.diverged_at - 1
    assert_close(compiled.thetas, reference.thetas, 1e-9)
    assert np.isfinite(compiled.values).all()


def test_a_divergence_between_recorded_states_is_found() -> None:
    rng = np.random.default_rng(2)
    data = Dataset(rng.normal(size=(3000, 4)), rng.normal(size=(3000, 1)))
    network = Network((4, 3, 1), (RELU, IDENTITY), (True, True))
    start = Given(tuple(rng.normal(size=network.n_params)))
    experiment = Experiment(
        Problem(data, network), GradientDescent(1e9), sampling=Sampling(10), start=start
    )
    reference, compiled = both(experiment, 100)
    assert compiled.diverged_at == reference.diverged_at
    assert np.array_equal(np.isnan(compiled.values), np.isnan(reference.values))


def test_the_objective_is_recorded_as_often_as_it_costs_no_more_than_the_steps() -> None:
    rng = np.random.default_rng(3)
    network = Network((2, 4, 2, 1), (TANH, TANH, SIGMOID), (True, True, True))
    data = Dataset(rng.normal(size=(500, 2)), rng.integers(0, 2, (500, 1)))
    start = Given(tuple(rng.normal(size=network.n_params)))
    experiment = Experiment(Problem(data, network), sampling=Sampling(10), start=start)
    reference, compiled = both(experiment, 100)
    every = recording_interval(first_segment(experiment, COMPILED))
    assert every == 32
    assert np.isfinite(reference.values).all()
    known = np.flatnonzero(np.isfinite(compiled.values))
    assert list(known + 1) == list(range(every, 101, every))
    assert_values_close(compiled, reference, 1e-9)
    run = compiled_run(experiment, 100)
    assert run.value(every + 1) == experiment.problem.value(run.theta(every + 1))
    few = first_segment(replace(LECTURE, sampling=Sampling(1)), COMPILED)
    assert recording_interval(few) == 1
    assert (
        recording_interval(first_segment(replace(experiment, sampling=Sampling()), COMPILED)) == 1
    )


# How many steps take as long as J on all data, of networks of tanh, measured with AVX-512.
STEPS_A_VALUE = (
    ((2, 1), 4, 1, 0.4),
    ((1, 1), 20, 1, 0.8),
    ((2, 1), 100, 1, 3.7),
    ((1, 1), 300, 1, 14.0),
    ((2, 1), 1000, 1, 53.0),
    ((2, 1), 1000, 10, 11.6),
    ((2, 1), 1000, 100, 1.7),
    ((1, 1), 5000, 1, 180.0),
    ((2, 4, 1), 300, 1, 10.0),
    ((2, 4, 1), 1000, 1, 40.0),
    ((2, 4, 1), 1000, 10, 14.0),
    ((2, 8, 8, 1), 100, 1, 4.4),
    ((2, 8, 8, 1), 100, 10, 2.4),
    ((2, 8, 8, 1), 5000, 1, 202.0),
    ((2, 8, 8, 1), 5000, 100, 18.5),
    ((2, 64, 64, 1), 5000, 10, 101.0),
)


@pytest.mark.parametrize(("sizes", "samples", "batch", "steps"), STEPS_A_VALUE)
def test_recording_the_objective_takes_no_longer_than_the_steps(
    sizes, samples, batch, steps
) -> None:
    layers = (TANH,) * (len(sizes) - 1)
    network = Network(sizes, layers, (True,) * len(layers))
    problem = Problem(Dataset(np.ones((samples, sizes[0])), np.ones((samples, 1))), network)
    start = Given((0.0,) * network.n_params)
    experiment = Experiment(problem, sampling=Sampling(batch), start=start)
    every = recording_interval(first_segment(experiment, COMPILED))
    share = 0.2 if samples * network.n_params > FULL_RECORDING else 1.0
    assert steps / every <= 1.5 * share
    assert every == 1 or steps / every >= 0.15 * share


def test_a_thinned_run_knows_the_objective_of_the_states_that_it_keeps() -> None:
    rng = np.random.default_rng(4)
    data = Dataset(rng.normal(size=(1000, 2)), rng.integers(0, 2, (1000, 1)))
    problem = Problem(data, Network((2, 1), (SIGMOID,), (True,)), reduction="mean")
    run = compiled_run(Experiment(problem, sampling=Sampling(1), start=Given((0.0,) * 3)), 600_000)
    run.thin(thetas=200_000, keyframes=10**8)
    kept, _ = run.recorded(0, run.last)
    assert run.stride >= recording_interval(run.segments[0]) > 1
    assert len(kept) > 10
    assert np.isfinite([run.recorded_value(k) for k in kept.tolist()]).all()


def test_a_stationary_state_ends_the_burst() -> None:
    data = Dataset(np.array([[1.0], [2.0]]), np.array([[1.0], [1.0]]))
    experiment = Experiment(
        Problem(data, Network((1, 1), (IDENTITY,), (False,))), start=Given((5.0,))
    )
    ends = []
    for engine in (None, COMPILED):
        segment = first_segment(experiment, engine)
        burst = advance(segment, begin(segment, None), 10_000, tolerance=1e-6)
        assert burst.stationary
        ends.append(burst.last.k)
    assert ends[0] == ends[1] > 0


def test_an_interruption_ends_the_burst_after_a_call() -> None:
    segment = first_segment(replace(LECTURE, sampling=Sampling(1)), COMPILED)
    burst = advance(segment, begin(segment, None), 1_000_000, interrupted=lambda: True)
    assert 0 < burst.last.k < 1_000_000
    assert len(burst.thetas) == burst.last.k


def test_the_engine_is_chosen_at_step_0_and_kept_by_forks() -> None:
    run = Run.from_experiment(LECTURE)
    run.choose_engine(COMPILED)
    run.extend(advance(run.segments[-1], run.tip, 10))
    run.choose_engine(None)
    assert run.segments[0].engine is COMPILED
    faster = edited(run, 5, replace(LECTURE, optimizer=Momentum(0.2)))
    moved = with_theta(run, 5, np.array([0.5, 0.5]))
    for fork in (faster, moved, run.head(5)):
        assert [segment.engine for segment in fork.segments] == [COMPILED] * len(fork.segments)


def test_what_has_no_twin_is_left_to_numpy() -> None:
    square = replace(SIGMOID, name="square")
    network = Network((2, 1), (square,), (False,))
    strange = replace(LECTURE, problem=replace(LECTURE.problem, network=network))
    assert COMPILED.lacks(strange) == "square"
    assert first_segment(strange, COMPILED).engine is None
    run = Run.from_experiment(strange)
    run.choose_engine(COMPILED)
    assert run.segments[0].engine is None

    class Strange(GradientDescent):
        """No table knows it."""

    assert COMPILED.lacks(replace(LECTURE, optimizer=Strange())) == "Strange"
    loss = replace(LECTURE.problem.loss, name="cubic")
    assert COMPILED.lacks(replace(LECTURE, problem=replace(LECTURE.problem, loss=loss))) == "cubic"


def test_a_record_ends_at_the_state_of_the_run() -> None:
    run = compiled_run(replace(LECTURE, optimizer=Adam(0.3)), 40)
    for k in range(1, 41):
        record = run.record(k)
        assert np.array_equal(record.theta_after, run.theta(k))
        assert not record.projected
    fork = edited(run, 20, replace(LECTURE, optimizer=Adam(0.2)))
    assert fork.record(20).set_by_hand is None
    assert with_theta(run, 20, np.zeros(2)).record(20).set_by_hand is not None


def test_it_goes_to_other_processes_and_is_known_by_its_name() -> None:
    assert pickle.loads(pickle.dumps(COMPILED)) == COMPILED
    assert engine_named("numba") is COMPILED
    assert engine_named("numpy") is None


def test_a_replay_begins_anywhere() -> None:
    run = compiled_run(replace(LECTURE, sampling=Sampling(3)), 100)
    again = replay(run.segments[0], run.checkpoint(64), 99)
    assert np.array_equal(again.theta, run.theta(99))


def test_the_kernel_is_compiled_once() -> None:
    from mlpsim.core.compiled import kernels

    one_input = Dataset(np.array([[1.0], [2.0]]), np.array([[1.0], [1.0]]))
    line = Experiment(
        Problem(one_input, Network((1, 1), (IDENTITY,), (False,)), huber(1), "mean", Penalty(1)),
        start=Given((5.0,)),
    )
    for experiment in (LECTURE, line):
        for sampling in (Sampling(), Sampling(1), Sampling(1, "given", batches=((1,), (0, 1)))):
            compiled_run(replace(experiment, sampling=sampling), 3)
    assert len(kernels.descend.signatures) == 1
    assert len(kernels.descend_by_batches.signatures) == 1


def test_a_first_step_that_diverges_leaves_no_states() -> None:
    steep = replace(growing(Sampling()), optimizer=GradientDescent(1e308))
    reference, compiled = both(steep, 5)
    assert compiled.diverged_at == reference.diverged_at == 1
    assert compiled.thetas.shape == (0, 2)
    assert compiled.last is compiled.first


def test_a_tolerance_that_is_not_met_ends_nothing() -> None:
    segment = first_segment(LECTURE, COMPILED)
    burst = advance(segment, begin(segment, None), 150, tolerance=1e-9)
    assert not burst.stationary
    assert burst.last.k == 150


def test_the_process_that_compiles_calls_every_kernel() -> None:
    from mlpsim.core.compiled import __main__ as process
    from mlpsim.core.compiled import kernels, lanes, sample_wise

    process.warm()
    called = (kernels.descend, kernels.descend_by_batches, lanes.advance_lanes)
    for kernel in (*called, sample_wise.store_gradients):
        assert len(kernel.signatures) == 1
