"""The course's assignment: learning rates, batch sizes and losses that fit the data on view."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.studies.assignment import assignment, batches
from mlpsim.core.studies.sweep import Sweep


def preset(name: str) -> Experiment:
    return find_preset(name, load_presets()).document(None).experiment


def test_learning_rates_span_five_decades() -> None:
    rates = assignment(lecture_experiment())[0]
    assert rates.name == "eta"
    assert [float(value) for value in rates.values] == [0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6]


@pytest.mark.parametrize(
    ("samples", "sizes"),
    [
        (1797, "50 100 200 500"),
        (569, "50 100 200 500"),
        (500, "50 100 200 full"),
        (150, "50 100 full"),
        (112, "50 100 full"),
        (100, "50 full"),
        (80, "5 10 20 40 full"),
        (4, "1 2 full"),
        (2, "1 full"),
        (1, "full"),
    ],
)
def test_batches_fit_the_data(samples: int, sizes: str) -> None:
    assert batches(samples) == tuple(sizes.split())


@pytest.mark.parametrize(
    ("name", "losses"),
    [
        ("lecture-gd-sgd-minibatch", ("squared_error", "bce_logits")),
        ("blobs-softmax", ("squared_error", "softmax_ce_logits")),
        ("sine", None),
    ],
)
def test_losses_fit_the_targets(name: str, losses: tuple[str, ...] | None) -> None:
    experiment = preset(name)
    axes = {axis.name: axis.values for axis in assignment(experiment)}
    assert axes.get("loss") == losses
    cells = Sweep(experiment, assignment(experiment)).cells()
    found = {cell.experiment.problem.loss.name for cell in cells}
    assert found == set(losses or (experiment.problem.loss.name,))


def test_labels_of_minus_one_and_one_are_classes_too() -> None:
    base = lecture_experiment()
    data = Dataset(base.problem.data.x, np.where(base.problem.data.y > 0.5, 1.0, -1.0))
    signed = replace(base, problem=replace(base.problem, data=data))
    assert assignment(signed)[-1].values == ("squared_error", "bce_logits")
    assert Sweep(signed, assignment(signed)).cells()
