"""The optimizers' updates in the PyTorch script: torch.optim's, and those that it does not have."""

from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import AdaGrad, Adam, AdamW, Momentum, RMSProp, VariableRate
from mlpsim.core.second_order import ConjugateGradient, LevenbergMarquardt, Newton

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

SLOPE = '''
def slope(loss):
    """The gradient of a loss by all parameters."""
    slopes = torch.autograd.grad(loss, list(model.parameters()))
    return torch.cat([part.reshape(-1) for part in slopes]).numpy()
'''

SOLUTION = (
    "bent = curvatures.abs() > len(g) * 2.2e-16 * curvatures.abs().max()",
    "d = axes[:, bent] @ ((axes[:, bent].T @ g) / curvatures[bent])",
)

Lines = tuple[str, ...]


def step_lines(spec: Optimizer, rate: str, loss: str) -> tuple[Lines, Lines]:
    """The lines before the first step, and those of a step."""
    match spec:
        case Newton():
            return (), _newton(spec, rate, loss)
        case ConjugateGradient():
            return ("d = before = None",), _conjugate_gradient(spec, rate, loss)
        case VariableRate():
            return ("c, v = 1.0, np.zeros_like(START)",), _variable_rate(spec, rate, loss)
        case LevenbergMarquardt():
            return (f"damping = {spec.damping!r}",), _levenberg_marquardt(spec, rate, loss)
    return (f"optimizer = torch.optim.{_optimizer(spec)}",), (
        f'optimizer.param_groups[0]["lr"] = {rate}',
        "optimizer.zero_grad()",
        f"loss = {loss}",
        "loss.backward()",
        "optimizer.step()",
    )


def _newton(spec: Newton, rate: str, loss: str) -> Lines:
    """Newton's method."""
    return (
        f"g, hessian = derivatives({loss})",
        "curvatures, axes = torch.linalg.eigh(hessian)",
        *(["curvatures = curvatures.abs()"] if spec.saddle_free else []),
        *([f"curvatures = curvatures + {spec.damping!r}"] if spec.damping else []),
        *SOLUTION,
        f"put(flat() - {rate} * d.numpy())",
    )


def _conjugate_gradient(spec: ConjugateGradient, rate: str, loss: str) -> Lines:
    """Conjugate gradients."""
    first = "t == 0" if spec.restart == 0 else f"t % {spec.restart} == 0"
    damped = f" + {spec.damping!r} * (d @ d)" if spec.damping else ""
    return (
        f"g, hessian = derivatives({loss})",
        f"if {first} or not before.any():",
        "    d = g",
        "else:",
        "    d = g + max(0.0, float(g @ (g - before) / (before @ before))) * d",
        "d = d if g @ d > 0.0 else g",
        f"curvature = abs(d @ hessian @ d){damped}",
        "alpha = g @ d / curvature if curvature > 0.0 else 0.0",
        f"put(flat() - {rate} * (alpha * d).numpy())",
        "before = g",
    )


def _variable_rate(spec: VariableRate, rate: str, loss: str) -> Lines:
    """A learning rate that adapts."""
    kept = f"{spec.momentum!r} * v + " if spec.momentum else ""
    return (
        f"theta, v = flat(), {kept}slope({loss})",
        f"tried = theta - {rate} * c * v",
        "here, there = seen(theta, batch), seen(tried, batch)",
        "if there < here:",
        f"    c = {spec.growth!r} * c",
        f"if there <= {1.0 + spec.tolerance!r} * here:",
        "    put(tried)",
        "else:",
        f"    c, v = {spec.shrinkage!r} * c, np.zeros_like(v)",
        "    put(theta)",
        "c = min(max(c, 1e-20), 1e20)",
    )


def _levenberg_marquardt(spec: LevenbergMarquardt, rate: str, loss: str) -> Lines:
    """Levenberg and Marquardt's method."""
    return (
        f"theta, g = flat(), torch.tensor(slope({loss}))",
        "curvatures, axes = torch.linalg.eigh(gauss_newton(batch))",
        "curvatures = curvatures + damping",
        *SOLUTION,
        f"tried = theta - {rate} * d.numpy()",
        "is_taken = seen(tried, batch) <= seen(theta, batch)",
        "put(tried if is_taken else theta)",
        f"damping = damping / {spec.factor!r} if is_taken else damping * {spec.factor!r}",
        "damping = min(max(damping, 1e-20), 1e20)",
    )


def _optimizer(spec: Optimizer) -> str:
    """The constructor's call."""
    match spec:
        case Momentum(_, momentum, dampening, nesterov):
            return _call("SGD", momentum=momentum, dampening=dampening, nesterov=nesterov)
        case AdaGrad(_, decay, initial, eps):
            return _call("Adagrad", lr_decay=decay, initial_accumulator_value=initial, eps=eps)
        case RMSProp(_, alpha, eps, momentum, centered):
            return _call("RMSprop", alpha=alpha, eps=eps, momentum=momentum, centered=centered)
        case AdamW(_, beta1, beta2, eps, amsgrad, decay):
            betas = beta1, beta2
            return _call("AdamW", betas=betas, eps=eps, weight_decay=decay, amsgrad=amsgrad)
        case Adam(_, beta1, beta2, eps, amsgrad):
            return _call("Adam", betas=(beta1, beta2), eps=eps, amsgrad=amsgrad)
    return _call("SGD")


def _call(name: str, **arguments: object) -> str:
    written = "".join(f", {key}={value!r}" for key, value in arguments.items())
    return f"{name}(model.parameters(), lr=LEARNING_RATE{written})"
