"""The NumPy script: forward pass, backpropagation and update written out for one experiment."""

from mlpsim.core.experiment import Experiment
from mlpsim.core.feasible import WholeSpace
from mlpsim.core.losses import Loss
from mlpsim.core.problem import Problem
from mlpsim.core.scripts import parts
from mlpsim.core.scripts.numpy_derivatives import HESSIAN, gauss_newton, gradient, penalized
from mlpsim.core.scripts.numpy_network import forward, unpack
from mlpsim.core.scripts.numpy_updates import update_lines

HELPERS = {
    "sigmoid": '''
def sigmoid(z):
    """1 / (1 + exp(-z)), in a form that does not overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * z))
''',
    "normal_cdf": '''
def normal_cdf(z):
    """The standard normal distribution function."""
    return 0.5 * (1.0 + np.vectorize(math.erf)(z / math.sqrt(2.0)))
''',
    "softmax": '''
def softmax(a):
    """Probabilities of the classes, which stand in rows."""
    powers = np.exp(a - a.max(axis=0))
    return powers / powers.sum(axis=0)
''',
    "log_sum_exp": '''
def log_sum_exp(a):
    """log(sum(exp(a))) over the classes."""
    largest = a.max(axis=0)
    return largest + np.log(np.exp(a - largest).sum(axis=0))
''',
}


def numpy_script(experiment: Experiment, steps: int) -> str:
    """A program that needs NumPy alone and runs ``steps`` steps from the experiment's start."""
    problem = experiment.problem
    train = _train(experiment)
    body = (
        unpack(problem.network),
        forward(problem.network),
        _objective(problem),
        gradient(experiment),
        HESSIAN if "hessian(theta" in train else "",
        gauss_newton(experiment) if "gauss_newton(" in train else "",
        parts.project(problem),
        _seen(experiment) if "seen(" in train else "",
        parts.batches(experiment),
        train,
        parts.MAIN,
    )
    text = "\n".join(body)
    helpers = [code for name, code in HELPERS.items() if f"{name}(" in text]
    imports = "import itertools\n"
    if any("math." in part for part in (*helpers, text)):
        imports += "import math\n"
    title = '"""Gradient descent on a multilayer perceptron, with NumPy alone."""\n\n'
    head = f"{title}{imports}\nimport numpy as np\n\n{parts.constants(experiment, steps)}"
    if penalized(problem):
        head += f"\nIS_WEIGHT = np.array({parts.literal(problem.network.is_weight)})"
    return parts.program(head, *helpers, *body)


# -- the objective -----------------------------------------------------------------------------


def _errors(loss: Loss) -> str:
    """Every output's part of the error as an expression in a and y, or every sample's."""
    value = repr(loss.value)
    return {
        "squared_error": "((a - y) ** 2).sum(axis=0)",
        "half_squared_error": "(0.5 * (a - y) ** 2).sum(axis=0)",
        "absolute_error": "np.abs(a - y).sum(axis=0)",
        "huber": (
            f"np.where(np.abs(a - y) <= {value}, 0.5 * (a - y) ** 2,"
            f" {value} * (np.abs(a - y) - 0.5 * {value})).sum(axis=0)"
        ),
        "hinge": "np.maximum(0.0, 1.0 - y * a).sum(axis=0)",
        "bce_logits": "(np.logaddexp(0.0, a) - y * a).sum(axis=0)",
        "softmax_ce_logits": "(y * (log_sum_exp(a) - a)).sum(axis=0)",
    }[loss.name]


def _objective(problem: Problem) -> str:
    what, total = ("Sum", "sum") if problem.reduction == "sum" else ("Mean", "mean")
    penalty = ", and the penalty" if problem.penalty else ""
    return "\n".join(
        (
            "def objective(theta):",
            f'    """{what} of all samples\' errors{penalty}."""',
            "    y = Y.T",
            "    a = forward(theta, X.T)[-1]",
            *_total(problem, f"errors.{total}()", ""),
        )
    )


def _seen(experiment: Experiment) -> str:
    """What a batch tells of the objective."""
    problem, (factor, kappa) = experiment.problem, parts.step_factors(experiment)
    is_free = isinstance(problem.feasible, WholeSpace)
    return "\n".join(
        (
            "def seen(theta, batch):",
            '    """What these samples tell of the objective."""',
            *([] if is_free else ["    theta = project(theta)"]),
            "    y = Y[batch].T",
            "    a = forward(theta, X[batch].T)[-1]",
            *_total(problem, f"{factor} * errors.sum()", f"{kappa} * "),
        )
    )


def _total(problem: Problem, total: str, kappa: str) -> list[str]:
    """The lines that return the errors' total and the penalty, from a, y and theta."""
    lines = [f"    errors = {_errors(problem.loss)}"]
    if not problem.penalty:
        return [*lines, f"    return {total}"]
    lines.append(f"    w = theta{penalized(problem)}")
    terms = [total]
    if problem.penalty.l1:
        terms.append(f"{kappa}{problem.penalty.l1!r} * np.abs(w).sum()")
    if problem.penalty.l2:
        terms.append(f"{kappa}0.5 * {problem.penalty.l2!r} * (w * w).sum()")
    return [*lines, f"    return {' + '.join(terms)}"]


# -- the training ------------------------------------------------------------------------------


def _train(experiment: Experiment) -> str:
    first, update = update_lines(experiment.optimizer)
    lines = [
        "def train():",
        '    """The parameters at steps 0, 1, 2, ..."""',
        "    theta = START",
        *(f"    {line}" for line in first),
        "    yield theta",
        "    for t, batch in enumerate(batches()):",
        "        g = gradient(theta, batch)",
        f"        rate = {parts.learning_rate(experiment.schedule)}",
        *(f"        {line}" for line in update),
    ]
    if not isinstance(experiment.problem.feasible, WholeSpace):
        lines.append("        theta = project(theta)")
    return "\n".join([*lines, "        yield theta"])
