"""The camera: projections worked out by hand."""

from math import inf, nan, sqrt

import numpy as np
import pytest

from mlpsim.core.looks.camera import DISTANCE, TARGET, Camera


def test_from_the_front_the_first_axis_runs_to_the_right_and_the_second_away() -> None:
    camera = Camera(-90.0, 30.0)
    right, up, towards = camera.axes
    assert right == pytest.approx([1.0, 0.0, 0.0], abs=1e-15)
    assert up == pytest.approx([0.0, 0.5, sqrt(0.75)])
    assert towards == pytest.approx([0.0, -sqrt(0.75), 0.5])
    assert camera.eye == pytest.approx([0.0, -6.0 * sqrt(0.75), 0.42 + 3.0])


def test_places_are_projected_as_by_hand() -> None:
    camera = Camera(-90.0, 30.0, 2.0)
    # The target is the middle of the picture; what is in its plane is enlarged by the zoom.
    assert camera.project(np.array(TARGET)) == pytest.approx([0.0, 0.0])
    assert camera.project(np.array([1.0, 0.0, 0.42])) == pytest.approx([2.0, 0.0])
    # (0, −1, 0.42) is √0.75 nearer to the eye and 0.5 lower: −0.5 · 2 · 6 / (6 − √0.75).
    nearer = camera.project(np.array([0.0, -1.0, 0.42]))
    assert nearer == pytest.approx([0.0, -6.0 / (6.0 - sqrt(0.75))])
    # (1, 1, 1.42): right 1, up 0.5 + √0.75, towards the eye −√0.75 + 0.5.
    scale = 2.0 * 6.0 / (6.0 + sqrt(0.75) - 0.5)
    there = camera.project(np.array([1.0, 1.0, 1.42]))
    assert there == pytest.approx([scale, scale * (0.5 + sqrt(0.75))])


def test_from_the_side_and_from_above() -> None:
    side = Camera(0.0, 6.0)
    assert side.project(np.array([0.0, 1.0, 0.42])) == pytest.approx([1.0, 0.0])
    above = Camera(-90.0, 89.0)
    x, y = above.project(np.array([0.25, 0.5, 0.42])).tolist()
    assert (x, y) == pytest.approx((0.25, 0.5), rel=0.01)


def test_all_that_lies_on_one_ray_of_the_eye_is_one_point_of_the_picture() -> None:
    camera = Camera(37.0, 21.0, 1.3)
    point = np.array([0.4, -0.9, 0.1])
    ray = point + np.linspace(0.0, 0.7, 6)[:, None] * (camera.eye - point)
    assert np.linalg.norm(camera.eye - np.array(TARGET)) == pytest.approx(DISTANCE)
    assert camera.project(ray) == pytest.approx(np.tile(camera.project(point), (6, 1)))


def test_turns_go_around_and_stop_above_the_floor_and_below_the_zenith() -> None:
    camera = Camera(170.0, 30.0)
    assert camera.turned(20.0, 5.0) == Camera(-170.0, 35.0)
    assert camera.turned(0.0, 500.0).elevation == 89.0
    assert camera.turned(0.0, -500.0).elevation == 6.0
    assert camera.zoomed(1.5).zoom == 1.5
    assert (camera.zoomed(1e9).zoom, camera.zoomed(1e-9).zoom) == (6.0, 0.4)


@pytest.mark.parametrize(
    ("azimuth", "elevation", "zoom", "said"),
    [
        (nan, 30.0, 1.0, "azimuth nan"),
        (inf, 30.0, 1.0, "azimuth inf"),
        (0.0, 5.0, 1.0, "elevation 5.0"),
        (0.0, nan, 1.0, "elevation nan"),
        (0.0, 30.0, 0.0, "zoom 0.0"),
        (0.0, 30.0, nan, "zoom nan"),
    ],
)
def test_no_camera_is_elsewhere(azimuth: float, elevation: float, zoom: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Camera(azimuth, elevation, zoom)
