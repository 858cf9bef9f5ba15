"""Compiled draws, bit for bit those of NumPy's own generators and sort."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpsim.core import sampling
from mlpsim.core.random import MAX_SEED
from mlpsim.core.sampling import ORDERS, Sampling, visits_of_seeds
from tests.core.engines import needs_numba

pytestmark = needs_numba

SEEDS = st.integers(0, MAX_SEED) | st.sampled_from((0, 2**32 - 1, 2**32, MAX_SEED))
SAMPLES = st.integers(1, 40) | st.integers(41, 700)
RANDOM = st.sampled_from(("without_replacement", "with_replacement"))


@settings(max_examples=200)
@given(st.lists(SEEDS, min_size=1, max_size=5), RANDOM, SAMPLES, st.integers(0, 2**40), st.data())
def test_draws_are_numpys(seeds, order, samples, first, data) -> None:
    from mlpsim.core.compiled.draws import drawn

    count = data.draw(st.integers(0, 2 * samples + 100))
    found = drawn(seeds, order, samples, first, count)
    assert np.array_equal(found, sampling.drawn(seeds, order, samples, first, count))


@pytest.mark.parametrize("samples", [1, 5, 16, 17, 60])
@pytest.mark.parametrize("numbers", [[0, 2**63, 2**64 - 1], [2**40, 2**40 + 1], [7]])
def test_equal_draws_keep_the_order_of_the_data(samples: int, numbers: list[int]) -> None:
    from mlpsim.core.compiled import draws
    from mlpsim.core.compiled.jit import kernel

    @kernel
    def order(drawn, places, room, visits):
        draws.rank(drawn, 0, places, visits, 0)
        draws.sort(drawn, 0, places, room, visits, 1)

    rng = np.random.default_rng(samples)
    drawn = rng.choice(np.array(numbers, np.uint64), (samples, draws.WIDTH))
    visits = np.empty((drawn.size, 2), np.intp)
    places, room = np.empty((samples + 1, draws.WIDTH), np.intp), np.empty(samples, np.intp)
    order(drawn, places, room, visits)
    right = np.argsort(drawn, axis=0, kind="stable")
    assert np.array_equal(visits[:, 0], right.T.reshape(-1))
    assert np.array_equal(visits[:samples, 1], right[:, 0])


@settings(max_examples=100)
@given(
    st.sampled_from(ORDERS),
    st.none() | st.integers(1, 50),
    st.integers(1, 40),
    st.integers(0, 200),
    st.integers(0, 60),
    SEEDS,
)
def test_steps_see_what_they_see_with_numpy(order, size, samples, place, steps, seed) -> None:
    from mlpsim.core.compiled.draws import drawn

    rng = np.random.default_rng(samples)
    batches = tuple(tuple(rng.integers(0, samples, n).tolist()) for n in (1, 4, 2))
    sampling = Sampling(size, order, seed, batches if order == "given" else ())
    epoch, within = divmod(place, sampling.steps_per_epoch(samples))
    for found, right in zip(
        sampling.visits(samples, epoch, within, steps, drawn),
        sampling.visits(samples, epoch, within, steps),
        strict=True,
    ):
        assert np.array_equal(found, right)
    seeds = [seed, 3]
    for found, right in zip(
        visits_of_seeds(sampling, seeds, samples, place, steps, drawn),
        visits_of_seeds(sampling, seeds, samples, place, steps),
        strict=True,
    ):
        assert np.array_equal(found, right)
