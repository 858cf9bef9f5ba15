"""The command line's grammar: what is understood, and what is refused in one message."""

from pathlib import Path

import pytest

from mlpsim.app.cli import main

RENDER = ("render", "lecture-gd-sgd-minibatch", "--step", "1")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("no-such-file.mlpsim",), "neither a command nor a file"),
        (("chekc", "a.json"), "run, render, check, presets, panels, doctor"),
        (("--colour",), "--colour"),
        (("run", "xor"), "--steps, --json"),
        (("run", "xor", "--steps", "-1", "--json", "-"), "'-1' is not a whole number"),
        (("run", "xor", "--steps", "1.5", "--json", "-"), "'1.5' is not a whole number"),
        (("run", "xor", "--steps", "९", "--json", "-"), "is not a whole number"),
        (("check",), "CASE.json"),
        ((*RENDER, "--out", "a.gif"), "neither in .png nor in .pdf"),
        ((*RENDER, "--out", "-"), "neither in .png nor in .pdf"),
        ((*RENDER, "--out", "a.png", "--size", "1600"), "not WIDTHxHEIGHT"),
        ((*RENDER, "--out", "a.png", "--size", "0x10"), "not WIDTHxHEIGHT"),
        ((*RENDER, "--out", "a.png", "--scale", "nan"), "'nan' is not a number from 0.1 to 10"),
        ((*RENDER, "--out", "a.png", "--scale", "0"), "'0' is not a number from 0.1 to 10"),
        ((*RENDER, "--out", "a.png", "--theme", "blue"), "blue"),
        ((*RENDER, "--out", "a.png", "--size", "16000x16000"), "200 million pixels"),
        ((*RENDER, "--out", "a.png", "--size", "8000x8000", "--scale", "3"), "million pixels"),
    ],
)
def test_a_wrong_call_is_refused_with_what_why_and_what_to_do(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    output, message = capsys.readouterr()
    assert output == ""
    assert message.startswith("mlpsim")
    assert said in message
    assert len(message.splitlines()) == 2


@pytest.mark.parametrize("words", [("--help",), ("render", "--help"), ("--version",)])
def test_help_is_no_refusal(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip()


def test_an_unknown_preset_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.json"
    assert main(["run", "no-such-preset", "--steps", "1", "--json", str(out)]) == 2
    assert "no-such-preset" in capsys.readouterr().err
    assert not out.exists()


def test_the_panels_are_those_of_the_window(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["panels"]) == 0
    printed = capsys.readouterr().out
    assert {"surface", "data", "network", "loss"} <= set(printed.split())


def test_the_presets_are_printed_with_their_variants(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presets"]) == 0
    assert "lecture-gd-sgd-minibatch" in capsys.readouterr().out
