"""Rails: the lecture's slides show what they say, and a broken rail is refused with its place."""

import json
import re
from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.codec import decode
from mlpsim.core.files.document import replayed
from mlpsim.core.files.rails import DocumentError, Slide, check_panels, lecture_rail, read_rail
from mlpsim.core.resources import resource
from mlpsim.core.window import Window
from tests.recorded import GOLDEN

RAIL = lecture_rail()
TEXT = json.loads(resource("rails", "lecture.json").read_text(encoding="utf-8"))


def slide(title: str) -> Slide:
    (found,) = (entry for entry in RAIL.slides if entry.title == title)
    return found


def test_the_lectures_slides_are_all_there_in_order() -> None:
    titles = [entry.title for entry in RAIL.slides]
    assert titles == [
        "Data perspective",
        "Optimization perspective",
        "A simple example",
        "Properties of the sigmoid",
        "Data set",
        "Table of ŷ",
        "Squared error",
        "Total error",
        "Minimize over w",
        "Loss surface",
        "Objective, feasible set, f*, S*",
        "Local optimal solution",
        "ε-neighbourhood",
        "Global optimal solution",
        "Gradient descent",
        "Stochastic gradient descent",
        "Mini-batch SGD",
        "Sample-wise gradients",
        "MLPs for prediction",
    ]


def test_the_flat_parts_that_a_slide_speaks_of_differ_in_colour() -> None:
    """Near 1, 3 and 4 a logarithmic scale down to 10⁻⁸ has one pale shade for all."""
    view = slide("Loss surface").view
    assert view is not None
    assert view.log is False


@pytest.mark.parametrize("entry", RAIL.slides, ids=lambda entry: entry.title)
def test_every_slide_speaks_asks_and_runs_to_its_step(entry: Slide) -> None:
    assert entry.text
    assert entry.formula
    assert entry.words
    assert entry.question.endswith("?")
    for text in (entry.text, entry.question):
        assert not re.search(r"\b(eta|grad|w11|w12)\b|->|<=|>=| - ", text)
    document = entry.document()
    assert document.cursor == document.last == entry.step
    assert replayed(document).last == entry.step


def test_the_simple_example_is_the_default_experiment() -> None:
    assert slide("A simple example").experiment == lecture_experiment()


# The lecture's numbers, by hand: state at the slide's step, and E there.
@pytest.mark.parametrize(
    ("title", "w", "loss"),
    [
        ("Table of ŷ", (0.0, 0.0), 1.0),
        ("Gradient descent", (-0.275, -0.1), 0.433931),
        ("Stochastic gradient descent", (-0.05, 0.125), 1.0344335),
        ("Mini-batch SGD", (-0.125, 0.05), 0.7347309),
        ("Objective, feasible set, f*, S*", (-1.0, 0.0526082746), 0.02948513813),
        ("Local optimal solution", (1.0, 0.7892581681), 2.9512133797),
    ],
)
def test_the_numbers_on_a_slide_are_those_of_its_run(
    title: str, w: tuple[float, float], loss: float
) -> None:
    entry = slide(title)
    run = replayed(entry.document())
    np.testing.assert_allclose(run.theta(entry.step), w, atol=1e-6)
    assert run.value(entry.step) == pytest.approx(loss, rel=2e-6)


def test_the_first_stochastic_step_takes_the_sample_that_is_selected() -> None:
    entry = slide("Stochastic gradient descent")
    run = replayed(entry.document())
    assert entry.sample == 3
    assert run.record(1).batch.tolist() == [3]
    assert run.record(1).errors_after[3] == pytest.approx(0.1065, abs=5e-5)


def test_the_sample_wise_gradients_are_those_of_the_text() -> None:
    problem = slide("Sample-wise gradients").experiment.problem
    expected = [(0.75, 0.75), (0.5, 0.5), (1.0, 1.0), (0.5, -1.25)]
    np.testing.assert_allclose(problem.sample_gradients(np.zeros(2)), expected)


def test_far_out_five_hundred_steps_move_w_by_two_thousandths() -> None:
    run = replayed(slide("Properties of the sigmoid").document())
    moved = np.linalg.norm(run.theta(500) - run.theta(0))
    assert moved == pytest.approx(0.002, abs=5e-4)


def test_the_global_optimum_of_the_slide_is_at_its_corner() -> None:
    problem = slide("Global optimal solution").experiment.problem
    corner = np.array([1.0, -4.0])
    assert problem.feasible.contains(corner)
    assert problem.value(corner) == pytest.approx(1.000006, abs=5e-7)


def changed(place: int = 0, **entries: Any) -> bytes:
    """The lecture's rail with a slide changed; None takes an entry out."""
    text = deepcopy(TEXT)
    text["slides"][place].update(entries)
    text["slides"][place] = {k: v for k, v in text["slides"][place].items() if v is not None}
    return json.dumps(text).encode()


def test_a_slide_may_hold_an_experiment_of_its_own() -> None:
    experiment = {
        "data": {"x": [[1.0]], "y": [[2.0]]},
        "network": {"sizes": [1, 1], "activations": ["identity"], "bias": [False]},
        "start": {"name": "Zeros"},
    }
    rail = read_rail(
        changed(
            preset=None, variant=None, experiment=experiment, step=2, view={"window": [0, 1, 0, 1]}
        )
    )
    own = rail.slides[0]
    assert own.experiment.problem.network.sizes == (1, 1)
    assert own.view is not None
    assert own.view.window == Window(0.0, 1.0, 0.0, 1.0)
    assert replayed(own.document()).last == 2
    plain = read_rail(changed(preset=None, variant=None, experiment=experiment)).slides[0]
    assert plain.document().view is None


@pytest.mark.parametrize(
    ("place", "entries", "where", "what"),
    [
        (3, {"formula": 7}, r"\$\.slides\[3\]\.formula", "Expected str"),
        (0, {"title": ""}, r"\$\.slides\[0\]\.title", "length"),
        (2, {"colour": "red"}, r"\$\.slides\[2\]", "unknown field colour"),
        (1, {"preset": "nope"}, r"\$\.slides\[1\]\.preset", "there is no preset 'nope'"),
        (1, {"variant": "nope"}, r"\$\.slides\[1\]\.variant", "no variant 'nope'"),
        (1, {"preset": None}, r"\$\.slides\[1\]", "needs a preset or an experiment"),
        (4, {"step": -1}, r"\$\.slides\[4\]\.step", ">= 0"),
        (4, {"step": 10**9}, r"\$\.slides\[4\]\.step", "<= 100000"),
        (4, {"sample": 5}, r"\$\.slides\[4\]\.sample", "no sample 5; the data have 4"),
        (4, {"sample": 0}, r"\$\.slides\[4\]\.sample", ">= 1"),
        (5, {"view": {"window": [1, 1, 0, 1]}}, r"\$\.slides\[5\]\.view\.window", ""),
        (5, {"view": {"params": [0, 9]}}, r"\$\.slides\[5\]\.view\.params", ""),
        (
            6,
            {"changes": {"optimizer": {"name": "GradientDescent", "learning_rate": -1}}},
            r"\$\.slides\[6\]\.changes\.optimizer",
            "",
        ),
        (
            0,
            {
                "experiment": {
                    "data": {"x": [[1]], "y": [[1]]},
                    "network": {"sizes": [1, 1], "activations": ["tanh"], "bias": [False]},
                }
            },
            r"\$\.slides\[0\]",
            "not both",
        ),
    ],
)
def test_a_broken_slide_is_refused_with_its_place(
    place: int, entries: dict[str, Any], where: str, what: str
) -> None:
    with pytest.raises(DocumentError) as refused:
        read_rail(changed(place, **entries))
    assert re.fullmatch(where, refused.value.where)
    assert what in refused.value.what


def test_recorded_numbers_are_refused_with_the_command_that_reads_them() -> None:
    case = (GOLDEN / "s06-xor.json").read_bytes()
    for read, thing in ((read_rail, "rail"), (decode, "document")):
        with pytest.raises(DocumentError) as caught:
            read(case)
        assert caught.value.what == f"This is not a {thing} of mlpsim"
        assert (caught.value.where, "mlpsim check" in caught.value.what_to_do) == ("$.schema", True)


def test_what_is_no_rail_is_refused() -> None:
    preset = next(resource("presets").glob("01*.json")).read_bytes()
    with pytest.raises(DocumentError, match="not a rail of mlpsim"):
        read_rail(preset)
    with pytest.raises(DocumentError, match="newer mlpsim"):
        read_rail(json.dumps({**TEXT, "version": 2}).encode())
    for slides in ([], TEXT["slides"] * 30):
        with pytest.raises(DocumentError, match=r"1 to 500 .*\$\.slides"):
            read_rail(json.dumps({**TEXT, "slides": slides}).encode())
    with pytest.raises(DocumentError, match="ends in the middle"):
        read_rail(json.dumps(TEXT).encode()[:-2])


def test_a_panel_that_is_not_there_is_refused_with_its_place() -> None:
    rail = read_rail(changed(7, panels=["table", "colour"]))
    known = {panel for entry in RAIL.slides for panel in entry.panels}
    check_panels(RAIL, sorted(known))
    with pytest.raises(DocumentError, match=r"no panel 'colour'.*\$\.slides\[7\]\.panels\[1\]"):
        check_panels(rail, sorted(known))
