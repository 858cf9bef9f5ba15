"""The update rules of optimizers that ask for the Hessian."""

import numpy as np

from mlpsim.core.record import StepRecord
from mlpsim.core.second_order import ConjugateGradient, LevenbergMarquardt, Newton
from mlpsim.core.work import work_of
from mlpsim.views.labels.formulas import objective_symbol
from mlpsim.views.labels.rules import Drawn, Rule, Trial, Worked, weights_rule

MOST_ROWS = 3  # of a Hessian that is written out
MOST_WORK = 20_000  # samples times parameters for which it is worked out while somebody reads


def newton(spec: Newton, record: StepRecord) -> tuple[Rule, ...]:
    experiment, curvature = record.segment.experiment, _hessian_tex(record)
    rules = []
    if record.theta_before.size <= MOST_ROWS and work_of(experiment.problem) <= MOST_WORK:
        rules = [
            Rule("curvature", rf"\nabla g_{i}", row)
            for i, row in enumerate(record.objective.hessian(record.theta_before), 1)
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
    rules.append(Rule("direction", rf"d = {curvature}^{{-1}} g", d, drawn=drawn))
    return *rules, weights_rule(record, r"w - \eta d", (w, " − ", record.rate, "·", d), d)


def conjugate_gradient(spec: ConjugateGradient, record: StepRecord) -> tuple[Rule, ...]:
    w, g, (d, s, _) = record.theta_before, record.gradient, record.state_after
    before, _, g_before = record.state_before
    tex, worked = "d = g", Worked((g,))
    if not np.array_equal(d, g):
        beta = float(g @ (g - g_before) / (g_before @ g_before))
        tex, worked = r"d \leftarrow g + \beta d", (g, " + ", beta, "·", before)
    bent = rf"|d \cdot {_hessian_tex(record)} \, d|"
    if spec.damping:
        bent = rf"({bent} + \lambda \, d \cdot d)"
    longest = int(np.argmax(np.abs(d)))
    along = (float(s[longest] / d[longest]) if d[longest] else 0.0, "·", d)
    return (
        Rule("direction", tex, d, worked, Drawn("−d", -d, "memory")),
        Rule("step", rf"s = d \, (g \cdot d) / {bent}", s, along, Drawn("−s", -s, "step")),
        weights_rule(record, r"w - \eta s", (w, " − ", record.rate, "·", s), s),
    )


def levenberg_marquardt(spec: LevenbergMarquardt, record: StepRecord) -> tuple[Rule, ...]:
    w, rate, damping = record.theta_before, record.rate, float(record.state_before[0][0])
    after, d, *_ = record.state_after
    trial = Trial(record, w - rate * d)
    compared, weights = trial.verdict()
    adapted: Worked = (damping, " / " if trial.is_taken else "·", spec.factor)
    tex = r"\lambda \leftarrow \lambda " + (r"/ \vartheta" if trial.is_taken else r"\vartheta")
    return (
        Rule("direction", r"d = (G + \lambda I)^{-1} g", d, drawn=Drawn("−d", -d, "step")),
        trial.rule(r"w - \eta d", (w, " − ", rate, "·", d), d),
        compared,
        Rule("damping", tex, after, adapted, is_of_weights=False),
        weights,
    )


def _hessian_tex(record: StepRecord) -> str:
    """∇²E where that is what the step saw, else the derivative of its gradient."""
    experiment = record.segment.experiment
    if experiment.sampling.is_full and experiment.problem.reduction == "sum":
        return rf"\nabla^2 {objective_symbol(experiment.problem)}"
    return r"\nabla g"
