"""Aims: which plane is laid through which point."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import IDENTITY, SIGMOID, TANH
from mlpsim.core.looks.aim import (
    PCA,
    RANDOM,
    TWO_WEIGHTS,
    is_same,
    lay,
    near,
    path_points,
    turned_like,
)
from mlpsim.core.network import Network
from mlpsim.core.plane import Plane

NETWORK = Network((2, 2, 1), (TANH, SIGMOID), (True, True))
STATE, START = np.arange(1.0, 10.0), -np.arange(1.0, 10.0)
PATH = np.outer(np.array([0.0, 1.0, 3.0]), np.ones(9)) + np.outer(
    np.array([0.0, 1.0, 0.0]), np.eye(9)[0]
)
MEAN = PATH.sum(axis=0) / 3.0


@pytest.mark.parametrize(("centre", "point"), [("state", STATE), ("start", START), ("mean", MEAN)])
def test_every_kind_of_plane_passes_through_its_centre(centre: str, point: np.ndarray) -> None:
    for usual in (TWO_WEIGHTS, RANDOM, PCA):
        plane = lay(replace(usual, centre=centre), NETWORK, STATE, START, PATH)
        assert float(plane.distance(point)) == pytest.approx(0.0, abs=1e-12)
        assert plane.kind == usual.kind


def test_the_directions_do_not_depend_on_the_centre_of_a_path() -> None:
    at_mean, at_state = (
        lay(replace(PCA, centre=c), NETWORK, STATE, START, PATH) for c in ("mean", "state")
    )
    assert np.array_equal(at_mean.u, at_state.u)
    assert at_mean.explained == at_state.explained
    assert np.array_equal(at_state.origin, STATE)
    assert np.array_equal(at_mean.origin, MEAN)


def test_a_seed_gives_the_same_directions_of_the_rows_own_size() -> None:
    first, again, other = (
        lay(replace(RANDOM, seed=seed), NETWORK, STATE, START, PATH) for seed in (5, 5, 6)
    )
    assert is_same(first, again)
    assert not is_same(first, other)
    rows, directions = (NETWORK.weights(t, 0) for t in (STATE, first.u))
    sizes = np.linalg.norm(directions, axis=-1)
    assert sizes == pytest.approx(np.linalg.norm(rows, axis=-1), rel=1e-9)


def test_without_a_path_the_mean_is_the_state() -> None:
    plane = lay(replace(TWO_WEIGHTS, centre="mean"), NETWORK, STATE, START, PATH[:0])
    assert float(plane.distance(STATE)) == 0.0


def test_what_cannot_be_laid_is_refused() -> None:
    with pytest.raises(ValueError, match="has moved"):
        lay(PCA, NETWORK, STATE, START, PATH[:1])
    with pytest.raises(ValueError, match="choose two different"):
        lay(replace(TWO_WEIGHTS, params=(3, 3)), NETWORK, STATE, START, PATH)
    with pytest.raises(ValueError, match="no parameter 10 among 9"):
        lay(replace(TWO_WEIGHTS, params=(0, 9)), NETWORK, STATE, START, PATH)


def test_one_parameter_has_one_line_whatever_is_aimed_at() -> None:
    network = Network((1, 1), (IDENTITY,), (False,))
    theta = np.array([2.0])
    assert lay(PCA, network, theta, theta, theta[None]).kind == "one_weight"


def test_directions_are_turned_to_point_as_before() -> None:
    u, v = np.eye(2)
    before = Plane("pca", np.zeros(2), u, v)
    assert turned_like(before, before) is before
    turned = turned_like(Plane("pca", np.ones(2), -u, v), before)
    assert np.array_equal(turned.u, u)
    assert np.array_equal(turned.v, v)
    assert np.array_equal(turned.origin, np.ones(2))


def test_planes_of_other_kinds_differ_though_they_hold_the_same_points() -> None:
    u, v = np.eye(2)
    plane = Plane("pca", np.zeros(2), u, v)
    assert is_same(plane, Plane("pca", np.zeros(2), u, v))
    assert not is_same(plane, Plane("random", np.zeros(2), u, v))
    assert not is_same(plane, Plane("pca", np.ones(2), u, v))


def test_a_long_path_is_thinned_and_what_diverged_is_left_out() -> None:
    path = np.stack([np.arange(5_000.0), np.zeros(5_000)], axis=-1)
    path[3, 1] = 1e101
    thinned = near(path)
    assert len(thinned) <= 2_000
    assert 3.0 not in thinned[:, 0]
    assert len(near(path[:50])) == 49


@pytest.mark.parametrize(
    ("weights", "points"), [(2, 2_000), (105, 2_000), (1_000, 250), (40_000, 64)]
)
def test_the_more_weights_a_path_has_the_fewer_of_its_points_count(weights, points) -> None:
    assert path_points(weights) == points
    path = np.broadcast_to(np.arange(2.0 * points)[:, None], (2 * points, weights))
    assert points / 2 <= len(near(path)) <= points
