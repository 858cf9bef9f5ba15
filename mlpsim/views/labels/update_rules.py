"""Update rules: every optimizer's formulas beside the numbers that they gave in one step."""

from collections.abc import Callable
from typing import Any

import numpy as np

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
from mlpsim.core.record import StepRecord
from mlpsim.core.second_order import ConjugateGradient, LevenbergMarquardt, Newton
from mlpsim.views.labels import second_order_rules, sup
from mlpsim.views.labels.rules import Drawn, Rule, Trial, Worked, squares_rule, weights_rule


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


def _gradient_descent(spec: GradientDescent, record: StepRecord) -> tuple[Rule, ...]:
    w, g = record.theta_before, record.gradient
    return (weights_rule(record, r"w - \eta g", (w, " − ", record.rate, "·", g), g),)


def _momentum(spec: Momentum, record: StepRecord) -> tuple[Rule, ...]:
    w, g, rate, mu = record.theta_before, record.gradient, record.rate, spec.momentum
    before, v = record.state_before[0], record.state_after[0]
    # The first velocity is the gradient itself, whatever the dampening.
    tex, worked = "v = g", Worked((g,))
    if record.t > 0:
        now = r"(1 - d) \, g" if spec.dampening else "g"
        held: Worked = ("(1 − ", spec.dampening, ")·", g) if spec.dampening else (g,)
        tex, worked = rf"v \leftarrow \mu v + {now}", (mu, "·", before, " + ", *held)
    velocity = Rule("velocity", tex, v, worked, Drawn("−v", -v, "memory"))
    if spec.nesterov:
        nesterov = (w, " − ", rate, "·(", g, " + ", mu, "·", v, ")")
        return velocity, weights_rule(record, r"w - \eta (g + \mu v)", nesterov)
    return velocity, weights_rule(record, r"w - \eta v", (w, " − ", rate, "·", v), v)


def _variable_rate(spec: VariableRate, record: StepRecord) -> tuple[Rule, ...]:
    w, g, rate, mu = record.theta_before, record.gradient, record.rate, spec.momentum
    before, c = record.state_before[1], float(record.state_before[0][0])
    v = mu * before + g
    letter, rules = "v" if mu else "g", list[Rule]()
    if mu:
        worked: Worked = (mu, "·", before, " + ", g)
        drawn = Drawn("−v", -v, "memory")
        rules.append(Rule("velocity", r"v \leftarrow \mu v + g", v, worked, drawn))
    trial = Trial(record, w - rate * c * v)
    numbers: Worked = (w, " − ", rate, "·", c, "·", v)
    rules.append(trial.rule(rf"w - \eta c \, {letter}", numbers, c * v))
    compared, weights = trial.verdict()
    factor, share = r"c \leftarrow c", 1.0
    here, there = trial.objectives
    if there < here:
        factor, share = r"c \leftarrow \xi c", spec.growth
    elif not trial.is_taken:
        factor, share = r"c \leftarrow \rho c", spec.shrinkage
    after = record.state_after[0]
    adapted = Rule("factor", factor, after, (share, "·", c), is_of_weights=False)
    return (*rules, compared, adapted, weights)


def _adagrad(spec: AdaGrad, record: StepRecord) -> tuple[Rule, ...]:
    g, s = record.gradient, record.state_after[0]
    rate = r"\tfrac{\eta}{1 + t d} \," if spec.lr_decay else r"\eta \,"
    falls: Worked = (" / (1 + ", str(record.t), "·", spec.lr_decay, ")")
    worked = (record.theta_before, " − ", record.rate, *(falls if spec.lr_decay else ()))
    return (
        squares_rule(
            "squares", r"s \leftarrow s + g^2", s, (record.state_before[0], " + ", g, "²"), "s"
        ),
        weights_rule(
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
    root: Worked = ("√(", s, " − ", mean, "²)") if spec.centered else ("√", s)
    step = rf"g / (\sqrt{{{spread}}} + \varepsilon)"
    worked: Worked = (g, " / (", *root, " + ", spec.eps, ")")
    squares = (alpha, "·", s_before, " + ", 1.0 - alpha, "·", g, "²")
    rules = [squares_rule("squares", r"s \leftarrow \alpha s + (1 - \alpha) g^2", s, squares, "s")]
    if spec.centered:
        tex = r"\bar g \leftarrow \alpha \bar g + (1 - \alpha) g"
        kept = (alpha, "·", mean_before, " + ", 1.0 - alpha, "·", g)
        rules.append(Rule("mean", tex, mean, kept, Drawn("−ḡ", -mean, "memory")))
    if mu:
        rules.append(
            Rule(
                "velocity",
                rf"u \leftarrow \mu u + {step}",
                u,
                (mu, "·", u_before, " + ", *worked),
                # u has no unit: only times η it is a length, that of the step.
                Drawn("−ηu", -record.rate * u, "step"),
            )
        )
        step, worked = "u", (u,)
    numbers = (record.theta_before, " − ", record.rate, "·", *worked)
    weights = weights_rule(record, rf"w - \eta \, {step}", numbers)
    return (*rules, weights)


def _adam(spec: Adam, record: StepRecord) -> tuple[Rule, ...]:
    g, rate = record.gradient, record.rate
    m_before, v_before, largest_before = record.state_before
    m, v, largest = record.state_after
    t, rules, w = record.t + 1, list[Rule](), record.theta_before
    if isinstance(spec, AdamW):
        worked = ("(1 − ", rate, "·", spec.weight_decay, ")·", w)
        w = w * (1.0 - rate * spec.weight_decay)
        rules.append(Rule("decay", r"w \leftarrow (1 - \eta \lambda) \, w", w, worked))
    first = (spec.beta1, "·", m_before, " + ", 1.0 - spec.beta1, "·", g)
    squares = (spec.beta2, "·", v_before, " + ", 1.0 - spec.beta2, "·", g, "²")
    tex = r"m \leftarrow \beta_1 m + (1 - \beta_1) g"
    rules += [
        Rule("momentum", tex, m, first, Drawn("−m", -m, "memory")),
        squares_rule("squares", r"v \leftarrow \beta_2 v + (1 - \beta_2) g^2", v, squares, "v"),
    ]
    second, name = v, "v"
    if spec.amsgrad:
        second, name = largest, r"v_{\max}"
        tex, both = r"v_{\max} \leftarrow \max(v_{\max}, v)", ("max(", largest_before, ", ", v, ")")
        rules.append(squares_rule("largest", tex, largest, both, "vₘₐₓ"))
    m_hat, v_hat = m / (1.0 - spec.beta1**t), second / (1.0 - spec.beta2**t)
    power = f"{sup(t)})"
    corrected = (m, " / (1 − ", spec.beta1, power)
    tex = r"\hat m = m / (1 - \beta_1^{t + 1})"
    rules += [
        Rule("corrected", tex, m_hat, corrected, Drawn("−m̂", -m_hat, "corrected")),
        squares_rule(
            "",
            rf"\hat v = {name} / (1 - \beta_2^{{t + 1}})",
            v_hat,
            (second, " / (1 − ", spec.beta2, power),
            "v̂",
        ),
    ]
    weights = weights_rule(
        record,
        r"w - \eta \, \hat m / (\sqrt{\hat v} + \varepsilon)",
        (w, " − ", rate, "·", m_hat, " / (√", v_hat, " + ", spec.eps, ")"),
    )
    return (*rules, weights)


def _by_name(spec: object, record: StepRecord) -> tuple[Rule, ...]:
    names = record.segment.experiment.optimizer.state_names
    state = zip(names, record.state_after, strict=True)
    rules = [Rule(name, "", vector) for name, vector in state]
    return (*rules, Rule("weights", "w", np.array(record.unprojected)))


_RULES: dict[type, Callable[[Any, StepRecord], tuple[Rule, ...]]] = {
    GradientDescent: _gradient_descent,
    Momentum: _momentum,
    VariableRate: _variable_rate,
    AdaGrad: _adagrad,
    RMSProp: _rmsprop,
    Adam: _adam,
    AdamW: _adam,
    Newton: second_order_rules.newton,
    ConjugateGradient: second_order_rules.conjugate_gradient,
    LevenbergMarquardt: second_order_rules.levenberg_marquardt,
}
