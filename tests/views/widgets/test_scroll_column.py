"""A column that scrolls: Tab comes where there is something to scroll, and is seen there."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.views.appearance import Appearance
from mlpsim.views.widgets.scroll_column import ScrollColumn
from tests.views.controls import on_view
from tests.views.fickle import Fickle, assert_rests


@pytest.fixture
def shown(qtbot, qapp):
    Appearance().apply(qapp)
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.addWidget(QLineEdit())
    layout.addWidget(column := ScrollColumn("rows"))
    tall = QWidget()
    tall.setMinimumHeight(400)
    column.column.addWidget(tall)
    on_view(qtbot, window, 200, 200)
    window.activateWindow()
    yield column, tall
    window.close()


def test_tab_comes_only_where_there_is_something_to_scroll(shown, qtbot):
    column, tall = shown
    qtbot.waitUntil(lambda: column.focusPolicy() == Qt.FocusPolicy.TabFocus)
    tall.setMinimumHeight(10)
    qtbot.waitUntil(lambda: column.focusPolicy() == Qt.FocusPolicy.NoFocus)


def test_the_focus_is_seen_on_the_bar(shown, qtbot):
    column, _ = shown
    bar = column.verticalScrollBar()
    qtbot.waitUntil(bar.isVisible)
    column.clearFocus()
    before = bar.grab().toImage()
    column.setFocus(Qt.FocusReason.TabFocusReason)
    assert bar.grab().toImage() != before
    column.clearFocus()
    assert bar.grab().toImage() == before


def test_content_that_holds_more_without_a_bar_than_beside_it_comes_to_rest(qtbot: QtBot) -> None:
    column, fickle = ScrollColumn("squares"), Fickle()
    column.column.addWidget(fickle)
    qtbot.addWidget(column)
    assert_rests(qtbot, column, fickle)
