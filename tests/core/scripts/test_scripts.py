"""The scripts, run as programs of their own, against the runs that they replay."""

import importlib.util
import itertools
import json
import runpy
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import ACTIVATIONS, IDENTITY, activation, elu, leaky_relu
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.files.document import states
from mlpsim.core.files.presets import load_presets
from mlpsim.core.generators import Moons
from mlpsim.core.losses import LOSSES, huber, loss
from mlpsim.core.network import Network
from mlpsim.core.optimizers import (
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    RMSProp,
    VariableRate,
)
from mlpsim.core.problem import Penalty, Problem
from mlpsim.core.sampling import Sampling
from mlpsim.core.schedules import Exponential, InverseTime, StepDecay
from mlpsim.core.scripts import numpy_script, torch_script
from mlpsim.core.second_order import ConjugateGradient, LevenbergMarquardt, Newton
from mlpsim.core.segment import first_segment
from mlpsim.core.starts import GlorotUniform, Uniform

STEPS, TOLERANCE = 200, 1e-9
HAS_TORCH = importlib.util.find_spec("torch") is not None
# Adam on the sine is chaotic: it divides rounding by rounding. And where Newton's method runs away,
# the differences of gradients of 1e-20 tell no curvature.
CALM = [
    (p, v)
    for p in load_presets()
    for v in p.variants
    if not v.chaotic and p.id != "sine" and (p.id, v.name) != ("newton", "away")
]


def moons(network: Network, **changes) -> Experiment:
    data = Moons(samples=11, noise=0.1, seed=3).generate()
    start = Uniform(0.7, seed=5)
    return Experiment(Problem(data, network, **changes), GradientDescent(0.02), start=start)


def of_activation(entry) -> Experiment:
    network = Network((2, 3, 2, 1), (entry, entry, IDENTITY), (True, False, True))
    return moons(network, reduction="mean")


def of_loss(entry) -> Experiment:
    rng = np.random.default_rng(1)
    outputs = 3 if entry.name in ("softmax_ce_logits", "squared_error") else 1
    x = rng.normal(size=(9, 2)).round(2)
    classes = rng.integers(0, max(2, outputs), 9)
    y = {
        "one_hot": np.eye(3)[classes],
        "plus_minus_one": 2.0 * classes[:, None] - 1.0,
        "zero_one": classes[:, None].astype(float),
        "any": rng.normal(size=(9, outputs)).round(2),
    }[entry.labels]
    network = Network((2, 2, outputs), (activation("tanh"), IDENTITY), (True, True))
    problem = Problem(Dataset(x, y), network, entry)
    return Experiment(problem, GradientDescent(0.01), start=GlorotUniform(2))


LECTURE = lecture_experiment()
NETWORK = Network((2, 3, 1), (activation("tanh"), activation("sigmoid")), (True, True))
OPTIMIZERS = (
    Momentum(0.05, 0.9),
    Momentum(0.05, 0.8, 0.3),
    Momentum(0.02, 0.9, nesterov=True),
    AdaGrad(0.1),
    AdaGrad(0.1, 0.02, 0.3, 1e-6),
    RMSProp(0.01),
    RMSProp(0.01, 0.9, 1e-6, 0.5, True),
    Adam(0.02),
    Adam(0.02, 0.8, 0.99, 1e-6, True),
    AdamW(0.02, weight_decay=0.1),
    VariableRate(0.5),
    VariableRate(0.1, 0.8, 1.1, 0.5, 0.0),
    Newton(0.3, 0.5, saddle_free=True),
    Newton(0.5, 4.0),
    ConjugateGradient(0.5, 10.0),
    ConjugateGradient(0.5, 5.0, 5),
)
SAMPLINGS = (
    Sampling(1, seed=7),
    Sampling(4, seed=2),
    Sampling(3, "with_replacement", 5),
    Sampling(4, "cyclic"),
    Sampling(None, "given", batches=((0, 3), (1, 1, 2), (3,))),
)
FEASIBLE = (
    Box((-0.3,) * 13, (0.4,) * 13),
    Ball((0.1,) * 13, 0.8),
)


def cases() -> dict[str, Experiment]:
    found = {"lecture": LECTURE}
    for entry in (*ACTIVATIONS, leaky_relu(0.3), elu(2.0)):
        found[f"{entry.name} {entry.value:g}"] = of_activation(entry)
    for entry in (*LOSSES, huber(0.4), loss("huber", 3.0)):
        found[f"{entry.name} {entry.value:g}"] = of_loss(entry)
    for spec in OPTIMIZERS:
        found[repr(spec)] = replace(moons(NETWORK), optimizer=spec, sampling=Sampling(4))
    found["damping"] = replace(moons(NETWORK), optimizer=LevenbergMarquardt())
    for sampling in SAMPLINGS:
        for reduction, scaling in (("sum", "batch_sum"), ("mean", "unbiased")):
            base = moons(NETWORK, reduction=reduction, penalty=Penalty(0.01, 0.02))
            found[f"{sampling} {scaling}"] = replace(base, sampling=sampling, scaling=scaling)
    for schedule in (InverseTime(0.05), StepDecay(0.5, 30), Exponential(0.99)):
        penalty = Penalty(0.0, 0.1, include_bias=True)
        base = moons(NETWORK, reduction="mean", penalty=penalty)
        sampled = replace(base, sampling=Sampling(3), schedule=schedule)
        found[repr(schedule)] = sampled
        found[f"{schedule} unbiased"] = replace(
            moons(NETWORK, penalty=Penalty(0.1)),
            sampling=Sampling(3),
            schedule=schedule,
            scaling="unbiased",
        )
    for feasible in FEASIBLE:
        found[repr(feasible)] = moons(NETWORK, feasible=feasible)
        found[f"{feasible} by trials"] = replace(
            moons(NETWORK, feasible=feasible, reduction="mean", penalty=Penalty(0.01, 0.02)),
            optimizer=LevenbergMarquardt(0.7, 1.0, 2.0),
            sampling=Sampling(4),
            scaling="unbiased",
        )
    for entry in (*LOSSES, huber(0.4)):
        made = of_loss(entry)
        problem = replace(made.problem, penalty=Penalty(l2=0.1))
        found[f"{entry.name} {entry.value:g} by Gauss and Newton"] = replace(
            made, problem=problem, optimizer=LevenbergMarquardt(0.5, 1.0, 2.0)
        )
    return found


CASES = cases()


def replayed(experiment: Experiment) -> np.ndarray:
    found = states((first_segment(experiment),), STEPS)
    return np.array([state.theta for _, state in found])


def deviation(here: np.ndarray, expected: np.ndarray) -> float:
    assert here.shape == expected.shape
    return float(np.max(np.abs(here - expected) / np.maximum(1.0, np.abs(expected))))


def steps_alike(experiment: Experiment) -> int:
    """Where a step is taken only if J does not rise, rounding decides once J hardly changes."""
    return 20 if isinstance(experiment.optimizer, VariableRate | LevenbergMarquardt) else STEPS


def run_numpy(experiment: Experiment, folder) -> tuple[np.ndarray, float]:
    path = folder / "script.py"
    path.write_text(numpy_script(experiment, STEPS))
    names = runpy.run_path(str(path))
    trajectory = np.array(list(itertools.islice(names["train"](), STEPS + 1)))
    return trajectory, float(names["objective"](trajectory[-1]))


@pytest.mark.parametrize("name", CASES)
def test_the_numpy_script_replays_the_trajectory(name, tmp_path) -> None:
    experiment = CASES[name]
    trajectory, objective = run_numpy(experiment, tmp_path)
    compared = slice(steps_alike(experiment) + 1)
    assert deviation(trajectory[compared], replayed(experiment)[compared]) <= TOLERANCE
    value = float(experiment.problem.value(trajectory[-1]))
    assert objective == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("preset", "variant"), [pytest.param(p, v, id=f"{p.id}-{v.name}") for p, v in CALM]
)
def test_the_numpy_script_replays_every_preset(preset, variant, tmp_path) -> None:
    experiment = variant.experiment
    trajectory, _ = run_numpy(experiment, tmp_path)
    compared = slice(min(steps_alike(experiment), variant.steps) + 1)
    assert deviation(trajectory[compared], replayed(experiment)[compared]) <= TOLERANCE


def test_the_numpy_script_prints_its_steps(tmp_path) -> None:
    path = tmp_path / "script.py"
    path.write_text(numpy_script(LECTURE, 12))
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert [int(line.split()[1]) for line in lines] == [0, 1, 2, 5, 10, 12]
    assert round(float(lines[1].split()[3]), 6) == 0.433931


def test_the_batches_of_the_scripts_are_those_of_the_run(tmp_path) -> None:
    for sampling in SAMPLINGS:
        experiment = replace(moons(NETWORK), sampling=sampling)
        path = tmp_path / "script.py"
        path.write_text(numpy_script(experiment, STEPS))
        batches = itertools.islice(runpy.run_path(str(path))["batches"](), 40)
        segment = first_segment(experiment)
        for k, batch in enumerate(batches, start=1):
            assert list(batch) == list(segment.batch(k))


def test_the_scripts_are_formatted_programs() -> None:
    for experiment in CASES.values():
        for script in (numpy_script(experiment, STEPS), torch_script(experiment, STEPS)):
            compile(script, "script.py", "exec")
            assert max(len(line) for line in script.splitlines()) <= 140
            assert "mlpsim" not in script


@pytest.mark.skipif(not HAS_TORCH, reason="PyTorch is not installed: pip install torch")
def test_the_pytorch_script_replays_the_trajectory(tmp_path) -> None:
    """All cases in one process of its own, since importing PyTorch takes its time."""
    for place, experiment in enumerate(CASES.values()):
        (tmp_path / f"{place}.py").write_text(torch_script(experiment, STEPS))
    runner = (
        "import itertools, json, runpy, sys\n"
        "for path in sys.argv[1:]:\n"
        f"    train = itertools.islice(runpy.run_path(path)['train'](), {STEPS + 1})\n"
        "    print(json.dumps([theta.tolist() for theta in train]))\n"
    )
    paths = [tmp_path / f"{place}.py" for place in range(len(CASES))]
    done = subprocess.run(
        [sys.executable, "-c", runner, *paths], capture_output=True, text=True, check=True
    )
    for name, line in zip(CASES, done.stdout.splitlines(), strict=True):
        found = np.array(json.loads(line))
        compared = slice(steps_alike(CASES[name]) + 1)
        assert deviation(found[compared], replayed(CASES[name])[compared]) <= TOLERANCE, name
