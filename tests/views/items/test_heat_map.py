"""The heat map: colours of every loss's own scale, and what has no colour of one."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from pytestqt.qtbot import QtBot

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.studies.sweep import Axis, Result, Sweep
from mlpsim.core.studies.sweep_map import MEASURES, Pivot, sweep_map
from mlpsim.views.items.family import family_of
from mlpsim.views.items.heat_layout import HeatLayout
from mlpsim.views.items.heat_paint import HeatPainter
from mlpsim.views.items.surface_item import ramp_colour
from mlpsim.views.theme import DARK, LIGHT, Theme

LECTURE = lecture_experiment()
ETA = Axis("eta", ("0.1", "0.01", "0.001"))
LOSS = Axis("loss", ("squared_error", "bce_logits"))
GRID, LOSSES = Sweep(LECTURE, (ETA,), epochs=2), Sweep(LECTURE, (LOSS, ETA), epochs=2)
ROOM, MEASURE = QRectF(0.0, 0.0, 400.0, 300.0), MEASURES[0]


def result(number: int, error: float, diverged_at: int | None = None) -> Result:
    curve = ((0, 1.0), (1, 4.0 * error))
    return Result(number, 4.0 * error, error, None, error, None, diverged_at, curve)


def results(*errors: float) -> dict[int, Result]:
    return {number: result(number, error) for number, error in enumerate(errors)}


@pytest.fixture
def font(qapp: object) -> QFont:
    return QFont("Inter", 9)


def layout(sweep: Sweep, there: Mapping[int, Result], pivot: Pivot, font: QFont) -> HeatLayout:
    return HeatLayout(sweep_map(sweep, sweep.cells(), there, pivot), ROOM, font)


def painted(
    shown: HeatLayout, theme: Theme = DARK, brushed: tuple[int, int] | None = None
) -> QImage:
    image = QImage(ROOM.size().toSize(), QImage.Format.Format_ARGB32)
    image.fill(theme.card)
    painter = QPainter(image)
    try:
        HeatPainter(painter, shown, theme).paint(brushed)
    finally:
        painter.end()
    return image


def corner(shown: HeatLayout, image: QImage, place: tuple[int, int]) -> QColor:
    """The colour of a tile near its corner, away from the text in its middle."""
    at = shown.tile(place).topLeft() + QPointF(8.0, 8.0)
    return image.pixelColor(at.toPoint())


def test_a_tile_has_the_colour_of_its_value(font: QFont) -> None:
    shown = layout(GRID, results(0.01, 0.1, 0.2), Pivot(MEASURE, "eta"), font)
    key = shown.keys[""]
    assert (key.least, key.largest, key.scale.log) == (0.01, 0.2, False)
    image = painted(shown)
    for column, value in enumerate((0.01, 0.1, 0.2)):
        # A linear scale has a margin of a twentieth at either end.
        share = (value - 0.01 + 0.05 * 0.19) / (1.1 * 0.19)
        assert corner(shown, image, (0, column)) == ramp_colour(share)


def test_values_over_decades_have_a_logarithmic_scale(font: QFont) -> None:
    shown = layout(GRID, results(1e-4, 1e-3, 1e-2), Pivot(MEASURE, "eta"), font)
    assert shown.keys[""].high.endswith(", log")
    assert corner(shown, painted(shown), (0, 1)) == ramp_colour(0.5)


def test_every_loss_has_a_scale_of_its_own(font: QFont) -> None:
    there = results(0.01, 0.02, 0.03, 0.1, 0.2, 0.3)
    shown = layout(LOSSES, there, Pivot(MEASURE, "eta", "loss"), font)
    assert [key.name for key in shown.keys.values()] == ["squared error", "cross-entropy (binary)"]
    assert [key.largest for key in shown.keys.values()] == [0.03, 0.3]
    image = painted(shown)
    for column in range(3):
        assert corner(shown, image, (0, column)) == corner(shown, image, (1, column))


def test_what_ends_above_the_start_has_the_top_shade(font: QFont) -> None:
    # At w = 0 every sample has the error 0.25.
    shown = layout(GRID, results(1e200, 0.1, 0.3), Pivot(MEASURE, "eta"), font)
    assert shown.keys[""].high == "≥ 0.25 (start)"
    image = painted(shown)
    assert corner(shown, image, (0, 0)) == corner(shown, image, (0, 2))
    assert corner(shown, image, (0, 1)) != corner(shown, image, (0, 2))


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_diverged_and_missing_tiles_have_no_colour_of_the_scale(font: QFont, theme: Theme) -> None:
    there = results(0.1) | {1: result(1, 0.2, diverged_at=1)}
    shown = layout(GRID, there, Pivot(MEASURE, "eta"), font)
    image = painted(shown, theme)
    assert corner(shown, image, (0, 2)) == theme.card
    box = shown.tile((0, 1)).toRect().adjusted(4, 4, -4, -4)
    seen = {
        image.pixelColor(x, y).name()
        for x in range(box.left(), box.right())
        for y in range(box.top(), box.bottom())
    }
    ramp = {ramp_colour(shade).name() for shade in np.linspace(0.0, 1.0, 256)}
    assert theme.plot.name() in seen
    assert len(seen) > 2
    assert not seen & (ramp - {theme.plot.name()})


def test_the_chosen_tile_is_framed_beside_the_brushed_one(font: QFont) -> None:
    there = results(0.1, 0.05, 0.2)
    shown = layout(GRID, there, Pivot(MEASURE, "eta"), font)
    for brushed in (None, (0, 1), (0, 2)):
        image, box = painted(shown, DARK, brushed), shown.tile((0, 1))
        row = [image.pixelColor(round(box.left()) + x, round(box.center().y())) for x in range(9)]
        assert DARK.accent in row
        assert (QColor("white") in row) == (brushed == (0, 1))


def test_values_stand_only_where_all_have_room(font: QFont) -> None:
    shown = layout(GRID, results(0.123456, 0.1, 0.2), Pivot(MEASURE, "eta"), font)
    assert shown.digits == 3
    narrow = replace(shown, room=QRectF(0.0, 0.0, 110.0, 300.0))
    assert narrow.digits in (0, 2)
    assert replace(shown, room=QRectF(0.0, 0.0, 60.0, 300.0)).digits == 0
    assert replace(shown, room=QRectF(0.0, 0.0, 400.0, 50.0)).digits == 0


def test_curves_are_of_one_loss_and_in_the_order_of_an_axis(qtbot: QtBot) -> None:
    there, cells = results(0.01, 0.02, 0.03, 0.1, 0.2, 0.3), LOSSES.cells()
    family = family_of(LOSSES, cells, there, Pivot(MEASURE, "eta", "loss"), "bce_logits", "eta")
    assert family is not None
    assert [curve.number for curve in family.curves] == [3, 4, 5]
    assert [curve.group for curve in family.curves] == [0, 1, 2]
    assert family.groups == ("0.1", "0.01", "0.001")
    assert family.y_label == "E, cross-entropy (binary)"
    assert (family.x_label, family.end) == ("epoch", 1.0)
    assert family.curves[0].y.tolist() == [1.0, 0.4]


def test_runs_that_are_lost_leave_the_plot_of_the_others(qtbot: QtBot) -> None:
    there = results(1e200, 0.1, 0.2)
    family = family_of(GRID, GRID.cells(), there, Pivot(MEASURE, "eta"), "", "eta")
    assert family is not None
    assert float(family.scale.share(np.array(1.5))) < 1.0 < float(family.scale.share(np.array(2.0)))
    steps = replace(GRID, steps=5)
    assert family_of(steps, steps.cells(), there, Pivot(MEASURE), "", "").x_label == "step"


def test_of_very_many_curves_some_are_drawn(qtbot: QtBot) -> None:
    many = replace(GRID, seeds=150)
    there = {cell.number: result(cell.number, 0.1) for cell in many.cells()}
    family = family_of(many, many.cells(), there, Pivot(MEASURE, "eta"), "", "eta")
    assert family is not None
    assert (len(family.curves), family.stride, len(family.drawn)) == (450, 3, 150)


def test_results_of_a_file_have_no_curves() -> None:
    there = {0: replace(result(0, 0.1), curve=())}
    assert family_of(GRID, GRID.cells(), there, Pivot(MEASURE, "eta"), "", "eta") is None


def test_small_values_are_powers_where_they_would_touch(font: QFont) -> None:
    values = ("0.1", "0.01", "0.001", "0.0001", "1e-5", "1e-6")
    sweep = Sweep(LECTURE, (Axis("eta", values),), epochs=2)
    shown = layout(sweep, results(*[0.1] * 6), Pivot(MEASURE, "eta"), font)
    assert shown.across == ["0.1", "0.01", "0.001", "0.0001", "10⁻⁵", "10⁻⁶"]
    narrow = replace(shown, room=QRectF(0.0, 0.0, 240.0, 300.0))
    assert narrow.across == ["0.1", "0.01", "10⁻³", "10⁻⁴", "10⁻⁵", "10⁻⁶"]
