"""The finder of held-out errors: what is dear comes from a worker, the rest at once."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mlpsim.core import held_out_curve
from mlpsim.core.editing.splitting import held_out_by
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.held_out import Split
from mlpsim.core.held_out_curve import HeldOutCurve, HeldOutQuestion
from mlpsim.core.run import Run
from mlpsim.session.held_out_finder import HeldOutFinder
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker
from tests.failures import out_of_memory
from tests.runs import trained


@pytest.fixture
def split() -> Experiment:
    return held_out_by(lecture_experiment(), Split(0.25, 1, by_class=False))[0]


@pytest.fixture
def run(split: Experiment) -> Run:
    return trained(split, 5)


@pytest.fixture
def curve(run: Run) -> HeldOutCurve:
    return HeldOutCurve(run)


@pytest.fixture
def finder(session: Session) -> HeldOutFinder:
    return HeldOutFinder(session, session)


@pytest.fixture
def dear(dear: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if one sample were many: a state at a time."""
    monkeypatch.setattr(held_out_curve, "WORK", 1)


def by_hand(split: Experiment, run: Run, k: int) -> float:
    assert split.held_out is not None
    data = split.held_out.data
    y_hat = 1.0 / (1.0 + np.exp(-data.x @ run.theta(k)))
    return float(((data.y[:, 0] - y_hat) ** 2).mean())


def test_what_is_cheap_is_there_at_once(
    finder: HeldOutFinder, curve: HeldOutCurve, run: Run, split: Experiment
) -> None:
    finder.refine(curve, 100, 5)
    steps, values = curve.curve(100)
    assert steps.tolist() == [0, 1, 2, 3, 4, 5]
    assert values[3] == pytest.approx(by_hand(split, run, 3), rel=1e-12)
    finder.refine(curve, 100, 5)  # nothing is left
    assert not finder.findChild(Worker).is_busy


@pytest.mark.usefixtures("dear")
def test_a_worker_finds_what_is_dear_the_state_on_view_first(
    finder: HeldOutFinder, curve: HeldOutCurve, run: Run, split: Experiment, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(finder.found):
        finder.refine(curve, 100, 5)
        assert np.isnan(curve.value(5))
        finder.refine(curve, 100, 3)  # waits until it is asked again
    assert curve.curve(100)[0].tolist() == [5]
    assert curve.value(5) == pytest.approx(by_hand(split, run, 5), rel=1e-12)
    finder.found.connect(lambda: finder.refine(curve, 100, 5))
    finder.refine(curve, 100, 5)
    qtbot.waitUntil(lambda: len(curve.curve(100)[0]) == 6)


@pytest.mark.usefixtures("dear")
def test_a_picture_has_all_of_it_at_once(finder: HeldOutFinder, curve: HeldOutCurve) -> None:
    finder.refine(curve, 100, 5)
    finder.complete(curve, 100, 5)
    assert len(curve.curve(100)[0]) == 6


@pytest.mark.usefixtures("dear")
def test_a_failure_is_said_once_and_leaves_a_gap(
    finder: HeldOutFinder, curve: HeldOutCurve, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HeldOutQuestion, "answer", out_of_memory)
    with qtbot.waitSignal(finder.failed) as failed:
        finder.refine(curve, 100, 5)
    assert failed.args == ["MemoryError: no room"]
    steps, values = curve.curve(100)
    assert steps.tolist() == [5]
    assert np.isnan(values).all()
