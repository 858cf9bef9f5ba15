"""The toolbar: choices become undoable edits, tools become requests."""

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mlpsim.core.editing.surgery import with_layer_after, with_width
from mlpsim.core.optimizers import OPTIMIZERS, Adam, GradientDescent, Momentum
from mlpsim.core.sampling import Sampling
from mlpsim.core.second_order import SECOND_ORDER, Newton
from mlpsim.views.context import Context
from mlpsim.views.panels.toolbar import Toolbar
from tests.views.controls import Layouts, in_column, is_inside, on_view, typed

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def toolbar(qtbot: QtBot, context: Context) -> Toolbar:
    return on_view(qtbot, Toolbar(context), 1340, 40)


def test_the_three_methods(qtbot: QtBot, context: Context, toolbar: Toolbar) -> None:
    session, method = context.session, toolbar.method
    assert method.batch_size.isHidden()
    qtbot.mouseClick(method.choice.button("SGD"), LEFT)
    assert session.experiment.sampling.batch_size == 1
    assert method.batch_size.isHidden()
    qtbot.mouseClick(method.choice.button("mini-batch"), LEFT)
    assert session.experiment.sampling.batch_size == 2
    assert not method.batch_size.isHidden()
    typed(qtbot, method.batch_size, "3")
    assert session.experiment.sampling.batch_size == 3
    qtbot.mouseClick(method.choice.button("GD"), LEFT)
    assert session.experiment.sampling.batch_size is None
    qtbot.mouseClick(method.choice.button("mini-batch"), LEFT)
    assert session.experiment.sampling.batch_size == 3
    for _ in range(5):
        qtbot.mouseClick(toolbar.undo, LEFT)
    assert session.experiment.sampling == Sampling()
    assert method.choice.value == "GD"


def test_a_batch_of_one_is_sgd(qtbot: QtBot, context: Context, toolbar: Toolbar) -> None:
    qtbot.mouseClick(toolbar.method.choice.button("mini-batch"), LEFT)
    typed(qtbot, toolbar.method.batch_size, "1")
    assert toolbar.method.choice.value == "SGD"


def test_batches_of_one_sample_given_by_hand_are_sgd(
    qtbot: QtBot, context: Context, toolbar: Toolbar
) -> None:
    session, method = context.session, toolbar.method

    def give(*batches: tuple[int, ...]) -> None:
        by_hand = Sampling(order="given", batches=batches)
        session.edit(replace(session.experiment, sampling=by_hand), "By hand")
        assert method.size_label.text() == "by hand"
        assert not method.size_label.isHidden()
        assert method.batch_size.isHidden()

    give((3,), (0,))
    assert method.choice.value == "SGD"
    qtbot.mouseClick(method.choice.button("SGD"), LEFT)
    assert session.experiment.sampling.order == "without_replacement"
    assert session.experiment.sampling.batch_size == 1
    assert method.size_label.isHidden()
    qtbot.mouseClick(method.choice.button("SGD"), LEFT)
    assert session.undo_stack.count() == 2
    give((3,), (0, 1))
    assert method.choice.value == "mini-batch"
    qtbot.mouseClick(method.choice.button("mini-batch"), LEFT)
    assert session.experiment.sampling.batch_size == 2


def test_a_batch_beyond_the_data_is_refused(
    qtbot: QtBot, context: Context, toolbar: Toolbar
) -> None:
    qtbot.mouseClick(toolbar.method.choice.button("mini-batch"), LEFT)
    typed(qtbot, toolbar.method.batch_size, "5")
    assert toolbar.method.batch_size.text() == "5"
    assert toolbar.method.batch_size.property("invalid")
    assert context.session.experiment.sampling.batch_size == 2


@pytest.mark.parametrize("locale", ["C", "de_DE", "fr_FR"])
@pytest.mark.parametrize(("text", "value"), [("0.25", 0.25), ("0,25", 0.25), ("1e-3", 0.001)])
def test_a_typed_rate_is_what_was_typed(
    qtbot: QtBot, context: Context, toolbar: Toolbar, locale: str, text: str, value: float
) -> None:
    old = QLocale()
    QLocale.setDefault(QLocale(locale))
    try:
        typed(qtbot, toolbar.rate, text)
    finally:
        QLocale.setDefault(old)
    assert context.session.experiment.optimizer == GradientDescent(value)
    assert toolbar.rate.text() == text


@pytest.mark.parametrize("text", ["-0.1", "nan", "abc", "1e999", ""])
def test_a_refused_rate_stays_and_changes_nothing(
    qtbot: QtBot, context: Context, toolbar: Toolbar, text: str
) -> None:
    toolbar.rate.clear()
    typed(qtbot, toolbar.rate, text)
    assert toolbar.rate.text() == text
    assert toolbar.rate.property("invalid")
    assert toolbar.rate.toolTip()
    assert context.session.experiment.optimizer == GradientDescent(0.1)


def test_zero_and_huge_rates_are_taken(qtbot: QtBot, context: Context, toolbar: Toolbar) -> None:
    for text in ("0", "1e308"):
        typed(qtbot, toolbar.rate, text)
        assert context.session.experiment.optimizer.learning_rate == float(text)


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_another_optimizer_keeps_the_typed_rate(
    qtbot: QtBot, context: Context, toolbar: Toolbar, kind: type
) -> None:
    typed(qtbot, toolbar.rate, "0.03")
    row = OPTIMIZERS.index(kind)
    toolbar.optimizer.setCurrentIndex(row)
    toolbar.optimizer.activated.emit(row)
    rate = 1.0 if kind in SECOND_ORDER else 0.03
    assert context.session.experiment.optimizer == kind(learning_rate=rate)
    assert toolbar.rate.text() == f"{rate:g}"


def test_newtons_method_is_refused_where_the_hessian_is_too_large(
    qtbot: QtBot, context: Context, toolbar: Toolbar
) -> None:
    session = context.session
    experiment = session.experiment
    for layer in (1, 2):
        experiment, _ = with_layer_after(experiment, layer - 1)
        experiment, _ = with_width(experiment, layer, 30)
    session.edit(experiment, "Widen")
    row = OPTIMIZERS.index(Newton)
    with qtbot.waitSignal(session.said) as said:
        toolbar.optimizer.setCurrentIndex(row)
        toolbar.optimizer.activated.emit(row)
    assert "at most 512" in said.args[0]
    assert toolbar.optimizer.value is GradientDescent
    assert session.experiment.optimizer == GradientDescent(0.1)


def test_the_second_hyperparameter(qtbot: QtBot, context: Context, toolbar: Toolbar) -> None:
    assert toolbar.second.isHidden()
    context.session.edit(replace(context.session.experiment, optimizer=Momentum(0.1)), "momentum")
    assert toolbar.second_label.text() == "μ"
    typed(qtbot, toolbar.second, "0.5")
    assert context.session.experiment.optimizer == Momentum(0.1, 0.5)
    context.session.edit(replace(context.session.experiment, optimizer=Adam(0.1)), "Adam")
    assert toolbar.second_label.text() == "β₁"
    typed(qtbot, toolbar.second, "1")
    assert toolbar.second.text() == "1"
    assert "below 1" in toolbar.second.toolTip()
    assert context.session.experiment.optimizer == Adam(0.1)


def test_undo_and_redo_say_what_they_do(qtbot: QtBot, context: Context, toolbar: Toolbar) -> None:
    assert not toolbar.undo.isEnabled()
    typed(qtbot, toolbar.rate, "0.2")
    assert toolbar.undo.isEnabled()
    assert toolbar.undo.toolTip() == "Undo: Change learning rate (Ctrl+Z)"
    qtbot.mouseClick(toolbar.undo, LEFT)
    assert toolbar.rate.text() == "0.1"
    assert toolbar.redo.toolTip() == "Redo: Change learning rate (Ctrl+Y)"
    qtbot.mouseClick(toolbar.redo, LEFT)
    assert toolbar.rate.text() == "0.2"


@pytest.mark.parametrize(
    ("button", "signal"),
    [
        ("preset", "gallery_requested"),
        ("open", "open_requested"),
        ("save", "save_requested"),
        ("screenshot", "screenshot_requested"),
        ("help", "help_requested"),
    ],
)
def test_tools_are_requests(qtbot: QtBot, toolbar: Toolbar, button: str, signal: str) -> None:
    with qtbot.waitSignal(getattr(toolbar, signal), timeout=1000):
        qtbot.mouseClick(getattr(toolbar, button), LEFT)


def test_theme_and_type(qtbot: QtBot, context: Context, toolbar: Toolbar) -> None:
    size = context.appearance.point_size
    qtbot.mouseClick(toolbar.theme, LEFT)
    assert context.appearance.theme.name == "light"
    assert toolbar.theme.toolTip() == "Dark theme"
    qtbot.mouseClick(toolbar.larger, LEFT)
    assert context.appearance.point_size > size
    qtbot.mouseClick(toolbar.smaller, LEFT)
    assert context.appearance.point_size == size
    qtbot.mouseClick(toolbar.theme, LEFT)
    assert context.appearance.theme.name == "dark"


def test_a_long_name_is_cut_and_told_in_full(toolbar: Toolbar) -> None:
    toolbar.set_preset_name("Condition number 100, momentum & the limit 2/L")
    assert toolbar.preset.text().endswith("…")
    assert "momentum & the limit" in toolbar.preset.toolTip()
    toolbar.set_preset_name("Ravine: condition number 100")
    assert toolbar.preset.text() == "Ravine"
    assert "condition number 100" in toolbar.preset.toolTip()


def test_a_long_name_is_whole_where_there_is_room(qtbot: QtBot, context: Context) -> None:
    toolbar = Toolbar(context)
    window = on_view(qtbot, in_column(toolbar), 1600, 500)
    toolbar.set_preset_name("Two spirals with a 2-8-8-1 network")
    qtbot.waitUntil(lambda: toolbar.preset.text() == "Two spirals with a 2-8-8-1 network")
    window.resize(1100, 500)
    qtbot.waitUntil(lambda: toolbar.preset.text().endswith("…"))
    window.resize(1600, 500)
    qtbot.waitUntil(lambda: not toolbar.preset.text().endswith("…"))
    toolbar.set_preset_name("a file & its name " * 12)
    qtbot.waitUntil(lambda: 40 < len(toolbar.preset.text()) < 70)
    assert toolbar.height() < 50


def test_large_type_leaves_out_logo_and_caption_to_stay_in_one_row(
    qtbot: QtBot, context: Context
) -> None:
    toolbar = Toolbar(context)
    window = on_view(qtbot, in_column(toolbar), 1600, 500)
    assert toolbar.logo.isVisible()
    for _ in range(5):
        context.appearance.scale_type(1)
    qtbot.waitUntil(lambda: not toolbar.logo.isVisible())
    qtbot.waitUntil(lambda: 50 < toolbar.height() < 70)
    window.resize(3000, 500)
    qtbot.waitUntil(toolbar.logo.isVisible)


def test_what_only_names_things_makes_no_second_row(qtbot: QtBot, context: Context) -> None:
    toolbar = Toolbar(context)
    toolbar.set_preset_name("Two spirals with a 2-8-8-1 network")
    _window = on_view(qtbot, in_column(toolbar), 1346, 500)
    qtbot.waitUntil(toolbar.logo.isVisible)
    changed = replace(context.session.experiment, optimizer=Adam(), sampling=Sampling(16))
    context.session.edit(changed, "more to choose")
    qtbot.waitUntil(lambda: toolbar.second.isVisible() and toolbar.height() < 50)
    for part in (toolbar.preset, toolbar.method, toolbar.second, toolbar.theme):
        assert is_inside(part, toolbar)


def test_everything_fits_at_1340_pixels(qtbot: QtBot, context: Context) -> None:
    context.session.edit(
        replace(context.session.experiment, optimizer=Momentum(), sampling=Sampling(2)), "more"
    )
    toolbar = Toolbar(context)
    _window = on_view(qtbot, in_column(toolbar), 1340, 500)
    qtbot.waitUntil(lambda: toolbar.height() < 50)
    for step in (0, *[1] * 5):
        context.appearance.scale_type(step)
        for part in (toolbar.preset, toolbar.method, toolbar.second, toolbar.help):
            qtbot.waitUntil(partial(is_inside, part, toolbar), timeout=1000)
    qtbot.waitUntil(lambda: toolbar.height() > 80)
    qtbot.waitUntil(toolbar.help.isVisible)  # a second row has room for it
    for part in (toolbar.preset, toolbar.method, toolbar.second, toolbar.help):
        assert is_inside(part, toolbar)


def test_a_row_that_has_come_to_rest_is_not_laid_out_again(qtbot: QtBot, context: Context) -> None:
    toolbar = Toolbar(context)
    _window = on_view(qtbot, in_column(toolbar), 1600, 500)
    qtbot.waitUntil(toolbar.logo.isVisible)
    for _ in range(10):
        QApplication.processEvents()
    layouts = Layouts(toolbar)
    for _ in range(10):
        QApplication.processEvents()
    assert layouts.count == 0
