"""The results of a sweep in a file: none lost, none doubled, none of another sweep."""

import csv
from dataclasses import replace
from math import isnan

import pytest

from mlpsim.core.activations import IDENTITY
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.network import Network
from mlpsim.core.studies.sweep import Axis, Sweep, run_cell
from mlpsim.session.results_file import ResultsFile
from mlpsim.session.results_lines import write_head

SWEEP = Sweep(lecture_experiment(), (Axis("eta", ("0.1", "0.01")),), seeds=2, epochs=3)
CELLS = SWEEP.cells()


def filled(path, numbers=(2, 0, 1, 3)) -> ResultsFile:
    file = ResultsFile(path, SWEEP)
    for number in numbers:
        file.add(CELLS[number], run_cell(CELLS[number]))
    return file


def test_lines_are_there_at_once_and_in_order_at_the_end(tmp_path) -> None:
    path = tmp_path / "r.csv"
    file = filled(path)
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert [row["cell"] for row in rows] == list("2013")
    file.finish()
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert [row["cell"] for row in rows] == list("0123")
    assert [row["eta"] for row in rows] == ["0.1", "0.1", "0.01", "0.01"]
    result = run_cell(CELLS[2])
    assert float(rows[2]["objective"]) == result.objective
    assert float(rows[2]["error"]) == result.error
    assert (rows[2]["accuracy"], rows[2]["diverged_at"]) == ("1.0", "")


def test_a_run_that_starts_beyond_all_numbers_leaves_its_cells_empty(tmp_path) -> None:
    linear = replace(lecture_experiment().problem, network=Network((2, 1), (IDENTITY,), (False,)))
    started = replace(lecture_experiment(), problem=linear)
    sweep = Sweep(started, (Axis("start", ("1e200:0", "1:0")),), seeds=1, epochs=2)
    cells, path = sweep.cells(), tmp_path / "r.csv"
    file = ResultsFile(path, sweep)
    for cell in cells:
        file.add(cell, run_cell(cell))
    beyond, other = csv.DictReader(path.read_text().splitlines())
    assert (beyond["objective"], beyond["error"], beyond["diverged_at"]) == ("", "", "0")
    assert other["diverged_at"] == ""
    again = ResultsFile(path, sweep)
    assert again.finished == {0, 1}
    assert isnan(again.results()[0].objective)
    assert again.results()[1].error == float(other["error"])


def test_a_kill_costs_no_more_than_the_line_that_it_cuts(tmp_path) -> None:
    path = tmp_path / "r.csv"
    filled(path, (0, 1))
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    again = ResultsFile(path, SWEEP)
    assert again.finished == {0}
    for number in (1, 2, 3):
        again.add(CELLS[number], run_cell(CELLS[number]))
    again.finish()
    assert path.read_bytes().startswith(whole)
    assert len(path.read_text().splitlines()) == 5


def test_a_cell_that_was_added_twice_stands_once(tmp_path) -> None:
    path = tmp_path / "r.csv"
    filled(path, (0, 1, 1)).finish()
    assert len(path.read_text().splitlines()) == 3


def test_results_are_read_as_they_were_but_for_the_curve(tmp_path) -> None:
    path = tmp_path / "r.csv"
    filled(path)
    found = ResultsFile(path, SWEEP).results()
    assert found == {n: replace(run_cell(CELLS[n]), curve=()) for n in range(4)}
    diverged = replace(found[1], diverged_at=2, accuracy=None, held_out_error=0.25)
    file = ResultsFile(path, SWEEP, anew=True)
    assert file.finished == frozenset()
    file.add_all([(CELLS[1], diverged)])
    assert ResultsFile(path, SWEEP).results() == {1: diverged}


@pytest.mark.parametrize(
    ("written", "changed", "difference"),
    [
        (repr(run_cell(CELLS[0]).error), "much", ": its error is 'much'"),
        (f",{run_cell(CELLS[0]).error!r}", ',"0,24"', ""),
        (f",{run_cell(CELLS[1]).error!r},", ",2.5E-01,", ""),
        (repr(run_cell(CELLS[1]).objective), "0.25", ""),  # a digit less, or another one
        ("\n1,0.1,1,", "\n1,0.2,1,", ""),
        ("\n1,0.1,1,", "\n1,0.1,0,", ""),
        ("\n1,0.1,1,3,", "\n1,0.1,1,3x,", ""),
        ("\n1,0.1,1,3,", "\n1,0.1,1,", ": it has 11 cells, not 12"),
        ("\n1,0.1,1,", "\n\n1,0.1,1,", ": it has 0 cells, not 12"),
        ("\n1,0.1,1,", "\n" + "1" * 5000 + ",0.1,1,", ""),
        ("\n1,0.1,1,", "\n١,0.1,1,", ""),
    ],
)
def test_a_changed_line_is_named_and_the_file_stays(tmp_path, written, changed, difference) -> None:
    path = tmp_path / "r.csv"
    filled(path).finish()
    text = path.read_text()
    assert written in text
    path.write_text(text.replace(written, changed, 1), encoding="utf-8")
    there = path.read_bytes()
    place = 1 + text[: text.index(written) + 1].count("\n")
    with pytest.raises(DocumentError) as refused:
        ResultsFile(path, SWEEP)
    assert refused.value.what == f"A line of it is not as it was written{difference}"
    assert refused.value.where == f"{path}:{place}"
    assert path.read_bytes() == there


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("point", [".", ","])
def test_what_a_spreadsheet_saves_is_read_where_its_numbers_are_the_same(
    tmp_path, separator, quoting, point
) -> None:
    path = tmp_path / "r.csv"
    filled(path).finish()
    before = path.read_bytes()
    rows = list(csv.reader(path.read_text().splitlines()))
    saved = [[("1" if cell == "1.0" else cell).replace(".", point) for cell in row] for row in rows]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=separator, quoting=quoting).writerows(saved)
    assert ResultsFile(path, SWEEP).finished == {0, 1, 2, 3}
    assert path.read_bytes() == before


def test_no_spreadsheet_takes_what_identifies_a_line_for_a_number(tmp_path) -> None:
    path = tmp_path / "r.csv"
    filled(path)
    for row in csv.DictReader(path.read_text().splitlines()):
        assert (row["sweep"][0], row["check"][0]) == ("s", "x")


def test_an_empty_file_is_begun_anew(tmp_path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(b"")
    assert ResultsFile(path, SWEEP).finished == frozenset()
    assert path.read_text().startswith("cell,eta,seed,steps,objective")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (write_head(["a", "b"]), "Its columns are not those of this sweep"),
        (b"a,b\n1,2\n", "It holds no results of a sweep"),
        (b"What I must not lose, in one line", "It holds no results of a sweep"),
        (b"\xff\xfe\n", "It is no CSV file"),
    ],
)
def test_another_file_is_refused_and_stays(tmp_path, text, message) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(text)
    with pytest.raises(DocumentError, match=message):
        ResultsFile(path, SWEEP)
    assert path.read_bytes() == text


def test_the_results_of_another_sweep_are_refused(tmp_path) -> None:
    path = tmp_path / "r.csv"
    filled(path)
    with pytest.raises(DocumentError, match="It holds the results of another sweep"):
        ResultsFile(path, replace(SWEEP, epochs=4))
    assert len(path.read_text().splitlines()) == 5


def test_what_cannot_be_written_is_said(tmp_path) -> None:
    file = ResultsFile(tmp_path / "r.csv", SWEEP)
    (tmp_path / "r.csv").unlink()
    (tmp_path / "r.csv").mkdir()
    with pytest.raises(DocumentError, match="It cannot be written: Is a directory"):
        file.add(CELLS[0], run_cell(CELLS[0]))
