"""``mlpsim certify``: what it prints, and what it refuses."""

import json
import os
import re
import signal
import subprocess
import sys
from subprocess import PIPE

import pytest

from mlpsim.app import cli
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.document import new_document
from mlpsim.session.files import save

LECTURE = "lecture-gd-sgd-minibatch"


def certify(capsys, *words) -> dict:
    assert cli.main(["certify", *words, "--json", "-"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_lectures_box_has_a_certified_optimum(capsys) -> None:
    found = certify(capsys, LECTURE, "--box=-10,10")
    assert list(found) == ["f_lo", "f_hi", "cover", "isolated", "verdict"]
    assert found["f_lo"] <= 7.72762259719364925e-18 <= found["f_hi"]
    assert found["f_hi"] - found["f_lo"] <= 1e-9 * found["f_lo"]
    assert (found["isolated"], found["verdict"]) == (True, "certified")
    (box,) = found["cover"]
    for lo, known, hi in zip(box["lo"], (-10.0, 0.0654493379242), box["hi"], strict=True):
        assert lo <= known <= hi


def test_a_box_may_have_limits_for_each_parameter(capsys) -> None:
    found = certify(capsys, LECTURE, "--box=1,4;-4,4")
    assert found["f_lo"] <= 1.0000061285713533 <= found["f_hi"]


def test_a_ball_lies_around_0(capsys) -> None:
    found = certify(capsys, LECTURE, "--ball=1")
    assert found["f_lo"] <= 0.029625529557239114 <= found["f_hi"]


def test_without_a_choice_the_experiments_own_c_holds(capsys) -> None:
    found = certify(capsys, "lecture-constrained", "--variant", "box")
    assert found["f_lo"] <= 0.029485138130592675 <= found["f_hi"]
    nowhere = certify(capsys, LECTURE)
    assert nowhere == {
        "f_lo": 0.0,
        "f_hi": 0.0,
        "cover": [],
        "isolated": False,
        "verdict": "infimum-not-attained",
    }


def test_a_penalty_makes_the_infimum_on_the_whole_space_a_minimum(capsys) -> None:
    found = certify(capsys, "lecture-constrained", "--variant", "penalty")
    assert found["verdict"] == "certified"
    assert found["f_lo"] <= 0.0258918076530855414 <= found["f_hi"]


def test_a_tolerance_may_be_wide_or_absolute(capsys) -> None:
    wide = certify(capsys, LECTURE, "--box=-3,3", "--tol", "0.1")
    assert wide["f_hi"] - wide["f_lo"] <= 0.1 * wide["f_lo"]
    saddle = certify(capsys, "saddle", "--box=-2,2")
    assert (saddle["isolated"], saddle["verdict"]) == (False, "gap")
    assert certify(capsys, "saddle", "--box=-2,2", "--absolute")["verdict"] == "certified"


def test_a_search_that_gives_up_says_with_what_and_why(capsys) -> None:
    assert cli.main(["certify", "saddle", "--box=-2,2", "--json", "-"]) == 0
    said = capsys.readouterr().err
    assert re.fullmatch(r"0\.0 <= f\* <= \S+, no closer: this is what rounding leaves, .*\n", said)


def test_the_answer_goes_to_a_file_whole(tmp_path, capsys) -> None:
    source, out = tmp_path / "lecture.mlpsim", tmp_path / "answer.json"
    save(new_document(lecture_experiment()), source)
    assert cli.main(["certify", str(source), "--box=-1,1", f"--json={out}"]) == 0
    assert json.loads(out.read_text())["verdict"] == "certified"
    assert capsys.readouterr().out == ""


def test_a_gap_that_stays_is_told_with_all_digits_that_it_takes(capsys) -> None:
    assert cli.main(["certify", LECTURE, "--box=-1,1", "--tol=0", "--json", "-"]) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    told = re.fullmatch(r"(\S+) <= f\* <= (\S+), no closer: the boxes .*\n", printed.err)
    assert told is not None
    assert (float(told[1]), float(told[2])) == (found["f_lo"], found["f_hi"])
    assert found["f_lo"] < found["f_hi"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--box=1"], "'1' is not LO,HI"),
        (["--box=2,1"], "'2,1' is not LO,HI"),
        (["--box", "-2,1"], "stands behind =, as in --box=-2,1"),
        (["--box=-1,1;0,nan"], "'0,nan' is not LO,HI"),
        (["--box=-1,1;-1,1;-1,1"], "limits 3 parameters, the network has 2"),
        (["--ball=-1"], "'-1' is not a number from 0 on"),
        (["--ball=1e400"], "'1e400' is not a number from 0 on up to 1.8e308"),
        (["--box=-1e400,1"], "'-1e400,1' is not LO,HI with two numbers LO ≤ HI up to 1.8e308"),
        (["--ball=x"], "'x' is not a number from 0 on"),
        (["--box=-1,1", "--ball=1"], "not allowed with"),
        (["--tol=-1"], "'-1' is not a number from 0 on"),
    ],
)
def test_what_is_no_set_or_tolerance_is_refused(capsys, words, said) -> None:
    assert cli.main(["certify", LECTURE, *words, "--json", "-"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err


def test_the_whole_space_is_refused_where_nothing_is_proved(capsys) -> None:
    assert cli.main(["certify", "saddle", "--json", "-"]) == 2
    message = capsys.readouterr().err
    assert "nothing is proved" in message
    assert "--box=LO,HI" in message


def test_a_directory_that_is_not_there_is_refused(tmp_path, capsys) -> None:
    out = tmp_path / "no" / "answer.json"
    assert cli.main(["certify", LECTURE, "--ball=1", f"--json={out}"]) == 2
    assert capsys.readouterr().err


LONG = ["certify", "spiral", "--box=-1,1", "--json", "-"]


@pytest.mark.skipif(os.name != "posix", reason="interrupts by a signal")
def test_a_long_search_says_how_far_it_is_and_ends_with_its_bounds() -> None:
    command = [sys.executable, "-m", "mlpsim", *LONG]
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True) as child:
        said = child.stderr.readline()
        child.send_signal(signal.SIGINT)
        printed, more = child.communicate(timeout=60.0)
    told = re.fullmatch(r"\d+% of the search at most: (\S+) <= f\* <= (\S+)\. Ctrl.*\n", said)
    assert told is not None
    assert child.returncode == 130
    assert "Traceback" not in more
    found = json.loads(printed)
    assert found["verdict"] == "gap"
    assert float(told[1]) <= found["f_lo"]
    assert found["f_hi"] <= float(told[2])
