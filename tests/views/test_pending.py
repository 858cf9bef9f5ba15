"""What is dear to know of many samples: no number of another state passes for the present's."""

from collections.abc import Iterator
from dataclasses import replace
from math import nan

import numpy as np
import pytest
from PySide6.QtCore import QElapsedTimer, QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mlpsim.core import held_out_curve, replaying, rows, run
from mlpsim.core.activations import IDENTITY
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.data_edits import with_new_data
from mlpsim.core.editing.splitting import held_out_by
from mlpsim.core.evaluation import EvaluationQuestion, problem_on
from mlpsim.core.experiment import Experiment
from mlpsim.core.generators import Blobs, Moons
from mlpsim.core.held_out import Split
from mlpsim.core.held_out_curve import HeldOutQuestion
from mlpsim.core.lessons import microscope
from mlpsim.core.lessons.diagnosis import SaturationQuestion
from mlpsim.core.looks.error_maps import REST
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.starts import Zeros
from mlpsim.views import throttle, turns
from mlpsim.views.context import Context
from mlpsim.views.labels import number
from mlpsim.views.labels.plane_words import PlaneFigures, slice_sentence
from mlpsim.views.panels.anatomy import AnatomyPanel
from mlpsim.views.panels.audit import AuditPanel
from mlpsim.views.panels.evaluation import EvaluationPanel
from mlpsim.views.panels.gradients import GradientsPanel
from mlpsim.views.panels.loss import LossPanel
from mlpsim.views.panels.microscope import TOO_LARGE, MicroscopePanel
from mlpsim.views.panels.step import StepPanel
from mlpsim.views.panels.sum import SumPanel
from mlpsim.views.panels.surface import SurfacePanel
from mlpsim.views.panels.table import TablePanel
from mlpsim.views.panels.transport import TransportPanel
from mlpsim.views.panels.why import WhyPanel
from mlpsim.views.parts.transport.run_figures import PENDING
from mlpsim.views.throttle import FRAME_MS, Throttle, flush
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.scroll_column import ScrollColumn
from tests.failures import out_of_memory
from tests.runs import train
from tests.views.controls import on_view, running, texts


@pytest.fixture
def context(qtbot: QtBot, dear: None) -> Iterator[Context]:
    """As if four samples were many, and the worker still at it."""
    with running() as context:
        context.appraiser.stop()
        yield context


def shown(panel: Card, qtbot: QtBot) -> None:
    on_view(qtbot, panel, 1340, 400)


def contrast(panel: Card, widget: QWidget) -> float:
    """How far the strongest ink of a part of a panel is from its ground, at most 255.

    The frame around what has the focus does not count.
    """
    area = QRect(widget.mapTo(panel, QPoint()), widget.size()).adjusted(4, 4, -4, -4)
    image = panel.grab(area).toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    shades = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    shades = shades[:, : image.width()].astype(float)
    return float(np.abs(shades - np.median(shades)).max())


def test_numbers_of_an_earlier_state_are_quiet(context: Context, qtbot: QtBot) -> None:
    panel = TransportPanel(context)
    shown(panel, qtbot)
    figures = (panel.figures.epoch, panel.figures.objective, panel.figures.gradient)
    assert [figure.text for figure in figures] == ["…"] * 3
    context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.figures.objective.text == "1")
    assert panel.figures.objective.number.property("role") == "large"
    train(context.session, 1)
    qtbot.waitUntil(lambda: panel.step_label.text() == "step 1")
    assert panel.figures.objective.text == "1"  # of state 0, and shown as such
    for figure in (*figures, panel.figures.accuracy):
        assert figure.number.property("role") == "large-quiet"
        assert figure.accessibleName().endswith("…")
        assert figure.toolTip() == PENDING
    context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.figures.objective.text == "0.4339")
    assert panel.figures.objective.number.property("role") == "large"
    assert panel.figures.accuracy.text == "100 %"


def test_the_rows_of_an_earlier_step_are_faint(context: Context, qtbot: QtBot) -> None:
    panel = StepPanel(context)
    shown(panel, qtbot)
    train(context.session, 1)
    qtbot.waitUntil(lambda: panel.subtitle == "state 1 …")
    assert not panel.findChild(ScrollColumn).content.isEnabled()
    context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.subtitle == "gradient descent, state 0 → 1")
    assert panel.findChild(ScrollColumn).content.isEnabled()
    assert panel.rows


def test_a_start_whose_j_is_not_known_yet_is_not_called_infinite(
    context: Context, qtbot: QtBot
) -> None:
    panel = LossPanel(context)
    shown(panel, qtbot)
    context.session.begin(context.session.experiment, "Restart")
    qtbot.waitUntil(lambda: panel.curve.message == "E is being computed.")
    context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.curve.message == "No step has been taken yet.")


def test_the_plane_says_j_once_a_worker_has_found_it(context: Context, qtbot: QtBot) -> None:
    panel = SurfacePanel(context)
    shown(panel, qtbot)
    data = Blobs(samples=20).generate()
    network = Network((2, 2, 1), (IDENTITY, IDENTITY), (True, True))
    context.session.edit(Experiment(Problem(data, network), start=Zeros()), "Another network")
    row = panel.plane_row
    qtbot.waitUntil(lambda: "E = …" in row.sentence)
    context.appraiser.complete()
    value = number(float(np.sum(data.y**2)))
    qtbot.waitUntil(lambda: f"E = {value}" in row.sentence)


def test_the_rows_that_a_worker_found_wait_for_a_turn(
    context: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = StepPanel(context)
    shown(panel, qtbot)
    train(context.session, 1)
    qtbot.waitUntil(lambda: panel.subtitle == "state 1 …")
    since = QElapsedTimer()
    since.start()
    qtbot.waitUntil(lambda: since.elapsed() > FRAME_MS)
    monkeypatch.setattr(throttle, "TURNS", turns.Turns())
    other = Throttle(panel, lambda: None, FRAME_MS)
    other.request()  # its turn lasts until it has been painted
    context.appraiser.complete()
    assert not panel.findChild(ScrollColumn).content.isEnabled()
    qtbot.waitUntil(panel.findChild(ScrollColumn).content.isEnabled)
    assert panel.subtitle == "gradient descent, state 0 → 1"


def test_the_audit_of_an_earlier_step_is_faint(context: Context, qtbot: QtBot) -> None:
    panel = AuditPanel(context)
    shown(panel, qtbot)
    assert panel.subtitle == "the start"  # there is nothing to wait for
    train(context.session, 1)
    qtbot.waitUntil(lambda: panel.subtitle == "state 1 …")
    assert panel.sentence.text() == "…"
    context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.subtitle == "state 0 → 1")
    panel.table.setFocus()
    first, said, bright = (
        panel.totals.texts,
        panel.sentence.text(),
        contrast(panel, panel.table.viewport()),
    )
    train(context.session, 1)
    qtbot.waitUntil(lambda: panel.subtitle == "state 2 …")
    assert panel.table.hasFocus()
    assert not panel.totals.isEnabled()
    assert panel.totals.texts == first
    assert panel.sentence.text() == said
    assert not panel.sentence.isEnabled()
    assert contrast(panel, panel.table.viewport()) < 0.7 * bright
    context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.subtitle == "state 1 → 2")
    assert panel.totals.isEnabled()
    assert panel.totals.texts != first


def test_the_lines_of_an_earlier_update_are_faint(context: Context, qtbot: QtBot) -> None:
    panel = AnatomyPanel(context)
    shown(panel, qtbot)
    assert panel.subtitle == "the start"
    train(context.session, 1)
    qtbot.waitUntil(lambda: panel.subtitle == "state 1 …")
    assert not panel.findChild(ScrollColumn).content.isEnabled()
    assert panel.note.text() == "…"
    context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.subtitle == "gradient descent, state 0 → 1")
    assert panel.findChild(ScrollColumn).content.isEnabled()
    assert panel.rows[0].isVisible()


def test_the_reasons_of_an_earlier_state_are_faint(context: Context, qtbot: QtBot) -> None:
    panel = WhyPanel(context)
    shown(panel, qtbot)
    qtbot.waitUntil(lambda: panel.subtitle == "step 0 …")
    assert not panel.findChild(ScrollColumn).content.isEnabled()
    assert panel.headline.text() == ""
    context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.subtitle == "step 0")
    assert panel.findChild(ScrollColumn).content.isEnabled()
    assert panel.headline.text() == "Not stopped"
    bright = contrast(panel, panel.bars)
    train(context.session, 1)
    qtbot.waitUntil(lambda: panel.subtitle == "step 1 …")
    assert contrast(panel, panel.bars) < 0.7 * bright
    context.appraiser.complete()
    panel.complete()
    assert panel.subtitle == "step 1"


def test_the_gradients_of_an_earlier_state_are_faint(context: Context, qtbot: QtBot) -> None:
    panel = GradientsPanel(context)
    shown(panel, qtbot)
    assert panel.subtitle == "step 0 …"
    context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.subtitle == "∇eˢ at step 0")
    assert panel.grid.foot(0) == ("Σ = ∇E", "1", "2.75", "1")
    bright = contrast(panel, panel.grid)
    train(context.session, 1)
    qtbot.waitUntil(lambda: panel.subtitle == "step 1 …")
    assert panel.grid.foot(0) == ("Σ = ∇E", "1", "2.75", "1")
    assert contrast(panel, panel.grid) < 0.7 * bright
    context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.subtitle == "∇eˢ at step 1")
    gradient = context.session.experiment.problem.gradient(context.session.theta)
    assert panel.grid.picture.feet[0].gradient == pytest.approx(gradient, rel=1e-14)


def test_a_weight_that_only_the_network_before_had_is_not_chosen(
    context: Context, qtbot: QtBot
) -> None:
    panel = GradientsPanel(context)
    shown(panel, qtbot)
    context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.subtitle == "∇eˢ at step 0")
    data = Dataset(np.ones((4, 1)), np.ones((4, 1)))
    network = Network((1, 1), (IDENTITY,), (False,))
    context.session.edit(Experiment(Problem(data, network), start=Zeros()), "One weight")
    qtbot.waitUntil(lambda: panel.subtitle == "step 0 …")
    for _ in range(2):
        qtbot.keyClick(panel.grid, Qt.Key.Key_Right)
    assert context.session.selection.parameter == 0


def test_a_step_along_which_nothing_is_drawn_is_not_computed(
    context: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = []
    monkeypatch.setattr(microscope, "MOST_WORK", 0)
    monkeypatch.setattr(run, "record_step", lambda *given: computed.append(given))
    panel = MicroscopePanel(context)
    shown(panel, qtbot)
    assert panel.subtitle == "next step, 1: φ(η) = E(w − ηg)"
    train(context.session, 1)
    qtbot.waitUntil(lambda: panel.subtitle == "step 1: φ(η) = E(w − ηg)")
    assert computed == []
    qtbot.mouseClick(panel.next_step, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.subtitle == "next step, 2: φ(η) = E(w − ηg)")
    assert panel.sentence.text() == TOO_LARGE


def test_the_total_error_is_left_open(context: Context, qtbot: QtBot) -> None:
    panel = TablePanel(context)
    shown(panel, qtbot)
    assert panel.total.text() == "…"
    context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.total.text() == "1")


def test_an_evaluation_of_an_earlier_state_is_faint(context: Context, qtbot: QtBot) -> None:
    panel = EvaluationPanel(context)
    shown(panel, qtbot)
    assert panel.subtitle == "step 0 …"
    assert texts(panel.numbers) == []
    assert not panel.matrix.isVisible()
    qtbot.waitUntil(lambda: panel.subtitle == "step 0")
    assert panel.numbers.isEnabled()
    assert "0.25" in texts(panel.numbers)
    bright = contrast(panel, panel.matrix.viewport())
    train(context.session, 1)
    flush(panel)  # before the worker can have answered
    assert panel.subtitle == "step 0 …"
    assert not panel.numbers.isEnabled()
    assert contrast(panel, panel.matrix.viewport()) < 0.7 * bright
    assert "0.25" in texts(panel.numbers)
    qtbot.waitUntil(lambda: panel.subtitle == "step 1")
    assert "0.1085" in texts(panel.numbers)
    assert contrast(panel, panel.matrix.viewport()) > 0.9 * bright
    train(context.session, 1)
    panel.complete()
    assert panel.subtitle == "step 2"


def test_the_matrix_of_earlier_data_keeps_the_names_of_its_classes(
    context: Context, qtbot: QtBot
) -> None:
    session = context.session
    three = replace(Blobs(classes=3).generate(), labels=("ant", "bee", "cat"))
    session.edit(with_new_data(session.experiment, three)[0], "Three classes")
    panel = EvaluationPanel(context)
    shown(panel, qtbot)
    model = panel.matrix.counts
    qtbot.waitUntil(lambda: model.rowCount() == 3)
    session.edit(with_new_data(session.experiment, Moons().generate())[0], "Two classes")
    flush(panel)  # before the worker can have answered
    assert panel.subtitle == "step 0 …"
    heads = [model.headerData(i, Qt.Orientation.Vertical) for i in range(model.rowCount())]
    assert heads == ["ant", "bee", "cat"]
    qtbot.waitUntil(lambda: panel.subtitle == "step 0")
    assert model.rowCount() == 2


def test_what_fails_on_a_worker_is_said_in_a_sentence(
    context: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, said = context.session, list[str]()
    session.edit(held_out_by(session.experiment, Split(0.25, 1, by_class=False))[0], "Split")
    session.said.connect(said.append)
    context.appraiser.complete()
    for question, panel, what in (
        (EvaluationQuestion, EvaluationPanel, "The evaluation"),
        (SaturationQuestion, WhyPanel, "The reason"),
        (HeldOutQuestion, LossPanel, "The mean error of the held-out samples"),
    ):
        monkeypatch.setattr(question, "answer", out_of_memory)
        made = panel(context)
        shown(made, qtbot)
        qtbot.waitUntil(lambda: bool(said))
        made.hide()
        assert said[0].startswith(f"{what} could not be computed (MemoryError: no room)")
        said.clear()


def test_the_curve_of_the_held_out_samples_comes_bit_by_bit(
    context: Context, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_out_curve, "WORK", 1)
    session = context.session
    session.edit(held_out_by(session.experiment, Split(0.25, 1, by_class=False))[0], "Split")
    train(session, 3)
    panel = LossPanel(context)
    shown(panel, qtbot)
    assert panel.curve.accessibleDescription() == "step 3 / 3, E train = –, E test = –"

    def known() -> list[float]:
        picture = panel.curve.picture
        assert picture is not None
        assert picture.test is not None
        return [float(x) for x in picture.test[0]]

    assert len(known()) < 4
    qtbot.waitUntil(lambda: known() == [0.0, 1.0, 2.0, 3.0])
    problem, held_out = session.experiment.problem, session.experiment.held_out
    assert held_out is not None
    test = float(problem_on(problem, held_out.data).errors(session.theta)[0])
    context.appraiser.complete()
    mean = float(problem.errors(session.theta).mean())
    said = f"step 3 / 3, E train = {number(mean)}, E test = {number(test)}"
    qtbot.waitUntil(lambda: panel.curve.accessibleDescription() == said)


def test_the_curve_shows_what_was_recorded(context: Context, qtbot: QtBot) -> None:
    panel = LossPanel(context)
    shown(panel, qtbot)
    train(context.session, 2)
    qtbot.waitUntil(lambda: "step 2" in panel.curve.accessibleDescription())
    recorded = context.session.run.recorded_value(2)
    assert panel.curve.picture is not None
    assert panel.curve.picture.cursor == (2.0, recorded)


def test_all_figures_are_quiet_while_a_state_that_is_far_is_computed_again(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "BLOCK", 1024)
    with running() as context:
        session, player = context.session, context.player
        panels = [
            made(context)
            for made in (TransportPanel, StepPanel, AuditPanel, AnatomyPanel, WhyPanel)
        ]
        transport, step, audit, anatomy, why = panels
        for panel in panels:
            shown(panel, qtbot)
        train(session, 1500)
        session.run.thin(thetas=2**14, keyframes=2**20)
        session.seek(16)
        qtbot.waitUntil(lambda: transport.step_label.text() == "step 16")
        known = transport.figures.objective.text
        player.seeker.stop()  # still at it
        monkeypatch.setattr(replaying, "AT_ONCE", 0)
        transport.scrubber.sought.emit(43)
        assert session.cursor == 16
        qtbot.waitUntil(lambda: transport.step_label.text() == "step 43")
        qtbot.waitUntil(lambda: transport.scrubber.value() == 43)
        assert transport.figures.objective.number.property("role") == "large-quiet"
        assert transport.figures.objective.text == known
        said = "Step 43 is being computed again; step 16 is shown until then."
        assert transport.sentence.text() == said
        for panel in (step, audit, anatomy):
            qtbot.waitUntil(lambda panel=panel: panel.subtitle == "state 43 …")
        qtbot.waitUntil(lambda: why.subtitle == "step 43 …")
        context.appraiser.complete()
        assert session.cursor == 43
        qtbot.waitUntil(lambda: step.subtitle == "gradient descent, state 42 → 43")
        qtbot.waitUntil(lambda: transport.sentence.text() != said)
        assert transport.figures.objective.number.property("role") == "large"


def test_what_is_not_known_of_the_state_on_a_plane_is_left_open() -> None:
    known = PlaneFigures("E", 0.0, nan, nan, True, nan, nan, 3, False, False)
    assert slice_sentence(known) == "state on the plane: E = …"
    off = replace(known, distance=0.5)
    assert (
        slice_sentence(off) == "E = … at the state, about … at its projection · 0.5 off the plane"
    )


def test_the_sum_of_many_samples_waits_for_the_rest(context: Context, qtbot: QtBot) -> None:
    rng = np.random.default_rng(1)
    data = Dataset(rng.normal(size=(40, 2)), rng.integers(0, 2, size=(40, 1)).astype(float))
    context.session.edit(*with_new_data(context.session.experiment, data))
    panel = SumPanel(context)
    shown(panel, qtbot)
    qtbot.waitUntil(lambda: panel.equals.text() == "= E = …")
    assert all(tile.tick.text().endswith(" = …") for tile in panel.tiles.values())
    assert panel.total.arrow is None
    context.appraiser.complete()
    qtbot.waitUntil(lambda: panel.equals.text() == "= E = 10")  # each eˢ is ¼ at w = 0
    assert panel.tiles[0].tick.text() == "e¹ = 0.25"
    assert panel.tiles[REST].tick.text().endswith(" = 8")
    arrow, _ = panel.total.arrow
    gradient = context.session.experiment.problem.gradient(context.session.theta)
    assert arrow / np.hypot(*arrow) == pytest.approx(-gradient / np.hypot(*gradient))
