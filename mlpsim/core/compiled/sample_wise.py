"""Sample-wise gradients, compiled: a row of every parameter, with all samples in it."""

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.compiled.jit import compiled, kernel
from mlpsim.core.compiled.outputs import errors
from mlpsim.core.compiled.passes import forward, load, propagate
from mlpsim.core.compiled.products import shape_of
from mlpsim.core.compiled.program import WIDTH, Objective, Work
from mlpsim.core.compiled.vectors import get, put

SAMPLES = 64  # at once: few enough for the innermost cache


@compiled
def _store(objective: Objective, n: int, work: Work, gradients: Array, column: int) -> None:
    """∂e^s/∂theta of the n samples, whose δ are known, from a column of the gradients on."""
    layers, rows, row = objective.layers, work.rows, len(objective.x)
    for layer in range(len(layers)):
        fan_in, fan_out, p, b = shape_of(layers, layer)
        for i in range(row, row + fan_out):
            for j in range(row - fan_in, row):
                for s in range(0, n, WIDTH):
                    put(gradients, p, column + s, get(rows, work.deltas + i, s) * get(rows, j, s))
                p += 1
            if b >= 0:
                for s in range(0, n, WIDTH):
                    put(gradients, b + i - row, column + s, get(rows, work.deltas + i, s))
        row += fan_out


@kernel
def store_gradients(
    objective: Objective, theta: Array, order: Indices, work: Work, gradients: Array
) -> None:
    """∂e^s/∂theta (P, S) of all samples, whose rows are filled up to whole vectors."""
    for start in range(0, len(order), SAMPLES):
        n = min(SAMPLES, len(order) - start)
        load(objective, order, start, n, work)
        forward(objective, theta, n, True, work)
        errors(objective, theta, n, work)
        propagate(objective, theta, n, work)
        _store(objective, n, work, gradients, start)
