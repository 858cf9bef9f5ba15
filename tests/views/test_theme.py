"""Colours are readable, the ramp is monotone, and the palette switches live."""

import itertools

import numpy as np
import pytest
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QLabel

from mlpsim.views.appearance import DEFAULT_SIZE, SIZES, Appearance, app_font
from mlpsim.views.theme import DARK, LIGHT, RAMP, THEMES, Theme, mix, ramp_lookup, theme
from mlpsim.views.widgets.quiet_delegate import QUIET


def luminance(colour: QColor) -> float:
    """The relative luminance of WCAG 2."""
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
        for c in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: QColor, second: QColor) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", THEMES, ids=lambda t: t.name)
def test_text_is_never_below_four_and_a_half_to_one(colours: Theme):
    inks = (colours.text, colours.secondary, colours.danger, colours.warning)
    grounds = (colours.window, colours.card, colours.field, colours.plot, colours.hover)
    for ink, ground in itertools.product(inks, grounds):
        assert contrast(ink, ground) >= 4.5, (ink.name(), ground.name())
    assert contrast(mix(colours.card, colours.text, QUIET), colours.card) >= 4.5
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.accent, colours.card) >= 4.5


@pytest.mark.parametrize("colours", THEMES, ids=lambda t: t.name)
def test_classes_and_signs_stand_out_from_the_plot(colours: Theme):
    for colour in (*colours.classes, colours.positive, colours.negative):
        assert contrast(colour, colours.plot) >= 3.0, colour.name()


def test_the_two_measured_contrasts_of_the_dark_theme():
    assert contrast(DARK.text, DARK.card) == pytest.approx(14.7, abs=0.1)
    assert contrast(DARK.secondary, DARK.card) == pytest.approx(7.8, abs=0.1)


def test_marks_on_the_map_do_not_depend_on_the_theme():
    assert (DARK.path, DARK.halo) == (LIGHT.path, LIGHT.halo)


def test_the_ramp_gets_lighter_all_the_way():
    lookup = ramp_lookup()
    assert lookup.shape == (256, 4)
    assert lookup.dtype == np.uint8
    assert (lookup[:, 3] == 255).all()
    assert QColor(*lookup[0]) == QColor(RAMP[0])
    assert QColor(*lookup[-1]) == QColor(RAMP[-1])
    lightness = [luminance(QColor(*row)) for row in lookup[::5]]
    assert all(a < b for a, b in itertools.pairwise(lightness))


def test_an_unknown_theme_is_refused():
    with pytest.raises(ValueError, match="unknown theme 'sepia'; known: dark, light"):
        theme("sepia")


def test_mixing_ends_in_both_colours():
    assert mix(DARK.card, DARK.text, 0.0).name() == DARK.card.name()
    assert mix(DARK.card, DARK.text, 1.0).name() == DARK.text.name()
    assert mix(QColor("#000000"), QColor("#ffffff"), 0.5).name() == "#808080"
    assert mix(QColor(0, 0, 0, 0), QColor("#ffffff"), 0.5).alpha() == 128


def test_the_theme_switches_live(qtbot, qapp, appearance: Appearance):
    label = QLabel("text")
    qtbot.addWidget(label)
    label.show()
    assert label.palette().color(QPalette.ColorRole.WindowText) == DARK.text
    with qtbot.waitSignal(appearance.changed) as caught:
        appearance.toggle_theme()
    assert caught.args == [LIGHT]
    assert label.palette().color(QPalette.ColorRole.WindowText) == LIGHT.text
    assert qapp.palette().color(QPalette.ColorRole.Window) == LIGHT.window


def test_setting_the_same_theme_says_nothing(qtbot, appearance: Appearance):
    with qtbot.assertNotEmitted(appearance.changed):
        appearance.set_theme("dark")


def test_all_type_is_scaled_within_limits_and_back(qtbot, qapp, appearance: Appearance):
    label = QLabel("text")
    qtbot.addWidget(label)
    label.show()
    small = label.sizeHint().height()
    appearance.scale_type(+1)
    assert appearance.point_size > DEFAULT_SIZE
    assert label.font().pointSizeF() == appearance.point_size
    for _ in SIZES:
        appearance.scale_type(+1)
    assert appearance.point_size == SIZES[-1]
    assert label.sizeHint().height() > 2 * small
    for _ in SIZES:
        appearance.scale_type(-1)
    assert appearance.point_size == SIZES[0]
    appearance.scale_type(0)
    assert appearance.point_size == DEFAULT_SIZE
    assert label.sizeHint().height() == small


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("size", SIZES)
def test_every_theme_and_size_makes_a_stylesheet_that_qt_takes(qtbot, qapp, name, size):
    # A mistake would be a Qt warning, which fails the test.
    appearance = Appearance(name, size)
    before = qapp.styleSheet()
    appearance.apply(qapp)
    label = QLabel("text")
    qtbot.addWidget(label)
    label.show()
    qapp.setStyleSheet(before)


def test_the_bundled_font_has_tabular_figures(appearance: Appearance):
    for weight in (QFont.Weight.Normal, QFont.Weight.DemiBold):
        font = app_font(12.0)
        font.setWeight(weight)
        assert QFontInfo(font).family() == "Inter"
        metrics = QFontMetricsF(font)
        assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")
