"""The wrapping row: as many rows as its widgets need, at every time."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from mlpsim.views.widgets.wrap_layout import WrapLayout


class Block(QWidget):
    """A widget that likes to be so large."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        self._size = QSize(width, height)

    def sizeHint(self) -> QSize:
        return self._size

    def like(self, width: int, height: int) -> None:
        self._size = QSize(width, height)
        self.updateGeometry()


def test_its_height_follows_what_its_widgets_like(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    row = WrapLayout(spacing=10, row_gap=5)
    column.addLayout(row)
    column.addStretch(1)
    blocks = [Block(100, 20), Block(100, 30)]
    for block in blocks:
        row.add(block)
    host.resize(300, 200)
    host.show()
    assert (row.heightForWidth(210), row.heightForWidth(209)) == (30, 55)
    blocks[1].like(120, 40)
    QApplication.processEvents()
    assert (row.heightForWidth(230), row.heightForWidth(210)) == (40, 65)
    blocks[0].hide()
    QApplication.processEvents()
    assert row.heightForWidth(210) == 40
    blocks[0].show()
    third = Block(50, 10)
    row.add(third)
    QApplication.processEvents()
    assert row.heightForWidth(120) == 20 + 5 + 40 + 5 + 10
    row.takeAt(2)
    assert row.heightForWidth(120) == 65
    third.deleteLater()
