"""The rail's panel: the list, a slide's text, formula and question, and what it asks for."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.rails import Rail, Slide, lecture_rail
from mlpsim.views.labels.plain import unbroken
from mlpsim.views.panels.rail import RailPanel
from mlpsim.views.widgets.typesetting import flaw
from tests.views.panel_stage import Stage


@pytest.fixture
def panel(opened: Callable[..., Stage[RailPanel]]) -> RailPanel:
    return opened(RailPanel, lecture_experiment(), size=(350, 560)).panel


def test_the_lectures_slides_are_listed_and_none_is_chosen(panel: RailPanel) -> None:
    assert panel.list.count() == len(lecture_rail().slides)
    assert panel.list.item(8).text().split(maxsplit=1) == ["9", "Minimize over w"]
    assert panel.slide is None
    assert panel.text.text().startswith("Choose a slide")
    assert not panel.formula.isVisible()
    assert not panel.previous.isEnabled()
    assert panel.next.isEnabled()


def test_a_slide_is_shown_and_asked_for(panel: RailPanel) -> None:
    chosen: list[Slide] = []
    panel.slide_chosen.connect(chosen.append)
    panel.list.setCurrentRow(6)
    slide = lecture_rail().slides[6]
    assert chosen == [slide]
    assert panel.heading.text() == "Squared error"
    assert panel.text.text() == unbroken(slide.text)
    assert panel.formula.tex == slide.formula
    assert panel.formula.accessibleName() == slide.words
    assert panel.question.text() == unbroken(f"Question: {slide.question}")
    assert panel.place.text() == "7 / 19"


def test_the_keys_stop_at_both_ends(panel: RailPanel) -> None:
    chosen: list[Slide] = []
    panel.slide_chosen.connect(chosen.append)
    for _ in range(25):
        QTest.keyClick(panel, Qt.Key.Key_PageDown)
    assert chosen == list(lecture_rail().slides)
    assert not panel.next.isEnabled()
    for _ in range(25):
        panel.previous.click()
    assert panel.slide == lecture_rail().slides[0]
    assert not panel.previous.isEnabled()


def test_enter_asks_for_the_slide_once_more(panel: RailPanel) -> None:
    panel.list.setCurrentRow(3)
    chosen: list[Slide] = []
    panel.slide_chosen.connect(chosen.append)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert [slide.title for slide in chosen] == ["Properties of the sigmoid"]


def test_putting_a_slide_back_asks_for_nothing(panel: RailPanel) -> None:
    slides = lecture_rail().slides
    panel.list.setCurrentRow(3)
    chosen: list[Slide] = []
    panel.slide_chosen.connect(chosen.append)
    panel.put_back(slides[1])
    assert panel.slide == slides[1]
    assert panel.heading.text() == slides[1].title
    panel.put_back(None)
    assert panel.slide is None
    assert chosen == []


def test_another_rail_is_listed_and_what_it_says_is_plain_text(panel: RailPanel) -> None:
    slide = lecture_rail().slides[0]
    bare = Slide("<b>One</b>", "<i>x</i>", "", "", "", slide.experiment, None, 0, None, ())
    panel.set_rail(Rail("Mine", (bare,)))
    panel.go_on()
    assert panel.subtitle == "Mine"
    assert panel.heading.text() == "<b>One</b>"
    assert panel.text.textFormat() == Qt.TextFormat.PlainText
    assert not panel.formula.isVisible()
    assert not panel.question.isVisible()
    assert not panel.previous.isEnabled()
    assert not panel.next.isEnabled()


def test_the_chosen_row_stays_in_sight(panel: RailPanel) -> None:
    panel.list.setCurrentRow(14)
    panel.resize(350, 420)
    area = panel.list.visualItemRect(panel.list.currentItem())
    assert panel.list.viewport().rect().contains(area)


@pytest.mark.parametrize("slide", lecture_rail().slides, ids=lambda slide: slide.title)
def test_every_formula_of_the_lecture_can_be_set(slide: Slide, qapp: object) -> None:
    assert flaw(slide.formula) == ""


@pytest.mark.parametrize("tex", [r"\frac{1", "x^", r"\left( x", r"\begin{cases} a"])
def test_a_formula_that_cannot_be_set_is_found(tex: str, qapp: object) -> None:
    assert flaw(tex).startswith("The formula cannot be typeset")
