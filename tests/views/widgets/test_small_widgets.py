"""The small widgets: card, segmented control, combo, icon button and formula."""

import re
import sys
import threading
import zlib
from importlib.abc import MetaPathFinder

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from ziamath.config import config
from ziamath.zmath import Latex

from mlpsim.app.export import vector_bytes
from mlpsim.core.resources import resource
from mlpsim.views.appearance import Appearance
from mlpsim.views.icons import icon
from mlpsim.views.labels.step_rows import Row
from mlpsim.views.parts.steps.row_view import RowView
from mlpsim.views.theme import DARK, LIGHT
from mlpsim.views.widgets import typesetting
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.elided import ElidedLabel
from mlpsim.views.widgets.formula import FormulaLabel
from mlpsim.views.widgets.icon_button import IconButton
from mlpsim.views.widgets.segmented import Segmented
from mlpsim.views.widgets.typesetting import typeset

CHOICES = [("gd", "GD", "all samples"), ("sgd", "SGD", "one sample"), (3, "B = 3", "")]
ICONS = sorted(path.stem for path in resource("icons").glob("*.svg"))


def colours_of(image: QImage) -> set[str]:
    """The colours of all opaque pixels."""
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {colour.name() for colour in pixels if colour.alpha() == 255}


# -- card, label -----------------------------------------------------------------------------------


def test_a_card_tells_its_title_and_subtitle_to_a_screen_reader(qtbot):
    card = Card("Data", "4 samples")
    qtbot.addWidget(card)
    assert (card.title, card.subtitle, card.accessibleName()) == ("Data", "4 samples", "Data")
    assert card.accessibleDescription() == "4 samples"
    card.set_subtitle("5 samples")
    assert (card.subtitle, card.accessibleDescription()) == ("5 samples", "5 samples")


def test_a_long_subtitle_does_not_widen_the_card(qtbot):
    short, long = Card("Data", "x"), Card("Data", "x" * 500)
    qtbot.addWidget(short)
    qtbot.addWidget(long)
    assert short.minimumSizeHint().width() == long.minimumSizeHint().width()


def test_a_cut_text_has_all_of_it_as_its_tooltip(qtbot):
    label = ElidedLabel("a text that is far too long")
    qtbot.addWidget(label)
    label.resize(40, 20)
    label.grab()
    assert label.toolTip() == "a text that is far too long"
    label.resize(800, 20)
    label.grab()
    assert label.toolTip() == ""


def test_a_stump_of_a_text_is_not_shown(qtbot):
    label = ElidedLabel("a text that is far too long")
    qtbot.addWidget(label)
    empty = ElidedLabel("")
    qtbot.addWidget(empty)
    for widget in (label, empty):
        widget.resize(30, 20)
    assert label.grab().toImage() == empty.grab().toImage()
    most = label.fontMetrics().horizontalAdvance(label.text()) - 10
    label.resize(most, 20)
    empty.resize(most, 20)
    assert label.grab().toImage() != empty.grab().toImage()


def test_of_facts_that_do_not_fit_whole_ones_are_shown(qtbot):
    label = ElidedLabel("4 samples · drag to move them")
    shown = ElidedLabel("4 samples …")
    for widget in (label, shown):
        qtbot.addWidget(widget)
        widget.resize(label.fontMetrics().horizontalAdvance("4 samples · drag to m"), 20)
    assert label.grab().toImage() == shown.grab().toImage()
    assert label.toolTip() == "4 samples\ndrag to move them"


# -- choices ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Segmented, Combo])
def test_showing_a_choice_says_nothing(qtbot, kind):
    widget = kind("Method", CHOICES)
    qtbot.addWidget(widget)
    assert widget.value == "gd"
    with qtbot.assertNotEmitted(widget.chosen):
        widget.set_value(3)
    assert widget.value == 3
    with pytest.raises(ValueError, match="not in"):
        widget.set_value("adam")


def test_a_segment_is_chosen_by_a_click(qtbot):
    widget = Segmented("Method", CHOICES)
    qtbot.addWidget(widget)
    widget.show()
    with qtbot.waitSignal(widget.chosen) as caught:
        qtbot.mouseClick(widget.button("sgd"), Qt.MouseButton.LeftButton)
    assert caught.args == ["sgd"]
    assert widget.button("sgd").accessibleName() == "Method: SGD"
    assert widget.button("sgd").toolTip() == "one sample"


def test_the_same_segment_again_says_nothing(qtbot):
    widget = Segmented("Method", CHOICES)
    qtbot.addWidget(widget)
    with qtbot.assertNotEmitted(widget.chosen):
        widget.button("gd").click()


def test_a_combo_is_chosen_with_the_keyboard(qtbot):
    widget = Combo("Method", CHOICES)
    qtbot.addWidget(widget)
    widget.show()
    with qtbot.waitSignal(widget.chosen) as caught:
        qtbot.keyClick(widget, Qt.Key.Key_Down)
    assert caught.args == ["sgd"]


def test_new_choices_keep_the_one_on_view(qtbot):
    widget = Combo("Method", CHOICES)
    qtbot.addWidget(widget)
    widget.set_value("sgd")
    widget.set_choices(CHOICES[1:])
    assert widget.value == "sgd"
    widget.set_choices([])
    assert widget.value is None


# -- icons -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_is_drawn_in_the_colour(qapp, name: str):
    image = icon(name, QColor("#123456")).pixmap(QSize(48, 48)).toImage()
    assert colours_of(image) == {"#123456"}


@pytest.mark.parametrize("ratio", [1.0, 1.75, 3.0])
def test_an_icon_is_drawn_for_the_screen_that_it_is_seen_on(qapp, ratio: float):
    picture = icon("camera", QColor("#123456")).pixmap(QSize(20, 20), ratio)
    assert (picture.width(), picture.height()) == (20 * ratio, 20 * ratio)
    assert picture.devicePixelRatio() == ratio
    assert colours_of(picture.toImage()) == {"#123456"}


def test_an_icon_without_room_is_none(qapp):
    assert icon("camera", QColor("#123456")).pixmap(QSize(0, 20)).isNull()


def test_an_icon_has_a_colour_of_its_own_where_it_is_disabled(qapp):
    shown = icon("camera", QColor("#123456"), QColor("#654321"))
    faint = shown.pixmap(QSize(48, 48), QIcon.Mode.Disabled)
    assert colours_of(faint.toImage()) == {"#654321"}
    copied = QIcon(shown)
    copied.addPixmap(QPixmap(8, 8))  # a copy that is changed has a drawing of its own
    assert colours_of(copied.pixmap(QSize(48, 48)).toImage()) == {"#123456"}


def test_an_icon_that_is_not_there_is_named(qapp):
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        icon("no-such-icon", QColor("#000000"))


def test_an_icon_button_follows_the_theme(qtbot, appearance: Appearance):
    button = IconButton("camera", "Save a picture")
    button.ensurePolished()
    qtbot.addWidget(button)
    assert button.accessibleName() == button.toolTip() == "Save a picture"
    assert DARK.text.name() in colours_of(button.icon().pixmap(QSize(48, 48)).toImage())
    appearance.set_theme("light")
    assert LIGHT.text.name() in colours_of(button.icon().pixmap(QSize(48, 48)).toImage())
    button.set_icon("play", "Play")
    assert button.toolTip() == "Play"


# -- formula ---------------------------------------------------------------------------------------


def test_a_formula_is_drawn_in_the_colour_of_the_text(qtbot, appearance: Appearance):
    label = FormulaLabel(r"w \leftarrow w - \eta \nabla E(w)", "the update")
    qtbot.addWidget(label)
    label.show()
    qtbot.waitUntil(lambda: DARK.text.name() in colours_of(label.grab().toImage()))
    assert label.accessibleName() == "the update"
    appearance.set_theme("light")
    assert LIGHT.text.name() in colours_of(label.grab().toImage())


def test_a_formula_is_faint_only_while_it_is_disabled(qtbot, appearance: Appearance):
    label = FormulaLabel(r"\nabla E")
    qtbot.addWidget(label)
    label.setEnabled(False)
    label.show()
    qtbot.waitUntil(lambda: label.drawn is not None)
    assert DARK.text.name() not in colours_of(label.grab().toImage())
    label.setEnabled(True)
    assert DARK.text.name() in colours_of(label.grab().toImage())


def test_a_formula_grows_with_the_type(qtbot, appearance: Appearance):
    label = FormulaLabel(r"\frac{1}{S}")
    qtbot.addWidget(label)
    label.show()
    qtbot.waitUntil(lambda: bool(colours_of(label.grab().toImage()) - {DARK.window.name()}))
    small = label.sizeHint()
    appearance.scale_type(+1)
    assert label.sizeHint().height() > small.height()
    label.set_tex(r"\frac{1}{S} + \frac{1}{B} + \frac{1}{K}")
    assert label.sizeHint().width() > small.width()


def test_a_formula_is_typeset_once():
    first = typeset("e^s", "#ffffff", 16.0)
    assert typeset("e^s", "#ffffff", 16.0) is first


@pytest.mark.parametrize("pixels", [12.0, 16.25, 40.0])
@pytest.mark.parametrize(
    "room",
    ["", r"\vphantom{\frac{\hat{y}}{\sum_k w^1_1}}", r"\vphantom{\hat{y}^1_1 {\textstyle \sum_k}}"],
)
def test_a_formula_in_any_size_and_colour_is_what_the_typesetter_makes_of_it(
    qapp: object, pixels: float, room: str
):
    tex = r"\frac{\partial e^s}{\partial w^1_{11}}" + room
    config.svg2 = False
    theirs = QSvgRenderer(QByteArray(Latex(tex, size=pixels, color="#ff8040").svg().encode()))
    ours = typeset(tex, "#ff8040", pixels)
    box = theirs.viewBoxF()
    assert ours.width == pytest.approx(box.width(), abs=0.02)
    assert ours.height == pytest.approx(box.height(), abs=0.02)
    pictures = []
    for renderer in (theirs, QSvgRenderer(QByteArray(ours.svg))):
        image = QImage(8 * round(ours.width), 8 * round(ours.height), QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter, QRectF(image.rect()))
        painter.end()
        pictures.append(np.frombuffer(image.constBits(), np.uint8).astype(float))
    assert np.abs(pictures[0] - pictures[1]).mean() < 1.0
    assert pictures[0].max() > 200.0


def test_the_window_answers_while_the_typesetter_is_fetched(qtbot, monkeypatch):
    threads = []

    class Importers(MetaPathFinder):
        def find_spec(self, name, *_):
            if name == "ziamath.zmath":
                threads.append(threading.current_thread().name)

    monkeypatch.setattr(sys, "meta_path", [Importers(), *sys.meta_path])
    monkeypatch.delitem(sys.modules, "ziamath.zmath")
    for fetched in (typesetting.typesetter, typesetting.fetching):
        fetched.cache_clear()
    label = FormulaLabel(r"\frac{\partial E}{\partial w_{9}}")
    qtbot.addWidget(label)
    label.show()
    qtbot.waitExposed(label)
    qtbot.waitUntil(lambda: label.drawn is not None)
    assert threads == ["typesetter"]


def test_a_formula_that_is_painted_all_the_time_is_set(qtbot):
    for fetched in (typesetting.typesetter, typesetting.fetching):
        fetched.cache_clear()
    label = FormulaLabel("w")
    qtbot.addWidget(label)
    label.show()
    qtbot.waitUntil(lambda: not label.grab().isNull() and label.drawn is not None)


def test_a_formula_that_is_taken_back_before_it_is_typeset_is_none(qtbot, monkeypatch):
    monkeypatch.setattr("mlpsim.views.widgets.formula.is_ready", lambda: False)
    label = FormulaLabel("w")
    qtbot.addWidget(label)
    label.show()
    label.grab()
    label.set_tex("")
    assert not label.findChild(QTimer, "typeset").isActive()


def test_formulas_that_nobody_sees_yet_are_set_one_after_another(qtbot):
    typeset("w", "#ffffff", 16.0)  # the first of all waits for the window's first paint
    labels = [FormulaLabel(tex) for tex in (r"\delta_1", r"\delta_2", r"\delta_3")]
    for label in labels:
        qtbot.addWidget(label)
    estimated = labels[0].sizeHint()
    assert [label.drawn for label in labels] == [None] * 3
    qtbot.waitUntil(lambda: any(label.drawn for label in labels))
    assert not all(label.drawn for label in labels)
    qtbot.waitUntil(lambda: all(label.drawn for label in labels))
    assert labels[0].sizeHint() != estimated


def test_a_formula_is_there_when_it_is_shown(qtbot):
    typeset("w", "#ffffff", 16.0)
    label = FormulaLabel(r"\frac{\eta}{S}")
    qtbot.addWidget(label)
    label.show()
    assert label.drawn is not None
    assert not label.findChild(QTimer, "typeset").isActive()


def test_a_formula_is_as_bold_in_a_pdf_as_on_screen(qtbot):
    label = FormulaLabel("w")
    qtbot.addWidget(label)
    label.resize(label.sizeHint())
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", vector_bytes(label, ".pdf"), re.DOTALL)
    drawn = b"".join(zlib.decompress(s) for s in streams if s[:1] == b"\x78" and len(s) < 4000)
    glyph = drawn[drawn.index(b" c\n") :]
    assert len(re.findall(rb"^(?:h )?f$", glyph, re.MULTILINE)) == 1
    assert b"\nB" not in glyph


def test_a_row_shows_its_fullest_text_once_its_formula_is_set(qtbot):
    view = RowView()
    qtbot.addWidget(view)
    long, short = "(0.11778, 0.11778)", "norm 0.1666"
    view.show_row(Row("gradient", r"g = \sum_{s \in B} \nabla e^s + \nabla R", (long, short)))
    typeset("w", "#ffffff", 16.0)
    estimated = view.formula.sizeHint().width()
    view.resize(estimated + view.value.fontMetrics().horizontalAdvance(long), 40)
    view.show()
    qtbot.waitUntil(lambda: view.formula.drawn is not None)
    assert view.formula.sizeHint().width() < estimated
    assert view.value.text() == long
