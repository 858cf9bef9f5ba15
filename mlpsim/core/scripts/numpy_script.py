"""The NumPy script: forward pass, backpropagation and update written out for one experiment."""

from mlpsim.core.activations import Activation
from mlpsim.core.experiment import Experiment
from mlpsim.core.feasible import Ball, Box
from mlpsim.core.losses import Loss
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.scripts import parts
from mlpsim.core.scripts.numpy_updates import update_lines
from mlpsim.core.second_order import SECOND_ORDER

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


def numpy_script(experiment: Experiment, steps: int) -> str:
    """A program that needs NumPy alone and runs ``steps`` steps from the experiment's start."""
    problem = experiment.problem
    body = (
        _unpack(problem.network),
        _forward(problem.network),
        _objective(problem),
        _gradient(experiment),
        HESSIAN if isinstance(experiment.optimizer, SECOND_ORDER) else "",
        parts.project(problem),
        parts.batches(experiment),
        _train(experiment),
        parts.MAIN,
    )
    text = "\n".join(body)
    helpers = [code for name, code in HELPERS.items() if f"{name}(" in text]
    imports = "import itertools\n"
    if any("math." in part for part in (*helpers, text)):
        imports += "import math\n"
    title = '"""Gradient descent on a multilayer perceptron, with NumPy alone."""\n\n'
    head = f"{title}{imports}\nimport numpy as np\n\n{parts.constants(experiment, steps)}"
    constant = _penalized(problem)
    return parts.program(f"{head}\n{constant}" if constant else head, *helpers, *body)


# -- the network -------------------------------------------------------------------------------


def _value(entry: Activation, z: str) -> str:
    """a(z) as an expression."""
    value = repr(entry.value)
    return {
        "identity": z,
        "sigmoid": f"sigmoid({z})",
        "tanh": f"np.tanh({z})",
        "relu": f"np.maximum({z}, 0.0)",
        "leaky_relu": f"np.where({z} > 0.0, {z}, {value} * {z})",
        "elu": f"np.where({z} > 0.0, {z}, {value} * np.expm1(np.minimum({z}, 0.0)))",
        "softplus": f"np.logaddexp(0.0, {z})",
        "gelu": f"{z} * normal_cdf({z})",
        "sin": f"np.sin({z})",
    }[entry.name]


def _slope(entry: Activation, z: str, a: str) -> str:
    """a'(z) as an expression."""
    value = repr(entry.value)
    return {
        "sigmoid": f"{a} * (1.0 - {a})",
        "tanh": f"(1.0 - {a} * {a})",
        "relu": f"({z} > 0.0)",
        "leaky_relu": f"np.where({z} > 0.0, 1.0, {value})",
        "elu": f"np.where({z} > 0.0, 1.0, {value} * np.exp(np.minimum({z}, 0.0)))",
        "softplus": f"sigmoid({z})",
        "gelu": (f"(normal_cdf({z}) + {z} * np.exp(-0.5 * {z} * {z}) / math.sqrt(2.0 * math.pi))"),
        "sin": f"np.cos({z})",
    }[entry.name]


def _unpack(network: Network) -> str:
    lines = ["def unpack(theta):", '    """Weights (to, from) and biases of every layer."""']
    names = []
    for layer, slots in enumerate(network.layout, start=1):
        rows, columns = slots.shape
        names.append(f"w{layer}")
        lines.append(
            f"    w{layer} = theta[{slots.w.start}:{slots.w.stop}].reshape({rows}, {columns})"
        )
        if slots.b is not None:
            names.append(f"b{layer}")
            lines.append(f"    b{layer} = theta[{slots.b.start}:{slots.b.stop}, None]")
    return "\n".join([*lines, f"    return {_tuple(names)}"])


def _names(network: Network) -> list[str]:
    return [
        f"{kind}{layer}"
        for layer, has_bias in enumerate(network.bias, start=1)
        for kind in (("w", "b") if has_bias else ("w",))
    ]


def _tuple(names: list[str]) -> str:
    return f"({', '.join(names)},)" if len(names) == 1 else ", ".join(names)


def _forward(network: Network) -> str:
    lines = [
        "def forward(theta, x):",
        '    """z and a of every layer, for samples in columns."""',
        f"    {_tuple(_names(network))} = unpack(theta)",
    ]
    below, passed = "x", []
    for layer, (entry, has_bias) in enumerate(
        zip(network.activations, network.bias, strict=True), start=1
    ):
        lines.append(f"    z{layer} = w{layer} @ {below}{f' + b{layer}' if has_bias else ''}")
        lines.append(f"    a{layer} = {_value(entry, f'z{layer}')}")
        below = f"a{layer}"
        passed += [f"z{layer}", f"a{layer}"]
    return "\n".join([*lines, f"    return {', '.join(passed)}"])


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


def _error_slope(loss: Loss, a: str) -> str:
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


def _penalized(problem: Problem) -> str:
    """Which parameters a penalty counts, as a constant; empty where it counts all, or is none."""
    if not problem.penalty or problem.penalty.include_bias or all(problem.network.is_weight):
        return ""
    return f"IS_WEIGHT = np.array({parts.literal(problem.network.is_weight)})"


def _objective(problem: Problem) -> str:
    total = "errors.sum()" if problem.reduction == "sum" else "errors.mean()"
    lines = [
        "def objective(theta):",
        f'    """{"Sum" if problem.reduction == "sum" else "Mean"} of all samples\' errors'
        f'{", and the penalty" if problem.penalty else ""}."""',
        "    y = Y.T",
        "    a = forward(theta, X.T)[-1]",
        f"    errors = {_errors(problem.loss)}",
    ]
    if not problem.penalty:
        return "\n".join([*lines, f"    return {total}"])
    lines.append(f"    w = theta{' * IS_WEIGHT' if _penalized(problem) else ''}")
    terms = [total]
    if problem.penalty.l1:
        terms.append(f"{problem.penalty.l1!r} * np.abs(w).sum()")
    if problem.penalty.l2:
        terms.append(f"0.5 * {problem.penalty.l2!r} * (w * w).sum()")
    return "\n".join([*lines, f"    return {' + '.join(terms)}"])


def _gradient(experiment: Experiment) -> str:
    """Backpropagation, layer by layer from the last one."""
    problem, network = experiment.problem, experiment.problem.network
    passed = ", ".join(f"z{layer}, a{layer}" for layer in range(1, network.depth + 1))
    factor, kappa = parts.step_factors(experiment)
    lines = [
        "def gradient(theta, batch):",
        '    """The gradient of a step that sees these samples: delta is d(error)/dz."""',
        "    x, y = X[batch].T, Y[batch].T",
        f"    {_tuple(_names(network))} = unpack(theta)",
        f"    {passed} = forward(theta, x)",
    ]
    pieces: list[str] = []
    for layer in range(network.depth, 0, -1):
        entry = network.activations[layer - 1]
        if layer == network.depth:
            slope = _error_slope(problem.loss, f"a{layer}")
        else:
            slope = f"(w{layer + 1}.T @ delta{layer + 1})"
        if entry.name != "identity":
            slope += f" * {_slope(entry, f'z{layer}', f'a{layer}')}"
        lines.append(f"    delta{layer} = {slope}")
        below = f"a{layer - 1}" if layer > 1 else "x"
        own = [f"(delta{layer} @ {below}.T).ravel()"]
        if network.bias[layer - 1]:
            own.append(f"delta{layer}.sum(axis=1)")
        pieces = own + pieces
    lines.append(f"    g = np.concatenate([{', '.join(pieces)}])")
    if factor != "1.0":
        lines.append(f"    g = {factor} * g")
    if problem.penalty:
        lines.append(f"    g = g + {kappa} * ({_penalty_slope(problem)})")
    return "\n".join([*lines, "    return g"])


def _penalty_slope(problem: Problem) -> str:
    penalty, terms = problem.penalty, []
    if penalty.l1:
        terms.append(f"{penalty.l1!r} * np.sign(theta)")
    if penalty.l2:
        terms.append(f"{penalty.l2!r} * theta")
    slope = " + ".join(terms)
    return f"({slope}) * IS_WEIGHT" if _penalized(problem) else slope


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
    if isinstance(experiment.problem.feasible, Box | Ball):
        lines.append("        theta = project(theta)")
    return "\n".join([*lines, "        yield theta"])
