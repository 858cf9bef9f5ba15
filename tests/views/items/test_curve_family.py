"""The curves of a sweep: what colours them is told above them."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from mlpsim.views.items.curve_family import CurveFamily
from mlpsim.views.items.family import Family, group_colour
from mlpsim.views.items.scale import scale_for
from mlpsim.views.theme import DARK

SCALE = scale_for(np.array([0.0, 100.0]), False)
NAMES = ("0.1", "0.01", "0.001", "0.0001")


@pytest.mark.parametrize(
    ("size", "told"), [((420, 240), 4), ((220, 240), 4), ((220, 200), 4), ((220, 120), 1)]
)
def test_every_value_is_told_above_the_curves_that_have_room(
    qtbot: QtBot, size: tuple[int, int], told: int
) -> None:
    curves = CurveFamily(DARK)
    qtbot.addWidget(curves)
    curves.resize(*size)
    type_of_nine = curves.font()
    type_of_nine.setPointSizeF(9.0)  # whatever type other tests leave the program with
    curves.setFont(type_of_nine)
    family = Family((), NAMES, "η", 100.0, SCALE, "epoch", "E")
    curves.show_family(family, DARK)
    image = curves.grab().toImage()
    seen = {
        image.pixelColor(QPoint(x, y)).name()
        for x in range(image.width())
        for y in range(image.height() // 3)
    }
    colours = [group_colour(DARK, n, len(NAMES)).name() for n in range(len(NAMES))]
    assert sum(colour in seen for colour in colours) >= told
