"""The command line's grammar: what is understood, and what is refused in one message."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mlpsim.app.cli import main
from tests.recorded import GOLDEN

RENDER = ("render", "lecture-gd-sgd-minibatch", "--step", "1")
BOARD = ("storyboard", "lecture-gd-sgd-minibatch", "--out", "a.svg")
SWEEP = ("sweep", "lecture-gd-sgd-minibatch", "--grid", "eta=1", "--out", "a.csv")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no-such-file.mlpsim",), "neither a command nor one file"),
        (
            ("chekc", "a.json"),
            "run, render, animate, storyboard, export, sweep, certify, check, presets, panels",
        ),
        (("",), "'' is neither a command nor one file that is there"),
        ((" ", "a b"), "mlpsim ' ' 'a b': ' ' is neither a command nor one file"),
        (("--colour",), "--colour"),
        (("run", "", "--steps", "1", "--json", "-"), "'' is not a preset's id or the name of a"),
        (("check", ""), "'' is not the name of a file"),
        (("presets", ""), "'' is not the name of a file"),
        ((*RENDER, "--out", ".png"), "'.png' is not the name of a file that ends in"),
        ((*SWEEP, "--grid", "=1"), "'=1' is not AXIS=VALUE,VALUE…"),
        ((*SWEEP, "--grid", "l2=1,"), "'l2=1,' is not AXIS=VALUE,VALUE…"),
        (("run", "xor"), "--steps, --json"),
        (("run", "xor", "--steps", "-1", "--json", "-"), "'-1' is not a whole number"),
        (("run", "xor", "--steps", "1.5", "--json", "-"), "'1.5' is not a whole number"),
        (("run", "xor", "--steps", "९", "--json", "-"), "is not a whole number"),
        (("run", "xor", "--steps", "9" * 5000, "--json", "-"), f"'{'9' * 40}…' is not a whole num"),
        (("run", "xor", "--steps", "1000000001", "--json", "-"), "from 0 to 1,000,000,000"),
        (("run", "xor", "--steps=--", "--json", "-"), "argument --steps: '--' is no value"),
        (("animate", "xor", "--to", "9" * 20, "--out", "a.gif"), "from 0 to 1,000,000,000"),
        (("animate", "xor", "--to", "1", "--every", "0", "--out", "a.gif"), "number from 1 to"),
        ((*BOARD, "--steps", "1,,2"), "'' is not a whole number from 0"),
        ((*BOARD, "--steps", "1", "--columns", "21"), "'21' is not a whole number from 1 to 20"),
        ((*BOARD, "--steps", "1", "--columns", "9", "--width", "5"), "9 pictures in a row have no"),
        ((*SWEEP, "--steps", "-1"), "'-1' is not a whole number from 1 to 1,000,000,000"),
        ((*SWEEP, "--epochs", "1e400"), "'1e400' is not a whole number from 1 to 1,000,000,000"),
        ((*SWEEP, "--seeds", "9" * 20), "is not a whole number from 1 to 1,000,000,000"),
        ((*SWEEP, "--seeds", "9" * 9), "999,999,999 cells are more than 100,000"),
        ((*SWEEP, "--workers", "9" * 20), "is not a whole number from 1 to 1,000."),
        (("run", "xor", "--steps", "1", "--json", ""), "'' is not the name of a file"),
        (("certify", "xor", "--json", "results/"), "'results/' is not the name of a file"),
        ((*SWEEP, "--out="), "'' is not the name of a file"),
        ((*SWEEP, "--out=-"), "'-' is not a file, from which a sweep could go on"),
        (("check",), "NUMBERS.json"),
        ((*RENDER, "--out", "a.gif"), "is not the name of a file that ends in .png, .pdf or .svg"),
        ((*RENDER, "--out", "-"), "is not the name of a file that ends in .png, .pdf or .svg"),
        ((*RENDER, "--out", "a.png", "--size", "1600"), "not WIDTHxHEIGHT"),
        ((*RENDER, "--out", "a.png", "--size", "0x10"), "not WIDTHxHEIGHT"),
        ((*RENDER, "--out", "a.png", "--size", f"{'9' * 5000}x1"), "not WIDTHxHEIGHT"),
        ((*RENDER, "--out", "a.png", "--scale", "nan"), "'nan' is not a number from 0.1 to 10"),
        ((*RENDER, "--out", "a.png", "--scale", "0"), "'0' is not a number from 0.1 to 10"),
        ((*RENDER, "--out", "a.png", "--theme", "blue"), "blue"),
        ((*RENDER, "--out", "a.png", "--size", "16000x16000"), "200 million pixels"),
        ((*RENDER, "--out", "a.png", "--size", "8000x8000", "--scale", "3"), "million pixels"),
    ],
)
def test_a_wrong_call_is_refused_with_what_why_and_what_to_do(
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert [*tmp_path.iterdir()] == []
    output, message = capsys.readouterr()
    assert output == ""
    assert message.startswith("mlpsim")
    assert said in message
    assert len(message.splitlines()) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("certify", "xor", "--json", "-", "--box"),
        ("certify", "xor", "--box", "--json", "-"),
        ("certify", "xor", "--box=-1,1", "--json"),
        ("run", "xor", "--json", "-", "--steps"),
    ],
)
def test_a_value_that_is_missing_brings_no_advice_about_a_minus(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    message = capsys.readouterr().err
    assert "expected one argument" in message
    assert "minus" not in message


@pytest.mark.parametrize(
    ("words", "unknown", "meant"),
    [
        (("certify", "xor", "--tolerance", "1", "--json", "-"), "--tolerance", "--tol"),
        (("certify", "xor", "--tolerance=1", "--json", "-"), "--tolerance", "--tol"),
        (("run", "xor", "--steps", "1", "--json-out", "a.json"), "--json-out", "--json"),
        (("run", "xor", "-steps", "1", "--json", "-"), "-steps", "--steps"),
        (("sweep", "xor", "--Grid", "eta=1", "--out", "a.csv"), "--Grid", "--grid"),
        (("--verison",), "--verison", "--version"),
    ],
)
def test_an_option_that_is_nearly_one_is_refused_with_the_one_meant(
    words: tuple[str, ...], unknown: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    said, advice = capsys.readouterr().err.splitlines()
    assert said.endswith(f": there is no option {unknown}.")
    assert advice.startswith(f"Perhaps {meant} is meant. mlpsim ")


def test_an_option_that_is_like_none_is_refused_with_all_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["run", "xor", "--steps", "1", "--json", "-", "--colour"]) == 2
    said, advice = capsys.readouterr().err.splitlines()
    assert said == "mlpsim run: there is no option --colour."
    assert advice.startswith("Its options are --help, --variant, --steps, --json. ")


def test_the_beginning_of_an_option_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["certify", "ravine", "--box=-1,1", "--abs", "--js", "-"]) == 0
    assert main(["certify", "ravine", "--b=-1,1", "--json", "-"]) == 2
    assert "could match --box, --ball" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("--help",), ("render", "--help"), ("--version",)])
def test_help_is_no_refusal(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip()


def test_a_run_is_printed_with_the_numbers_of_the_lecture(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["run", "lecture-gd-sgd-minibatch", "--steps", "1", "--json", "-"]) == 0
    start, first = json.loads(capsys.readouterr().out)["steps"]
    assert start["theta"] == [0, 0]
    assert start["objective"] == 1
    assert start["batch"] is None
    assert first["theta"] == pytest.approx([-0.275, -0.1])
    assert first["objective"] == pytest.approx(0.433931, abs=1e-6)
    assert first["batch"] == [0, 1, 2, 3]


def test_check_tells_agreement_from_deviation_and_from_refusal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = GOLDEN / "s02-lecture-bce.json"
    assert main(["check", str(case)]) == 0
    other = json.loads(case.read_text())
    other["runs"][0]["objective"][-1] += 1e-3
    (tmp_path / "other.json").write_text(json.dumps(other))
    assert main(["check", str(case), str(tmp_path / "other.json")]) == 1
    (tmp_path / "broken.json").write_text("{")
    assert main(["check", str(tmp_path / "other.json"), str(tmp_path / "broken.json")]) == 2
    assert "broken.json" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "no-such-folder" / "run.json"
    words = ["run", "lecture-gd-sgd-minibatch", "--steps", "1", "--json", str(out)]
    assert main(words) == 2
    assert str(out) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("render", "--step", "1", "--panel", "loss"), "a.png"),
        (("animate", "--to", "1", "--panel", "loss"), "a.gif"),
        (("storyboard", "--steps", "1", "--panel", "loss"), "a.svg"),
    ],
)
def test_a_picture_that_cannot_be_written_is_refused_by_its_name(
    words: tuple[str, ...], name: str, tmp_path: Path
) -> None:
    out = tmp_path / "no-such-folder" / name
    call = [sys.executable, "-m", "mlpsim", *words, "lecture-gd-sgd-minibatch", "--out", str(out)]
    # A process of its own: Qt has one application in each.
    ended = subprocess.run(call, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"{out}: It cannot be written: No such file")


def test_check_names_a_file_that_is_not_there_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / "none.json")
    assert main(["check", path]) == 2
    assert capsys.readouterr().err.count(path) == 1


@pytest.mark.parametrize(
    "words", [("presets",), ("run", "xor-symmetry", "--steps", "1", "--json", "-")]
)
def test_a_closed_output_is_none_to_speak_of(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert main(words) == 0
    sys.stdout.close()
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here is always full")
def test_a_full_output_is_refused_in_words() -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        ended = subprocess.run(
            [sys.executable, "-m", "mlpsim", "presets"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 2
    assert ended.stderr.startswith("mlpsim: No space left on device.\n")


def test_an_unknown_preset_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.json"
    assert main(["run", "no-such-preset", "--steps", "1", "--json", str(out)]) == 2
    assert "no-such-preset" in capsys.readouterr().err
    assert not out.exists()


def test_the_panels_are_those_of_the_window(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["panels"]) == 0
    printed = capsys.readouterr().out
    ids = [line.split()[0] for line in printed.splitlines()]
    assert ids[:2] == ["data", "table"]
    assert {"surface", "surface3d", "network", "training", "loss", "step"} <= set(ids)


def test_the_presets_are_printed_with_their_variants(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets"]) == 0
    assert "lecture-gd-sgd-minibatch" in capsys.readouterr().out
