"""The PyTorch script: the same experiment with torch.nn, autograd and torch.optim."""

from mlpsim.core.activations import Activation
from mlpsim.core.experiment import Experiment
from mlpsim.core.feasible import WholeSpace
from mlpsim.core.losses import Loss
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.scripts import parts
from mlpsim.core.scripts.torch_updates import HESSIAN, SLOPE, step_lines

SINE = '''
class Sin(nn.Module):
    """z -> sin z."""

    def forward(self, z):
        return torch.sin(z)
'''

PARAMETERS = '''
def flat():
    """All parameters in one vector: for every layer its weights row by row, then its biases."""
    return nn.utils.parameters_to_vector(model.parameters()).detach().numpy().copy()


def put(theta):
    """Set all parameters."""
    nn.utils.vector_to_parameters(torch.tensor(theta), model.parameters())
'''


def torch_script(experiment: Experiment, steps: int) -> str:
    """A program that needs PyTorch and NumPy and runs ``steps`` steps from the start."""
    problem = experiment.problem
    title = '"""Gradient descent on a multilayer perceptron, with PyTorch."""\n\n'
    imports = "import itertools\n\nimport numpy as np\nimport torch\nfrom torch import nn\n\n"
    network, train = _network(problem.network), _train(experiment)
    return parts.program(
        f"{title}{imports}{parts.constants(experiment, steps)}",
        SINE if "Sin()" in network else "",
        network,
        PARAMETERS,
        _errors(problem.loss),
        _penalty(problem),
        _objective(problem),
        parts.project(problem),
        parts.batches(experiment),
        HESSIAN if "derivatives(" in train else "",
        _gauss_newton(experiment) if "gauss_newton(" in train else "",
        SLOPE if "slope(" in train else "",
        _seen(experiment) if "seen(" in train else "",
        train,
        parts.MAIN,
    )


def _network(network: Network) -> str:
    lines = ["model = nn.Sequential("]
    for layer, entry in enumerate(network.activations):
        fan_in, fan_out = network.sizes[layer : layer + 2]
        bias = "" if network.bias[layer] else ", bias=False"
        lines.append(f"    nn.Linear({fan_in}, {fan_out}{bias}),")
        if entry.name != "identity":
            lines.append(f"    {_module(entry)},")
    return "\n".join([*lines, ").double()"])


def _module(entry: Activation) -> str:
    return {
        "sigmoid": "nn.Sigmoid()",
        "tanh": "nn.Tanh()",
        "relu": "nn.ReLU()",
        "leaky_relu": f"nn.LeakyReLU({entry.value!r})",
        "elu": f"nn.ELU({entry.value!r})",
        "softplus": "nn.Softplus(threshold=700.0)",
        "gelu": "nn.GELU()",
        "sin": "Sin()",
    }[entry.name]


def _errors(loss: Loss) -> str:
    expression = {
        "squared_error": "((a - y) ** 2).sum(dim=1)",
        "half_squared_error": "(0.5 * (a - y) ** 2).sum(dim=1)",
        "absolute_error": "(a - y).abs().sum(dim=1)",
        "huber": (
            f'nn.functional.huber_loss(a, y, reduction="none", delta={loss.value!r}).sum(dim=1)'
        ),
        "hinge": "torch.relu(1.0 - y * a).sum(dim=1)",
        "bce_logits": (
            'nn.functional.binary_cross_entropy_with_logits(a, y, reduction="none").sum(dim=1)'
        ),
        "softmax_ce_logits": "-(y * torch.log_softmax(a, dim=1)).sum(dim=1)",
    }[loss.name]
    return (
        "def errors_of(a, y):\n"
        '    """The error of every sample, from outputs and targets."""\n'
        f"    return {expression}\n\n\n"
        "def errors(samples):\n"
        '    """The error of every sample."""\n'
        "    return errors_of(model(torch.tensor(X[samples])), torch.tensor(Y[samples]))"
    )


def _penalty(problem: Problem) -> str:
    penalty = problem.penalty
    if not penalty:
        return ""
    counted = "" if penalty.include_bias else " if w.dim() == 2"
    terms = []
    if penalty.l1:
        terms.append(f"{penalty.l1!r} * w.abs().sum()")
    if penalty.l2:
        terms.append(f"0.5 * {penalty.l2!r} * (w * w).sum()")
    return (
        "def penalty():\n"
        '    """What the parameters cost."""\n'
        f"    return sum({' + '.join(terms)} for w in model.parameters(){counted})"
    )


def _objective(problem: Problem) -> str:
    total = "errors(slice(None))" + (".sum()" if problem.reduction == "sum" else ".mean()")
    if problem.penalty:
        total += " + penalty()"
    return (
        "def objective(theta):\n"
        '    """What is minimised, on all samples."""\n'
        "    put(theta)\n"
        "    with torch.no_grad():\n"
        f"        return float({total})"
    )


def _loss(experiment: Experiment) -> str:
    """What a batch tells of the objective, an expression."""
    factor, kappa = parts.step_factors(experiment)
    loss = "errors(batch).sum()" if factor == "1.0" else f"{factor} * errors(batch).sum()"
    return f"{loss} + {kappa} * penalty()" if experiment.problem.penalty else loss


def _seen(experiment: Experiment) -> str:
    is_free = isinstance(experiment.problem.feasible, WholeSpace)
    return (
        "def seen(theta, batch):\n"
        '    """What these samples tell of the objective."""\n'
        f"    put({'theta' if is_free else 'project(theta)'})\n"
        "    with torch.no_grad():\n"
        f"        return float({_loss(experiment)})"
    )


def _gauss_newton(experiment: Experiment) -> str:
    penalty, (factor, kappa) = experiment.problem.penalty, parts.step_factors(experiment)
    total, own = "matrix" if factor == "1.0" else f"{factor} * matrix", ""
    if penalty.l2:
        counted = "1.0" if penalty.include_bias else "float(w.dim() == 2)"
        own = f"    own = [torch.full((w.numel(),), {counted}) for w in model.parameters()]\n"
        total += f" + {kappa} * {penalty.l2!r} * torch.diag(torch.cat(own).double())"
    return (
        "def gauss_newton(batch):\n"
        '    """The Hessian of what a step sees, as if the outputs were linear."""\n'
        "    x, y = torch.tensor(X[batch]), torch.tensor(Y[batch])\n"
        "    parameters = dict(model.named_parameters())\n"
        "    outputs = lambda p: torch.func.functional_call(model, p, (x,))\n"
        "    slopes = torch.func.jacrev(outputs)(parameters).values()\n"
        "    jacobian = torch.cat([slope.flatten(2) for slope in slopes], dim=2)\n"
        "    error = lambda a, y: errors_of(a[None], y[None])[0]\n"
        "    bend = torch.func.vmap(torch.func.hessian(error))(outputs(parameters), y)\n"
        '    matrix = torch.einsum("sjp,sjk,skq->pq", jacobian, bend, jacobian)\n'
        f"{own}"
        f"    return ({total}).detach()"
    )


def _train(experiment: Experiment) -> str:
    loss = _loss(experiment)
    first, step = step_lines(experiment.optimizer, parts.learning_rate(experiment.schedule), loss)
    is_free = isinstance(experiment.problem.feasible, WholeSpace)
    return "\n".join(
        (
            "def train():",
            '    """The parameters at steps 0, 1, 2, ..."""',
            "    put(START)",
            *(f"    {line}" for line in first),
            "    yield flat()",
            "    for t, batch in enumerate(batches()):",
            *(f"        {line}" for line in step),
            *([] if is_free else ["        put(project(flat()))"]),
            "        yield flat()",
        )
    )
