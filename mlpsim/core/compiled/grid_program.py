"""The grid program: what kernels read of the points of a plane, as ``grids`` lays it out."""

from typing import NamedTuple

from mlpsim.core.arrays import Array, Indices

STEPS = 16  # of β, whose powers are multiplied with those of every 16th β

# Columns of the table of layers.
NEURONS, FAN_IN, TOP, BELOW, PLACE, CODE, COLUMN, LINE, ALPHA, BETA, IS_FACTORS, MOVES = range(12)
IS_SUMMED = 12


class Grid(NamedTuple):
    """A grid for the kernel.

    layers (L, 13): how many neurons need both axes, how many of these stand below; the first row of
    both in the room; where their weights begin, each neuron's behind its bias; the activation; the
    first rows of what z has by column, by row, by row times α, by column times β (−1: nothing);
    whether the first two hold factors of an exponential of z instead; whether weights move with α;
    whether one neuron alone looks at the layer, and sums it up from its factors.
    Weights at the origin, along u and along v (1, M); shares (R, W), alphas (chunks, W), betas
    (ny,), targets (K, W); ``points`` of the grid in a row.
    """

    layers: Indices
    hyperparameters: Array
    origin: Array
    along_u: Array
    along_v: Array
    shares: Array
    alphas: Array
    betas: Array
    targets: Array
    loss: int
    delta: float
    points: int
    odds_at_once: int


class Room(NamedTuple):
    """Room for a row of every neuron: a (N, W), complements of sigmoids (n, W).

    weights (1, M) are those at a point; powers (R, W) are factors for every β of a column.
    """

    a: Array
    complements: Array
    weights: Array
    powers: Array
