"""The commands without a window: what they print, and what they refuse."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import mlpsim.core.compiled.engine as compiled
from mlpsim.app import cli
from mlpsim.app.commands import resolve_source
from mlpsim.core.edits import edited, with_theta
from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.document import document_of, new_document
from mlpsim.core.files.presets import load_presets
from mlpsim.core.optimizers import Adam, GradientDescent
from mlpsim.core.oracles.sources import read_presets
from mlpsim.core.resources import resource
from mlpsim.core.sampling import Sampling
from mlpsim.session.files import save
from mlpsim.session.picture import embed
from tests.core.engines import needs_numba
from tests.recorded import GOLDEN
from tests.runs import grown, trained

RAIL = resource("rails", "lecture.json")


def run_json(capsys, *words) -> dict:
    assert cli.main(["run", *words, "--json", "-"]) == 0
    return json.loads(capsys.readouterr().out)


def test_run_prints_every_state_of_the_lectures_example(capsys) -> None:
    found = run_json(capsys, "lecture-gd-sgd-minibatch", "--steps", "2")
    assert list(found) == ["steps", "diverged_at"]
    assert found["diverged_at"] is None
    first, second, _ = found["steps"]
    assert first == {
        "k": 0,
        "theta": [0.0, 0.0],
        "objective": 1.0,
        "errors": [0.25, 0.25, 0.25, 0.25],
        "batch": None,
    }
    assert list(second) == ["k", "theta", "objective", "errors", "batch"]
    assert (second["k"], second["batch"]) == (1, [0, 1, 2, 3])
    assert second["theta"] == pytest.approx([-0.275, -0.1], rel=1e-15)
    assert second["objective"] == pytest.approx(0.433931, abs=1e-6)
    assert sum(second["errors"]) == pytest.approx(second["objective"], rel=1e-15)


def test_run_takes_a_variant_and_says_which_samples_each_step_saw(capsys) -> None:
    found = run_json(capsys, "lecture-gd-sgd-minibatch", "--variant", "SGD", "--steps", "4")
    assert [state["batch"] for state in found["steps"]] == [None, [3], [2], [1], [0]]
    assert found["steps"][1]["objective"] == pytest.approx(1.0344, abs=1e-4)


def test_run_writes_a_file_and_zero_steps_are_the_start(tmp_path) -> None:
    out = tmp_path / "run.json"
    assert cli.main(["run", "sine", "--steps", "0", "--json", str(out)]) == 0
    assert [state["k"] for state in json.loads(out.read_text())["steps"]] == [0]


@pytest.mark.parametrize("suffix", [".mlpsim", ".png"])
def test_run_replays_the_log_of_a_document_and_goes_on(capsys, tmp_path, suffix) -> None:
    experiment = replace(lecture_experiment(), sampling=Sampling(1, seed=3))
    run = trained(experiment, 6)
    run = edited(run, 4, replace(experiment, optimizer=Adam(0.1)))
    run = grown(run, 5)
    run = with_theta(run, 8, np.array([0.5, 0.25]))
    run = grown(run, 2)
    document = document_of(run, 3)
    source = tmp_path / f"run{suffix}"
    if suffix == ".png":
        picture = BytesIO()
        Image.new("RGB", (4, 4)).save(picture, "PNG")
        source.write_bytes(embed(picture.getvalue(), document))
    else:
        save(document, source)
    found = run_json(capsys, str(source), "--steps", "14")
    run = grown(run, 4)
    assert [state["k"] for state in found["steps"]] == list(range(15))
    for state in found["steps"]:
        k = state["k"]
        assert np.array(state["theta"]).tobytes() == run.theta(k).tobytes()
        assert state["objective"] == run.value(k)
        assert state["errors"] == run.segment_at(k).experiment.problem.errors(run.theta(k)).tolist()
        if k:
            assert state["batch"] == run.record(k).batch.tolist()
    assert found["steps"][8]["theta"] == [0.5, 0.25]
    short = run_json(capsys, str(source), "--steps", "3")
    assert short["steps"] == found["steps"][:4]


def test_run_ends_before_the_divergence(capsys, tmp_path) -> None:
    ravine = next(preset for preset in load_presets() if preset.id == "ravine")
    experiment = replace(ravine.variant("GD").experiment, optimizer=GradientDescent(0.5))
    save(new_document(experiment), tmp_path / "a.mlpsim")
    # golden/s15: the same ravine, rate and start.
    found = run_json(capsys, str(tmp_path / "a.mlpsim"), "--steps", "400")
    assert found["diverged_at"] == 131
    assert len(found["steps"]) == 131
    experiment = replace(experiment, start=type(experiment.start)((1e200, 1e200)))
    save(new_document(experiment), tmp_path / "b.mlpsim")
    found = run_json(capsys, str(tmp_path / "b.mlpsim"), "--steps", "5")
    assert found == {"steps": [], "diverged_at": 0}


def test_a_presets_name_comes_before_a_file_of_that_name(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sine").write_text("something else")
    assert resolve_source("sine").experiment.problem.network.sizes == (1, 8, 1)


def test_a_file_of_recorded_numbers_is_a_source(capsys) -> None:
    path = GOLDEN / "s03-lecture-projection.json"
    recorded = json.loads(path.read_text())["runs"][0]
    words = [str(path), "--variant", recorded["name"], "--steps", "3"]
    steps = run_json(capsys, *words)["steps"]
    thetas = [step["theta"] for step in steps]
    np.testing.assert_allclose(thetas, recorded["trajectory"][:4], rtol=0, atol=1e-9)


@pytest.mark.parametrize(("variant", "is_outside"), [("adam-ball", True), ("gd-ball", False)])
@pytest.mark.parametrize(
    "command",
    [("run", "--steps", "1", "--json"), ("export", "--steps", "1", "--out")],
)
def test_a_start_that_is_projected_is_told_of(
    capsys, tmp_path, variant, is_outside, command
) -> None:
    name, *words = command
    path = str(GOLDEN / "s03-lecture-projection.json")
    assert cli.main([name, path, "--variant", variant, *words, str(tmp_path / "a.csv")]) == 0
    printed = capsys.readouterr()
    assert printed.out == ""
    assert ("the start lies outside C" in printed.err) == is_outside
    assert printed.err.count("\n") == int(is_outside)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no-such"], ["no preset 'no-such'", "lecture-learning-rate", "spiral", "existing file"]),
        (["sine", "--variant", "SGD"], ["no variant 'SGD'", "'GD', 'momentum', 'Adam'"]),
        (["{folder}"], ["Is a directory", "Choose another file"]),
        (["{folder}/text.mlpsim"], ["not JSON", "$", "text editor"]),
        (["{folder}/text.mlpsim", "--variant", "GD"], ["not JSON", "$", "text editor"]),
        (["{folder}/own.mlpsim", "--variant", "GD"], ["a file has no variants"]),
        ([str(RAIL)], ["not a document of mlpsim", "Choose another file"]),
        (["{folder}/empty.png"], ["empty"]),
        ([str(GOLDEN / "presets.json"), "--variant", "GD"], ["more than one", "'sine, GD'"]),
        ([str(GOLDEN / "rng.json")], ["no experiments", "mlpsim check"]),
    ],
)
def test_a_source_that_is_none_is_refused(capsys, tmp_path, words, said) -> None:
    (tmp_path / "text.mlpsim").write_text("hello")
    (tmp_path / "empty.png").write_bytes(b"")
    save(new_document(lecture_experiment()), tmp_path / "own.mlpsim")
    words = [word.format(folder=tmp_path) for word in words]
    assert cli.main(["run", *words, "--steps", "1", "--json", "-"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    for text in said:
        assert text in printed.err


def test_an_output_that_cannot_be_written_is_refused(capsys, tmp_path) -> None:
    out = tmp_path / "nowhere" / "a.json"
    assert cli.main(["run", "saddle", "--steps", "1", "--json", str(out)]) == 2
    assert "No such file or directory" in capsys.readouterr().err


# As in the foreground and in the background of a shell.
HEEDS, IGNORES = "signal.default_int_handler", "signal.SIG_IGN"
CHILD = """
import signal, sys
signal.signal(signal.SIGINT, {on_ctrl_c})
from mlpsim.app.cli import main
sys.exit(main())
"""


@pytest.mark.skipif(os.name != "posix", reason="ends by a signal")
@pytest.mark.parametrize(
    ("number", "on_ctrl_c"),
    [(signal.SIGTERM, HEEDS), (signal.SIGTERM, IGNORES), (signal.SIGINT, HEEDS)],
)
@pytest.mark.parametrize(
    "words",
    [
        ["run", "--json", "r.json"],
        ["export", "--out", "r.csv"],
        ["export", "--out", "r.npz"],
        ["export", "--out", "r.tex"],
    ],
)
def test_a_long_run_says_how_far_it_is_and_leaves_nothing_when_it_is_ended(
    tmp_path: Path, words: list[str], number: signal.Signals, on_ctrl_c: str
) -> None:
    source = "lecture-gd-sgd-minibatch"
    arguments = [words[0], source, *words[1:], f"--steps={10**9}"]
    command = [sys.executable, "-c", CHILD.format(on_ctrl_c=on_ctrl_c), *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as child:
        assert child.stderr is not None
        said = child.stderr.readline()
        assert re.fullmatch(r"step \d+ of 1000000000; Ctrl\+C ends it and writes no file\.\n", said)
        assert len(list(tmp_path.iterdir())) == 1
        child.send_signal(number)
        _, more = child.communicate(timeout=60.0)
    assert child.returncode == 130
    assert "Traceback" not in more
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [["render", "--step"], ["animate", "--to"], ["storyboard", "--steps"]]
)
def test_a_picture_of_a_late_step_says_how_far_its_run_is(words: list[str]) -> None:
    out = {"render": "r.png", "animate": "r.gif", "storyboard": "r.svg"}[words[0]]
    arguments = [words[0], "lecture-gd-sgd-minibatch", f"{words[1]}={10**9}", "--out", out]
    if words[0] == "animate":
        arguments.append(f"--every={10**9}")
    command = [sys.executable, "-m", "mlpsim", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        said = child.stderr.readline()
        child.terminate()
    assert re.fullmatch(r"step \d+ of 1000000000; Ctrl\+C ends it and writes no file\.\n", said)


def test_check_prints_a_line_a_case_and_quantity(capsys) -> None:
    paths = [str(path) for path in sorted(GOLDEN.glob("s*.json"))]
    assert cli.main(["check", *paths]) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert printed.err == ""
    assert all(line.endswith("ok") and "(tolerance 1e-" in line for line in lines)
    first = [line.split()[:2] for line in lines if line.startswith("s01")]
    quantities = ["forward", "loss", "gradients", "Hessian", "HVP", "runs", "slices"]
    assert first == [["s01-lecture-all-optimizers", quantity] for quantity in quantities]


@needs_numba
def test_check_makes_the_runs_by_the_engine_that_is_asked_for(capsys) -> None:
    path = str(next(GOLDEN.glob("s05*.json")))
    outputs = []
    for engine in ("numpy", "numba"):
        assert cli.main(["check", path, "--engine", engine]) == 0
        outputs.append(capsys.readouterr().out.splitlines())
    runs = [next(line for line in lines if "  runs " in line) for lines in outputs]
    assert all("ok" in line for line in runs)
    rest = [[line for line in lines if "  runs " not in line] for lines in outputs]
    assert rest[0] == rest[1]


def test_check_refuses_an_engine_that_is_not_here(capsys, monkeypatch) -> None:
    monkeypatch.setattr(compiled, "is_installed", lambda: False)
    path = str(next(GOLDEN.glob("s05*.json")))
    assert cli.main(["check", path, "--engine", "numba"]) == 2
    assert "the engine numba is not installed" in capsys.readouterr().err


def test_check_finds_a_deviation_and_refuses_what_is_no_case(capsys, tmp_path) -> None:
    good = tmp_path / "good.json"
    shutil.copy(GOLDEN / "s14-kinks.json", good)
    case = json.loads(good.read_text())
    case["expected"]["objective"] += 1e-9
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(case))
    assert cli.main(["check", str(bad), str(good)]) == 1
    printed = capsys.readouterr().out
    assert "DEVIATES at $.expected.objective: 5.0, expected 5.000000001" in printed
    assert "good  loss" in printed
    other = tmp_path / "other.json"
    other.write_text('{"schema": "mlpsim-rng/1"}')
    assert cli.main(["check", str(tmp_path / "none.json"), str(bad), str(other)]) == 2
    printed = capsys.readouterr()
    assert "DEVIATES" in printed.out
    assert "none.json" in printed.err
    assert "none of the schemas of recorded numbers: mlpsim-oracle/1, " in printed.err
    assert "Choose a file of recorded numbers." in printed.err


def test_presets_are_listed_with_their_variants(capsys) -> None:
    assert cli.main(["presets"]) == 0
    printed = capsys.readouterr().out
    for preset in load_presets():
        assert f"{preset.id}: {preset.title}" in printed
        for variant in preset.variants:
            assert repr(variant.name) in printed


def test_the_presets_in_a_file_are_listed_by_the_names_that_a_source_knows(capsys) -> None:
    path = str(GOLDEN / "presets.json")
    assert cli.main(["presets", path]) == 0
    named = re.findall("--variant '(.*)', ", capsys.readouterr().out)
    assert "sine, GD" in named
    presets = read_presets(Path(path).read_bytes(), "presets")
    listed = [variant.experiment for preset in presets for variant in preset.variants]
    assert [resolve_source(path, name).experiment for name in named] == listed
    assert cli.main(["presets", str(RAIL)]) == 2
    assert "Choose a file of presets or of recorded numbers." in capsys.readouterr().err
    assert cli.main(["presets", str(GOLDEN)]) == 2
