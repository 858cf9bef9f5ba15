"""Files of presets and of recorded numbers, opened in the window."""

import json
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from mlpsim.app.window import Window
from mlpsim.core.optimizers import Adam
from mlpsim.views.panels.gallery import Gallery
from tests.recorded import GOLDEN

NO_BUTTON, NO_KEY = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier


def drop(window: Window, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    window.dropEvent(QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, NO_BUTTON, NO_KEY))


def test_a_recorded_case_opens_with_its_runs_as_variants(window: Window, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.documents.changed):
        drop(window, GOLDEN / "s01-lecture-all-optimizers.json")
    chips = {chip.text(): chip for chip in window.strip.chips.buttons()}
    assert window.strip.isVisible()
    assert chips["gd"].isChecked()
    with qtbot.waitSignal(window.documents.changed):
        chips["adam"].click()
    assert isinstance(window.context.session.experiment.optimizer, Adam)


def test_of_runs_with_the_same_name_the_chosen_one_opens(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    content = json.loads((GOLDEN / "s01-lecture-all-optimizers.json").read_text())
    for run in content["runs"]:
        run["name"] = "mine"
    path = tmp_path / "alike.json"
    path.write_text(json.dumps(content))
    with qtbot.waitSignal(window.documents.changed):
        drop(window, path)
    place = [run["optimizer"]["name"] for run in content["runs"]].index("adam")
    with qtbot.waitSignal(window.documents.changed):
        window.strip.chips.button(place).click()
    assert isinstance(window.context.session.experiment.optimizer, Adam)
    assert window.strip.chips.checkedId() == place


def test_a_recorded_start_outside_c_is_said(window: Window, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.documents.changed):
        drop(window, GOLDEN / "s03-lecture-projection.json")
    (chip,) = [chip for chip in window.strip.chips.buttons() if chip.text() == "adam-ball"]
    with qtbot.waitSignal(window.documents.changed):
        chip.click()
    sentence = window.transport.sentence
    assert sentence.text() == "The start lies outside C: state 0 is its projection."
    assert sentence.isVisible()


def test_a_file_of_many_presets_opens_as_a_gallery(window: Window, qtbot: QtBot) -> None:
    window.open_file(GOLDEN / "presets.json")
    (gallery,) = window.findChildren(Gallery)
    assert gallery.windowTitle() == "presets.json"
    gallery.list.setCurrentRow(8)
    with qtbot.waitSignal(window.documents.changed):
        gallery.detail.buttons[3].click()
    assert isinstance(window.context.session.experiment.optimizer, Adam)
    assert "Ravine" in window.toolbar.preset.text()
    qtbot.waitUntil(lambda: window.findChildren(Gallery) == [])


def test_a_broken_file_is_refused_and_what_is_there_stays(window: Window, tmp_path) -> None:
    before = window.context.session.experiment
    content = json.loads((GOLDEN / "s02-lecture-bce.json").read_text())
    content["data"]["y"][1] = ["three"]
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(content))
    drop(window, path)
    box = window.findChild(QMessageBox, "document box")
    assert "broken.json cannot be opened" in box.text()
    assert "$.data.y[1]" in box.informativeText()
    assert window.context.session.experiment is before
    assert not window.strip.isVisible()
    box.close()
