"""What both scripts say alike: the data, the start, the batches, the learning rate, the end."""

from textwrap import fill, indent

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.experiment import Experiment
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.problem import Problem
from mlpsim.core.schedules import Constant, Exponential, InverseTime, Schedule, StepDecay

WIDTH = 90  # of a line of numbers


def program(*blocks: str) -> str:
    """The blocks that are not empty, two lines apart."""
    return "\n\n\n".join(block.strip("\n") for block in blocks if block) + "\n"


def literal(values: Array) -> str:
    """An array as nested lists that read back bit for bit, a row a line; a long row on several."""
    if values.ndim > 1:
        rows = ",\n    ".join(literal(row) for row in values)
        return f"[\n    {rows},\n]"
    text = ", ".join(repr(value) for value in values.tolist())
    if len(text) <= WIDTH:
        return f"[{text}]"
    return f"[\n{indent(fill(text, WIDTH), '    ')}\n]"


def constants(experiment: Experiment, steps: int) -> str:
    """Data, start, C, and the settings that are numbers."""
    problem = experiment.problem
    lines = [
        f"X = np.array({literal(problem.data.x)})  # inputs, a sample a row",
        f"Y = np.array({literal(problem.data.y)})  # targets",
        f"START = np.array({literal(experiment.start_theta())})",
    ]
    if isinstance(problem.feasible, Box):
        lines.append(f"LOWER = np.array({literal(np.array(problem.feasible.lo))})")
        lines.append(f"UPPER = np.array({literal(np.array(problem.feasible.hi))})")
    elif isinstance(problem.feasible, Ball):
        lines.append(f"CENTER = np.array({literal(np.array(problem.feasible.center))})")
        lines.append(f"RADIUS = {problem.feasible.radius!r}")
    lines += [f"LEARNING_RATE = {experiment.optimizer.learning_rate!r}", f"STEPS = {steps}"]
    return "\n".join(lines)


def project(problem: Problem) -> str:
    """The projection onto C; empty where C is the whole space."""
    if isinstance(problem.feasible, Box):
        return (
            "def project(theta):\n"
            '    """The nearest point of the box."""\n'
            "    return np.clip(theta, LOWER, UPPER)"
        )
    if isinstance(problem.feasible, Ball):
        return (
            "def project(theta):\n"
            '    """The nearest point of the ball."""\n'
            "    offset = theta - CENTER\n"
            "    distance = np.linalg.norm(offset)\n"
            "    return theta if distance <= RADIUS else CENTER + offset * (RADIUS / distance)"
        )
    return ""


def batches(experiment: Experiment) -> str:
    """A generator of every step's samples, by the same draws."""
    sampling = experiment.sampling
    if sampling.order == "given":
        return (
            "def batches():\n"
            '    """The samples of every step, as they were given."""\n'
            f"    return itertools.cycle({[list(batch) for batch in sampling.batches]})"
        )
    if sampling.is_full:
        return (
            "def batches():\n"
            '    """All samples in every step: gradient descent."""\n'
            "    return itertools.repeat(np.arange(len(X)))"
        )
    size = sampling.batch_size
    order = {
        "cyclic": "order = np.arange(len(X))",
        "without_replacement": 'order = np.argsort(stream.random_raw(len(X)), kind="stable")',
        "with_replacement": "order = ((stream.random_raw(len(X)) >> 32) * len(X)) >> 32",
    }[sampling.order]
    stream = f"    stream = np.random.PCG64({sampling.seed})\n"
    return (
        "def batches():\n"
        f'    """The samples of every step: each epoch {EPOCHS[sampling.order]}."""\n'
        f"{'' if sampling.order == 'cyclic' else stream}"
        "    while True:\n"
        f"        {order}\n"
        f"        for first in range(0, len(X), {size}):\n"
        f"            yield order[first : first + {size}].astype(int)"
    )


EPOCHS = {
    "cyclic": "visits them in the order of the data",
    "without_replacement": "visits all of them once, in an order of its own",
    "with_replacement": "draws as many as there are, with replacement",
}


def learning_rate(schedule: Schedule) -> str:
    """The learning rate of update t, an expression in t."""
    match schedule:
        case InverseTime(decay):
            return f"LEARNING_RATE / (1.0 + {decay!r} * t)"
        case StepDecay(gamma, every):
            return f"LEARNING_RATE * {gamma!r} ** (t // {every})"
        case Exponential(gamma):
            return f"LEARNING_RATE * {gamma!r} ** t"
    assert isinstance(schedule, Constant)
    return "LEARNING_RATE"


def step_factors(experiment: Experiment) -> tuple[str, str]:
    """What multiplies a batch's summed error, and the penalty, expressions in ``batch``.

    κ·A·(S/B) and κ, with κ = B/S for a batch sum and 1 for an unbiased step.
    """
    is_sum = experiment.problem.reduction == "sum"
    if experiment.scaling == "batch_sum":
        return ("1.0" if is_sum else "1.0 / len(X)"), "len(batch) / len(X)"
    return ("len(X) / len(batch)" if is_sum else "1.0 / len(batch)"), "1.0"


MAIN = """
if __name__ == "__main__":
    for k, theta in enumerate(itertools.islice(train(), STEPS + 1)):
        if k in (0, 1, 2, 5, STEPS) or k % 10 == 0:
            print(f"step {k:6d}   objective {objective(theta):.12g}   w = {theta[:4]}")
"""
