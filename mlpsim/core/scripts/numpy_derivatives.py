"""Derivatives in the NumPy script: a step's gradient, and what stands for its Hessian."""

from mlpsim.core.experiment import Experiment
from mlpsim.core.losses import Loss
from mlpsim.core.problem import Problem
from mlpsim.core.scripts import parts
from mlpsim.core.scripts.numpy_network import backward, by_parameters, passes

HESSIAN = '''
def hessian(theta, batch):
    """Second derivatives by differences of gradients, of order 4: right to about ten digits."""
    columns = []
    for p, w in enumerate(theta):
        change = np.zeros_like(theta)
        change[p] = 3e-4 * max(1.0, abs(w))
        near, far = (
            gradient(theta + times * change, batch) - gradient(theta - times * change, batch)
            for times in (1.0, 2.0)
        )
        columns.append((8.0 * near - far) / (12.0 * change[p]))
    return 0.5 * (np.array(columns) + np.array(columns).T)
'''


def penalized(problem: Problem) -> str:
    """What restricts a penalty to what it counts: a factor, or nothing where it counts all."""
    return "" if not problem.penalty or problem.penalized.all() else " * IS_WEIGHT"


def gradient(experiment: Experiment) -> str:
    """Backpropagation, layer by layer from the last one."""
    problem, network = experiment.problem, experiment.problem.network
    factor, kappa = parts.step_factors(experiment)
    found = by_parameters(network, "({delta} @ {below}.T).ravel()", "{delta}.sum(axis=1)")
    lines = [
        "def gradient(theta, batch):",
        '    """The gradient of a step that sees these samples: delta is d(error)/dz."""',
        *passes(network),
        *(f"    {line}" for line in backward(network, _slope(problem.loss, f"a{network.depth}"))),
        f"    g = np.concatenate([{', '.join(found)}])",
    ]
    if factor != "1.0":
        lines.append(f"    g = {factor} * g")
    if problem.penalty:
        lines.append(f"    g = g + {kappa} * ({_penalty_slope(problem)})")
    return "\n".join([*lines, "    return g"])


def gauss_newton(experiment: Experiment) -> str:
    """The slopes of all outputs by backpropagation, and the curvature of the error between them."""
    problem, network = experiment.problem, experiment.problem.network
    factor, kappa = parts.step_factors(experiment)
    weights = "({delta}[:, None] * {below}).reshape(-1, y.shape[1])"
    lines = [
        "def gauss_newton(theta, batch):",
        '    """The Hessian of a step that sees these samples, as if the outputs were linear."""',
        *passes(network),
        "    slopes = []",
        f"    for unit in np.eye({network.sizes[-1]}):",
        *(f"        {line}" for line in backward(network, "np.outer(unit, np.ones_like(y[0]))")),
        "        rows = [",
        *(f"            {row}," for row in by_parameters(network, weights, "{delta}")),
        "        ]",
        "        slopes.append(np.concatenate(rows))",
        *(f"    {line}" for line in _bend(problem.loss, f"a{network.depth}")),
        '    matrix = np.einsum("jps,jks,kqs->pq", slopes, bend, slopes, optimize=True)',
    ]
    if factor != "1.0":
        lines.append(f"    matrix = {factor} * matrix")
    if problem.penalty.l2:
        counted = f"np.ones_like(theta){penalized(problem)}"
        lines.append(f"    matrix = matrix + {kappa} * {problem.penalty.l2!r} * np.diag({counted})")
    return "\n".join([*lines, "    return matrix"])


def _slope(loss: Loss, a: str) -> str:
    """∂e/∂a as an expression in a and y."""
    return {
        "squared_error": f"2.0 * ({a} - y)",
        "half_squared_error": f"({a} - y)",
        "absolute_error": f"np.sign({a} - y)",
        "huber": f"np.clip({a} - y, {-loss.value!r}, {loss.value!r})",
        "hinge": f"np.where(y * {a} < 1.0, -y, 0.0)",
        "bce_logits": f"(sigmoid({a}) - y)",
        "softmax_ce_logits": f"(softmax({a}) * y.sum(axis=0) - y)",
    }[loss.name]


def _bend(loss: Loss, a: str) -> list[str]:
    """The lines that give ∂²e/∂a² (K, K, S), from a and y."""
    if loss.name == "softmax_ce_logits":
        return [
            f"p = softmax({a})",
            "among = np.eye(len(p))[:, :, None] * p - p[:, None] * p[None]",
            "bend = y.sum(axis=0) * among",
        ]
    own = {
        "squared_error": f"2.0 + 0.0 * {a}",
        "half_squared_error": f"1.0 + 0.0 * {a}",
        "absolute_error": f"0.0 * {a}",
        "huber": f"np.where(np.abs({a} - y) <= {loss.value!r}, 1.0, 0.0)",
        "hinge": f"0.0 * {a}",
        "bce_logits": f"sigmoid({a}) * sigmoid(-{a})",
    }[loss.name]
    return [f"bend = np.eye(len(y))[:, :, None] * ({own})"]


def _penalty_slope(problem: Problem) -> str:
    penalty, terms = problem.penalty, []
    if penalty.l1:
        terms.append(f"{penalty.l1!r} * np.sign(theta)")
    if penalty.l2:
        terms.append(f"{penalty.l2!r} * theta")
    slope = " + ".join(terms)
    return f"({slope}) * IS_WEIGHT" if penalized(problem) else slope
