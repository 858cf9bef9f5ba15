"""Labels that change in every frame: what they stand in is laid out anew only for other room."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mlpsim.views.appearance import Appearance
from mlpsim.views.items.map_legend import MapLegend
from mlpsim.views.parts.transport.figure import Figure
from mlpsim.views.widgets.elided import ElidedLabel
from mlpsim.views.widgets.still_label import StillLabel
from tests.views.controls import Layouts


@pytest.fixture
def stage(qtbot, qapp):
    window = QWidget()
    qtbot.addWidget(window)
    layout = QHBoxLayout(window)

    def put(widget):
        layout.addWidget(widget)
        window.resize(400, 80)
        window.show()
        qtbot.waitExposed(window)
        qapp.processEvents()
        return Layouts(window)

    return put


def test_another_text_of_the_same_width_moves_nothing(stage, qtbot, qapp):
    label = StillLabel("0.1259")
    layouts = stage(label)
    before = label.grab().toImage()
    label.setText("0.9521")  # the same signs, without kerning between digits
    qapp.processEvents()
    assert layouts.count == 0
    assert label.text() == "0.9521"
    assert label.grab().toImage() != before
    label.setText("1234.56789")
    qtbot.waitUntil(lambda: layouts.count > 0)
    qtbot.waitUntil(lambda: label.width() >= label.sizeHint().width())


def test_it_takes_the_room_and_the_looks_of_a_label(stage):
    still, plain = StillLabel("E = 0.25"), QLabel("E = 0.25")
    for label in (still, plain):
        stage(label)
    assert still.sizeHint() == plain.sizeHint() == still.minimumSizeHint()
    for label in (still, plain):
        label.setFixedSize(120, 30)
    assert still.grab().toImage() == plain.grab().toImage()
    still.setText("E = 0.25\nR = 0.5")
    assert still.sizeHint().height() > plain.sizeHint().height()


def test_a_figure_keeps_its_room_until_the_type_changes(stage, qtbot, qapp):
    figure = Figure()
    figure.show_number("E", "1.234·10⁻¹⁰")
    layouts = stage(figure)
    width = figure.sizeHint().width()
    for text in ("0.5", "1.1·10⁻¹⁰", "7"):
        figure.show_number("E", text)
        qapp.processEvents()
    assert layouts.count == 0
    assert figure.sizeHint().width() == width
    figure.forget_width()
    qtbot.waitUntil(lambda: layouts.count > 0)
    assert figure.sizeHint().width() < width


def test_a_cut_text_moves_nothing_however_long(stage, qapp):
    label = ElidedLabel("4 samples")
    layouts = stage(label)
    label.setText("5 samples, " * 50)
    qapp.processEvents()
    assert layouts.count == 0
    assert label.sizeHint() == QSize(0, label.fontMetrics().size(0, "5").height())


def test_a_label_without_another_name_is_called_by_its_text(qtbot):
    label, named = StillLabel("step 1"), StillLabel("1.25")
    named.setAccessibleName("Total error E")
    for widget in (label, named):
        qtbot.addWidget(widget)
    label.setText("step 2")
    named.setText("1.5")
    assert (label.accessibleName(), named.accessibleName()) == ("step 2", "Total error E")


def test_another_legend_moves_nothing(stage, qapp):
    legend = MapLegend(Appearance())
    layouts = stage(legend)
    before = legend.grab().toImage()
    legend.set_entries((("path", "path"), ("start", "start")))
    qapp.processEvents()
    assert layouts.count == 0
    assert legend.accessibleDescription() == "path, start"
    assert legend.grab().toImage() != before


def test_its_margins_outlast_another_theme(qtbot, qapp):
    look = Appearance()
    look.apply(qapp)
    label = ElidedLabel("4 samples")
    label.setProperty("role", "subtitle")
    label.setContentsMargins(4, 0, 4, 0)
    qtbot.addWidget(label)
    label.show()
    look.set_theme("light")
    margins = label.contentsMargins()
    assert (margins.left(), margins.right()) == (4, 4)
