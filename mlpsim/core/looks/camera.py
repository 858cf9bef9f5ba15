"""The camera: from places in a box to a picture of it in perspective."""

from dataclasses import dataclass, replace
from functools import cached_property
from math import cos, isfinite, radians, sin
from typing import Literal

import numpy as np

from mlpsim.core.arrays import Array

DISTANCE = 6.0  # of the eye from the target; the box is about 2 wide
TARGET = (0.0, 0.0, 0.42)
FLATTEST, STEEPEST = 6.0, 89.0
ZOOM_FROM, ZOOM_TO = 0.4, 6.0

Look = Literal["contours", "both", "relief"]  # a surface as a map, as a sheet, or as both


@dataclass(frozen=True)
class Camera:
    """An eye above the box: azimuth and elevation in degrees, and how much the picture is enlarged.

    From azimuth -90 the first axis runs to the right and the second one away from the eye.
    """

    azimuth: float = -60.0
    elevation: float = 34.0
    zoom: float = 1.0

    def __post_init__(self) -> None:
        if not isfinite(self.azimuth):
            raise ValueError(f"the azimuth {self.azimuth!r} is not a finite number")
        if not FLATTEST <= self.elevation <= STEEPEST:
            raise ValueError(
                f"the elevation {self.elevation!r} is not from {FLATTEST} to {STEEPEST} degrees"
            )
        if not ZOOM_FROM <= self.zoom <= ZOOM_TO:
            raise ValueError(f"the zoom {self.zoom!r} is not from {ZOOM_FROM} to {ZOOM_TO}")

    def turned(self, azimuth: float, elevation: float) -> "Camera":
        """The camera turned by so many degrees, never below the box nor over its top."""
        raised = min(max(self.elevation + elevation, FLATTEST), STEEPEST)
        around = (self.azimuth + azimuth + 180.0) % 360.0 - 180.0
        return replace(self, azimuth=around, elevation=raised)

    def zoomed(self, factor: float) -> "Camera":
        """The camera with a picture enlarged by a factor, within limits."""
        return replace(self, zoom=min(max(self.zoom * factor, ZOOM_FROM), ZOOM_TO))

    @cached_property
    def axes(self) -> Array:
        """Unit vectors of the picture as rows: to the right, up, and towards the eye (3, 3)."""
        a, e = radians(self.azimuth), radians(self.elevation)
        right = (-sin(a), cos(a), 0.0)
        up = (-cos(a) * sin(e), -sin(a) * sin(e), cos(e))
        return np.array([right, up, (cos(a) * cos(e), sin(a) * cos(e), sin(e))])

    @cached_property
    def eye(self) -> Array:
        """Where the eye is (3,)."""
        place: Array = np.array(TARGET) + DISTANCE * self.axes[2]
        return place

    def project(self, points: Array) -> Array:
        """Places (..., 3) in the picture, x to the right and y up: (..., 2)."""
        seen = (points - np.array(TARGET)) @ self.axes.T
        scale = self.zoom * DISTANCE / (DISTANCE - seen[..., 2:])
        picture: Array = seen[..., :2] * scale
        return picture

    def way(self, picture: Array) -> Array:
        """The way from the eye to what is seen at a place (2,) of the picture: a direction (3,)."""
        x, y = picture / self.zoom
        direction: Array = np.array([x, y, -DISTANCE]) @ self.axes
        return direction
