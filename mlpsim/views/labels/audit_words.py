"""The audit of a step: what it did to each error and to their sum, in a line and in a sentence."""

from dataclasses import dataclass

from mlpsim.core.record import StepRecord
from mlpsim.views.labels.formulas import batch_caption, error_symbol, objective_symbol
from mlpsim.views.labels.numbers import apart, number, whole
from mlpsim.views.labels.parameters import sample_error


@dataclass(frozen=True)
class Total:
    """A sum over all samples before and after a step, under its name."""

    name: str
    before: float
    after: float


def totals(record: StepRecord) -> tuple[Total, ...]:
    """Σ eˢ = E, and the mean where it counts; with a penalty also R and J."""
    problem = record.segment.experiment.problem
    before, after = float(record.errors_before.sum()), float(record.errors_after.sum())
    lines, symbol = [Total("Σ eˢ = E", before, after)], error_symbol(problem.reduction)
    if problem.reduction == "mean":
        lines.append(Total(symbol, problem.scale * before, problem.scale * after))
    if problem.penalty:
        r_before = float(problem.penalty_value(record.theta_before))
        r_after = float(problem.penalty_value(record.theta_after))
        lines.append(Total("R", r_before, r_after))
        lines.append(Total(f"J = {symbol} + R", record.value_before, record.value_after))
    return tuple(lines)


def audit_sentence(record: StepRecord) -> str:
    """Step 1 on sample 4 lowers e⁴ from 0.25 to 0.1065 and raises E from 1 to 1.0344."""
    problem = record.segment.experiment.problem
    samples = tuple(record.batch.tolist())
    head = f"Step {whole(record.k)} on {batch_caption(samples, len(problem.data))}"
    total = _moved(objective_symbol(problem), record.value_before, record.value_after)
    seen = sorted(set(samples))
    if len(seen) == len(problem.data) > 1:
        return f"{head} {total}{_risen(record)}."
    before = float(record.errors_before[seen].sum())
    after = float(record.errors_after[seen].sum())
    names = [sample_error(s) for s in seen]
    part = _moved(" + ".join(names) if len(names) <= 3 else "the batch's errors", before, after)
    return f"{head} {part} and {total}."


def _moved(name: str, before: float, after: float) -> str:
    if before == after:
        return f"leaves {name} at {_short(before)}"
    verb = "lowers" if after < before else "raises"
    texts = _short(before), _short(after)
    first, second = texts if texts[0] != texts[1] else apart((before, after), 6)
    if first == second:
        return f"leaves {name} at {texts[0]} but for rounding"
    return f"{verb} {name} from {first} to {second}"


def _risen(record: StepRecord) -> str:
    """Which errors went against the sum, where it fell; up to three are named."""
    risen = (record.errors_after > record.errors_before).nonzero()[0].tolist()
    if not risen or not record.value_after < record.value_before:
        return ""
    if len(risen) > 3:
        return f"; {whole(len(risen))} of the errors rise"
    *others, last = (sample_error(s) for s in risen)
    names = f"{', '.join(others)} and {last}" if others else last
    return f"; {names} {'rises' if len(risen) == 1 else 'rise'}"


def _short(value: float) -> str:
    return number(value, 4 if abs(value) < 1.0 else 5)
