"""Update rules: every optimizer's formulas beside the numbers that they gave in one step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.optimizers import (
    AdaGrad,
    Adam,
    AdamW,
    GradientDescent,
    Momentum,
    Optimizer,
    RMSProp,
)
from mlpsim.core.record import StepRecord


@dataclass(frozen=True)
class Rule:
    """One line of an update: its name, its formula, and what it gave (P,).

    ``direction`` is what η is multiplied by, where the line is w − η·direction.
    """

    name: str
    tex: str
    vector: Array
    direction: Array | None = None


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
    return isinstance(spec, Adam | AdamW)


def _weights(record: StepRecord, tex: str, direction: Array | None = None) -> Rule:
    return Rule("weights", rf"w \leftarrow {tex}", record.unprojected, direction)


def _gradient_descent(spec: GradientDescent, record: StepRecord) -> tuple[Rule, ...]:
    return (_weights(record, r"w - \eta g", record.gradient),)


def _momentum(spec: Momentum, record: StepRecord) -> tuple[Rule, ...]:
    held = r"(1 - d) \, g" if spec.dampening else "g"
    # The first velocity is the gradient itself, whatever the dampening.
    tex = "v = g" if record.t == 0 else rf"v \leftarrow \mu v + {held}"
    v = record.state_after[0]
    if spec.nesterov:
        weights = _weights(record, r"w - \eta (g + \mu v)")
    else:
        weights = _weights(record, r"w - \eta v", v)
    return Rule("velocity", tex, v), weights


def _adagrad(spec: AdaGrad, record: StepRecord) -> tuple[Rule, ...]:
    rate = r"\tfrac{\eta}{1 + t d} \," if spec.lr_decay else r"\eta \,"
    return (
        Rule("squares", r"s \leftarrow s + g^2", record.state_after[0]),
        _weights(record, rf"w - {rate} g / (\sqrt{{s}} + \varepsilon)"),
    )


def _rmsprop(spec: RMSProp, record: StepRecord) -> tuple[Rule, ...]:
    s, mean, velocity = record.state_after
    spread = r"s - \bar g^2" if spec.centered else "s"
    step = rf"g / (\sqrt{{{spread}}} + \varepsilon)"
    rules = [Rule("squares", r"s \leftarrow \alpha s + (1 - \alpha) g^2", s)]
    if spec.centered:
        rules.append(Rule("mean", r"\bar g \leftarrow \alpha \bar g + (1 - \alpha) g", mean))
    if spec.momentum:
        rules.append(Rule("velocity", rf"u \leftarrow \mu u + {step}", velocity))
        step = "u"
    return (*rules, _weights(record, rf"w - \eta \, {step}"))


def _adam(spec: Adam | AdamW, record: StepRecord) -> tuple[Rule, ...]:
    m, v, largest = record.state_after
    t, rules = record.t + 1, []
    if isinstance(spec, AdamW):
        decayed = record.theta_before * (1.0 - record.rate * spec.weight_decay)
        rules.append(Rule("decay", r"w \leftarrow (1 - \eta \lambda) \, w", decayed))
    rules += [
        Rule("momentum", r"m \leftarrow \beta_1 m + (1 - \beta_1) g", m),
        Rule("squares", r"v \leftarrow \beta_2 v + (1 - \beta_2) g^2", v),
    ]
    second, name = v, "v"
    if spec.amsgrad:
        second, name = largest, r"v_{\max}"
        rules.append(Rule("largest", r"v_{\max} \leftarrow \max(v_{\max}, v)", largest))
    return (
        *rules,
        Rule("corrected", r"\hat m = m / (1 - \beta_1^{t + 1})", m / (1.0 - spec.beta1**t)),
        Rule("", rf"\hat v = {name} / (1 - \beta_2^{{t + 1}})", second / (1.0 - spec.beta2**t)),
        _weights(record, r"w - \eta \, \hat m / (\sqrt{\hat v} + \varepsilon)"),
    )


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
}
