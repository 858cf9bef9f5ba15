"""The why panel: what it says of plateaus, walls and divergence, and its gradient check."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from mlpsim.core.dataset import Dataset
from mlpsim.core.experiment import Experiment, lecture_experiment
from mlpsim.core.feasible import Box
from mlpsim.core.lessons.gradient_check import GradientCheck
from mlpsim.core.starts import Given
from mlpsim.session.gradient_checker import GradientChecker
from mlpsim.views.labels.numbers import sup
from mlpsim.views.labels.why_words import check_sentence
from mlpsim.views.panels.why import WhyPanel
from mlpsim.views.parts.steps.slope_bars import SlopeBars
from mlpsim.views.theme import DARK
from mlpsim.views.throttle import flush
from tests.experiments import parabola
from tests.views.panel_stage import Stage

Open = Callable[..., Stage[WhyPanel]]


@pytest.fixture
def opened(opened: Open) -> Open:
    def open_panel(experiment: Experiment, **options: object) -> Stage[WhyPanel]:
        stage = opened(WhyPanel, experiment, **options)
        flush(stage.panel)
        return stage

    return open_panel


def lecture(*start: float) -> Experiment:
    return replace(lecture_experiment(), start=Given(tuple(start)))


def test_5_5_is_saturated_not_optimal(opened: Open):
    panel = opened(lecture(5.0, 5.0)).panel
    assert panel.headline.text() == "Saturated, not optimal"
    said = panel.reason.text()
    assert said.startswith("E ≈ 3 and ‖∇E‖ = 1.17·10⁻⁸: ")
    assert "σ′(z) is nearly 0 for samples 1, 2, 3, though still wrong." in said
    assert "E = 1 is known to be reached elsewhere in C." in said
    assert panel.bars.shown == [0, 1, 2, 3]
    assert "sample 4: 3.06·10⁻⁷" in panel.bars.accessibleDescription()


def test_the_wall_a_slow_step_and_the_bottom_are_told(opened: Open):
    problem = replace(lecture_experiment().problem, feasible=Box((1.0, -4.0), (4.0, 4.0)))
    wall = opened(replace(lecture(1.0, 0.7892581681), problem=problem), steps=400).panel
    assert wall.headline.text() == "On the boundary of C"
    assert "the edge of C stops the step" in wall.reason.text()
    nearly = opened(replace(lecture(1.0, 0.7893), problem=problem), steps=1).panel
    assert nearly.headline.text() == "On the boundary of C"
    assert nearly.reason.text().endswith(": the edge of C takes the rest.")
    assert opened(parabola(1.0, 1e-7), steps=1).panel.headline.text() == "Only slow"
    bottom = opened(parabola(1.0, 0.125), steps=1).panel
    assert bottom.headline.text() == "Gradient below τ = 10⁻⁶"
    assert "curved upwards" in bottom.reason.text()
    assert opened(lecture(0.0, 0.0)).panel.headline.text() == "Not stopped"


def test_a_picture_has_the_check_itself(opened: Open):
    panel = opened(lecture(0.5, 0.5)).panel
    panel.complete()
    assert panel.badge.text().startswith("Gradient check: ✓ agrees with central differences")


def test_divergence_names_sample_factor_and_product(opened: Open):
    panel = opened(parabola(1.0, 10.0), steps=400).panel
    assert panel.headline.text() == "Diverging"
    assert "η·λₘₐₓ = 80, above 2." in panel.reason.text()
    assert "The largest error is that of sample 1; its factor ∂e/∂a = " in panel.reason.text()


def test_the_gradient_on_view_is_checked(opened: Open, qtbot: QtBot):
    stage = opened(lecture(0.0, 0.0))
    badge = stage.panel.badge
    qtbot.waitUntil(lambda: "✓ agrees with central differences; worst at w¹₁" in badge.text())


def test_a_gradient_that_differs_is_told_with_its_weight():
    network = lecture_experiment().problem.network
    wrong = GradientCheck(worst=1, gradient=1.5, difference=1.0, allowed=1e-6)
    assert check_sentence(wrong, network) == (
        "Gradient check: ✗ differs from central differences; worst at w¹₁₂: "
        "1.5 against 1, 0.5 apart."
    )
    assert check_sentence(None, network).endswith("could not be computed.")


def test_many_samples_show_the_smallest_slopes(opened: Open):
    x = np.linspace(-3.0, 3.0, 60).reshape(30, 2)
    data = Dataset(x, (np.arange(30) % 2.0)[:, None])
    problem = replace(lecture_experiment().problem, data=data)
    panel = opened(replace(lecture(2.0, 2.0), problem=problem)).panel
    assert len(panel.bars.shown) == 8
    assert {0, 29} <= set(panel.bars.shown)
    assert "8 smallest of 30" in panel.bars.toolTip()


def test_the_name_of_a_late_sample_ends_before_its_bar(qtbot: QtBot) -> None:
    bars = SlopeBars(DARK)
    qtbot.addWidget(bars)
    bars.resize(460, 160)
    slopes = np.full(40_538, 0.25)
    slopes[40_530:] = 0.2
    bars.show_slopes(slopes, frozenset(), DARK)
    assert bars.shown == list(range(40_530, 40_538))
    name = f"σ′(z{sup(40_538)})"
    assert first_accent(bars) > QFontMetricsF(bars.font()).horizontalAdvance(name)


def first_accent(bars: SlopeBars) -> int:
    """The first column with the colour of the bars."""
    image = bars.grab().toImage()
    rows, columns = range(image.height()), range(image.width())
    return min(x for x in columns if any(image.pixelColor(x, y) == DARK.accent for y in rows))


def test_a_check_that_comes_after_its_network_went_is_not_shown(opened: Open, qtbot: QtBot):
    stage = opened(lecture(0.0, 0.0))
    stage.panel.hide()  # nobody asks anew before it is seen again
    checked, checker = [], stage.panel.findChild(GradientChecker)
    checker.checked.connect(checked.append)
    checker.ask(stage.session.experiment.problem, stage.session.theta)
    stage.session.begin(parabola(1.0, 0.125), "One weight")
    stage.panel.show()
    qtbot.waitUntil(lambda: "✓ agrees" in stage.panel.badge.text())
    assert "worst at w¹₁₁" in stage.panel.badge.text()
    assert len(checked) == 1


def test_an_objective_beyond_all_numbers_is_told_as_such(opened: Open):
    panel = opened(parabola(1e200, 0.1)).panel
    assert panel.reason.text().startswith("E is not finite at state 0")
