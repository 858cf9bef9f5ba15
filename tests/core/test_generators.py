"""Generators: shapes, classes and draws, against the formulas that define them."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.generators import (
    GENERATORS,
    Blobs,
    Circles,
    Hills,
    Line,
    Moons,
    Sine,
    Spiral,
    Xor,
)

REGRESSION = (Line, Sine, Hills)
each = pytest.mark.parametrize("generator", GENERATORS, ids=lambda g: g.__name__)


@each
def test_a_seed_gives_the_same_data_and_another_seed_does_not(generator):
    assert generator(seed=3).generate() == generator(seed=3).generate()
    assert generator(seed=3).generate() != generator(seed=4).generate()


@each
def test_there_are_as_many_samples_as_asked(generator):
    for samples in (1, 2, 7, 250):
        data = generator(samples=samples).generate()
        assert len(data) == samples
        assert data.n_features == (1 if generator in (Line, Sine) else 2)


@each
def test_noise_moves_points_and_no_more_than_that(generator):
    calm = replace(generator(), noise=0.0).generate()
    little = replace(generator(), noise=1e-3).generate()
    moved = np.abs(little.x - calm.x).max() + np.abs(little.y - calm.y).max()
    assert 0.0 < moved < 0.01
    if generator not in REGRESSION:
        assert np.array_equal(calm.y, little.y)


@each
def test_bad_numbers_are_refused_by_name(generator):
    with pytest.raises(ValueError, match="samples 0 is below 1"):
        generator(samples=0)
    with pytest.raises(ValueError, match="samples 100001 is above"):
        generator(samples=100_001)
    with pytest.raises(ValueError, match="noise -1"):
        generator(noise=-1.0)
    with pytest.raises(ValueError, match="noise nan is not a finite number"):
        generator(noise=float("nan"))
    with pytest.raises(ValueError, match="seed -1 is below 0"):
        generator(seed=-1)
    with pytest.raises(ValueError, match=r"samples 2\.5 is not a whole number"):
        generator(samples=2.5)


def test_two_classes_are_zero_and_one_in_one_column_and_balanced():
    for generator in (Blobs, Xor, Circles, Moons, Spiral):
        y = generator(samples=40).generate().y
        assert y.shape == (40, 1)
        assert y.sum() == 20
        assert set(y[:, 0]) == {0.0, 1.0}


@pytest.mark.parametrize("generator", [Blobs, Spiral])
def test_three_classes_are_one_hot(generator):
    y = generator(samples=30, classes=3).generate().y
    assert y.shape == (30, 3)
    assert (y.sum(axis=1) == 1.0).all()
    assert (y.sum(axis=0) == 10.0).all()
    with pytest.raises(ValueError, match="classes 4 is above 3"):
        generator(classes=4)


def test_without_noise_the_points_lie_where_the_name_says():
    xor = Xor(noise=0.0).generate()
    assert np.array_equal(xor.y[:, 0] == 1.0, xor.x[:, 0] * xor.x[:, 1] < 0.0)
    assert np.abs(xor.x).max() <= 2.0

    circles = Circles(noise=0.0).generate()
    radius = np.hypot(*circles.x.T)
    assert np.allclose(radius, np.where(circles.y[:, 0] == 1.0, 1.0, 2.0))

    moons = Moons(noise=0.0).generate()
    upper = moons.y[:, 0] == 0.0
    assert np.allclose(np.hypot(*moons.x[upper].T), 1.0)
    assert (moons.x[upper, 1] >= 0.0).all()
    assert np.allclose(np.hypot(*(moons.x[~upper] - [1.0, 0.5]).T), 1.0)
    assert (moons.x[~upper, 1] <= 0.5).all()

    blobs = Blobs(noise=0.0, classes=3).generate()
    assert len(np.unique(blobs.x.round(9), axis=0)) == 3

    line = Line(noise=0.0, slope=-2.0, intercept=0.5).generate()
    assert np.allclose(line.y, 0.5 - 2.0 * line.x)
    sine = Sine(noise=0.0).generate()
    assert np.allclose(sine.y, np.sin(sine.x))
    assert np.abs(sine.x).max() <= 3.0

    hills = Hills(noise=0.0).generate()
    along = np.exp(-((hills.x - 1.5) ** 2)) - np.exp(-((hills.x + 1.5) ** 2))
    assert hills.y[:, 0] == pytest.approx(along.prod(axis=1))
    assert np.abs(hills.x).max() <= 3.0


def test_the_arms_of_a_spiral_are_turned_copies():
    data = Spiral(noise=0.0, samples=200, turns=1.5).generate()
    radius = np.hypot(*data.x.T)
    expected = 2.0 * np.pi * (1.5 * radius / 4.0 + data.y[:, 0] / 2.0)
    angle = np.arctan2(data.x[:, 1], data.x[:, 0])
    assert np.allclose(np.cos(angle - expected), 1.0)
    assert radius.max() <= 4.0


def test_draws_follow_the_one_rule_of_randomness():
    draws = np.random.PCG64(5).random_raw(20) >> np.uint64(11)
    x = 6.0 * (draws * 2.0**-53) - 3.0
    assert np.array_equal(Sine(samples=20, seed=5, noise=0.0).generate().x[:, 0], x)


def test_clouds_have_the_spread_that_noise_says():
    data = Blobs(samples=20_000, noise=0.7).generate()
    for label in (0.0, 1.0):
        cloud = data.x[data.y[:, 0] == label]
        assert np.allclose(cloud.std(axis=0), 0.7, atol=0.02)
