"""The colour bar: its numbers have room beside it."""

import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from mlpsim.views.appearance import app_font
from mlpsim.views.items.surface_item import colour_bar_width
from mlpsim.views.labels import apart


@pytest.mark.parametrize("values", [(20_000.0, 140_000.0), (0.0005, 0.0006), (2e-10, 5e-10)])
def test_the_numbers_of_usual_ranges_are_not_cut(qtbot: QtBot, values: tuple[float, ...]) -> None:
    font = app_font(10.0)
    metrics = QFontMetricsF(font)
    room = colour_bar_width(font) - 1.9 * metrics.height()  # beside the bar itself
    assert max(map(metrics.horizontalAdvance, apart(values))) < room - 0.3 * metrics.height()
