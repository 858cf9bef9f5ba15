"""The gallery and the strip, with the program's own presets."""

from html import escape

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.views.context import Context
from mlpsim.views.items.thumbnail import thumbnail
from mlpsim.views.labels.plain import unbroken
from mlpsim.views.panels.gallery import Gallery
from mlpsim.views.theme import THEMES
from mlpsim.views.widgets.preset_strip import PresetStrip

LEFT = Qt.MouseButton.LeftButton
PRESETS = load_presets()


@pytest.fixture
def gallery(qtbot: QtBot, context: Context) -> Gallery:
    gallery = Gallery(context, PRESETS)
    qtbot.addWidget(gallery)
    gallery.show()
    qtbot.waitExposed(gallery)
    return gallery


def choose(gallery: Gallery, preset_id: str) -> None:
    gallery.list.setCurrentRow([preset.id for preset in PRESETS].index(preset_id))


def picture(gallery: Gallery, row: int) -> QPixmap | None:
    return gallery.list.item(row).data(Qt.ItemDataRole.DecorationRole)


def test_every_preset_has_a_card_with_a_picture(qtbot: QtBot, gallery: Gallery) -> None:
    assert gallery.list.count() == len(PRESETS) == 18
    for row, preset in enumerate(PRESETS):
        assert gallery.list.item(row).text() == preset.title
        qtbot.waitUntil(lambda row=row: isinstance(picture(gallery, row), QPixmap))


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_a_picture_shows_something(qtbot: QtBot, preset, theme) -> None:
    first = preset.variants[0]
    picture = thumbnail(first.experiment, preset.view, first.steps, theme, QSize(160, 100), 2.0)
    assert (picture.width(), picture.height()) == (320, 200)
    image = picture.toImage()
    colors = {image.pixel(x, y) for x in range(0, 320, 4) for y in range(0, 200, 4)}
    assert len(colors) > 4


def test_the_chosen_preset_is_told(gallery: Gallery) -> None:
    choose(gallery, "ravine")
    preset = find_preset("ravine", PRESETS)
    assert gallery.detail.say.text() == unbroken(preset.say)
    assert gallery.detail.see.text() == unbroken(preset.see)
    names = [button.text().split(" · ")[0] for button in gallery.detail.buttons]
    assert names == [variant.name for variant in preset.variants]


def test_a_variant_is_opened(qtbot: QtBot, gallery: Gallery) -> None:
    choose(gallery, "dying-relu")
    with qtbot.waitSignal(gallery.preset_chosen, timeout=1000) as chosen:
        qtbot.mouseClick(gallery.detail.buttons[1], LEFT)
    preset, variant = chosen.args
    assert (preset.id, variant.name) == ("dying-relu", "dead")
    assert gallery.isHidden()


def test_all_variants_of_a_preset_race_with_one_click(qtbot: QtBot, gallery: Gallery) -> None:
    choose(gallery, "ravine")
    assert gallery.detail.race.text() == "Race all 6 variants"
    with qtbot.waitSignal(gallery.race_chosen, timeout=1000) as chosen:
        qtbot.mouseClick(gallery.detail.race, LEFT)
    assert chosen.args[0].id == "ravine"
    assert gallery.isHidden()


def test_the_keyboard_reaches_every_preset(qtbot: QtBot, gallery: Gallery) -> None:
    gallery.list.setFocus()
    qtbot.keyClick(gallery.list, Qt.Key.Key_End)
    assert gallery.list.currentRow() == len(PRESETS) - 1
    with qtbot.waitSignal(gallery.preset_chosen, timeout=1000) as chosen:
        qtbot.keyClick(gallery.list, Qt.Key.Key_Return)
    assert chosen.args == [PRESETS[-1], PRESETS[-1].variants[0]]


def test_tab_and_enter_open_a_variant_or_race_all(qtbot: QtBot, gallery: Gallery) -> None:
    gallery.activateWindow()
    choose(gallery, "ravine")
    gallery.list.setFocus()
    qtbot.waitUntil(gallery.list.hasFocus)
    qtbot.waitUntil(gallery.detail.buttons[-1].isVisible)
    for button in (*gallery.detail.buttons, gallery.detail.race):
        qtbot.keyClick(gallery.focusWidget(), Qt.Key.Key_Tab)
        assert gallery.focusWidget() is button
    with qtbot.waitSignal(gallery.race_chosen, timeout=1000):
        qtbot.keyClick(gallery.detail.race, Qt.Key.Key_Return)


def test_another_theme_repaints_the_pictures(
    qtbot: QtBot, context: Context, gallery: Gallery
) -> None:
    qtbot.waitUntil(lambda: picture(gallery, 13) is not None)
    before = picture(gallery, 13).toImage()
    context.appearance.set_theme("light")
    qtbot.waitUntil(lambda: picture(gallery, 13).toImage() != before)


def test_the_strip_tells_and_switches(qtbot: QtBot, context: Context) -> None:
    strip = PresetStrip()
    qtbot.addWidget(strip)
    assert strip.isHidden()
    preset = PRESETS[8]
    strip.show_preset(preset, preset.variants[1])
    assert not strip.isHidden()
    assert [chip.text() for chip in strip.chips.buttons()] == [v.name for v in preset.variants]
    assert [chip.isChecked() for chip in strip.chips.buttons()].index(True) == 1
    after: QWidget = strip.close_button
    for chip in strip.chips.buttons():  # Tab reaches all that is here before it leaves
        after = after.nextInFocusChain()
        assert after is chip
    with qtbot.waitSignal(strip.variant_chosen, timeout=1000) as chosen:
        qtbot.mouseClick(strip.chips.button(3), LEFT)
    assert chosen.args == [preset, preset.variants[3]]
    strip.show_preset(PRESETS[0], PRESETS[0].variants[0])
    assert len(strip.chips.buttons()) == len(PRESETS[0].variants)
    qtbot.mouseClick(strip.close_button, LEFT)
    assert strip.isHidden()


def test_a_low_window_has_as_much_of_the_text_as_fits_beside_the_variants(qtbot: QtBot) -> None:
    strip = PresetStrip()
    qtbot.addWidget(strip)
    preset = next(preset for preset in PRESETS if preset.id == "ravine")
    strip.show_preset(preset, preset.variants[0])
    strip.set_brief(True)
    for width in (683, 1300):
        strip.resize(width, strip.heightForWidth(width))
        strip.layout().activate()
        rows = {chip.geometry().center().y() for chip in strip.chips.buttons()}
        assert rows == {strip.short.geometry().center().y()}
        assert strip.short.width() >= strip.short.minimumWidth() > 70
        for text in (preset.title, preset.say, preset.see):
            assert escape(unbroken(text)) in strip.short.toolTip()
    brief = strip.heightForWidth(1300)
    strip.set_brief(False)
    assert strip.heightForWidth(1300) > 2 * brief
    assert not strip.short.isVisible()


def test_the_variants_wrap_in_a_narrow_strip(qtbot: QtBot) -> None:
    strip = PresetStrip()
    qtbot.addWidget(strip)
    preset = next(preset for preset in PRESETS if preset.id == "ravine")
    strip.show_preset(preset, preset.variants[0])
    strip.resize(500, 300)
    rows = {chip.geometry().top() for chip in strip.chips.buttons()}
    assert len(rows) > 1
    assert all(strip.rect().contains(chip.geometry()) for chip in strip.chips.buttons())
