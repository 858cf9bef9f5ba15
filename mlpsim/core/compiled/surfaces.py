"""Surfaces: the samples' errors over a slice, block by block of its grid, on several threads."""

from collections.abc import Callable
from functools import partial
from itertools import product

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.compiled.grids import NEURONS, ROW, Grid, Room, grid_over
from mlpsim.core.compiled.threads import side_by_side
from mlpsim.core.slices import Slice

KEPT = 4_000_000  # numbers that are laid out together
NUMBERS = 32_000  # of what columns of the grid hold, which stay in the cache from row to row
PRODUCTS = 8_000_000  # of weights, samples and points in one call, after which one may cancel
ACTIVATION = 8  # what an activation costs, in such products


def errors_over(
    over: Slice, alphas: Array, betas: Array, cancelled: Callable[[], bool]
) -> Array | None:
    """Σ e^s (ny, nx); None when cancelled."""
    nx, ny = len(alphas), len(betas)
    total = np.zeros((ny, nx))
    for data in over.samples(nx, ny, KEPT, ROW):
        grid = grid_over(over, data, alphas, betas)
        chunks = len(grid.alphas)
        errors = np.zeros((ny, chunks * grid.points))
        held = grid.shares.size // (chunks + ny)
        side = max(1, min(chunks, NUMBERS // max(1, held)))
        neurons = int(grid.layers[:, NEURONS].sum())
        products = (grid.origin.size + ACTIVATION * neurons) * grid.targets.shape[1]
        height = max(1, PRODUCTS // (products * side))
        add = partial(_add, grid, errors, height, side, cancelled)
        corners = product(range(0, ny, height), range(0, chunks, side))
        if not side_by_side(add, corners, products * ny * chunks):
            return None
        total += errors[:, :nx]
    return total


def _add(
    grid: Grid,
    errors: Array,
    height: int,
    side: int,
    cancelled: Callable[[], bool],
    corner: tuple[int, int],
) -> bool:
    """Fills a block of errors (ny, chunks·points) from a row and a chunk on, unless cancelled."""
    from mlpsim.core.compiled.points import add_errors

    if cancelled():
        return False
    row, chunk = corner
    ends = min(row + height, len(errors)), min(chunk + side, len(grid.alphas))
    add_errors(grid, _room(grid), row, ends[0], chunk, ends[1], errors)
    return True


def _room(grid: Grid) -> Room:
    counts, width = grid.layers[:, NEURONS], grid.targets.shape[1]
    return Room(
        np.zeros((counts.sum(), width)),
        np.zeros((counts.sum(), width)),
        np.zeros((counts.max(), width)),
        np.zeros_like(grid.origin),
    )
