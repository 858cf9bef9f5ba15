"""Formulas and captions of an experiment and of its states."""

from mlpsim.core.network import Network
from mlpsim.core.problem import Penalty, Problem, Reduction, Scaling
from mlpsim.core.sampling import Sampling
from mlpsim.views.labels.names import activation_name
from mlpsim.views.labels.numbers import count, number, whole

_MOST_SAMPLES = 8  # that a caption lists


def error_symbol(reduction: Reduction) -> str:
    """E, the sum of the errors, or their mean E/S."""
    return "E" if reduction == "sum" else "E/S"


def objective_symbol(problem: Problem) -> str:
    """E or E/S, or J where there is a penalty."""
    return "J" if problem.penalty else error_symbol(problem.reduction)


def objective_axis(problem: Problem) -> str:
    """The objective on an axis; a mean is said."""
    parts = f" = {error_symbol(problem.reduction)} + R" if problem.penalty else ""
    return f"{objective_symbol(problem)}{parts}{_mean(problem)}"


def objective_on_bar(problem: Problem) -> str:
    """The objective over a colour bar, which is narrow; a mean is said."""
    return f"{objective_symbol(problem)}{_mean(problem)}"


def _mean(problem: Problem) -> str:
    return " (mean)" if problem.reduction == "mean" else ""


def objective_words(problem: Problem) -> str:
    """The objective in words, for subtitles and screen readers."""
    error = "mean error E/S" if problem.reduction == "mean" else "total E = Σ eˢ"
    return f"objective J: {error}, and the penalty R" if problem.penalty else error


def penalty_formula(penalty: Penalty) -> str:
    """R with its numbers: 0.1·‖w‖₁ + 0.005·‖w‖²; empty where there is none."""
    parts = []
    if penalty.l1:
        parts.append(f"{number(penalty.l1)}·‖w‖₁")
    if penalty.l2:
        parts.append(f"{number(penalty.l2 / 2)}·‖w‖²")
    return " + ".join(parts)


def scaling_formula(problem: Problem, scaling: Scaling) -> str:
    """The step gradient of a batch of B samples: g = (S/B)·Σ ∇eˢ + ∇R."""
    factor, penalty = _SCALED[problem.reduction, scaling]
    head = f"({factor})·" if factor else ""
    tail = (f" + ({penalty})·∇R" if penalty else " + ∇R") if problem.penalty else ""
    return f"g = {head}Σ ∇eˢ{tail}, s in batch"


def scaling_tex(problem: Problem, scaling: Scaling) -> str:
    """The same for a formula."""
    factor, penalty = _SCALED[problem.reduction, scaling]
    tail = f" + {_fraction(penalty)} \\nabla R" if problem.penalty else ""
    return f"g = {_fraction(factor)} \\sum_{{s \\in B}} \\nabla e^s{tail}"


# κ·A·(S/B) and κ, by reduction and scaling; empty stands for 1.
_SCALED = {
    ("sum", "batch_sum"): ("", "B/S"),
    ("mean", "batch_sum"): ("1/S", "B/S"),
    ("sum", "unbiased"): ("S/B", ""),
    ("mean", "unbiased"): ("1/B", ""),
}


def _fraction(text: str) -> str:
    above, _, below = text.partition("/")
    return rf"\frac{{{above}}}{{{below}}}" if below else ""


def method_name(sampling: Sampling) -> str:
    """GD, SGD or mini-batch SGD."""
    if sampling.order == "given":
        return "batches given by hand"
    return {None: "GD", 1: "SGD"}.get(
        sampling.batch_size, f"mini-batch SGD, B = {sampling.batch_size}"
    )


def network_summary(network: Network) -> str:
    """2–8–8–1 · tanh · 105 parameters; the activations are told once if all are the same."""
    sizes = "–".join(str(size) for size in network.sizes)
    names = list(dict.fromkeys(activation_name(a) for a in network.activations))
    return f"{sizes} · {', '.join(names)} · {count(network.n_params, 'parameter')}"


def step_caption(k: int, last: int | None = None) -> str:
    """step 150, or step 150 / 419 where the last step is given."""
    return f"step {whole(k)}" if last is None else f"step {whole(k)} / {whole(last)}"


def batch_caption(samples: tuple[int, ...], total: int) -> str:
    """The samples (from 0) of a batch as the screen counts them: samples 1, 4, …"""
    if 1 < total == len(samples) == len(set(samples)):
        return f"all {whole(total)} samples"
    shown = ", ".join(str(s + 1) for s in samples[:_MOST_SAMPLES])
    more = ", …" if len(samples) > _MOST_SAMPLES else ""
    word = "sample" if len(samples) == 1 else "samples"
    return f"{word} {shown}{more}"
