"""Figures of panels: the content alone, without what only a person at the window needs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mlpsim.app.application import make_context
from mlpsim.app.commands import resolve_source
from mlpsim.app.dispatch import STORYBOARD_SIZE
from mlpsim.app.export import as_figure
from mlpsim.app.stage import Stage
from mlpsim.app.window import Window
from mlpsim.core.files.document import go_on, reopened
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.studies.variants import preset_race
from mlpsim.views.appearance import Appearance
from mlpsim.views.catalogue import PANELS, PanelSpec
from mlpsim.views.widgets.card import PADDING, Card
from mlpsim.views.widgets.elided import ElidedLabel

CONTROLS = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit)
HINTS = re.compile(r"\b(click|drag|press|paste|wheel|Ctrl|Page Down)\b", re.IGNORECASE)
FORMS = {"training"}  # whose settings are what it shows
ANSWERED = {"homework": QLineEdit, "sum": QAbstractButton}  # blanks; e¹ + e² as they are summed


def controls(card: QWidget) -> set[QWidget]:
    """What can be pressed, chosen or typed into, as far as it is seen."""
    return {
        w
        for kind in CONTROLS
        for w in card.findChildren(kind)
        if w.isVisible() and not isinstance(w, QScrollBar) and "corner" not in w.objectName()
    }


@contextmanager
def staged(
    qtbot: QtBot, qapp: QApplication, spec: PanelSpec, size: tuple[int, int] = (760, 760)
) -> Iterator[tuple[Card, Stage]]:
    """The panel at step 3 of the lecture's run, as ``mlpsim render`` draws it."""
    appearance = Appearance()
    appearance.apply(qapp)
    context = make_context(appearance)
    run = reopened(resolve_source("lecture-gd-sgd-minibatch", None))
    go_on(run, 3)
    context.session.open(run, 3)
    card = spec.factory(context)
    qtbot.addWidget(card)
    card.set_figure(True)
    card.resize(*size)
    card.show()
    stage = Stage(card, context, has_person=False)
    try:
        stage.show(3)
        yield card, stage
    finally:
        context.session.end()


@pytest.mark.parametrize("spec", [s for s in PANELS if s.id not in FORMS], ids=lambda s: s.id)
def test_a_picture_of_a_panel_has_no_controls_and_no_hints(
    qtbot: QtBot, qapp: QApplication, spec: PanelSpec
) -> None:
    with staged(qtbot, qapp, spec) as (card, _):
        content = ANSWERED.get(spec.id, ())
        assert [w for w in controls(card) if not isinstance(w, content)] == []
        said = [label.text() for label in card.findChildren(QLabel) if label.isVisible()]
        assert [text for text in said if HINTS.search(text)] == []
        assert said


@pytest.mark.parametrize("spec", PANELS, ids=lambda s: s.id)
def test_what_a_small_picture_shows_keeps_its_place_from_one_step_to_the_next(
    qtbot: QtBot, qapp: QApplication, spec: PanelSpec
) -> None:
    with staged(qtbot, qapp, spec, STORYBOARD_SIZE) as (card, stage):
        place = card.body.geometry()
        for part in card.findChildren(QWidget):
            part.updateGeometry()  # as whatever comes to stand in a card lets its layout ask again
        for k in (0, 1, 3):
            stage.show(k)
            assert card.body.geometry() == place, k


@pytest.mark.parametrize("spec", PANELS, ids=lambda s: s.id)
def test_a_small_picture_says_what_it_shows_beside_its_title_up_to_its_edge(
    qtbot: QtBot, qapp: QApplication, spec: PanelSpec
) -> None:
    with staged(qtbot, qapp, spec, (460, 400)) as (card, _):
        labels = card.findChildren(ElidedLabel)
        subtitle = next(label for label in labels if label.text() == card.subtitle)
        needed = subtitle.fontMetrics().horizontalAdvance(card.subtitle)
        is_whole = needed <= subtitle.contentsRect().width()
        assert is_whole or subtitle.geometry().right() >= card.width() - PADDING - 5


def test_the_lens_says_in_a_picture_which_point_it_is_about(
    qtbot: QtBot, qapp: QApplication
) -> None:
    lens = next(spec for spec in PANELS if spec.id == "lens")
    with staged(qtbot, qapp, lens) as (card, _):
        assert card.subtitle.startswith("is z = (\u22120.")


def test_a_map_keeps_its_place_while_its_picture_is_taken_in_the_window(window: Window) -> None:
    window.resize(1600, 1000)
    preset = find_preset("lecture-gd-sgd-minibatch", load_presets())
    window.context.session.set_race(preset_race(preset, None), "Race")
    for name in ("surface", "race"):
        card = window.turn_to(name)
        shown = card.map if name == "surface" else card.pictures
        before, place = controls(card), shown.geometry()
        assert len(before) > 4
        with as_figure(card):
            assert not controls(card)
            assert shown.width() == place.width()
            assert shown.geometry() == place or name == "race"
        assert controls(card) == before
        assert shown.geometry() == place
