"""Which sweep a file of results belongs to: a known one, or the grid that its lines tell."""

from dataclasses import replace
from pathlib import Path

import pytest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.studies.sweep import Axis, Sweep, run_cell
from mlpsim.session.results_file import MEASURED, ResultsFile
from mlpsim.session.results_grid import sweep_in
from mlpsim.session.results_lines import write_head, write_line

LECTURE = lecture_experiment()
UNTOLD = "or of a grid that its lines do not tell"
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
    with pytest.raises(DocumentError, match=UNTOLD):
        sweep_in(path, LECTURE, [replace(SWEEP, epochs=4)])
    assert sweep_in(path, LECTURE, [replace(SWEEP, epochs=4), SWEEP]) is SWEEP


def test_another_experiment_is_refused(tmp_path) -> None:
    path = written(tmp_path / "r.csv", SWEEP, range(len(SWEEP)))
    with pytest.raises(DocumentError, match="It holds the results of another experiment"):
        sweep_in(path, replace(LECTURE, scaling="unbiased"), [])


HEAD = ["cell", "eta", "seed", "steps", *MEASURED]


NUMBERS = ["1.0", "1.0", "", "", "", "", "abc"]


@pytest.mark.parametrize(
    ("head", "line", "message"),
    [
        (["a", "b"], ["1", "2"], "It holds no results of a sweep"),
        (HEAD, None, "It holds no results of a sweep"),
        (HEAD, ["0", "0.1"], "it has 3 cells, not 12"),
        (HEAD, ["x", "0.1", "0", "3", *NUMBERS], UNTOLD),
        (HEAD, ["0", "fast", "0", "3", *NUMBERS], UNTOLD),
        ([*HEAD[:2], "luck", *HEAD[3:]], ["0", "0.1", "0", "3", *NUMBERS], UNTOLD),
    ],
)
def test_what_is_no_table_of_results_is_refused(tmp_path, head, line, message) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(write_head(head) + (b"" if line is None else write_line(line)))
    with pytest.raises(DocumentError, match=message):
        sweep_in(path, LECTURE, [])


def test_an_empty_file_holds_no_results(tmp_path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(b"")
    with pytest.raises(DocumentError, match="It holds no results of a sweep"):
        sweep_in(path, LECTURE, [])
