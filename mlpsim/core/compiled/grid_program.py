"""The grid program: what kernels read of the points of a plane, as ``grids`` lays it out."""

from typing import NamedTuple

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.program import SIGMOID, TANH

LOG2E = 1.4426950408889634
# What z is multiplied with, by the weights, where the activation comes from a power of 2 of it; and
# how large such exponents may be.
EXPONENTS = {SIGMOID: LOG2E, TANH: 2.0 * LOG2E}
NEAR = 1000.0
STEPS = 16  # of β, whose powers are multiplied with those of every 16th β

# Columns of the table of layers whose neurons need both axes.
NEURONS, FAN_IN, TOP, BELOW, PLACE, CODE, COLUMN, LINE, ALPHA, BETA, MOVES = range(11)
IS_FACTORS, IS_SUMMED, IS_NEAR = 11, 12, 13

# Columns of the table of all layers, of which axes are laid out: neurons by what they need, …
FIXED, OWN, WHOLE, FIRST, STRIDE, BEGIN, ACTIVATION, MOVING, SHARES = 0, 1, 3, 4, 5, 6, 7, 8, 10


class Grid(NamedTuple):
    """A grid for the kernel.

    layers (L, 14): how many neurons need both axes, how many of these stand below; the first row of
    both in the room; where their weights begin, each neuron's behind its bias; the activation; the
    first rows of what z has by column, by row, by row times α, by column times β (−1: nothing);
    whether weights move with α; whether the first two hold factors of a power of z instead; whether
    one neuron alone looks at the layer, and sums it up from its factors; whether no |z| of tanh is
    larger than NEAR.
    Weights at the origin, along u and along v (1, M); shares (R, W), alphas (chunks, W or 1), betas
    (ny, 1), targets (K, W); ``points`` of the grid in a row.
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


class Axes(NamedTuple):
    """What is fixed or needs one axis, for the kernel that lays it out.

    layers (1 + L, 14), the inputs first: how many neurons need nothing, α, β, both, which stand in
    this order; the first one's row in the room; how many weights a neuron has here, its bias first,
    and where they begin; the activation; whether weights of neurons that need α, β, move with it;
    the first rows of what z of those that need both has, as in the grid's table.
    weights (3, M) at the origin, along u, along v, of all but neurons that need both; x (D, W).
    Room: a (N + D, B), of z two rows for each neuron (2 N, B), complements of sigmoids (n, B).
    """

    layers: Indices
    hyperparameters: Array
    weights: Array
    x: Array
    a: Array
    fixed: Array
    complements: Array
