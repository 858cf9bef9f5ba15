"""The ε-lens panel: what it says is proved, and how lenses are asked for, with keys too."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mlpsim.core.activations import IDENTITY, RELU, SIGMOID, TANH
from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment
from mlpsim.core.feasible import Box
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.lens import LensQuestion
from mlpsim.core.proofs.neighbourhood import Lens
from mlpsim.core.starts import Zeros
from mlpsim.views.labels import lens_words
from mlpsim.views.panels.lens import LensPanel
from mlpsim.views.panels.surface import SurfacePanel
from mlpsim.views.parts.surface.lens_button import LensButton
from mlpsim.views.throttle import flush
from tests.experiments import lecture_on
from tests.failures import out_of_memory
from tests.views.controls import typed
from tests.views.panel_stage import Stage

Open = Callable[..., Stage[LensPanel]]
BOX = Box((-10.0, -10.0), (10.0, 10.0))
WALL = Box((1.0, -4.0), (4.0, 4.0))


def network(sizes, activations, bias) -> Experiment:
    data = Dataset([[1.0] * sizes[0], [-0.5] * sizes[0]], [[1.0], [0.0]])
    return Experiment(Problem(data, Network(sizes, activations, bias)), start=Zeros())


@pytest.fixture
def opened(opened: Open) -> Open:
    def open_panel(experiment: Experiment, panel=LensPanel) -> Stage[LensPanel]:
        return opened(panel, experiment)

    return open_panel


def settle(qtbot: QtBot, stage: Stage[LensPanel]) -> None:
    bench = stage.panel.bench
    qtbot.waitUntil(lambda: bench.answer is not None and bench.is_settled, timeout=20_000)
    qtbot.waitUntil(lambda: stage.panel.locally.badge.text() != lens_words.PENDING)
    flush(stage.panel)


def test_both_verdicts_on_the_plateau_are_said(opened, qtbot) -> None:
    stage = opened(lecture_on(BOX))
    panel = stage.panel
    assert panel.note.text() == lens_words.OFF
    assert not panel.exactly.isVisible()
    qtbot.mouseClick(panel.switch, Qt.MouseButton.LeftButton)
    typed(qtbot, panel.z, "-10 -10")
    typed(qtbot, panel.epsilon, "0.1")
    settle(qtbot, stage)
    assert panel.claim.text() == "z minimises f on N(z, ε) ∩ C with ε = 0.1"
    assert panel.exactly.badge.text() == "REFUTED"
    # 2(e⁻²⁹·⁵ - e⁻³⁰): the wall on the left leaves the way up.
    assert panel.exactly.reason.text() == "f(u) is lower by 1.21…·10⁻¹³ at u = (−10, −9.9)"
    assert panel.up_to.claim.text() == "up to δ = 10⁻⁹"
    assert panel.up_to.badge.text() == "CERTIFIED"
    assert panel.up_to.reason.text() == "no point of it is lower by more than 10⁻⁹"
    assert panel.locally.badge.text() == "REFUTED"
    assert panel.locally.reason.text() == (
        "f falls along the feasible d = (0, 1): slope −9.36·10⁻¹³"
    )
    assert panel.exactly.accessibleName() == "exactly"
    assert panel.exactly.accessibleDescription().startswith("REFUTED: f(u) is lower")


def test_a_corner_is_certified_and_a_wall_up_to_delta(opened, qtbot) -> None:
    stage = opened(lecture_on(WALL))
    panel = stage.panel
    panel.bench.set_on(True)
    typed(qtbot, panel.z, "1 -4")
    typed(qtbot, panel.epsilon, "5")
    settle(qtbot, stage)
    assert panel.exactly.badge.text() == "CERTIFIED"
    assert panel.exactly.reason.text() == "no point of it is lower than z"
    assert panel.locally.reason.text() == "at this corner of C f grows along every way into C"
    typed(qtbot, panel.z, "1 0.789258168111058002")
    typed(qtbot, panel.epsilon, "0.5")
    qtbot.waitUntil(lambda: panel.exactly.badge.text() == "OPEN", timeout=20_000)
    assert panel.up_to.badge.text() == "CERTIFIED"
    assert panel.locally.badge.text() == "CERTIFIED"
    assert panel.locally.reason.text().startswith("stationary within ")
    typed(qtbot, panel.epsilon, "9")
    qtbot.waitUntil(lambda: panel.up_to.badge.text() == "REFUTED", timeout=20_000)
    assert panel.exactly.reason.text() == "f(u) is lower by 1.9512 at u = (1, −4)".replace(
        "1.9512", "1.951"
    )
    assert panel.up_to.reason.text() == "the same point is lower by more than that"


def test_the_controls_ask_for_another_lens(opened, qtbot) -> None:
    stage = opened(lecture_on(BOX))
    panel, bench = stage.panel, stage.panel.bench
    panel.bench.set_on(True)
    qtbot.mouseClick(panel.shape.button("square"), Qt.MouseButton.LeftButton)
    assert bench.shape == "square"
    typed(qtbot, panel.delta, "1e-3")
    assert bench.delta == 1e-3
    panel.slider.setFocus()
    qtbot.keyClick(panel.slider, Qt.Key.Key_Right)
    assert bench.epsilon == 0.63
    qtbot.waitUntil(lambda: panel.epsilon.text() == "0.63")
    typed(qtbot, panel.z, "3 4 5")
    assert panel.z.refusal == "z has 2 weights, not 3: part them by spaces."
    typed(qtbot, panel.z, "3 4")
    assert bench.z.tolist() == [3.0, 4.0]
    qtbot.mouseClick(panel.here, Qt.MouseButton.LeftButton)
    assert bench.z.tolist() == [0.0, 0.0]
    qtbot.mouseClick(panel.switch, Qt.MouseButton.LeftButton)
    assert not bench.is_on
    qtbot.waitUntil(lambda: panel.note.text() == lens_words.OFF)


@pytest.mark.parametrize("where", ["panel", "surface"])
def test_the_keys_move_and_resize_the_lens(opened, qtbot, where) -> None:
    stage = opened(lecture_on(BOX), LensPanel if where == "panel" else SurfacePanel)
    bench = stage.context.lens
    button = stage.panel.switch if where == "panel" else stage.panel.findChild(LensButton)
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Right)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert bench.is_on
    assert bench.z.tolist() == [0.0, 0.0]
    qtbot.keyClick(button, Qt.Key.Key_Right)
    qtbot.keyClick(button, Qt.Key.Key_Up)
    qtbot.keyClick(button, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(button, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert bench.z.tolist() == [0.04, -0.36]
    qtbot.keyClick(button, Qt.Key.Key_Plus)
    assert bench.epsilon == 0.63
    qtbot.keyClick(button, Qt.Key.Key_Minus)
    qtbot.keyClick(button, Qt.Key.Key_Minus)
    assert bench.epsilon == 0.4
    assert "Arrows move z" in button.accessibleDescription()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert not bench.is_on


def test_the_two_switches_go_together(opened) -> None:
    stage = opened(lecture_on(BOX), SurfacePanel)
    button = stage.panel.findChild(LensButton)
    stage.context.lens.set_on(True)
    assert button.isChecked()
    large = network((1, 2, 1), (TANH, IDENTITY), (True, True))
    stage.session.edit(large, "larger")
    assert not button.isChecked()
    assert not button.isEnabled()
    stage.session.undo_stack.undo()
    assert button.isEnabled()


def test_what_is_not_offered_is_said(opened, qtbot) -> None:
    stage = opened(network((1, 2, 1), (TANH, IDENTITY), (True, True)))
    assert stage.panel.note.text().startswith("The lens looks at one to three parameters; this")
    assert "has 7" in stage.panel.note.text()
    assert not stage.panel.switch.isEnabled()
    three = opened(network((2, 1), (SIGMOID,), (True,)))
    three.panel.bench.set_on(True)
    settle(qtbot, three)
    assert three.panel.note.text() == (
        "N(z, ε) is a ball in all three weights; the map shows its section."
    )
    three.landscape.set_random(3)
    qtbot.waitUntil(lambda: three.panel.note.text() == lens_words.NOT_DRAWN)


def test_what_is_open_and_why_is_said(opened) -> None:
    dead = network((1, 1), (RELU,), (False,)).problem
    found = LensQuestion(dead, Lens((0.0,), 0.5)).answer()
    assert lens_words.locally_words(found.locally) == (
        "neither a way down nor a minimum is proved: flat, or a kink"
    )
    tiny = LensQuestion(lecture_on(BOX).problem, Lens((-10.0, -10.0), 1e-20)).answer()
    assert lens_words.exactly_words(tiny) == "lower points lie closer to z than numbers can tell"
    wall = lecture_on(WALL).problem
    near = LensQuestion(wall, Lens((1.0, 0.789258168111058), 0.1), 1e-30).answer()
    assert lens_words.exactly_words(near).startswith("no lower point was found")
    assert lens_words.up_to_words(near) == (
        "no point lower by more than 10⁻³⁰ was found, and none is ruled out"
    )
    bent = LensQuestion(wall, Lens((1.0, -0.0340041511575857364), 0.1)).answer()
    assert lens_words.locally_words(bent.locally).startswith("f bends down along ±d = (0, ")
    assert lens_words.locally_words(bent.locally).endswith("second derivative −4.642")


def test_a_failure_is_said(opened, qtbot, monkeypatch) -> None:
    stage = opened(lecture_on(BOX))
    monkeypatch.setattr("mlpsim.core.proofs.lens.locally", out_of_memory)
    stage.panel.bench.set_on(True)
    qtbot.waitUntil(lambda: stage.panel.note.text() == "MemoryError: no room")
