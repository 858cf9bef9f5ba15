"""SVG looks the same wherever it is opened: with what is cut off cut off, and without fonts."""

import re

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel, QTableWidget, QTableWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.app.export import picture, vector_bytes
from mlpsim.core.arrays import Array
from mlpsim.views.appearance import Appearance


@pytest.fixture
def label(qtbot: QtBot, qapp: QApplication) -> QLabel:
    Appearance("light").apply(qapp)
    label = QLabel("0.072108 → 0.065132: <−0.0069764> & more")
    qtbot.addWidget(label)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setStyleSheet("color: black; background: white")
    return label


class Cut(QWidget):
    """Paints more than it clips to."""

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setClipRect(5, 5, 20, 10)
            painter.fillRect(0, 0, 90, 90, Qt.GlobalColor.red)


def inked(image: QImage) -> Array:
    """The first and the last column, and the first and the last row, that are not white."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.asarray(grey.constBits()).reshape(grey.height(), -1)[:, : grey.width()] < 160
    places = [np.flatnonzero(rows.any(axis=axis)) for axis in (0, 1)]
    return np.array([[place[0], place[-1]] for place in places])


@pytest.mark.parametrize("points", [8.6, 8.8, 10.0])  # which Qt sets in 11, 12 and 13 pixels
def test_text_needs_no_font_and_is_as_wide_as_on_screen(label: QLabel, points: float) -> None:
    font = label.font()
    font.setPointSizeF(points)
    label.setFont(font)
    label.resize(label.sizeHint())
    data = vector_bytes(label, ".svg")
    assert b"<text" not in data
    assert 'aria-label="0.072108 → 0.065132: &lt;−0.0069764&gt; &amp; more"' in data.decode()
    shown = picture(label, 1.0)
    drawn = QImage(shown.size(), QImage.Format.Format_RGB32)
    with QPainter(drawn) as painter:
        QSvgRenderer(QByteArray(data)).render(painter)
    assert np.abs(inked(drawn) - inked(shown)).max() <= 1


def test_a_clip_stands_where_it_was_set(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    cut = Cut(parent)
    cut.setGeometry(100, 50, 90, 90)
    drawing = vector_bytes(parent, ".svg").decode()
    (clip,) = re.findall(r"<clipPath[^>]*>\s*<path ([^>]*)/>", drawing)
    assert 'transform="matrix(1,0,0,1,100,50)"' in clip
    assert 'clip-rule="evenodd" d="M5,5 L25,5 L25,15 L5,15' in clip


def test_cells_that_a_table_cuts_are_left_out_and_are_there_again(qtbot: QtBot) -> None:
    parent = QWidget()
    parent.resize(400, 300)
    qtbot.addWidget(parent)
    table = QTableWidget(50, 9, parent)
    for row in range(50):
        for column in range(9):
            table.setItem(row, column, QTableWidgetItem(f"{row + 1} {column + 1}"))
    table.hideColumn(8)
    table.resize(330, 230)
    parent.show()
    width, height = table.viewport().size().toTuple()
    last = table.rowAt(height - 1), table.columnAt(width - 1)
    right = table.columnViewportPosition(last[1]) + table.columnWidth(last[1])
    bottom = table.rowViewportPosition(last[0]) + table.rowHeight(last[0])
    assert right > width
    assert bottom > height
    before = picture(parent, 1.0)
    drawing = vector_bytes(parent, ".svg").decode()
    told = re.findall(r'aria-label="(\d+) (\d+)"', drawing)
    assert {int(row) for row, _ in told} == set(range(1, last[0] + 1))
    assert {int(column) for _, column in told} == set(range(1, last[1] + 1))
    assert picture(parent, 1.0) == before
    assert table.isColumnHidden(8)
