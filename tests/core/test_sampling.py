"""Sampling and random draws against the recorded vectors of PCG64."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import TANH
from mlpsim.core.network import Network
from mlpsim.core.random import MAX_SEED, moved, normal, raw, raw_of_seeds, uniform
from mlpsim.core.sampling import Sampling, visits_of_seeds
from mlpsim.core.starts import (
    STARTS,
    Given,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Uniform,
    Zeros,
    next_random_start,
)
from tests.recorded import recorded

VECTORS = recorded("rng")["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"seed {vector['seed']}")
def test_draws_and_orders_are_the_recorded_ones(vector: dict) -> None:
    seed = vector["seed"]
    assert [str(x) for x in raw(seed, 0, len(vector["raw"]))] == vector["raw"]
    assert str(raw(seed, 1000, 1)[0]) == vector["raw_1000"]
    assert list(uniform(seed, 0, len(vector["uniform"]))) == vector["uniform"]
    sampling = Sampling(1, seed=seed)
    for entry in vector["orders"]:
        assert list(sampling.epoch_order(entry["S"], entry["epoch"])) == entry["order"]
    sampling = Sampling(1, "with_replacement", seed=seed)
    for entry in vector["with_replacement"]:
        assert list(sampling.epoch_order(entry["S"], entry["epoch"])) == entry["order"]


def test_draws_of_many_seeds_are_those_of_each() -> None:
    seeds = [*range(40), 2**31, 2**32 - 1, 2**32, 2**40 + 17, MAX_SEED]
    for first, count in ((0, 3), (1000, 5), (2**70, 1)):
        assert np.array_equal(
            raw_of_seeds(seeds, first, count), [raw(seed, first, count) for seed in seeds]
        )


def test_a_seed_that_moves_on_past_the_last_begins_again() -> None:
    assert moved(3, 4) == 7
    assert moved(MAX_SEED, 2) == 1


def test_an_epoch_visits_every_sample_once_and_uses_the_short_last_batch() -> None:
    sampling = Sampling(3)
    assert sampling.steps_per_epoch(7) == 3
    for epoch in (0, 5, 10_000):
        batches = [sampling.batch(7, epoch, place) for place in range(3)]
        assert [len(batch) for batch in batches] == [3, 3, 1]
        assert sorted(np.concatenate(batches)) == list(range(7))


def test_gradient_descent_sees_everything_in_data_order() -> None:
    sampling = Sampling()
    assert sampling.is_full
    assert sampling.steps_per_epoch(5) == 1
    assert list(sampling.batch(5, 3, 0)) == [0, 1, 2, 3, 4]


def test_cyclic_order_is_the_datas() -> None:
    assert list(Sampling(2, "cyclic").batch(5, 9, 1)) == [2, 3]


def test_given_batches_repeat() -> None:
    sampling = Sampling(None, "given", batches=((0, 0), (3,)))
    assert not sampling.is_full
    assert sampling.steps_per_epoch(4) == 2
    assert list(sampling.batch(4, 0, 0)) == [0, 0]
    assert list(sampling.epoch_order(4, 8)) == [0, 0, 3]
    with pytest.raises(ValueError, match="batch 2 names sample 4"):
        sampling.check(3)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"batch_size": 0}, "below 1"),
        ({"order": "random"}, "unknown sampling order"),
        ({"seed": -1}, "seed -1"),
        ({"seed": MAX_SEED + 1}, "is not between"),
        ({"order": "given"}, "at least one batch"),
        ({"order": "given", "batches": ((),)}, "at least one batch"),
        ({"order": "given", "batches": ((-1,),)}, "before the first"),
    ],
)
def test_what_is_not_a_sampling_is_refused(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Sampling(**arguments)
    with pytest.raises(ValueError, match="seed"):
        raw(-1, 0, 1)


@pytest.mark.parametrize("order", ["without_replacement", "with_replacement", "cyclic"])
@pytest.mark.parametrize(("samples", "size"), [(7, 3), (1500, 400), (5000, 3000)])
def test_steps_in_a_row_see_what_each_sees(order: str, samples: int, size: int) -> None:
    """Also where they end with an epoch, and few epochs, or not a whole one, are drawn at once."""
    sampling = Sampling(size, order, seed=3)
    per_epoch = sampling.steps_per_epoch(samples)
    for epoch, place, steps in ((0, 0, 2 * per_epoch), (1, 0, 3 * per_epoch), (1, 1, per_epoch)):
        visits, bounds = sampling.visits(samples, epoch, place, steps)
        assert len(bounds) == steps + 1
        for i, found in enumerate(np.split(visits, bounds[1:-1])):
            passed, within = divmod(place + i, per_epoch)
            assert np.array_equal(found, sampling.batch(samples, epoch + passed, within))


def test_no_batch_is_larger_than_the_data() -> None:
    assert Sampling(10).largest_batch(7) == 7
    assert Sampling(3).largest_batch(7) == 3


def test_an_order_that_is_not_drawn_is_safe_from_change() -> None:
    visits, _ = visits_of_seeds(Sampling(2, "cyclic"), (0,), 5, 0, 3)
    for shared in (Sampling().epoch_order(5, 0), visits):
        with pytest.raises(ValueError, match="read-only"):
            shared[0] = 1


def test_normal_numbers_are_normal() -> None:
    x = normal(3, 0, 20_001)
    assert len(x) == 20_001
    assert abs(x.mean()) < 0.03
    assert abs(x.std() - 1) < 0.03
    assert abs((x < -1).mean() - 0.1587) < 0.01


NETWORK = Network((30, 20, 5), (TANH, TANH), (True, True))


@pytest.mark.parametrize(
    ("start", "spread"),
    [
        (GlorotUniform(), np.sqrt(2 / 50)),
        (GlorotNormal(), np.sqrt(2 / 50)),
        (HeUniform(), np.sqrt(2 / 30)),
        (HeNormal(), np.sqrt(2 / 30)),
    ],
)
def test_scaled_starts_have_their_variance_and_no_biases(
    start: GlorotUniform, spread: float
) -> None:
    theta = start.theta(NETWORK)
    assert abs(NETWORK.weights(theta, 0).std() / spread - 1) < 0.1
    assert not NETWORK.connections(theta)[0].b.any()
    assert np.array_equal(theta, type(start)(0).theta(NETWORK))
    assert not np.array_equal(theta, type(start)(1).theta(NETWORK))


def test_simple_starts() -> None:
    assert not Zeros().theta(NETWORK).any()
    theta = Uniform(0.5, 2).theta(NETWORK)
    assert -0.5 <= theta.min() < -0.45 < 0.45 < theta.max() < 0.5
    assert list(Given((1.0, 2.0)).theta(NETWORK)) == [1.0, 2.0]
    with pytest.raises(ValueError, match="start value 2 is inf"):
        Given((0.0, float("inf")))
    with pytest.raises(ValueError, match="seed -1"):
        GlorotUniform(-1)
    assert len(STARTS) == 7


def test_the_next_random_start_takes_the_next_seed() -> None:
    assert next_random_start(Zeros()) == GlorotUniform(0)
    assert next_random_start(HeNormal(4)) == HeNormal(5)
    assert next_random_start(Uniform(2.0, MAX_SEED)) == Uniform(2.0, 0)


@pytest.mark.parametrize("order", ["without_replacement", "with_replacement", "cyclic"])
@pytest.mark.parametrize("size", [1, 3, None])
@pytest.mark.parametrize("at_once", [1, 10**6])
def test_many_seeds_are_drawn_as_each_alone(monkeypatch, order, size, at_once) -> None:
    monkeypatch.setattr("mlpsim.core.sampling.DRAWS_AT_ONCE", at_once)
    samplings = [Sampling(size, order, seed) for seed in (0, 5, 9)]
    for place, steps in ((0, 1), (2, 4), (17, 30)):
        visits, bounds = visits_of_seeds(samplings[0], (0, 5, 9), 7, place, steps)
        columns = np.broadcast_to(visits, (len(visits), 3)).T
        for sampling, found in zip(samplings, columns, strict=True):
            epoch, within = divmod(place, sampling.steps_per_epoch(7))
            right, places = sampling.visits(7, epoch, within, steps)
            assert np.array_equal(found, right)
            assert np.array_equal(bounds, places)


def test_what_many_seeds_drew_is_remembered_and_safe_from_change(monkeypatch) -> None:
    sampling = Sampling(2)
    first, _ = visits_of_seeds(sampling, range(3), 5, 4, 6)
    again, _ = visits_of_seeds(replace(sampling), [0, 1, 2], 5, 4, 6)
    assert again is first
    with pytest.raises(ValueError, match="read-only"):
        first[0, 0] = 1
    monkeypatch.setattr("mlpsim.core.sampling.VISITS_REMEMBERED", 29)
    afresh, _ = visits_of_seeds(sampling, range(3), 5, 4, 6)
    assert afresh is not first
    assert np.array_equal(afresh, first)
    with pytest.raises(ValueError, match="read-only"):
        afresh[0, 0] = 1
