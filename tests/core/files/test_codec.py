"""The file of a document: all that the tables hold goes there and back, all else is refused."""

import json
import tracemalloc
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpsim.core.activations import ACTIVATIONS, activation
from mlpsim.core.compiled.engine import COMPILED
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.splitting import held_out_by, nothing_held_out
from mlpsim.core.edits import edited, with_theta
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Ball, Box, WholeSpace
from mlpsim.core.features import Feature
from mlpsim.core.files import codec
from mlpsim.core.files.codec import DocumentError, decode, encode
from mlpsim.core.files.document import Document, View, document_of, new_document, replayed
from mlpsim.core.held_out import Split
from mlpsim.core.looks.camera import Camera
from mlpsim.core.losses import LOSSES, loss
from mlpsim.core.network import Network
from mlpsim.core.optimizers import OPTIMIZERS, Adam, GradientDescent
from mlpsim.core.problem import Penalty
from mlpsim.core.run import Run
from mlpsim.core.sampling import Sampling
from mlpsim.core.schedules import SCHEDULES
from mlpsim.core.segment import Segment, first_segment
from mlpsim.core.starts import STARTS, Given, HeNormal, Uniform
from mlpsim.core.window import Window
from tests.core.engines import needs_numba
from tests.nested import changed
from tests.runs import grown, trained

LECTURE = lecture_experiment()
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def there_and_back(experiment: Experiment) -> Document:
    document = new_document(experiment)
    again = decode(encode(document))
    assert again == document
    return again


def with_problem(**changes) -> Experiment:
    return replace(LECTURE, problem=replace(LECTURE.problem, **changes))


@pytest.mark.parametrize("spec", OPTIMIZERS)
def test_every_optimizer(spec) -> None:
    there_and_back(replace(LECTURE, optimizer=spec(learning_rate=0.1 + 0.2)))


@pytest.mark.parametrize("spec", SCHEDULES)
def test_every_schedule(spec) -> None:
    there_and_back(replace(LECTURE, schedule=spec()))


@pytest.mark.parametrize("spec", STARTS)
def test_every_start(spec) -> None:
    start = Given((1e-320, -0.0)) if spec is Given else spec()
    again = there_and_back(replace(LECTURE, start=start))
    assert np.array(again.segments[0].theta).tobytes() == lecture_theta(start).tobytes()


def lecture_theta(start):
    return start.theta(LECTURE.problem.network)


@pytest.mark.parametrize(
    "feasible", [WholeSpace(), Box((-1.0, 0.1), (1.0, 0.1)), Ball((0.5, 0.0), 2.5)]
)
def test_every_feasible_set(feasible) -> None:
    there_and_back(replace(with_problem(feasible=feasible), start=Given((3.0, 3.0))))


@pytest.mark.parametrize(
    "entry", [*ACTIVATIONS, activation("elu", 1.7), activation("leaky_relu", 0.3)]
)
def test_every_activation(entry) -> None:
    there_and_back(with_problem(network=Network((2, 1), (entry,), (False,))))


@pytest.mark.parametrize("entry", [*LOSSES, loss("huber", 0.35)])
def test_every_loss(entry) -> None:
    network = Network((2, 1), (activation("identity"),), (False,))
    there_and_back(with_problem(network=network, loss=entry, reduction="mean"))


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(1),
        Sampling(3, "with_replacement", 2**63 - 1),
        Sampling(2, "cyclic"),
        Sampling(None, "given", 0, ((0, 3, 3), (1,))),
    ],
)
def test_every_sampling(sampling) -> None:
    there_and_back(replace(LECTURE, sampling=sampling, scaling="unbiased"))


def test_a_penalty_and_numbers_of_numpy() -> None:
    penalty = Penalty(np.float64(0.1), 0.2, True)
    again = there_and_back(with_problem(penalty=penalty))
    assert again.experiment.problem.penalty == Penalty(0.1, 0.2, True)


@given(st.lists(st.tuples(FINITE, FINITE, FINITE), min_size=1, max_size=6))
def test_every_finite_number_comes_back_bit_for_bit(rows) -> None:
    table = np.array(rows)
    again = there_and_back(with_problem(data=Dataset(table[:, :2], table[:, 2:])))
    assert again.experiment.problem.data.x.tobytes() == table[:, :2].tobytes()
    assert again.experiment.problem.data.y.tobytes() == table[:, 2:].tobytes()


def test_names_and_units_of_columns() -> None:
    features = (Feature("length (cm)", 5.843, 0.1), Feature())
    named = replace(LECTURE.problem.data, features=features, labels=("cat", "dog"))
    again = there_and_back(with_problem(data=named))
    assert again.experiment.problem.data.features == features
    assert again.experiment.problem.data.labels == ("cat", "dog")
    assert b"features" not in encode(new_document(LECTURE))


def test_held_out_samples() -> None:
    split, _ = held_out_by(LECTURE, Split(0.3, 2**63 - 1, False))
    there_and_back(split)
    run = trained(LECTURE, 3)
    run = edited(run, 3, split)
    run = grown(run, 3)
    back, _ = nothing_held_out(split)
    run = edited(run, 6, back)
    document = document_of(run, 6)
    again = decode(encode(document))
    assert again == document
    assert [s.experiment.held_out is None for s in again.segments] == [True, False, True]
    text = json.loads(encode(document))
    assert "held_out" not in text["experiment"]
    assert text["log"]["segments"][2]["changes"]["held_out"] is None


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_of_an_older_version_is_read(version) -> None:
    text = json.loads(encode(new_document(LECTURE)))
    assert text["version"] == 3
    text["version"] = version
    assert decode(json.dumps(text).encode()) == new_document(LECTURE)


@needs_numba
def test_a_history_names_the_engine_that_made_it() -> None:
    run = Run(first_segment(LECTURE, COMPILED))
    run = grown(run, 5)
    document = document_of(run, 5)
    text = json.loads(encode(document))
    assert text["log"]["segments"] == [{"start": 0, "engine": "numba"}]
    again = decode(encode(document))
    assert again == document
    assert again.missing_engine == ""
    assert replayed(again).theta(5).tobytes() == run.theta(5).tobytes()


def test_a_history_of_an_engine_that_is_not_here_is_numpys() -> None:
    run = trained(LECTURE, 5)
    text = json.loads(encode(document_of(run, 5)))
    assert "engine" not in text["log"]["segments"][0]
    text["log"]["segments"][0]["engine"] = "abacus"
    document = decode(json.dumps(text).encode())
    assert document.missing_engine == "abacus"
    assert document.segments == run.segments
    assert "engine" not in json.loads(encode(document))["log"]["segments"][0]


@pytest.mark.parametrize(
    "view",
    [
        View(),
        View("pca", window=Window(-1.0, 1.0, -2.0, 0.5), log=True),
        View("random", seed=3, log=False),
        View("pca", centre="start", follow="run", step=7),
        View(look="relief", camera=Camera(12.5, 30.0, 2.0)),
        View(look="both"),
        View("data"),
        View("two_weights", (1, 0)),
    ],
)
def test_the_view(view) -> None:
    document = new_document(LECTURE, view)
    assert decode(encode(document)) == document


def test_the_view_of_a_network_with_one_weight() -> None:
    problem = replace(
        LECTURE.problem,
        data=Dataset([[1.0]], [[0.0]]),
        network=Network((1, 1), (activation("sigmoid"),), (False,)),
    )
    document = new_document(replace(LECTURE, problem=problem, start=Given((1.0,))), View())
    assert decode(encode(document)) == document


@pytest.fixture
def document() -> Document:
    """A run of a random start with edits of its rate, its weights and its data."""
    experiment = replace(LECTURE, start=HeNormal(7), optimizer=Adam(0.1))
    run = trained(experiment, 5)
    run = edited(run, 5, replace(experiment, optimizer=Adam(0.01)))
    run = grown(run, 4)
    run = with_theta(run, 7, np.array([0.1, 1 / 3]))
    run = grown(run, 4)
    x = np.array(experiment.problem.data.x)
    x[0, 0] = 0.5
    problem = replace(experiment.problem, data=Dataset(x, experiment.problem.data.y))
    changed = replace(experiment, problem=problem, sampling=Sampling(2))
    run = edited(run, 11, changed)
    run = grown(run, 6)
    return document_of(run, 8, View())


def test_a_log_with_edits_comes_back_and_replays_bit_for_bit(document) -> None:
    again = decode(encode(document))
    assert again == document
    first, second = replayed(document), replayed(again)
    for k in range(document.last + 1):
        assert first.theta(k).tobytes() == second.theta(k).tobytes()
    assert encode(again) == encode(document)


def test_a_segment_holds_only_what_it_changes(document) -> None:
    text = json.loads(encode(document))
    segments = text["log"]["segments"]
    assert list(text) == ["format", "version", "experiment", "log", "view"]
    # The cursor stands in the third segment, so that the first one differs by its rate.
    assert [sorted(segment.get("changes", {})) for segment in segments] == [
        ["optimizer"],
        ["optimizer"],
        [],
        ["data", "optimizer", "sampling"],
    ]
    experiments = [segment.experiment for segment in decode(encode(document)).segments]
    assert experiments[0].problem.data is experiments[2].problem.data


def test_a_large_dataset_stands_in_the_file_once() -> None:
    x = np.random.default_rng(1).normal(size=(20_000, 2))
    experiment = with_problem(data=Dataset(x, (x[:, :1] > 0) * 1.0))
    run = Run.from_experiment(experiment)
    for k in range(4):
        run = grown(run, 1)
        changed = replace(experiment, optimizer=GradientDescent(1e-6 / (k + 1)))
        run = edited(run, run.last, changed)
    document = document_of(run, run.last)
    text = encode(document)
    assert len(text) < 1.6e6
    assert decode(text) == document


def test_a_file_without_a_log_is_a_run_at_step_0() -> None:
    text = json.loads(encode(new_document(LECTURE)))
    del text["log"]
    for key in ("reduction", "scaling", "penalty", "schedule", "sampling", "feasible"):
        del text["experiment"][key]
    assert decode(json.dumps(text).encode()) == new_document(LECTURE)


def test_a_projected_start_is_written_down() -> None:
    experiment = replace(with_problem(feasible=Ball((0.0, 0.0), 1.0)), start=Given((3.0, 4.0)))
    text = json.loads(encode(new_document(experiment)))
    assert text["log"]["segments"][0]["theta"] == list(first_segment(experiment).theta)


# -- what is refused -------------------------------------------------------------------------------


GIVEN = {"batch_size": None, "order": "given", "seed": 0}
HELD_OUT = {"data": {"x": [[1, 2]], "y": [[0]]}, "places": [0], "split": {"share": 0.25}}
REFUSED = [
    ("format", "other", "$.format", "not a document"),
    ("format", ..., "$.format", "not a document"),
    ("experiment.data.features", [{"name": "a"}], "$.experiment.data", "1 features for 2"),
    (
        "experiment.data.features",
        [{"name": "a"}, {"scale": 0.0}],
        "$.experiment.data.features[1]",
        "not above 0",
    ),
    ("experiment.held_out", HELD_OUT | {"places": [0, 1]}, "$.experiment.held_out", "2 places"),
    ("experiment.held_out", HELD_OUT | {"places": [-1]}, "$.experiment.held_out", "ascend"),
    (
        "experiment.held_out",
        HELD_OUT | {"split": {"share": 1.0}},
        "$.experiment.held_out.split",
        "above 0.99",
    ),
    (
        "experiment.held_out",
        HELD_OUT | {"data": {"x": [[1]], "y": [[0]]}},
        "$.experiment",
        "the held-out samples have 1 inputs",
    ),
    ("experiment.data.labels", [3], "$.experiment.data.labels[0]", "Expected"),
    ("version", 4, "$.version", "newer mlpsim"),
    ("version", 0, "$.version", "0 is none of 1, 2, 3"),
    ("version", "1", "$.version", "Expected"),
    ("extra", 1, "$", "unknown field extra"),
    ("experiment", ..., "$", "missing required field experiment"),
    ("experiment.colour", 1, "$.experiment", "unknown field colour"),
    ("experiment.data.x.3.1", "a", "$.experiment.data.x[3][1]", "got str"),
    ("experiment.data.x.3.1", None, "$.experiment.data.x[3][1]", "got null"),
    ("experiment.data.x.3", [1.0], "$.experiment.data.x[3]", "1 numbers, not 2"),
    ("experiment.data.x.3", 5, "$.experiment.data.x[3]", "Expected array"),
    ("experiment.data.x", [], "$.experiment.data", "0 inputs, but 4 targets"),
    ("experiment.data", {"x": [], "y": []}, "$.experiment.data", "0 samples"),
    ("experiment.data.x.0", [1.0] * 65, "$.experiment.data.x[0]", "64 are possible"),
    ("experiment.data.x", [[1.0]] * 4, "$.experiment", "the data has 1 inputs"),
    ("experiment.network.sizes", [2] * 10, "$.experiment.network", "9 layers"),
    ("experiment.network.sizes", [2, 65], "$.experiment.network", "65 neurons"),
    ("experiment.network.sizes", [2, 2**63], "$.experiment.network.sizes[1]", "Expected int"),
    ("experiment.network.sizes", [2, 1.5], "$.experiment.network.sizes[1]", "got float"),
    ("experiment.network.activations.0", "swish", "$.experiment.network.activations[0]", "known"),
    (
        "experiment.network.activations.0",
        {"name": "elu", "slope": 1},
        "$.experiment.network.activations[0]",
        "unknown field slope",
    ),
    (
        "experiment.network.activations.0",
        {"name": "swish"},
        "$.experiment.network.activations[0].name",
        "'swish' is none of leaky_relu, elu",
    ),
    ("experiment.loss", {"name": "huber", "delta": 0}, "$.experiment.loss", "not above 0"),
    ("experiment.loss", "bce_logits", "$.experiment", "works on logits"),
    ("experiment.reduction", "median", "$.experiment.reduction", "is none of mean, sum"),
    ("experiment.penalty.l1", -1, "$.experiment.penalty", "below 0"),
    ("experiment.feasible", {"name": "Box", "lo": [1], "hi": [2]}, "$.experiment", "limits 1"),
    (
        "experiment.feasible",
        {"name": "Box", "lo": [1, 1], "hi": [0, 2]},
        "$.experiment.feasible",
        "empty",
    ),
    ("experiment.optimizer", {"name": "Lion"}, "$.experiment.optimizer.name", "Lion"),
    ("experiment.optimizer.beta1", 1.0, "$.experiment.optimizer", "below 1"),
    ("experiment.optimizer.learning_rate", -0.1, "$.experiment.optimizer", "below 0"),
    ("experiment.optimizer.learning_rate", True, "$.experiment.optimizer.learning_rate", "bool"),
    (
        "experiment.schedule",
        {"name": "StepDecay", "gamma": 0.5, "every": 2**70},
        "$.experiment.schedule.every",
        "Expected int",
    ),
    ("experiment.sampling.seed", -1, "$.experiment.sampling", "seed"),
    ("experiment.sampling.order", "sorted", "$.experiment.sampling.order", "is none of"),
    ("experiment.sampling", {**GIVEN, "batches": [[4]]}, "$.experiment", "names sample 5"),
    ("experiment.sampling", {**GIVEN, "batches": []}, "$.experiment.sampling", "at least one"),
    (
        "experiment.sampling",
        {**GIVEN, "batches": [[0], [1.5]]},
        "$.experiment.sampling.batches[1][0]",
        "got float",
    ),
    (
        "experiment.sampling",
        {**GIVEN, "batches": [[0] * 60_000] * 20},
        "$.experiment.sampling.batches",
        "1000000 are possible",
    ),
    ("experiment.start", {"name": "Given", "values": [1]}, "$.experiment", "the start has 1"),
    ("experiment.start.seed", -3, "$.experiment.start", "seed"),
    ("view.kind", "globe", "$.view.kind", "is none of"),
    ("view.params", [0, 2], "$.view.params", "no parameter 3"),
    ("view.params", [1, 1], "$.view.params", "two different"),
    ("view.params", [1], "$.view.params", "length 2"),
    ("view.window", [1, 0, 0, 1], "$.view.window", "empty"),
    ("log.segments", [], "$.log.segments", "0 segments"),
    ("log.segments.0.start", 1, "$.log.segments[0].start", "begins at step 0"),
    ("log.segments.0.keeps_state", True, "$.log.segments[0].keeps_state", "no state to keep"),
    ("log.segments.0.theta", [1.0], "$.log.segments[0].theta", "1 weights, the network 2"),
    ("log.segments.0.theta", None, "$.log.segments[0].theta", "got null"),
    ("log.segments.1.start", 0, "$.log.segments[1].start", "after the one before"),
    ("log.segments.1.epoch_step", 6, "$.log.segments[1].epoch_step", "epoch"),
    ("log.segments.1.epoch", -1, "$.log.segments[1].epoch", "Epochs count"),
    (
        "log.segments.1.changes.network",
        {"sizes": [2, 1], "activations": ["sigmoid"], "bias": [True]},
        "$.log.segments[1].changes",
        "sizes and biases",
    ),
    (
        "log.segments.1.changes.optimizer",
        {"name": "GradientDescent", "learning_rate": 0.1},
        "$.log.segments[1].keeps_state",
        "Another optimizer",
    ),
    ("log.segments.1.changes.optimizer.eps", -1, "$.log.segments[1].changes.optimizer", "below"),
    ("log.last", 10, "$.log.last", "not from 11 to"),
    ("log.last", 10**10, "$.log.last", "not from 11 to"),
    ("log.cursor", -1, "$.log.cursor", "outside"),
    ("log.cursor", 18, "$.log.cursor", "outside"),
    ("log.cursor", 2, "$.experiment", "not the one in force"),
]


@pytest.mark.parametrize(("path", "value", "where", "what"), REFUSED)
def test_what_is_wrong_is_refused_by_name_and_place(document, path, value, where, what) -> None:
    with pytest.raises(DocumentError) as caught:
        decode(json.dumps(changed(json.loads(encode(document)), path, value)).encode())
    assert caught.value.where.startswith(where)
    assert what in caught.value.what
    assert caught.value.what_to_do


def test_every_truncation_is_refused(document) -> None:
    text = encode(document).rstrip()
    for length in range(len(text)):
        with pytest.raises(DocumentError):
            decode(text[:length])


@given(st.integers(0, 10**6), st.integers(0, 255))
def test_a_flipped_byte_is_refused_or_read_but_never_an_error_of_another_kind(place, byte) -> None:
    text = bytearray(encode(new_document(replace(LECTURE, start=Uniform(1.0, 5)))))
    text[place % len(text)] = byte
    with suppress(DocumentError):
        decode(bytes(text))


def test_too_long_a_log_is_refused(monkeypatch, document) -> None:
    text = encode(document)
    monkeypatch.setattr(codec, "MAX_SEGMENTS", 3)
    with pytest.raises(DocumentError, match="4 segments; 1 to 3"):
        decode(text)
    monkeypatch.setattr(codec, "MAX_SEGMENTS", 4)
    monkeypatch.setattr(codec, "MAX_THETA_NUMBERS", 3)
    with pytest.raises(DocumentError, match="more than 3 weights"):
        decode(text)


def test_what_could_not_be_opened_again_is_not_written(monkeypatch, document) -> None:
    first = replace(document.segments[0], theta=(float("nan"), 0.0))
    with pytest.raises(DocumentError, match="not finite"):
        encode(replace(document, segments=(first, *document.segments[1:])))
    with pytest.raises(DocumentError, match=r"no parameter 3 among 2 \(at \$\.view\.params\)"):
        encode(replace(document, view=View(params=(0, 2))))
    network = Network((2, *[1] * 9), LECTURE.problem.network.activations * 9, (False,) * 9)
    problem = replace(LECTURE.problem, network=network)
    with pytest.raises(DocumentError, match=r"9 layers; .* or a smaller network\."):
        encode(new_document(replace(LECTURE, problem=problem, start=Given((0.0,) * 10))))
    monkeypatch.setattr("mlpsim.core.files.strict_json.MAX_BYTES", 500)
    with pytest.raises(DocumentError, match="Restart the run"):
        encode(document)


def test_what_is_no_number_is_not_written() -> None:
    with pytest.raises(NotImplementedError, match="object"):
        codec.readable({"a": object()})


def test_a_large_file_is_read_with_little_more_than_its_arrays() -> None:
    rows = 25_000
    row = b"[" + b",".join([b"0.1"] * 24) + b"]"
    text = encode(new_document(LECTURE))
    head, tail = text.split(b'"x": [')
    text = head + b'"x": [' + b",".join([row] * rows) + b"]," + tail[tail.index(b'"y"') :]
    tracemalloc.start()
    with pytest.raises(DocumentError, match=f"{rows} inputs, but 4 targets"):
        decode(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < rows * (24 * 8 + 400)


def test_a_segment_of_the_same_experiment_shares_it() -> None:
    document = Document(LECTURE, (first_segment(LECTURE), Segment(3, LECTURE, (0.5, 0.5), True)), 3)
    again = decode(encode(document))
    assert again == document
    assert again.segments[1].experiment is again.experiment


def test_a_camera_below_the_floor_is_refused_by_name() -> None:
    data = encode(new_document(LECTURE, View(look="relief", camera=Camera(0.0, 30.0, 1.0))))
    assert decode(data).view == View(look="relief", camera=Camera(0.0, 30.0, 1.0))
    low = data.replace(b"[0.0, 30.0, 1.0]", b"[0.0, -30.0, 1.0]")
    assert low != data
    with pytest.raises(DocumentError, match=r"elevation -30\.0") as refused:
        decode(low)
    assert refused.value.where == "$.view.camera"


def test_a_document_says_no_more_of_a_view_than_is_unusual() -> None:
    text = encode(new_document(LECTURE, View()))
    for key in (b"centre", b"follow", b"step", b"relief", b"camera"):
        assert b'"' + key + b'"' not in text
