"""Maps of a sweep: means over what is not shown, losses kept apart, and what is chosen."""

from dataclasses import replace

import numpy as np
import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.held_out import HeldOut, Split
from mlpsim.core.starts import Given
from mlpsim.core.studies.sweep import Axis, Result, Sweep
from mlpsim.core.studies.sweep_map import (
    MEASURES,
    Pivot,
    axes_of,
    held_cells,
    measured,
    sweep_map,
    values_of,
)

TRAINING, HELD_OUT, ACCURACY, HELD_OUT_ACCURACY = MEASURES
ETA, BATCH = Axis("eta", ("0.1", "0.01")), Axis("batch", ("1", "2", "full"))
LOSS = Axis("loss", ("squared_error", "bce_logits"))
GRID = Sweep(lecture_experiment(), (ETA, BATCH), seeds=2, epochs=1)
LOSSES = Sweep(lecture_experiment(), (ETA, LOSS), epochs=1)


def result(number: int, **changes: float | None) -> Result:
    told = {
        "error": float(number),
        "accuracy": 0.1 * number,
        "held_out_error": 10.0 - number,
        "held_out_accuracy": 0.5,
    } | changes
    return Result(number, 0.0, diverged_at=told.pop("diverged_at", None), curve=(), **told)


def results(*numbers: int, **changes: float | None) -> dict[int, Result]:
    return {number: result(number, **changes) for number in numbers}


def test_the_seeds_are_an_axis_where_there_are_several() -> None:
    assert list(axes_of(GRID)) == ["eta", "batch", "seed"]
    assert axes_of(GRID)["seed"] == ("0", "1")
    assert list(axes_of(LOSSES)) == ["eta", "loss"]
    assert values_of(GRID, GRID.cells()[7]) == {"eta": "0.01", "batch": "1", "seed": "1"}


def test_a_tile_is_the_mean_over_the_axes_that_are_not_shown() -> None:
    found = sweep_map(GRID, GRID.cells(), results(*range(12)), Pivot(TRAINING, "batch", "eta"))
    assert (found.columns, found.rows) == (BATCH.values, ETA.values)
    assert found.places() == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    tile = found.tiles[1][2]
    assert [cell.number for cell in tile.cells] == [10, 11]
    assert (tile.done, tile.diverged, tile.value) == (2, 0, 10.5)
    assert tile.spread == pytest.approx(np.std([10.0, 11.0], ddof=1))
    assert {kind for line in found.kinds for kind in line} == {""}


def test_one_axis_makes_a_single_row_and_none_a_single_tile() -> None:
    row = sweep_map(GRID, GRID.cells(), results(*range(12)), Pivot(TRAINING, "eta"))
    assert [tile.value for tile in row.tiles[0]] == [2.5, 8.5]
    alone = Sweep(lecture_experiment(), (), epochs=1)
    found = sweep_map(alone, alone.cells(), results(0), Pivot(TRAINING))
    assert (found.columns, found.rows, found.tiles[0][0].value) == (("",), ("",), 0.0)
    assert found.tiles[0][0].spread is None


def test_other_axes_can_be_held_at_a_value() -> None:
    pivot = Pivot(TRAINING, "eta", held=(("batch", "2"), ("seed", "1")))
    assert [cell.number for cell in held_cells(GRID, GRID.cells(), pivot)] == [3, 9]
    found = sweep_map(GRID, GRID.cells(), results(*range(12)), pivot)
    assert [tile.value for tile in found.tiles[0]] == [3.0, 9.0]
    assert (found.places_of(9), found.places_of(8)) == ([(0, 1)], [])


def test_what_has_not_ended_is_missing_and_chosen_by_nobody() -> None:
    found = sweep_map(GRID, GRID.cells(), results(0, 2, 3), Pivot(TRAINING, "batch", "eta"))
    half, whole, none = found.tiles[0]
    assert (half.done, half.value, half.spread, half.choice) == (1, 0.0, None, None)
    assert (whole.done, whole.value, whole.choice) == (2, 2.5, 7.5)
    assert (none.done, none.value) == (0, None)
    assert found.chosen == frozenset()


def test_a_mean_never_hides_that_a_run_diverged() -> None:
    there = results(0) | results(1, diverged_at=3)
    found = sweep_map(GRID, GRID.cells(), there, Pivot(TRAINING, "batch", "eta"))
    tile = found.tiles[0][0]
    assert (tile.done, tile.diverged, tile.value, tile.choice) == (2, 1, None, None)
    assert found.chosen == frozenset()


def test_a_measure_that_is_not_there_has_no_value() -> None:
    there = results(*range(4), held_out_error=None, held_out_accuracy=None)
    found = sweep_map(LOSSES, LOSSES.cells(), there, Pivot(HELD_OUT, "eta", "loss"))
    assert {tile.value for line in found.tiles for tile in line} == {None}
    assert found.chosen == frozenset()


def test_a_mean_is_of_all_or_not_there() -> None:
    there = results(0) | results(1, held_out_error=None)
    found = sweep_map(GRID, GRID.cells(), there, Pivot(HELD_OUT, "batch", "eta"))
    assert (found.tiles[0][0].done, found.tiles[0][0].value) == (2, None)


def test_the_loss_at_the_start_is_told_for_every_loss_that_has_ended() -> None:
    cells, pivot = LOSSES.cells(), Pivot(TRAINING, "eta", "loss")
    # At w = 0 every ŷ is ½.
    both = sweep_map(LOSSES, cells, results(*range(4)), pivot).starts
    assert both == {"squared_error": 0.25, "bce_logits": pytest.approx(np.log(2.0))}
    assert list(sweep_map(LOSSES, cells, results(1), pivot).starts) == ["bce_logits"]
    assert sweep_map(LOSSES, cells, results(1), Pivot(ACCURACY, "eta", "loss")).starts == {}


def test_a_held_out_loss_begins_with_that_of_the_held_out_samples() -> None:
    experiment = lecture_experiment()
    data = experiment.problem.data
    split = replace(
        experiment,
        problem=replace(experiment.problem, data=data.without([3])),
        start=Given((1.0, 0.0)),
        held_out=HeldOut(data.without([0, 1, 2]), (3,), Split()),
    )
    sweep = Sweep(split, (ETA,), epochs=1)
    # σ(−3), σ(−2) and σ(4) are 0.0474, 0.1192 and 0.9820; σ(2) is 0.8808, of the sample held out.
    for measure, start in ((TRAINING, 0.8825), (HELD_OUT, 0.7758)):
        found = sweep_map(sweep, sweep.cells(), results(0, 1), Pivot(measure, "eta"))
        assert found.starts[""] == pytest.approx(start, abs=1e-4)


def test_measures_are_those_that_some_result_has() -> None:
    assert measured([]) == (TRAINING,)
    there = [result(0, held_out_error=None, held_out_accuracy=None, accuracy=None), result(1)]
    assert measured(there[:1]) == (TRAINING,)
    assert measured(there) == MEASURES


def test_the_least_held_out_loss_is_chosen_for_every_loss_apart() -> None:
    # 0: η = 0.1, squared error; 1: η = 0.1, cross-entropy; 2 and 3: η = 0.01.
    cells, there = LOSSES.cells(), results(*range(4))
    for measure in (TRAINING, HELD_OUT):
        for pivot in (Pivot(measure, "eta", "loss"), Pivot(measure, "loss", "eta")):
            found = sweep_map(LOSSES, cells, there, pivot)
            assert set(np.ravel(found.kinds)) == set(LOSS.values)
            chosen = {found.tiles[row][column].cells[0].number for row, column in found.chosen}
            assert chosen == {2, 3}
    held = sweep_map(LOSSES, cells, there, Pivot(TRAINING, "eta", held=(("loss", "bce_logits"),)))
    assert [tile.value for tile in held.tiles[0]] == [1.0, 3.0]
    assert held.chosen == {(0, 1)}


def test_losses_are_never_averaged_with_one_another() -> None:
    with pytest.raises(ValueError, match="values of different losses have no mean"):
        sweep_map(LOSSES, LOSSES.cells(), {}, Pivot(TRAINING, "eta"))


def test_accuracies_of_all_losses_compare_and_the_largest_held_out_one_is_chosen() -> None:
    there = results(0, 3) | results(1, held_out_accuracy=0.9) | results(2, held_out_accuracy=0.9)
    for measure in (ACCURACY, HELD_OUT_ACCURACY):
        found = sweep_map(LOSSES, LOSSES.cells(), there, Pivot(measure, "eta", "loss"))
        assert found.chosen == {(0, 1)}  # η = 0.01, squared error: the first of two equals
    mean = sweep_map(LOSSES, LOSSES.cells(), there, Pivot(ACCURACY, "eta"))
    assert mean.tiles[0][1].value == pytest.approx(0.25)
