"""A run as CSV and NPZ, read back and held against the run."""

import csv
import io
import tracemalloc
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.activations import SIGMOID
from mlpsim.core.dataset import Dataset
from mlpsim.core.edits import edited
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.files.document import Document, document_of, go_on, new_document, replayed
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.files.run_tables import parameter_columns, run_csv, run_npz
from mlpsim.core.network import Network
from mlpsim.core.optimizers import GradientDescent
from mlpsim.core.problem import Problem
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.starts import GlorotUniform

MINI_BATCHES = replace(lecture_experiment(), sampling=Sampling(3, seed=4))


def read(document: Document, steps: int) -> list[dict[str, str]]:
    text = b"".join(run_csv(document, steps)).decode()
    return list(csv.DictReader(io.StringIO(text)))


def loaded(pieces: Iterable[bytes]) -> dict[str, np.ndarray]:
    return dict(np.load(io.BytesIO(b"".join(pieces))))


def test_the_csv_holds_every_state_bit_for_bit() -> None:
    document = new_document(MINI_BATCHES)
    run = Run.from_experiment(MINI_BATCHES)
    go_on(run, 5)
    rows = read(document, 5)
    assert [row["step"] for row in rows] == list("012345")
    assert [row["batch"] for row in rows[:3:2]] == ["", str(run.record(2).batch[0] + 1)]
    for k, row in enumerate(rows):
        assert [float(row["w1_1_1"]), float(row["w1_1_2"])] == run.theta(k).tolist()
        assert float(row["objective"]) == run.value(k)
        assert [float(row[f"e{s}"]) for s in (1, 2, 3, 4)] == MINI_BATCHES.problem.errors(
            run.theta(k)
        ).tolist()


def test_the_npz_holds_every_state_and_batch() -> None:
    run = Run.from_experiment(MINI_BATCHES)
    go_on(run, 5)
    archive = loaded(run_npz(new_document(MINI_BATCHES), 5))
    assert archive["theta"].tolist() == [run.theta(k).tolist() for k in range(6)]
    assert archive["objective"].tolist() == [run.value(k) for k in range(6)]
    assert archive["names"].tolist() == ["w1_1_1", "w1_1_2"]
    assert archive["x"].tolist() == [[-3, -3], [-2, -2], [4, 4], [2, -5]]
    ends = archive["batch_ends"]
    for k in range(1, 6):
        assert archive["batches"][ends[k - 1] : ends[k]].tolist() == run.record(k).batch.tolist()


def test_an_archive_is_not_held_in_memory() -> None:
    network = Network((2, 500, 1), (SIGMOID, SIGMOID), (False, False))
    problem = replace(lecture_experiment().problem, network=network)
    document = new_document(Experiment(problem, start=GlorotUniform()))
    tracemalloc.start()
    for _ in run_npz(document, 500):
        pass
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 500 * network.n_params * 8 / 3


def test_biases_are_columns_of_their_own() -> None:
    preset = find_preset("xor-symmetry", load_presets())
    names = parameter_columns(preset.document(None).experiment.problem.network)
    assert names == [
        *("w1_1_1", "w1_1_2", "w1_2_1", "w1_2_2", "b1_1", "b1_2"),
        *("w2_1_1", "w2_1_2", "b2_1"),
    ]


def test_the_tables_end_before_a_divergence() -> None:
    diverging = replace(lecture_experiment(), optimizer=GradientDescent(1e308))
    penalized = replace(diverging.problem, penalty=replace(diverging.problem.penalty, l2=1.0))
    document = new_document(replace(diverging, problem=penalized))
    run = replayed(replace(document, last=5))
    assert run.diverged_at == 1
    assert len(read(document, 5)) == 1
    assert len(loaded(run_npz(document, 5))["theta"]) == 1


def test_edits_of_the_log_are_replayed() -> None:
    run = Run.from_experiment(lecture_experiment())
    go_on(run, 3)
    run = edited(run, 2, replace(lecture_experiment(), optimizer=GradientDescent(0.5)))
    go_on(run, 4)
    rows = read(document_of(run, 4), 4)
    assert [float(row["w1_1_1"]) for row in rows] == [run.theta(k)[0] for k in range(5)]


def test_errors_are_left_out_where_samples_are_many_or_change() -> None:
    data = Dataset(np.zeros((101, 1)), np.zeros((101, 1)))
    network = Network((1, 1), lecture_experiment().problem.network.activations, (False,))
    many = Experiment(
        Problem(data, network), start=replace(lecture_experiment().start, values=(1,))
    )
    assert "e1" not in read(new_document(many), 1)[0]
    run = Run.from_experiment(lecture_experiment())
    go_on(run, 1)
    problem = lecture_experiment().problem
    fewer = replace(problem, data=problem.data.without([3]))
    changed = edited(run, 1, replace(lecture_experiment(), problem=fewer))
    assert "e1" not in read(document_of(changed, 1), 1)[0]


@pytest.mark.parametrize("steps", [0, 3])
def test_an_interrupted_table_is_cut_short(steps) -> None:
    document = new_document(lecture_experiment())
    assert len(list(run_csv(document, steps, lambda: True))) == 1
    archive = loaded(run_npz(document, steps, lambda: True))
    assert archive["theta"].shape == (0, 2)
