"""Surfaces: the samples' errors over a slice, block by block of its grid, on several threads."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product
from typing import NamedTuple

from mlpsim.core.arrays import Array
from mlpsim.core.compiled.grid_program import BETA, NEURONS, STEPS, Grid, Room
from mlpsim.core.compiled.grids import Memory, grid_over, rows_over, samples_at_once
from mlpsim.core.compiled.room import zeros
from mlpsim.core.compiled.threads import side_by_side
from mlpsim.core.slices import Slice

KEPT = 4_000_000  # numbers that are laid out together
# Numbers that columns of the grid hold, for the first cache, and rows of it, for the second.
NUMBERS, ROW_NUMBERS = 4_000, 48_000
PRODUCTS = 100_000_000  # of weights, samples and points in one call, after which one may cancel
ACTIVATION = 8  # what an activation costs, in such products


class _Tiles(NamedTuple):
    """How many rows and chunks of the grid a call computes, ``side`` of these at a time."""

    height: int
    width: int
    side: int


def errors_over(
    over: Slice, alphas: Array, betas: Array, cancelled: Callable[[], bool]
) -> Array | None:
    """Σ e^s (ny, nx); None when cancelled."""
    if _is_better_turned(over):
        plane = replace(over.plane, u=over.plane.v, v=over.plane.u)
        turned = errors_over(replace(over, plane=plane), betas, alphas, cancelled)
        return None if turned is None else turned.T.copy()
    nx, ny = len(alphas), len(betas)
    parts, memory = list(over.samples(nx, ny, KEPT, samples_at_once(over))), Memory()
    rows = [rows_over(len(data), nx) for data in parts]
    errors = zeros(ny, max(each.columns.size for each in rows))
    for data, each in zip(parts, rows, strict=True):
        grid = grid_over(over, data, alphas, betas, each, memory)
        chunks, tiles, rooms = len(grid.alphas), _tiles(grid), list[Room]()
        add = partial(_add, grid, errors, tiles, rooms, cancelled)
        corners = product(range(0, ny, tiles.height), range(0, chunks, tiles.width))
        if not side_by_side(add, corners, _products(grid) * ny * chunks):
            return None
    return errors[:, :nx]


def _is_better_turned(over: Slice) -> bool:
    """Whether α, and not β, multiplies in the last layer what depends on the other axis."""
    if len(over.layers) == 1:
        return False
    (_, on_alpha, on_beta), below = over.layers[-1].w, over.layers[-2].neurons
    crosses_alpha = on_alpha[:, below[True, False]].any()
    return bool(crosses_alpha and not on_beta[:, below[False, True]].any())


def _products(grid: Grid) -> int:
    """What a point costs, or the points of a row."""
    neurons = int(grid.layers[:, NEURONS].sum())
    return int((grid.origin.size + ACTIVATION * neurons) * grid.shares.shape[1])


def _tiles(grid: Grid) -> _Tiles:
    chunks, ny = len(grid.alphas), len(grid.betas)
    held = max(1, grid.shares.size // (chunks + ny))
    side = max(1, min(chunks, NUMBERS // held))
    height = max(1, min(ny, ROW_NUMBERS // held))
    if grid.layers[-1, BETA] >= 0:  # what one column has may be for all rows
        side, height = 1, ny
    width = max(1, PRODUCTS // (_products(grid) * height * side)) * side
    return _Tiles(height, width, side)


def _add(
    grid: Grid,
    errors: Array,
    tiles: _Tiles,
    rooms: list[Room],
    cancelled: Callable[[], bool],
    corner: tuple[int, int],
) -> bool:
    """Adds to errors (ny, chunks·points) those of a block, from a row and a chunk on.

    In one of the rooms that no other thread is in. False when cancelled.
    """
    from mlpsim.core.compiled.points import add_errors

    if cancelled():
        return False
    row, chunk = corner
    ends = min(row + tiles.height, len(errors)), min(chunk + tiles.width, len(grid.alphas))
    room = rooms.pop() if rooms else _room(grid)
    add_errors(grid, room, row, ends[0], chunk, ends[1], tiles.side, errors)
    rooms.append(room)
    return True


def _room(grid: Grid) -> Room:
    counts, width = grid.layers[:, NEURONS].tolist(), grid.shares.shape[1]
    powers = STEPS + -(-len(grid.betas) // STEPS) if grid.layers[-1, BETA] >= 0 else 0
    return Room(
        zeros(sum(counts), width),
        zeros(max(counts), width),
        zeros(*grid.origin.shape),
        zeros(counts[-1] * powers, width),
    )
