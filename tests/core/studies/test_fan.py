"""The fan: members that are runs of their own, spreads by hand, and a noise ball with a formula."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

import mlpsim.core.studies.fan as fans
import mlpsim.core.studies.fleet as fleet
from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import Given
from mlpsim.core.studies.fan import (
    FanQuestion,
    NoiseBall,
    expectation,
    exponent,
    fan,
    noise_balls,
    spread,
)
from mlpsim.core.studies.sweep import with_seed
from tests.runs import trained

SGD = replace(lecture_experiment(), sampling=Sampling(1, seed=7))


def coin(eta: float) -> Experiment:
    """eˢ = (y − w)² with y = ±1, one drawn at random each step: w ← w − 2η (w − y)."""
    problem = Problem(
        Dataset([[1.0], [1.0]], [[1.0], [-1.0]]), Network((1, 1), (IDENTITY,), (False,))
    )
    return Experiment(
        problem, GradientDescent(eta), sampling=Sampling(1, "with_replacement"), start=Given((0.0,))
    )


def test_every_member_is_the_run_of_its_seed() -> None:
    found = fan(FanQuestion(SGD, 3, 12))
    assert found is not None
    assert found.thetas.shape == (3, 13, 2)
    for seed in range(3):
        run = trained(with_seed(SGD, seed), 12)
        path = [run.theta(k) for k in range(13)]
        np.testing.assert_allclose(found.thetas[seed], path, rtol=1e-12, atol=1e-15)
    assert np.array_equal(found.at(5), found.thetas[:, 5])
    assert found.place(100) == 12


def test_of_long_paths_every_nth_state_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fan(FanQuestion(SGD, 2, 20))
    monkeypatch.setattr(fans, "MOST_NUMBERS", 30)  # 2 seeds of 21 states of 2 numbers are 84
    monkeypatch.setattr(fleet, "VISITS", 8)  # four steps at a time
    thinned = fan(FanQuestion(SGD, 2, 20))
    assert whole is not None
    assert thinned is not None
    assert thinned.stride == 3
    assert np.array_equal(thinned.thetas, whole.thetas[:, ::3])
    assert thinned.place(20) == 6
    assert np.array_equal(thinned.at(7), whole.at(6))


def test_a_member_that_diverges_is_left_out_from_there_on() -> None:
    found = fan(FanQuestion(coin(50.0), 3, 400))
    assert found is not None
    assert len(found.at(0)) == 3
    assert found.at(400).shape == (0, 1)


def test_a_fan_ends_when_it_is_interrupted_and_tells_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fans, "GROUP", 1)
    told: list[float] = []
    assert fan(FanQuestion(SGD, 4, 10), report=told.append) is not None
    assert told == [0.25, 0.5, 0.75, 1.0]
    assert fan(FanQuestion(SGD, 4, 10), lambda: True) is None
    assert noise_balls(FanQuestion(SGD, 4, 10), lambda: True) is None


def test_the_spread_of_four_places_by_hand() -> None:
    # About (1, 0): (±2, 0) and (0, ±1); sums of squares 8 and 2, over n − 1 = 3.
    found = spread(np.array([[3.0, 0.0], [-1.0, 0.0], [1.0, 1.0], [1.0, -1.0]]))
    assert found is not None
    assert found.mean.tolist() == [1.0, 0.0]
    assert found.covariance == pytest.approx(np.diag([8.0 / 3.0, 2.0 / 3.0]))
    deviations, axes = found.axes()
    assert deviations == pytest.approx([sqrt(8.0 / 3.0), sqrt(2.0 / 3.0)])
    assert np.abs(axes) == pytest.approx(np.eye(2))


def test_a_slanted_ellipse_lies_along_its_places() -> None:
    along = np.array([[-1.0, -2.0], [0.0, 0.0], [1.0, 2.0]])
    found = spread(along)
    assert found is not None
    deviations, axes = found.axes()
    assert deviations == pytest.approx([sqrt(5.0), 0.0], abs=1e-12)
    assert abs(axes[0] @ np.array([1.0, 2.0])) == pytest.approx(sqrt(5.0))


def test_equal_places_are_not_spread_at_all() -> None:
    found = spread(np.tile([-0.0526 / 3.0, 0.1], (30, 1)))
    assert found is not None
    assert found.mean.tolist() == [-0.0526 / 3.0, 0.1]
    assert not found.covariance.any()


def test_one_place_has_no_spread() -> None:
    assert spread(np.array([[1.0, 2.0]])) is None


def test_the_noise_ball_of_a_coin_has_the_radius_of_its_formula(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Var[w⁺] = (1 − 2η)² Var[w] + 4η², so that Var = η / (1 − η) once it has settled.
    monkeypatch.setattr(fans, "FACTORS", (1.0, 2.0))
    balls = noise_balls(FanQuestion(coin(0.1), 20, 400))
    assert balls is not None
    assert [ball.rate for ball in balls] == [0.1, 0.2]
    for ball in balls:
        assert ball.radius == pytest.approx(sqrt(ball.rate / (1.0 - ball.rate)), rel=0.05)


def test_the_noise_ball_of_the_noisy_line_is_as_its_preset_says() -> None:
    line = find_preset("line-sgd", load_presets()).variant("SGD constant").experiment
    balls = noise_balls(FanQuestion(line, 3, 800))
    assert balls is not None
    assert balls[2].radius == pytest.approx(0.13, abs=0.02)
    assert balls[0].radius < balls[1].radius < balls[2].radius < balls[3].radius


def test_the_exponent_of_balls_by_hand() -> None:
    assert exponent(
        (NoiseBall(0.1, 0.3), NoiseBall(0.2, 0.6), NoiseBall(0.4, 1.2))
    ) == pytest.approx(1.0)
    assert exponent(
        (NoiseBall(1.0, 2.0), NoiseBall(4.0, 4.0), NoiseBall(9.0, np.nan))
    ) == pytest.approx(0.5)
    assert np.isnan(exponent((NoiseBall(0.0, 1.0), NoiseBall(0.1, 0.0), NoiseBall(0.2, 1.0))))


def test_permutations_shrink_the_noise_ball_faster_than_independent_draws(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Radius ∝ √η for independent draws, ∝ η for random reshuffling (Mishchenko et al. 2020).
    monkeypatch.setattr(fans, "FACTORS", (0.25, 1.0))
    line = find_preset("line-sgd", load_presets()).variant("SGD constant").experiment
    settled = Given((1.5541747, 0.625))  # the minimum, so that no way to it is measured
    slow = replace(line, optimizer=GradientDescent(0.04), start=settled)
    grows = {}
    for order in ("with_replacement", "without_replacement"):
        drawn = replace(slow, sampling=replace(slow.sampling, order=order))
        balls = noise_balls(FanQuestion(drawn, 6, 1200))
        assert balls is not None
        grows[order] = exponent(balls)
    assert grows["with_replacement"] == pytest.approx(0.5, abs=0.1)
    assert grows["without_replacement"] == pytest.approx(1.0, abs=0.1)


def test_a_diverged_ball_has_no_radius() -> None:
    balls = noise_balls(FanQuestion(coin(50.0), 2, 200))
    assert balls is not None
    assert all(np.isnan(ball.radius) for ball in balls)


def test_a_samples_gradient_is_on_average_a_share_of_the_whole() -> None:
    # The lecture's four at w = 0: (0.75, 0.75), (0.5, 0.5), (1, 1), (0.5, −1.25); ∇E = (2.75, 1).
    problem = replace(lecture_experiment().problem, penalty=Penalty(l2=1.0), reduction="mean")
    found = expectation(problem, np.zeros(2))
    assert found.mean == pytest.approx([0.6875, 0.25])
    assert found.share == pytest.approx([0.6875, 0.25])
    lengths = 0.75**2 * 2 + 0.5**2 * 2 + 2.0 + 0.5**2 + 1.25**2
    assert found.spread == pytest.approx(sqrt(lengths / 4 - 0.6875**2 - 0.25**2))
