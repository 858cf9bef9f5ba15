"""Runs taken away from the window and by ``mlpsim export``."""

import runpy
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QProgressDialog
from pytestqt.qtbot import QtBot

from mlpsim.app import cli
from mlpsim.app.forms import CSV, FORMS, LATEX, NUMPY
from mlpsim.app.window import Window
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.oracles.sources import read_presets
from mlpsim.core.studies.variants import preset_race
from mlpsim.session.files import save

STARTS = {
    "run.csv": b"step,objective,batch,w1_1_1,w1_1_2,e1,e2,e3,e4\n0,1.0,,0.0,0.0,",
    "run.npz": b"PK",
    "experiment.py": b'"""Gradient descent on a multilayer perceptron, with NumPy alone."""',
    "experiment_torch.py": b'"""Gradient descent on a multilayer perceptron, with PyTorch."""',
    "step.tex": b"\\documentclass",
    "preset.json": b'{\n "format": "mlpsim-preset",',
}


def train(window: Window, qtbot: QtBot, k: int) -> None:
    for step in range(1, k + 1):
        QTest.keyClick(window, Qt.Key.Key_Right)
        qtbot.waitUntil(lambda step=step: window.context.session.run.last == step)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.file_name)
def test_the_window_writes_every_form(window: Window, qtbot: QtBot, tmp_path, form) -> None:
    train(window, qtbot, 2)
    path = tmp_path / form.file_name
    with qtbot.waitSignal(window.context.session.said) as said:
        window.take_away.save(form, path)
    assert said.args == [f"Saved as {path}."]
    assert path.read_bytes().startswith(STARTS[form.file_name])


def test_the_menu_asks_for_a_name(window: Window, qtbot: QtBot, tmp_path) -> None:
    train(window, qtbot, 1)
    path = tmp_path / "mine"

    def fill() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        dialog.findChild(QLineEdit, "fileNameEdit").setText(str(path))
        dialog.accept()

    QTimer.singleShot(50, fill)
    actions = {action.objectName(): action for action in window.take_away.menu.actions()}
    with qtbot.waitSignal(window.context.session.said):
        actions["run.csv"].trigger()
    assert len(path.with_suffix(".csv").read_text().splitlines()) == 3


def test_there_is_no_step_to_work_out_at_the_start(window: Window, qtbot: QtBot) -> None:
    menu = window.take_away.menu
    actions = {action.objectName(): action for action in menu.actions()}
    menu.aboutToShow.emit()
    assert not actions[LATEX.file_name].isEnabled()
    train(window, qtbot, 1)
    menu.aboutToShow.emit()
    assert actions[LATEX.file_name].isEnabled()


def test_a_script_of_an_edited_run_says_where_it_begins(
    window: Window, qtbot: QtBot, tmp_path
) -> None:
    train(window, qtbot, 2)
    window.context.session.set_theta(window.context.session.theta + 1.0, "moved")
    with qtbot.waitSignal(window.context.session.said) as said:
        window.take_away.save(NUMPY, tmp_path / "a.py")
    assert "without the edits made during the run" in said.args[0]


def test_what_cannot_be_written_is_said(window: Window, qtbot: QtBot, tmp_path) -> None:
    window.take_away.save(CSV, tmp_path / "missing" / "run.csv")
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "take away box") is not None)
    box = window.findChild(QMessageBox, "take away box")
    assert box.text() == "run.csv was not saved"
    assert box.informativeText().startswith("It cannot be written: No such file or directory")
    box.close()


def test_a_cancelled_file_is_not_written(window: Window, qtbot: QtBot, tmp_path) -> None:
    window.context.player.run_to(40_000)
    qtbot.waitUntil(lambda: window.context.session.run.last == 40_000, timeout=60_000)
    path = tmp_path / "run.csv"
    window.take_away.save(CSV, path)
    window.findChild(QProgressDialog, "take away progress").canceled.emit()
    window.take_away.save(NUMPY, tmp_path / "next.py")
    qtbot.waitUntil(lambda: (tmp_path / "next.py").exists())
    assert list(tmp_path.iterdir()) == [tmp_path / "next.py"]


@pytest.mark.parametrize("name", STARTS)
def test_export_writes_every_form(tmp_path, name) -> None:
    path = tmp_path / name
    words = ["export", "lecture-gd-sgd-minibatch", "--steps", "3", "--out", str(path)]
    assert cli.main([*words, "--torch"] if "torch" in name else words) == 0
    assert path.read_bytes().startswith(STARTS[name])


def test_an_exported_script_runs(tmp_path) -> None:
    path = tmp_path / "sgd.py"
    words = ["export", "lecture-gd-sgd-minibatch", "--variant", "SGD", "--steps", "3"]
    assert cli.main([*words, "--out", str(path)]) == 0
    train = runpy.run_path(str(path))["train"]()
    assert [next(train).tolist() for _ in range(2)] == [[0.0, 0.0], [-0.05, 0.125]]


def test_an_exported_preset_is_a_source_with_the_race_as_its_variants(tmp_path) -> None:
    path, ravine = tmp_path / "own.json", find_preset("ravine", load_presets())
    save(replace(ravine.document(), race=preset_race(ravine)), tmp_path / "race.mlpsim")
    words = ["export", str(tmp_path / "race.mlpsim"), "--steps", "7", "--out", str(path)]
    assert cli.main(words) == 0
    (own,) = read_presets(path.read_bytes(), "own")
    assert [v.experiment for v in own.variants] == [v.experiment for v in ravine.variants]
    assert [v.name for v in own.variants] == [v.name for v in ravine.variants]
    assert {v.steps for v in own.variants} == {7}
    assert own.view == ravine.view
    assert cli.main(["run", str(path), "--variant", "Adam", "--steps", "2", "--json", "-"]) == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--steps", "0", "--out", "a.tex"), "state 0 is the start: the first step is step 1"),
        (("--steps", "1", "--out", "a.txt"), "that ends in .csv, .npz, .py, .tex or .json"),
        (("--steps", "1", "--out", "a.csv", "--torch"), "--torch makes a script"),
        (("--steps", "1", "--out", "missing/a.csv"), "No such file or directory"),
    ],
)
def test_export_refuses_in_one_message(
    capsys, tmp_path, monkeypatch, words: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["export", "lecture-gd-sgd-minibatch", *words]) == 2
    assert message in capsys.readouterr().err
    assert list(Path().iterdir()) == []
