"""Which sweep a file of results belongs to: a known one, or the grid that its lines tell."""

from dataclasses import replace
from pathlib import Path

import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.studies.sweep import Axis, Sweep, run_cell
from mlpsim.session.results_file import MEASURED, ResultsFile
from mlpsim.session.results_grid import sweep_in

LECTURE = lecture_experiment()
AXES = (Axis("eta", ("0.1", "0.01")), Axis("batch", ("full", "1")))
SWEEP = Sweep(LECTURE, AXES, seeds=2, epochs=3)


def written(path: Path, sweep: Sweep, numbers: range) -> Path:
    file, cells = ResultsFile(path, sweep), sweep.cells()
    for number in numbers:
        file.add(cells[number], run_cell(cells[number]))
    return path


@pytest.mark.parametrize(
    "sweep",
    [
        SWEEP,
        Sweep(LECTURE, AXES[:1], epochs=1),
        Sweep(LECTURE, AXES, 2, steps=5),
        replace(SWEEP, axes=()),
    ],
)
def test_whole_files_tell_their_grid(tmp_path, sweep: Sweep) -> None:
    path = written(tmp_path / "r.csv", sweep, range(len(sweep)))
    assert sweep_in(path, LECTURE, []).fingerprint() == sweep.fingerprint()


def test_a_part_of_a_file_is_of_a_known_sweep(tmp_path) -> None:
    path = written(tmp_path / "r.csv", SWEEP, range(1, 3))
    with pytest.raises(DocumentError, match="or of a grid that its lines do not tell"):
        sweep_in(path, LECTURE, [replace(SWEEP, epochs=4)])
    assert sweep_in(path, LECTURE, [replace(SWEEP, epochs=4), SWEEP]) is SWEEP


def test_another_experiment_is_refused(tmp_path) -> None:
    path = written(tmp_path / "r.csv", SWEEP, range(len(SWEEP)))
    with pytest.raises(DocumentError, match="It holds the results of another experiment"):
        sweep_in(path, replace(LECTURE, scaling="unbiased"), [])


HEAD = ",".join(("cell", "eta", "seed", "steps", *MEASURED))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "It holds no results of a sweep"),
        ("a,b\n1,2\n", "It holds no results of a sweep"),
        (f"{HEAD}\n", "It holds no results of a sweep"),
        (f"{HEAD}\n0,0.1\n", "It holds no results of a sweep"),
        (f"{HEAD}\nx,0.1,0,3,1,1,,,,,abc\n", "of a grid that its lines do not tell"),
        (f"{HEAD}\n0,fast,0,3,1,1,,,,,abc\n", "of a grid that its lines do not tell"),
        (f"{HEAD.replace('seed', 'luck')}\n0,1,0,3,1,1,,,,,abc\n", "that its lines do not tell"),
    ],
)
def test_what_is_no_table_of_results_is_refused(tmp_path, text, message) -> None:
    path = tmp_path / "r.csv"
    path.write_text(text)
    with pytest.raises(DocumentError, match=message):
        sweep_in(path, LECTURE, [])
