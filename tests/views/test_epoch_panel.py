"""The epoch panel: order, brackets, the batch in use, and many samples."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from pytestqt.qtbot import QtBot

from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.lessons.epoch import epoch_of
from mlpsim.core.sampling import Sampling
from mlpsim.views.items.ribbon_layout import Ribbon
from mlpsim.views.panels.epoch import EpochPanel
from mlpsim.views.throttle import flush
from tests.views.panel_stage import Stage

Open = Callable[..., Stage[EpochPanel]]


@pytest.fixture
def opened(opened: Open) -> Open:
    def open_panel(sampling: Sampling, samples: int = 4, **options: object) -> Stage[EpochPanel]:
        return opened(EpochPanel, experiment(sampling, samples), **options)

    return open_panel


def experiment(sampling: Sampling, samples: int) -> Experiment:
    lecture = lecture_experiment()
    data = lecture.problem.data
    if samples != 4:
        x = np.linspace(-1.0, 1.0, 2 * samples).reshape(samples, 2)
        data = Dataset(x, (np.arange(samples) % 2.0)[:, None])
    return replace(lecture, sampling=sampling, problem=replace(lecture.problem, data=data))


def ribbon_of(stage: Stage[EpochPanel]) -> Ribbon:
    flush(stage.panel)
    return stage.panel.ribbon.ribbon


def batches(ribbon: Ribbon) -> list[list[int]]:
    last = max(chip.batch for chip in ribbon.chips)
    return [[c.visit for c in ribbon.chips if c.batch == b] for b in range(last + 1)]


def test_batches_of_three_of_four_samples_leave_a_short_one(opened: Open):
    stage = opened(Sampling(3, "cyclic"), steps=4)
    ribbon = ribbon_of(stage)
    assert batches(ribbon) == [[0, 1, 2], [3]]
    assert ribbon.has_numbers
    assert stage.panel.subtitle == "epoch 2 · 2 of 2"
    assert stage.panel.caption.text() == (
        "mini-batch SGD, B = 3 · cyclic (data order) · the last batch has 1 sample"
    )
    description = stage.panel.ribbon.accessibleDescription()
    assert description == "Order: 1, 2, 3 | 4; in use: 4"


def test_order_and_seed_stand_beside(opened: Open):
    stage = opened(Sampling(1, seed=7))
    assert stage.panel.subtitle == "epoch 1 · 4 to come"
    assert stage.panel.caption.text() == "SGD · without replacement · seed 7"
    assert opened(Sampling()).panel.caption.text() == "GD"


def test_a_click_on_a_chip_selects_its_sample_and_arrows_go_on(opened: Open, qtbot: QtBot):
    stage = opened(Sampling(order="given", batches=((3, 1), (0,))), steps=1)
    widget = stage.panel.ribbon
    at = ribbon_of(stage).chips[0].rect.center().toPoint()
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at)
    assert stage.session.selection.sample == 3
    for key, sample in ((Qt.Key.Key_Right, 1), (Qt.Key.Key_Right, 0), (Qt.Key.Key_Left, 1)):
        flush(stage.panel)
        qtbot.keyClick(widget, key)
        assert stage.session.selection.sample == sample


@pytest.mark.parametrize("batch_size", [None, 1, 32, 500])
@pytest.mark.parametrize("samples", [30, 200, 20_000])
def test_no_chip_leaves_the_ribbon_or_stands_on_another(
    opened: Open, batch_size: int | None, samples: int
):
    stage = opened(Sampling(batch_size), samples, steps=3)
    ribbon, room = ribbon_of(stage), QRectF(stage.panel.ribbon.rect())
    assert ribbon.chips
    assert all(room.contains(chip.rect) for chip in ribbon.chips)
    corners = {(round(c.rect.left()), round(c.rect.top())) for c in ribbon.chips}
    assert len(corners) == len(ribbon.chips) == ribbon.stop - ribbon.first
    place = epoch_of(stage.session.run, 3).place
    assert any(chip.batch == place for chip in ribbon.chips)


def test_many_samples_are_shown_in_part(opened: Open):
    stage = opened(Sampling(1), 20_000, steps=1500)
    ribbon = ribbon_of(stage)
    assert not ribbon.has_numbers
    assert 0 < ribbon.first <= 1499 < ribbon.stop
    assert "of 20\u202f000 are shown" in stage.panel.caption.text()
