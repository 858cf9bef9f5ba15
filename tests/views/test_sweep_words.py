"""What is said of sweeps: axes and values in the field's words, and what came of a tile."""

import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.studies.sweep import Axis, Result, Sweep
from mlpsim.core.studies.sweep_axes import KINDS
from mlpsim.core.studies.sweep_map import MEASURES, SEED, Pivot, sweep_map
from mlpsim.views.labels import sweep_words
from mlpsim.views.parts.sweep.axis_row import USUAL

GRID = Sweep(lecture_experiment(), (Axis("eta", ("1e-5", "0.1")),), seeds=3, epochs=2)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"eta": "1e-5", "batch": "full"}, "η = 10⁻⁵, B = full"),
        ({"loss": "bce_logits", "momentum": "0.90"}, "cross-entropy (binary), μ = 0.9"),
        ({"optimizer": "adam", "l2": "0.01", SEED: "2"}, "Adam, L2 = 0.01, seed = 2"),
        ({"start": "0.5:-1"}, "start = (0.5, −1)"),
        ({"start": "he-normal"}, "start = He normal"),
    ],
)
def test_settings_are_said_in_the_words_of_the_field(values: dict[str, str], words: str) -> None:
    assert sweep_words.setting(values) == words


@pytest.mark.parametrize("name", [kind.name for kind in KINDS])
def test_every_axis_has_words_and_usual_values(name: str) -> None:
    assert sweep_words.axis_words(name)
    for value in USUAL[name].split(", "):
        assert sweep_words.value_words(name, value)


def result(number: int, error: float, diverged_at: int | None = None) -> Result:
    return Result(number, error, error, 0.5, 0.25, 1.0, diverged_at, ())


@pytest.mark.parametrize(
    ("there", "measure", "words"),
    [
        ([], 0, "η = 10⁻⁵: not run yet"),
        ([(0, 0.5)], 0, "η = 10⁻⁵: training E per sample 0.5, from 1 of 3 runs (the first opens)"),
        (
            [(0, 0.1), (1, 0.2), (2, 0.3)],
            0,
            "η = 10⁻⁵: training E per sample 0.2 ± 0.1, mean and standard deviation of 3 runs"
            " (the first opens)",
        ),
        ([(0, 0.1), (1, 0.2, 4)], 0, "η = 10⁻⁵: 1 of 3 runs diverged"),
        ([(n, 0.1, 4) for n in range(3)], 0, "η = 10⁻⁵: 3 of 3 runs diverged"),
        (
            [(0, 0.1)],
            2,
            "η = 10⁻⁵: training accuracy 50 %, from 1 of 3 runs (the first opens)",
        ),
    ],
)
def test_a_tile_says_what_came_of_its_runs(there: list, measure: int, words: str) -> None:
    results = {entry[0]: result(*entry) for entry in there}
    found = sweep_map(GRID, GRID.cells(), results, Pivot(MEASURES[measure], "eta"))
    assert sweep_words.tile_words(found, (0, 0)) == words


def test_a_chosen_tile_says_by_which_value() -> None:
    single = Sweep(lecture_experiment(), (Axis("eta", ("0.1",)),), epochs=2)
    for measure, by in zip(
        MEASURES, (", held-out E per sample 0.25", "", ", held-out accuracy 100 %", ""), strict=True
    ):
        found = sweep_map(single, single.cells(), {0: result(0, 0.5)}, Pivot(measure, "eta"))
        assert sweep_words.choice_words(found).endswith(f"; chosen on the hold-out{by}")
    none = sweep_map(single, single.cells(), {}, Pivot(measure))
    assert sweep_words.choice_words(none) == "Held-out accuracy."


def test_a_measure_that_no_result_has_is_said_to_be_missing() -> None:
    single = Sweep(lecture_experiment(), (), epochs=2)
    there = {0: Result(0, 1.0, 1.0, None, None, None, None, ())}
    found = sweep_map(single, single.cells(), there, Pivot(MEASURES[1]))
    assert sweep_words.tile_words(found, (0, 0)) == "no held-out E per sample"
    diverged = {0: Result(0, 1.0, 1.0, None, None, None, 3, ())}
    found = sweep_map(single, single.cells(), diverged, Pivot(MEASURES[0]))
    assert sweep_words.tile_words(found, (0, 0)) == "diverged"


def test_of_a_map_of_which_nothing_is_missing_nothing_is_noted() -> None:
    def noted(stride: int) -> str:
        return sweep_words.note_words(True, True, lost_curves=0, stride=stride, file="")

    assert noted(1) == ""
    assert noted(4).startswith("One curve in 4 is drawn")
