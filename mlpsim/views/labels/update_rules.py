"""Update rules: every optimizer's formulas beside the numbers that they gave in one step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.optimizer import Optimizer
from mlpsim.core.optimizers import AdaGrad, Adam, AdamW, GradientDescent, Momentum, RMSProp
from mlpsim.core.record import StepRecord
from mlpsim.core.second_order import ConjugateGradient, Newton
from mlpsim.core.work import work_of
from mlpsim.views.labels import sup
from mlpsim.views.labels.formulas import objective_symbol

Kind = Literal["gradient", "memory", "corrected", "scale", "step"]
Part = str | float | Array

MOST_ROWS = 3  # of a Hessian that is written out
MOST_WORK = 20_000  # samples times parameters for which it is worked out while somebody reads


@dataclass(frozen=True)
class Drawn:
    """What of a line is drawn on the map: its name there, the vector (P,), and what it is.

    A "step" is as long as it is; all others are gradients or roots of squared gradients.
    """

    name: str
    vector: Array
    kind: Kind


@dataclass(frozen=True)
class Rule:
    """One line of an update: its name, its formula, and what it gave (P,).

    ``direction`` is what η is multiplied by, where the line is w − η·direction. ``worked`` is the
    right side of the formula with numbers for its letters, vectors (P,) among them.
    """

    name: str
    tex: str
    vector: Array
    direction: Array | None = None
    worked: tuple[Part, ...] = ()
    drawn: Drawn | None = None


def update_rules(record: StepRecord) -> tuple[Rule, ...]:
    """The lines of a step's update in order; the last one gives the weights before projection.

    An optimizer without an entry in the table shows its state by name.
    """
    optimizer = record.segment.experiment.optimizer
    return _RULES.get(type(optimizer), _by_name)(optimizer, record)


def counts_updates(spec: Optimizer) -> bool:
    """Whether t, the number of updates before this one, stands in the formulas."""
    if isinstance(spec, AdaGrad):
        return spec.lr_decay > 0.0
    return isinstance(spec, Adam)


def _weights(
    record: StepRecord, tex: str, worked: tuple[Part, ...], direction: Array | None = None
) -> Rule:
    moved = Drawn("Δw", record.unprojected - record.theta_before, "step")
    return Rule("weights", rf"w \leftarrow {tex}", record.unprojected, direction, worked, moved)


def _squares(name: str, tex: str, vector: Array, worked: tuple[Part, ...], letter: str) -> Rule:
    """Squared gradients are drawn by their root, which is as long as a gradient."""
    return Rule(name, tex, vector, None, worked, Drawn(f"√{letter}", np.sqrt(vector), "scale"))


def _gradient_descent(spec: GradientDescent, record: StepRecord) -> tuple[Rule, ...]:
    w, g = record.theta_before, record.gradient
    return (_weights(record, r"w - \eta g", (w, " − ", record.rate, "·", g), g),)


def _momentum(spec: Momentum, record: StepRecord) -> tuple[Rule, ...]:
    w, g, rate, mu = record.theta_before, record.gradient, record.rate, spec.momentum
    before, v = record.state_before[0], record.state_after[0]
    held: tuple[Part, ...] = ("(1 − ", spec.dampening, ")·", g) if spec.dampening else (g,)
    # The first velocity is the gradient itself, whatever the dampening.
    if record.t == 0:
        tex, worked = "v = g", tuple[Part, ...]((g,))
    else:
        now = r"(1 - d) \, g" if spec.dampening else "g"
        tex = rf"v \leftarrow \mu v + {now}"
        worked = (mu, "·", before, " + ", *held)
    velocity = Rule("velocity", tex, v, None, worked, Drawn("−v", -v, "memory"))
    if spec.nesterov:
        nesterov = (w, " − ", rate, "·(", g, " + ", mu, "·", v, ")")
        return velocity, _weights(record, r"w - \eta (g + \mu v)", nesterov)
    return velocity, _weights(record, r"w - \eta v", (w, " − ", rate, "·", v), v)


def _adagrad(spec: AdaGrad, record: StepRecord) -> tuple[Rule, ...]:
    g, s = record.gradient, record.state_after[0]
    rate = r"\tfrac{\eta}{1 + t d} \," if spec.lr_decay else r"\eta \,"
    falls: tuple[Part, ...] = (" / (1 + ", str(record.t), "·", spec.lr_decay, ")")
    worked = (record.theta_before, " − ", record.rate, *(falls if spec.lr_decay else ()))
    return (
        _squares(
            "squares", r"s \leftarrow s + g^2", s, (record.state_before[0], " + ", g, "²"), "s"
        ),
        _weights(
            record,
            rf"w - {rate} g / (\sqrt{{s}} + \varepsilon)",
            (*worked, "·", g, " / (√", s, " + ", spec.eps, ")"),
        ),
    )


def _rmsprop(spec: RMSProp, record: StepRecord) -> tuple[Rule, ...]:
    g, alpha, mu = record.gradient, spec.alpha, spec.momentum
    s_before, mean_before, u_before = record.state_before
    s, mean, u = record.state_after
    spread = r"s - \bar g^2" if spec.centered else "s"
    root: tuple[Part, ...] = ("√(", s, " − ", mean, "²)") if spec.centered else ("√", s)
    step = rf"g / (\sqrt{{{spread}}} + \varepsilon)"
    worked: tuple[Part, ...] = (g, " / (", *root, " + ", spec.eps, ")")
    squares = (alpha, "·", s_before, " + ", 1.0 - alpha, "·", g, "²")
    rules = [_squares("squares", r"s \leftarrow \alpha s + (1 - \alpha) g^2", s, squares, "s")]
    if spec.centered:
        tex = r"\bar g \leftarrow \alpha \bar g + (1 - \alpha) g"
        kept = (alpha, "·", mean_before, " + ", 1.0 - alpha, "·", g)
        rules.append(Rule("mean", tex, mean, None, kept, Drawn("−ḡ", -mean, "memory")))
    if mu:
        rules.append(
            Rule(
                "velocity",
                rf"u \leftarrow \mu u + {step}",
                u,
                None,
                (mu, "·", u_before, " + ", *worked),
                # u has no unit: only times η it is a length, that of the step.
                Drawn("−ηu", -record.rate * u, "step"),
            )
        )
        step, worked = "u", (u,)
    numbers = (record.theta_before, " − ", record.rate, "·", *worked)
    weights = _weights(record, rf"w - \eta \, {step}", numbers)
    return (*rules, weights)


def _adam(spec: Adam, record: StepRecord) -> tuple[Rule, ...]:
    g, rate = record.gradient, record.rate
    m_before, v_before, largest_before = record.state_before
    m, v, largest = record.state_after
    t, rules, w = record.t + 1, list[Rule](), record.theta_before
    if isinstance(spec, AdamW):
        worked = ("(1 − ", rate, "·", spec.weight_decay, ")·", w)
        w = w * (1.0 - rate * spec.weight_decay)
        rules.append(Rule("decay", r"w \leftarrow (1 - \eta \lambda) \, w", w, None, worked))
    first = (spec.beta1, "·", m_before, " + ", 1.0 - spec.beta1, "·", g)
    squares = (spec.beta2, "·", v_before, " + ", 1.0 - spec.beta2, "·", g, "²")
    tex = r"m \leftarrow \beta_1 m + (1 - \beta_1) g"
    rules += [
        Rule("momentum", tex, m, None, first, Drawn("−m", -m, "memory")),
        _squares("squares", r"v \leftarrow \beta_2 v + (1 - \beta_2) g^2", v, squares, "v"),
    ]
    second, name = v, "v"
    if spec.amsgrad:
        second, name = largest, r"v_{\max}"
        tex, both = r"v_{\max} \leftarrow \max(v_{\max}, v)", ("max(", largest_before, ", ", v, ")")
        rules.append(_squares("largest", tex, largest, both, "vₘₐₓ"))
    m_hat, v_hat = m / (1.0 - spec.beta1**t), second / (1.0 - spec.beta2**t)
    power = f"{sup(t)})"
    corrected = (m, " / (1 − ", spec.beta1, power)
    tex = r"\hat m = m / (1 - \beta_1^{t + 1})"
    rules += [
        Rule("corrected", tex, m_hat, None, corrected, Drawn("−m̂", -m_hat, "corrected")),
        _squares(
            "",
            rf"\hat v = {name} / (1 - \beta_2^{{t + 1}})",
            v_hat,
            (second, " / (1 − ", spec.beta2, power),
            "v̂",
        ),
    ]
    weights = _weights(
        record,
        r"w - \eta \, \hat m / (\sqrt{\hat v} + \varepsilon)",
        (w, " − ", rate, "·", m_hat, " / (√", v_hat, " + ", spec.eps, ")"),
    )
    return (*rules, weights)


def _newton(spec: Newton, record: StepRecord) -> tuple[Rule, ...]:
    experiment, curvature = record.segment.experiment, _hessian_tex(record)
    rules = []
    if record.theta_before.size <= MOST_ROWS and work_of(experiment.problem) <= MOST_WORK:
        rules = [
            Rule("curvature", rf"\nabla g_{i}", row)
            for i, row in enumerate(record.hessian(record.theta_before), 1)
        ]
    if spec.saddle_free:
        curvature = rf"|{curvature}|"
    if spec.damping:
        curvature = rf"({curvature} + \lambda I)"
    elif not spec.saddle_free:
        curvature = f"({curvature})"
    w, (d,) = record.theta_before, record.state_after
    # d has the unit of w: times η it is the step.
    drawn = Drawn("−d", -d, "step")
    rules.append(Rule("direction", rf"d = {curvature}^{{-1}} g", d, None, (), drawn))
    return *rules, _weights(record, r"w - \eta d", (w, " − ", record.rate, "·", d), d)


def _conjugate_gradient(spec: ConjugateGradient, record: StepRecord) -> tuple[Rule, ...]:
    w, g, (d, s, _) = record.theta_before, record.gradient, record.state_after
    before, _, g_before = record.state_before
    tex, worked = "d = g", tuple[Part, ...]((g,))
    if not np.array_equal(d, g):
        beta = float(g @ (g - g_before) / (g_before @ g_before))
        tex, worked = r"d \leftarrow g + \beta d", (g, " + ", beta, "·", before)
    bent = rf"|d \cdot {_hessian_tex(record)} \, d|"
    if spec.damping:
        bent = rf"({bent} + \lambda \, d \cdot d)"
    longest = int(np.argmax(np.abs(d)))
    share = float(s[longest] / d[longest]) if d[longest] else 0.0
    return (
        Rule("direction", tex, d, None, worked, Drawn("−d", -d, "memory")),
        Rule(
            "step",
            rf"s = d \, (g \cdot d) / {bent}",
            s,
            None,
            (share, "·", d),
            Drawn("−s", -s, "step"),
        ),
        _weights(record, r"w - \eta s", (w, " − ", record.rate, "·", s), s),
    )


def _hessian_tex(record: StepRecord) -> str:
    """∇²E where that is what the step saw, else the derivative of its gradient."""
    experiment = record.segment.experiment
    if experiment.sampling.is_full and experiment.problem.reduction == "sum":
        return rf"\nabla^2 {objective_symbol(experiment.problem)}"
    return r"\nabla g"


def _by_name(spec: object, record: StepRecord) -> tuple[Rule, ...]:
    names = record.segment.experiment.optimizer.state_names
    state = zip(names, record.state_after, strict=True)
    rules = [Rule(name, "", vector) for name, vector in state]
    return (*rules, Rule("weights", "w", np.array(record.unprojected)))


_RULES: dict[type, Callable[[Any, StepRecord], tuple[Rule, ...]]] = {
    GradientDescent: _gradient_descent,
    Momentum: _momentum,
    AdaGrad: _adagrad,
    RMSProp: _rmsprop,
    Adam: _adam,
    AdamW: _adam,
    Newton: _newton,
    ConjugateGradient: _conjugate_gradient,
}
