"""The optimizers' updates in the NumPy script: what the state is at first, and a step's lines."""

from collections.abc import Callable

from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import (
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    RMSProp,
    VariableRate,
)
from mlpsim.core.second_order import ConjugateGradient, LevenbergMarquardt, Newton

FLAT = 1e-8  # curvatures that differences of gradients cannot tell from 0, beside the largest
Update = tuple[list[str], list[str]]  # what the state is at first, and the lines of a step


def update_lines(spec: Optimizer) -> Update:
    """The lines before the first step, and those of a step, which has g, rate and t."""
    return _LINES[type(spec)](spec)


def _gradient_descent(spec: GradientDescent) -> Update:
    return [], ["theta = theta - rate * g"]


def _momentum(spec: Momentum) -> Update:
    fresh = f"(1.0 - {spec.dampening!r}) * g" if spec.dampening else "g"
    kept = f"v = g if t == 0 else {spec.momentum!r} * v + {fresh}"
    direction = f"(g + {spec.momentum!r} * v)" if spec.nesterov else "v"
    return ["v = np.zeros_like(theta)"], [kept, f"theta = theta - rate * {direction}"]


def _variable_rate(spec: VariableRate) -> Update:
    velocity = f"v = {spec.momentum!r} * v + g" if spec.momentum else "v = g"
    return ["c, v = 1.0, np.zeros_like(theta)"], [
        velocity,
        "tried = theta - rate * c * v",
        "here, there = seen(theta, batch), seen(tried, batch)",
        "if there < here:",
        f"    c = {spec.growth!r} * c",
        f"if there <= {1.0 + spec.tolerance!r} * here:",
        "    theta = tried",
        "else:",
        f"    c, v = {spec.shrinkage!r} * c, np.zeros_like(v)",
        "c = min(max(c, 1e-20), 1e20)",
    ]


def _adagrad(spec: AdaGrad) -> Update:
    update = ["s = s + g * g"]
    if spec.lr_decay:
        update.append(f"rate = rate / (1.0 + t * {spec.lr_decay!r})")
    update.append(f"theta = theta - rate * g / (np.sqrt(s) + {spec.eps!r})")
    return [f"s = np.full_like(theta, {spec.initial_accumulator!r})"], update


def _rmsprop(spec: RMSProp) -> Update:
    alpha, rest = repr(spec.alpha), f"(1.0 - {spec.alpha!r})"
    first = ["s = np.zeros_like(theta)"]
    update = [f"s = {alpha} * s + {rest} * g * g"]
    spread = "s"
    if spec.centered:
        first.append("mean = np.zeros_like(theta)")
        update.append(f"mean = {alpha} * mean + {rest} * g")
        spread = "np.maximum(s - mean * mean, 0.0)"
    direction = f"g / (np.sqrt({spread}) + {spec.eps!r})"
    if not spec.momentum:
        return first, [*update, f"theta = theta - rate * {direction}"]
    first.append("u = np.zeros_like(theta)")
    update.append(f"u = {spec.momentum!r} * u + {direction}")
    return first, [*update, "theta = theta - rate * u"]


def _adam(spec: Adam) -> Update:
    first = ["m = np.zeros_like(theta)", "v = np.zeros_like(theta)"]
    update = []
    if isinstance(spec, AdamW):
        update.append(f"theta = theta * (1.0 - rate * {spec.weight_decay!r})")
    update += [
        f"m = m + (1.0 - {spec.beta1!r}) * (g - m)",
        f"v = {spec.beta2!r} * v + (1.0 - {spec.beta2!r}) * g * g",
    ]
    second = "v"
    if spec.amsgrad:
        first.append("v_max = np.zeros_like(theta)")
        update.append("v_max = np.maximum(v_max, v)")
        second = "v_max"
    return first, [
        *update,
        f"m_hat = m / (1.0 - {spec.beta1!r} ** (t + 1))",
        f"v_hat = {second} / (1.0 - {spec.beta2!r} ** (t + 1))",
        f"theta = theta - rate * m_hat / (np.sqrt(v_hat) + {spec.eps!r})",
    ]


def _newton(spec: Newton) -> Update:
    sizes = "np.abs(curvatures)"
    update = ["curvatures, axes = np.linalg.eigh(hessian(theta, batch))"]
    if spec.saddle_free:
        update.append(f"curvatures = {sizes}")
    if spec.damping:
        update.append(f"curvatures = curvatures + {spec.damping!r}")
    return [], [
        *update,
        f"bent = {sizes} > {FLAT!r} * {sizes}.max()",
        "d = axes[:, bent] @ ((axes[:, bent].T @ g) / curvatures[bent])",
        "theta = theta - rate * d",
    ]


def _conjugate_gradient(spec: ConjugateGradient) -> Update:
    first = "t == 0" if spec.restart == 0 else f"t % {spec.restart} == 0"
    damped = f" + {spec.damping!r} * (d @ d)" if spec.damping else ""
    return ["d, before = np.zeros_like(theta), np.ones_like(theta)"], [
        "beta = max(0.0, g @ (g - before) / (before @ before)) if before.any() else 0.0",
        f"d = g if {first} else g + beta * d",
        "d = d if g @ d > 0.0 else g",
        f"curvature = abs(d @ hessian(theta, batch) @ d){damped}",
        "alpha = g @ d / curvature if curvature > 0.0 else 0.0",
        "theta = theta - rate * alpha * d",
        "before = g",
    ]


def _levenberg_marquardt(spec: LevenbergMarquardt) -> Update:
    return [f"damping = {spec.damping!r}"], [
        "curvatures, axes = np.linalg.eigh(gauss_newton(theta, batch))",
        "curvatures = curvatures + damping",
        "bent = np.abs(curvatures) > len(g) * 2.2e-16 * np.abs(curvatures).max()",
        "d = axes[:, bent] @ ((axes[:, bent].T @ g) / curvatures[bent])",
        "tried = theta - rate * d",
        "if seen(tried, batch) <= seen(theta, batch):",
        f"    theta, damping = tried, damping / {spec.factor!r}",
        "else:",
        f"    damping = damping * {spec.factor!r}",
        "damping = min(max(damping, 1e-20), 1e20)",
    ]


_LINES: dict[type[Optimizer], Callable[..., Update]] = {
    GradientDescent: _gradient_descent,
    Momentum: _momentum,
    VariableRate: _variable_rate,
    AdaGrad: _adagrad,
    RMSProp: _rmsprop,
    Adam: _adam,
    AdamW: _adam,
    Newton: _newton,
    ConjugateGradient: _conjugate_gradient,
    LevenbergMarquardt: _levenberg_marquardt,
}
