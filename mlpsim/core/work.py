"""Work: samples times parameters, in which it is told what passes through the data cost."""

from mlpsim.core.engine import Engine
from mlpsim.core.problem import Problem

DEAR = 500_000  # from which on passes there and back, as a gradient's, take as long as a frame
LEAST_PARAMS = 12  # up to which the errors of the samples cost more than the passes
DEAR_VALUES = 2 * DEAR  # the same of passes forward alone, as a value's


def work_of(problem: Problem) -> int:
    """S·P, what a pass through the data costs."""
    return len(problem.data) * problem.network.n_params


def is_dear(work: int) -> bool:
    """Whether a frame cannot wait for passes there and back of so much work."""
    return work > DEAR


def takes_long(problem: Problem) -> bool:
    """Whether a frame cannot wait for errors and gradient of all samples, few as parameters are."""
    return is_dear(len(problem.data) * max(problem.network.n_params, LEAST_PARAMS))


def ease_of(engine: Engine | None) -> int:
    """How many times as much an engine computes in the same time as NumPy, which None is."""
    return 1 if engine is None else 10
