"""Windows that show what matters."""

import numpy as np
import pytest

from mlpsim.core.looks.framing import usual_window, window_around, window_at
from mlpsim.core.plane import Plane
from mlpsim.core.window import FAR, Window


def test_places_have_fifteen_percent_of_room_around_them() -> None:
    window = window_around(np.array([[0.0, 1.0], [10.0, 3.0]]))
    assert window is not None
    assert (window.x0, window.x1) == pytest.approx((-1.5, 11.5))
    assert (window.y0, window.y1) == pytest.approx((-4.5, 8.5))


def test_a_point_and_nothing_at_all_have_no_window() -> None:
    assert window_around(np.zeros((3, 2))) is None
    assert window_around(np.zeros((0, 2))) is None


def test_a_window_is_moved_until_a_place_is_in_its_middle() -> None:
    window = Window(0.0, 2.0, 0.0, 4.0)
    assert window_at(window, np.array([10.0, -1.0])) == Window(9.0, 11.0, -3.0, 1.0)
    assert window_at(window, np.array([2.0 * FAR, 0.0])) is None


def test_random_directions_have_a_window_of_their_own() -> None:
    u, v = np.eye(3)[:2]
    start = np.array([50.0, 60.0, 0.0])
    assert usual_window(Plane("random", start, u, v), start) == Window(-1.5, 1.5, -1.5, 1.5)
    found = usual_window(Plane("two_weights", np.zeros(3), u, v, (0, 1)), start)
    assert found == Window(48.0, 52.0, 58.0, 62.0)
