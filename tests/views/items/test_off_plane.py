"""The halo and the band: half-widths in pixels against distances worked out by hand."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QImage, QPainter

from mlpsim.core.experiment import lecture_experiment
from mlpsim.core.files.presets import find_preset, load_presets
from mlpsim.core.looks.aim import RANDOM
from mlpsim.core.window import Window
from mlpsim.views.items.overlays.off_plane import OffPlane, band
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.panels.surface import SurfacePanel
from tests.views.panel_stage import Stage

FRAME = PlotFrame(Window(-2.0, 2.0, -2.0, 2.0), QRectF(0.0, 0.0, 400.0, 400.0), "", "", QFont())


@pytest.fixture
def staged(opened: Any) -> Any:
    def make(experiment: Any, steps: int) -> Stage[SurfacePanel]:
        return opened(SurfacePanel, experiment, size=(700, 700), steps=steps)

    return make


def painted(overlay: OffPlane) -> QImage:
    image = QImage(400, 400, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        overlay.paint(painter, FRAME)
    finally:
        painter.end()
    return image


def xor() -> Any:
    return find_preset("xor-symmetry", load_presets()).variant("random A").experiment


def test_the_halo_is_as_wide_as_the_state_is_off_the_plane(staged: Any) -> None:
    stage = staged(xor(), 6)
    start, theta = stage.session.run.theta(0), stage.session.theta
    stage.landscape.set_centre("start")
    overlay = OffPlane(stage.context)
    overlay.refresh()
    rest = np.delete(theta - start, [0, 1])
    assert overlay.radii(FRAME)[-1] == pytest.approx(100.0 * np.sqrt((rest**2).sum()))
    assert overlay.radii(FRAME)[0] == 0.0
    stage.landscape.set_aim(replace(RANDOM, centre="start", seed=3))
    overlay.refresh()
    plane = stage.landscape.plane
    scale = 100.0 / np.sqrt(np.linalg.norm(plane.u) * np.linalg.norm(plane.v))
    basis = np.linalg.qr(np.stack([plane.u, plane.v], axis=-1))[0]
    off = theta - start - basis @ (basis.T @ (theta - start))
    assert overlay.radii(FRAME)[-1] == pytest.approx(min(scale * np.linalg.norm(off), 400.0))


def test_where_two_weights_are_all_there_is_nothing_to_paint(staged: Any) -> None:
    stage = staged(lecture_experiment(), 20)
    overlay = OffPlane(stage.context)
    overlay.refresh()
    image = painted(overlay)
    assert not np.frombuffer(image.constBits(), np.uint8).reshape(-1, 4)[:, :3].any()


def test_a_state_off_the_plane_is_seen_to_be_off_it(staged: Any) -> None:
    stage = staged(xor(), 6)
    stage.landscape.set_centre("start")
    overlay = OffPlane(stage.context)
    overlay.refresh()
    place = FRAME.pixels(stage.landscape.plane.project(stage.session.theta))
    radius, image = float(overlay.radii(FRAME)[-1]), painted(overlay)
    assert radius > 20.0
    inside, outside = (place + np.array([share * radius, 0.0]) for share in (0.8, 1.3))
    assert image.pixelColor(*np.rint(inside).astype(int).tolist()).lightness() > 20
    assert image.pixelColor(*np.rint(outside).astype(int).tolist()).lightness() == 0


def test_a_band_is_the_union_of_its_discs_without_holes() -> None:
    points = np.array([[100.0, 100.0], [200.0, 100.0], [200.0, 220.0], [90.0, 110.0]])
    radii = np.array([10.0, 30.0, 20.0, 5.0])
    path = band(points, radii)
    rng = np.random.default_rng(1)
    for a, b, ra, rb in zip(points, points[1:], radii, radii[1:], strict=False):
        for t in rng.random(40):
            centre, radius = a + t * (b - a), ra + t * (rb - ra)
            angle = 2.0 * np.pi * rng.random()
            place = centre + 0.9 * radius * rng.random() * np.array([np.cos(angle), np.sin(angle)])
            assert path.contains(QPointF(*place.tolist()))
    assert not path.contains(QPointF(100.0, 150.0))
    assert not path.contains(QPointF(240.0, 100.0))
