"""The relief: a loss surface as a sheet in a box, what hides what, and where it is seen from."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, sqrt

import numpy as np

from mlpsim.core.arrays import Array, Flags, Indices
from mlpsim.core.looks.camera import DISTANCE, Camera
from mlpsim.core.problem import quiet
from mlpsim.core.surface import Surface, bilinear
from mlpsim.core.window import Window

HEIGHT = 0.9  # of the box; its longer side is 2
LOWEST, HIGHEST = -2.0, 3.0  # shares of the scale that a box may be stretched to
STEPS = 96  # of the way to the eye at which the sheet is looked for
REACH = 1.8  # from the target: no place of the box is as far
LOOKS = 600  # places of a line of sight at which the sheet is looked for
LIFT, NEAR = 0.006, 0.03  # of the box's height: what lies this near to the sheet lies on it
AZIMUTHS, ELEVATIONS = 16, (34.0, 48.0)


@dataclass(frozen=True, eq=False)
class Relief:
    """Heights (ny, nx) over a window, as shares of the scale: 0 the lowest, 1 the highest value.

    The box holds the shares from ``lo`` to ``hi``. A height that is not finite is a hole.
    """

    window: Window
    heights: Array
    lo: float = 0.0
    hi: float = 1.0

    @cached_property
    def half(self) -> tuple[float, float]:
        """Half the box's width and depth; the larger is 1."""
        longer = max(self.window.width, self.window.height)
        return self.window.width / longer, self.window.height / longer

    @quiet()
    def box(self, places: Array, shares: Array) -> Array:
        """Places (..., 2) of the plane and heights (...) in the box: (..., 3)."""
        window, (half_x, half_y) = self.window, self.half
        x = half_x * (2.0 * (places[..., 0] - window.x0) / window.width - 1.0)
        y = half_y * (2.0 * (places[..., 1] - window.y0) / window.height - 1.0)
        z = HEIGHT * (shares - self.lo) / (self.hi - self.lo)
        result: Array = np.stack([x, y, z], axis=-1)
        return result

    @quiet()
    def holds(self, points: Array) -> Flags:
        """Whether points (..., 3) are inside the box."""
        half = np.array([*self.half, HEIGHT])
        slack = 1e-9
        low = np.array([-half[0], -half[1], 0.0]) - slack
        inside: Flags = np.all((points >= low) & (points <= half + slack), axis=-1)
        return inside

    def floor_of(self, points: Array) -> Array:
        """Heights in the box of the sheet at points (..., 3); NaN where there is none."""
        half_x, half_y = self.half
        ny, nx = self.heights.shape
        x = (points[..., 0] / half_x + 1.0) * (0.5 * (nx - 1))
        y = (points[..., 1] / half_y + 1.0) * (0.5 * (ny - 1))
        heights: Array = HEIGHT * (bilinear(self.heights, x, y) - self.lo) / (self.hi - self.lo)
        return heights

    @cached_property
    def vertices(self) -> Array:
        """The sheet's grid points in the box (ny, nx, 3)."""
        window, (ny, nx) = self.window, self.heights.shape
        xs, ys = np.linspace(window.x0, window.x1, nx), np.linspace(window.y0, window.y1, ny)
        places = np.stack(np.broadcast_arrays(xs, ys[:, None]), axis=-1)
        return self.box(places, self.heights)

    @cached_property
    def middles(self) -> Array:
        """Places of the plane in the middles of the sheet's cells (ny - 1, nx - 1, 2)."""
        window, (ny, nx) = self.window, self.heights.shape
        x = window.x0 + (np.arange(nx - 1) + 0.5) * (window.width / (nx - 1))
        y = window.y0 + (np.arange(ny - 1) + 0.5) * (window.height / (ny - 1))
        return np.stack(np.broadcast_arrays(x, y[:, None]), axis=-1)

    def cells(self, camera: Camera) -> tuple[Indices, Indices]:
        """Rows and columns of the cells without holes, what is hidden before what hides it.

        A cell that hides another lies between it and the eye along both axes of the grid.
        """
        ny, nx = self.heights.shape
        middles_x = self.vertices[0, :-1, 0] + 0.5 * np.diff(self.vertices[0, :, 0])
        middles_y = self.vertices[:-1, 0, 1] + 0.5 * np.diff(self.vertices[:, 0, 1])
        columns = np.argsort(-np.abs(middles_x - camera.eye[0]), kind="stable")
        rows = np.argsort(-np.abs(middles_y - camera.eye[1]), kind="stable")
        row, column = np.repeat(rows, nx - 1), np.tile(columns, ny - 1)
        whole = np.isfinite(self.heights)
        whole = whole[:-1, :-1] & whole[1:, :-1] & whole[:-1, 1:] & whole[1:, 1:]
        seen = whole[row, column]
        return row[seen], column[seen]

    @quiet()
    def is_seen(self, points: Array, camera: Camera, steps: int = STEPS) -> Flags:
        """Whether the eye sees points (n, 3): no part of the sheet lies between; booleans (n,).

        What lies very near to the sheet counts as lying on it. The way to the eye is looked at
        only as long as it is inside the box.
        """
        under = self.floor_of(points)
        points = points.copy()
        on_it = np.abs(points[:, 2] - under) < NEAR * HEIGHT
        points[on_it, 2] = under[on_it] + LIFT * HEIGHT
        way = camera.eye - points
        leaves = np.minimum(_until(points[:, :2], way[:, :2], self.half).min(axis=-1), 1.0)
        top = np.nanmax(self.vertices[..., 2], initial=0.0) + LIFT * HEIGHT
        rises = (top - points[:, 2]) / way[:, 2]
        ends = np.minimum(leaves, np.where(rises > 0.0, rises, np.inf))
        ends = np.where(points[:, 2] >= top, 0.0, ends)
        above = self._above(points, ends[:, None] * way, steps)
        crossed = (above[1:] * above[:-1] < 0.0).any(axis=0)
        seen: Flags = np.asarray(~crossed & np.isfinite(points).all(axis=-1))
        return seen

    def _above(self, points: Array, way: Array, steps: int) -> Array:
        """How far ways from points (n, 3) are above the sheet on their course: (steps, n).

        ``floor_of`` for very many places, none of which is outside the grid.
        """
        ny, nx = self.heights.shape
        t = np.linspace(0.0, 1.0, steps)[:, None]
        half, cells = np.array(self.half), 0.5 * np.array([nx - 1, ny - 1])
        start, by = (points[:, :2] / half + 1.0) * cells, way[:, :2] / half * cells
        known = np.isfinite(start).all(axis=-1) & np.isfinite(by).all(axis=-1)
        start[~known], by[~known] = 0.0, 0.0
        x = np.clip(start[:, 0] + t * by[:, 0], 0.0, nx - 1.0)
        y = np.clip(start[:, 1] + t * by[:, 1], 0.0, ny - 1.0)
        column, row = x.astype(np.int32), y.astype(np.int32)
        np.minimum(column, nx - 2, out=column)
        np.minimum(row, ny - 2, out=row)
        x -= column
        y -= row
        corner = row * np.int32(nx) + column
        flat = self._flat
        low = flat.take(corner)
        low += x * (flat.take(corner + 1) - low)
        corner += nx
        high = flat.take(corner)
        high += x * (flat.take(corner + 1) - high)
        low += y * (high - low)
        above: Array = points[:, 2] + t * way[:, 2] - low
        return above

    @quiet()
    def met(self, camera: Camera, picture: Array) -> tuple[float, float] | None:
        """The place of the plane that is seen at a place (2,) of the picture; None: not the sheet.

        The line of sight is looked at from the eye on, until it is below the sheet.
        """
        near, far = 1.0 - REACH / DISTANCE, 1.0 + REACH / DISTANCE
        t = np.linspace(near, far, LOOKS)
        points = camera.eye + t[:, None] * camera.way(picture)
        inside = (np.abs(points[:, :2]) <= self.half).all(axis=-1)
        above = np.where(inside, points[:, 2] - self.floor_of(points), np.nan)
        crossing = np.flatnonzero(above[:-1] * above[1:] <= 0.0)
        if not len(crossing):
            return None
        i = int(crossing[0])
        part = above[i] / (above[i] - above[i + 1]) if above[i] != above[i + 1] else 0.0
        x, y, _ = (points[i] + part * (points[i + 1] - points[i])).tolist()
        window, (half_x, half_y) = self.window, self.half
        across, up = 0.5 * (x / half_x + 1.0), 0.5 * (y / half_y + 1.0)
        return window.x0 + across * window.width, window.y0 + up * window.height

    @cached_property
    def _flat(self) -> Array:
        return np.ascontiguousarray(self.vertices[..., 2]).ravel()


def _until(places: Array, way: Array, half: tuple[float, float]) -> Array:
    """When a way from places (n, 2) leaves the box's sides, as shares of it (n, 2)."""
    sides = np.where(way > 0.0, np.array(half), -np.array(half))
    return np.where(way == 0.0, np.inf, (sides - places) / way)


def relief_of(surface: Surface, n: int, values: Array) -> Relief:
    """The relief of a surface at about n × n points; its box has room for values (m,) too."""
    ny, nx = surface.values.shape
    aspect = surface.window.height / surface.window.width
    columns = min(nx, max(2, round(n / sqrt(aspect))))
    rows = min(ny, max(2, round(n * sqrt(aspect))))
    x, y = np.linspace(0.0, nx - 1.0, columns), np.linspace(0.0, ny - 1.0, rows)
    heights = bilinear(surface.shades, *np.broadcast_arrays(x, y[:, None]))
    return Relief(surface.window, heights, *limits_of(surface, values))


def limits_of(surface: Surface, values: Array) -> tuple[float, float]:
    """Between which shares of the scale the surface and values (m,) lie that have room in a box."""
    shares = surface.share(values)
    shares = shares[np.isfinite(shares) & (shares >= LOWEST) & (shares <= HIGHEST)]
    lo, hi = float(shares.min(initial=0.0)), float(shares.max(initial=1.0))
    # In tenths, so that the box rests while the run moves on.
    return floor(10.0 * lo) / 10.0, ceil(10.0 * hi) / 10.0


def best_camera(relief: Relief, path: Array) -> Camera:
    """The camera in whose picture most of a path (n, 3) is seen, and of the sheet.

    Among those that are about as good it is the usual one.
    """
    usual = Camera()
    ny, nx = relief.heights.shape
    some = relief.vertices[:: max(1, ny // 9), :: max(1, nx // 9)].reshape(-1, 3)
    some = some[np.isfinite(some).all(axis=-1)]

    steps = np.linalg.norm(np.diff(path, axis=0), axis=-1)
    whole = float(steps.sum())

    def merit(camera: Camera) -> float:
        seen = relief.is_seen(np.concatenate([path, some]), camera, 32)
        of_sheet = float(seen[len(path) :].mean()) if len(some) else 1.0
        drawn = np.linalg.norm(np.diff(camera.project(path), axis=0), axis=-1)
        both = seen[: max(len(path) - 1, 0)] & seen[1 : len(path)]
        of_path = float(drawn[both].sum()) / whole if whole > 0.0 else 0.0
        away = abs((camera.azimuth - usual.azimuth + 180.0) % 360.0 - 180.0)
        raised = abs(camera.elevation - usual.elevation)
        return of_path + 0.25 * of_sheet - away / 3600.0 - raised / 200.0

    turns = [usual.turned(360.0 * k / AZIMUTHS, 0.0) for k in range(AZIMUTHS)]
    cameras = [Camera(turn.azimuth, elevation) for elevation in ELEVATIONS for turn in turns]
    return max(cameras, key=merit)
