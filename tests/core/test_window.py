"""Windows: what is none, how far one reaches, and how it is changed."""

from math import inf

import numpy as np
import pytest

from mlpsim.core.window import FAR, Window


@pytest.mark.parametrize(
    "limits",
    [
        *((1.0, 1.0, 0.0, 1.0), (0.0, 1.0, 2.0, 1.0), (0.0, np.inf, 0.0, 1.0)),
        *((5, 5 + 1e-10, 0, 1), (0.0, 1e306, 0.0, 1.0), (0.0, 1.0, -1e308, 1e308)),
    ],
)
def test_an_empty_window_is_refused(limits: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match=r"the window's [xy] limits"):
        Window(*limits)


def test_what_is_beyond_reach_is_cut_off() -> None:
    assert Window.within_reach(-1e308, 1.0, 5e305, inf) == Window(-FAR, 1.0, 0.9 * FAR, FAR)


def test_limits_that_are_too_close_are_drawn_apart() -> None:
    flat = Window.within_reach(0.0, 1.0, 3.0, 3.0 + 1e-12)
    assert flat.y0 < 3.0 < 3.0 + 1e-12 < flat.y1
    assert flat.height == pytest.approx(6e-9)
    assert Window.within_reach(-FAR, 1e-12 - FAR, 0.0, 1.0).x0 == -FAR  # never beyond reach
    with pytest.raises(ValueError, match="are empty"):
        Window.within_reach(0.0, 1.0, 3.0, 3.0)


def test_a_window_grows_to_an_aspect_and_zooms_about_a_point() -> None:
    window = Window(-3.0, 1.0, -1.5, 1.5)
    tall = window.with_aspect(2.0)
    assert (tall.x0, tall.x1, tall.y0, tall.y1) == (-3.0, 1.0, -4.0, 4.0)
    wide = window.with_aspect(0.5)
    assert (wide.x0, wide.x1, wide.y0, wide.y1) == (-4.0, 2.0, -1.5, 1.5)
    zoomed = window.zoomed(0.5, 1.0, 0.0)
    assert (zoomed.x0, zoomed.x1, zoomed.y0, zoomed.y1) == (-1.0, 1.0, -0.75, 0.75)
    assert window.moved(1.0, -1.0) == Window(-2.0, 2.0, -2.5, 0.5)
