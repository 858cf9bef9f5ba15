"""The PyTorch script: the same experiment with torch.nn, autograd and torch.optim."""

from mlpsim.core.activations import Activation
from mlpsim.core.experiment import Experiment
from mlpsim.core.feasible import WholeSpace
from mlpsim.core.losses import Loss
from mlpsim.core.network import Network
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import AdaGrad, Adam, AdamW, Momentum, RMSProp
from mlpsim.core.problem import Problem
from mlpsim.core.scripts import parts
from mlpsim.core.second_order import SECOND_ORDER, ConjugateGradient, Newton

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

HESSIAN = '''
def derivatives(loss):
    """The gradient and the Hessian of a loss by all parameters."""
    parameters = list(model.parameters())
    slopes = torch.autograd.grad(loss, parameters, create_graph=True)
    # Plus 0 w: a slope that does not depend on w has derivatives, too.
    g = torch.cat([(slope + 0.0 * w).reshape(-1) for slope, w in zip(slopes, parameters)])
    rows = [
        torch.autograd.grad(slope, parameters, retain_graph=True, materialize_grads=True)
        for slope in g
    ]
    hessian = torch.stack([torch.cat([part.reshape(-1) for part in row]) for row in rows])
    return g.detach(), 0.5 * (hessian + hessian.T)
'''


def torch_script(experiment: Experiment, steps: int) -> str:
    """A program that needs PyTorch and NumPy and runs ``steps`` steps from the start."""
    problem = experiment.problem
    title = '"""Gradient descent on a multilayer perceptron, with PyTorch."""\n\n'
    imports = "import itertools\n\nimport numpy as np\nimport torch\nfrom torch import nn\n\n"
    network = _network(problem.network)
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
        HESSIAN if isinstance(experiment.optimizer, SECOND_ORDER) else "",
        _train(experiment),
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
        "def errors(samples):\n"
        '    """The error of every sample."""\n'
        "    a, y = model(torch.tensor(X[samples])), torch.tensor(Y[samples])\n"
        f"    return {expression}"
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


def _train(experiment: Experiment) -> str:
    factor, kappa = parts.step_factors(experiment)
    loss = "errors(batch).sum()" if factor == "1.0" else f"{factor} * errors(batch).sum()"
    if experiment.problem.penalty:
        loss += f" + {kappa} * penalty()"
    spec, rate = experiment.optimizer, parts.learning_rate(experiment.schedule)
    is_free = isinstance(experiment.problem.feasible, WholeSpace)
    projected = () if is_free else ("        put(project(flat()))",)
    optimizer: tuple[str, ...] = ()
    if isinstance(spec, Newton):
        step = _newton(spec, rate, loss)
    elif isinstance(spec, ConjugateGradient):
        optimizer, step = ("    d = before = None",), _conjugate_gradient(spec, rate, loss)
    else:
        optimizer = (f"    optimizer = torch.optim.{_optimizer(spec)}",)
        step = (
            f'        optimizer.param_groups[0]["lr"] = {rate}',
            "        optimizer.zero_grad()",
            f"        loss = {loss}",
            "        loss.backward()",
            "        optimizer.step()",
        )
    return "\n".join(
        (
            "def train():",
            '    """The parameters at steps 0, 1, 2, ..."""',
            "    put(START)",
            *optimizer,
            "    yield flat()",
            "    for t, batch in enumerate(batches()):",
            *step,
            *projected,
            "        yield flat()",
        )
    )


def _newton(spec: Newton, rate: str, loss: str) -> tuple[str, ...]:
    """The lines of a step of Newton's method, which torch.optim does not have."""
    return (
        f"        g, hessian = derivatives({loss})",
        "        curvatures, axes = torch.linalg.eigh(hessian)",
        *(["        curvatures = curvatures.abs()"] if spec.saddle_free else []),
        *([f"        curvatures = curvatures + {spec.damping!r}"] if spec.damping else []),
        "        bent = curvatures.abs() > len(g) * 2.2e-16 * curvatures.abs().max()",
        "        d = axes[:, bent] @ ((axes[:, bent].T @ g) / curvatures[bent])",
        f"        put(flat() - {rate} * d.numpy())",
    )


def _conjugate_gradient(spec: ConjugateGradient, rate: str, loss: str) -> tuple[str, ...]:
    """The lines of a step of conjugate gradients, which torch.optim does not have."""
    first = "t == 0" if spec.restart == 0 else f"t % {spec.restart} == 0"
    damped = f" + {spec.damping!r} * (d @ d)" if spec.damping else ""
    return (
        f"        g, hessian = derivatives({loss})",
        f"        if {first} or not before.any():",
        "            d = g",
        "        else:",
        "            d = g + max(0.0, float(g @ (g - before) / (before @ before))) * d",
        "        d = d if g @ d > 0.0 else g",
        f"        curvature = abs(d @ hessian @ d){damped}",
        "        alpha = g @ d / curvature if curvature > 0.0 else 0.0",
        f"        put(flat() - {rate} * (alpha * d).numpy())",
        "        before = g",
    )


def _optimizer(spec: Optimizer) -> str:
    """The constructor's call."""
    arguments: dict[str, object]
    match spec:
        case Momentum():
            name = "SGD"
            arguments = {
                "momentum": spec.momentum,
                "dampening": spec.dampening,
                "nesterov": spec.nesterov,
            }
        case AdaGrad():
            name = "Adagrad"
            arguments = {
                "lr_decay": spec.lr_decay,
                "initial_accumulator_value": spec.initial_accumulator,
                "eps": spec.eps,
            }
        case RMSProp():
            name = "RMSprop"
            arguments = {
                "alpha": spec.alpha,
                "eps": spec.eps,
                "momentum": spec.momentum,
                "centered": spec.centered,
            }
        case Adam():
            name = type(spec).__name__
            arguments = {"betas": (spec.beta1, spec.beta2), "eps": spec.eps}
            if isinstance(spec, AdamW):
                arguments["weight_decay"] = spec.weight_decay
            arguments["amsgrad"] = spec.amsgrad
        case _:
            name, arguments = "SGD", {}
    written = "".join(f", {key}={value!r}" for key, value in arguments.items())
    return f"{name}(model.parameters(), lr=LEARNING_RATE{written})"
