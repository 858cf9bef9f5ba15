"""PDF: what scrolls is cut where it is cut on screen."""

import re
import zlib

import numpy as np
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.app.export import picture, vector_bytes


class Tall(QWidget):
    """Is higher than it has room, and paints all of itself."""

    def __init__(self) -> None:
        super().__init__()
        self.resize(60, 900)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), Qt.GlobalColor.red)


def page(pdf: bytes) -> str:
    """The commands that paint the page."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    texts = (zlib.decompress(stream).decode("latin1") for stream in streams if stream[:1] == b"x")
    return max(texts, key=lambda text: text.count(" re\n"))


def test_what_scrolls_is_cut_however_deep_it_stands_and_stays_on_screen(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    outer, inner = QScrollArea(parent), QScrollArea()
    outer.setGeometry(30, 20, 200, 150)
    inner.setWidget(Tall())
    inner.setFixedSize(90, 300)  # the outer one cuts it
    outer.setWidget(inner)
    parent.resize(300, 200)
    parent.show()
    inner.verticalScrollBar().setValue(70)
    before = picture(parent, 1.0)
    until_red = page(vector_bytes(parent, ".pdf")).partition("\n1 0 0 scn")[0]
    views = [area.viewport() for area in (outer, inner)]
    outside, inside = (QRect(view.mapTo(parent, QPoint()), view.size()) for view in views)
    place = outside & inside
    in_force = until_red.rpartition("\nQ q\n")[2]
    clips = re.findall(r"((?:[\d.]+ [\d.]+ [ml]\n)+)h\nW\* n", in_force)
    corners = [np.array(re.findall(r"(\S+) (\S+) [ml]", clip), dtype=float) for clip in clips]
    low = np.max([points.min(axis=0) for points in corners], axis=0)
    high = np.min([points.max(axis=0) for points in corners], axis=0)
    assert low.tolist() == [place.x(), place.y()]
    assert high.tolist() == [place.right() + 1, place.bottom() + 1]
    assert picture(parent, 1.0) == before
