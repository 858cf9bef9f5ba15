"""The rows of "This step": an update in symbols, and with its numbers in native text.

No number of a step stands in a formula: setting one takes longer than a frame.
"""

from dataclasses import dataclass, replace

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.core.readout import length
from mlpsim.core.record import StepRecord
from mlpsim.core.run import Run
from mlpsim.core.schedules import Constant
from mlpsim.views import labels
from mlpsim.views.labels.rules import Rule
from mlpsim.views.labels.update_rules import counts_updates, update_rules

MOST_IN_FULL = 8  # parameters up to which a vector is written out
MOST_COMPONENTS = 3
MOST_ERRORS = 12  # samples whose errors the tooltip lists
MOST_WORKED = 2  # parameters up to which w − η·g is worked out in numbers


@dataclass(frozen=True)
class Row:
    """A name, a formula in TeX, and the result as texts from the fullest to the shortest.

    ``exact`` is for a tooltip; ``tone`` is a role of the stylesheet, empty for plain text.
    """

    name: str
    tex: str
    texts: tuple[str, ...]
    exact: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Vectors:
    """How vectors of a network's parameters are written: in full, or as norm and components."""

    network: Network
    chosen: tuple[int, ...]

    @property
    def in_full(self) -> bool:
        return self.network.n_params <= MOST_IN_FULL

    @property
    def names(self) -> str:
        """The names of the components that are written."""
        return ", ".join(labels.parameter(self.network, p) for p in self.chosen)

    def texts(self, vector: Array) -> tuple[str, ...]:
        """The vector from the fullest text to the shortest."""
        few = self._values(vector, self.chosen[:MOST_COMPONENTS], 3)
        norm = f"norm {labels.number(length(vector), 4)}"
        short = (*(f"{norm};  {', '.join(few[:n])},\u00a0…" for n in (3, 2, 1)), norm)
        if not self.in_full:
            return short
        full = [self._values(vector, self.chosen, digits) for digits in (5, 4, 3, 2)]
        lines = [_in_brackets(values) for values in full]
        if len(self.chosen) <= MOST_COMPONENTS:
            return (*lines, norm)
        return (*lines, *(_in_brackets(values, folded=True) for values in full[1:3]), *short)

    def _values(self, vector: Array, chosen: tuple[int, ...], digits: int) -> list[str]:
        return [labels.number(float(vector[p]), digits) for p in chosen]

    def exact(self, vector: Array) -> str:
        if not self.in_full:
            return f"{self.names}: " + ", ".join(repr(float(vector[p])) for p in self.chosen)
        names = (labels.parameter(self.network, p) for p in range(self.network.n_params))
        pairs = zip(names, vector.tolist(), strict=True)
        return "\n".join(f"{name}: {value!r}" for name, value in pairs)


def _in_brackets(values: list[str], folded: bool = False) -> str:
    if len(values) == 1:
        return values[0]
    half = (len(values) + 1) // 2
    parts = [values[:half], values[half:]] if folded else [values]
    return "(" + ",\n".join(", ".join(part) for part in parts) + ")"


def vectors_for(network: Network, moved: Array) -> Vectors:
    """All parameters while they are few, else those that moved most."""
    if network.n_params <= MOST_IN_FULL:
        return Vectors(network, tuple(range(network.n_params)))
    largest = np.argsort(-np.abs(moved), kind="stable")[:MOST_COMPONENTS]
    return Vectors(network, tuple(int(p) for p in np.sort(largest)))


def rows_of_step(record: StepRecord) -> tuple[Row, ...]:
    """What step k did, from w to w⁺."""
    problem = record.segment.experiment.problem
    vectors = vectors_for(problem.network, record.theta_after - record.theta_before)

    def row(name: str, tex: str, vector: Array) -> Row:
        return Row(name, tex, vectors.texts(vector), vectors.exact(vector))

    rows = [row("before", _weights_tex(problem.network), record.theta_before)]
    rows.append(_batch_row(record))
    rows.append(row("gradient", gradient_tex(record), record.gradient))
    for rule in update_rules(record):
        if not rule.is_of_weights:
            rows.append(_numbers_row(rule))
            continue
        shown = row(rule.name, rule.tex, rule.vector)
        if rule.direction is not None and problem.network.n_params <= MOST_WORKED:
            worked = _worked(vectors, record, rule.direction, rule.vector)
            shown = replace(shown, texts=(*worked, *shown.texts))
        rows.append(shown)
    if record.projected:
        rows.append(row("projection", r"w \leftarrow P_C(w)", record.theta_after))
    if record.set_by_hand is not None:
        rows.append(row("by hand", _weights_tex(problem.network), record.set_by_hand))
    if not vectors.in_full:
        rows.insert(0, _components_row(vectors))
    return (*rows, _objective_row(record))


def rows_at_start(run: Run) -> tuple[Row, ...]:
    """State 0: where the run starts, and the gradient there."""
    experiment, theta = run.segment_at(0).experiment, run.theta(0)
    problem = experiment.problem
    gradient = run.gradient(0)
    vectors = vectors_for(problem.network, gradient)
    value = run.value(0)
    start = _weights_tex(problem.network)
    slope = _objective_gradient_tex(problem)
    rows = [
        Row("start", start, vectors.texts(theta), vectors.exact(theta)),
        Row("gradient", slope, vectors.texts(gradient), vectors.exact(gradient)),
        Row(labels.objective_axis(problem), "", (labels.number(value),), repr(value)),
    ]
    if not vectors.in_full:
        rows.insert(0, _components_row(vectors))
    return tuple(rows)


def _worked(vectors: Vectors, record: StepRecord, direction: Array, end: Array) -> tuple[str, ...]:
    """w − η·direction = end in numbers: (0, 0) − 0.1·(2.75, 1) = (−0.275, −0.1)."""
    three = (record.theta_before, direction, end)
    longest = zip(*(vectors.texts(vector)[:3] for vector in three), strict=True)
    rate = labels.number(record.rate)
    return tuple(
        f"{before} − {rate}·{f'({by})' if by.startswith(labels.MINUS) else by} = {after}"
        for before, by, after in longest
    )


def _numbers_row(rule: Rule) -> Row:
    """The row of a rule that gave a few numbers."""
    values = rule.vector.tolist()
    texts = tuple(", ".join(labels.apart(values, digits)) for digits in (6, 4, 3))
    return Row(rule.name, rule.tex, texts, "\n".join(map(repr, values)))


def _components_row(vectors: Vectors) -> Row:
    total = labels.count(vectors.network.n_params, "parameter")
    return Row("shown", "", (f"{vectors.names} of {total}", vectors.names))


def _weights_tex(network: Network) -> str:
    if network.n_params > 3:
        return "w"
    names = ", ".join(labels.parameter_tex(network, p) for p in range(network.n_params))
    return f"({names})" if network.n_params > 1 else names


def _batch_row(record: StepRecord) -> Row:
    experiment = record.segment.experiment
    samples = tuple(int(s) for s in record.batch)
    batch = labels.batch_caption(samples, len(experiment.problem.data))
    rate = f"η = {labels.number(record.rate)}"
    if not isinstance(experiment.schedule, Constant) or counts_updates(experiment.optimizer):
        rate += f"  (t = {labels.whole(record.t)})"
    exact = ", ".join(str(s + 1) for s in samples[:200])
    texts = (f"{batch};  {rate}", f"{labels.count(len(samples), 'sample')};  {rate}")
    return Row("batch", "", texts, f"samples {exact}\nη = {record.rate!r}")


def gradient_tex(record: StepRecord) -> str:
    """The scaling in force, in the shortest form that is true."""
    experiment = record.segment.experiment
    problem, samples = experiment.problem, len(experiment.problem.data)
    if experiment.sampling.is_full:
        return f"g = {_objective_gradient_tex(problem)}"
    plain = experiment.scaling == "batch_sum" and problem.reduction == "sum"
    if len(record.batch) == 1 and (plain or samples == 1) and not problem.penalty:
        return rf"g = \nabla e^{{{int(record.batch[0]) + 1}}}"
    # With its limits below the sum, or a full fraction, the row would be far higher.
    tex = labels.scaling_tex(problem, experiment.scaling).replace(r"\frac", r"\tfrac")
    return tex.replace(r"\sum_{s \in B}", r"{\textstyle \sum_{s \in B}}")


def _objective_gradient_tex(problem: Problem) -> str:
    """∇J, ∇E, or (1/S) ∇E where the objective is the mean."""
    if problem.penalty or problem.reduction == "sum":
        return rf"\nabla {labels.objective_symbol(problem)}"
    return r"\tfrac{1}{S} \nabla E"


def _objective_row(record: StepRecord) -> Row:
    symbol = labels.objective_symbol(record.segment.experiment.problem)
    before, after = record.value_before, record.value_after
    change = after - before
    if change > 0.0:
        told, tone = f"raises {symbol} by {labels.number(change)}", "warning"
    else:
        told, tone = f"Δ{symbol} = {labels.signed(change)}", ""
    texts = tuple(
        f"{' → '.join(labels.apart((before, after), digits))};  {told}" for digits in (5, 3)
    )
    return Row(symbol, "", (*texts, told), _errors_text(record), tone)


def _errors_text(record: StepRecord) -> str:
    """eˢ before and after, of the first samples."""
    before, after = record.errors_before, record.errors_after
    pairs = zip(before[:MOST_ERRORS].tolist(), after[:MOST_ERRORS].tolist(), strict=True)
    lines = [f"{labels.sample_error(s)}: {a!r} → {b!r}" for s, (a, b) in enumerate(pairs)]
    return "\n".join(lines + (["…"] if len(before) > MOST_ERRORS else []))
