"""Observations: what may be said of a state, and nothing more."""

from mlpsim.core.curvature import TOLERANCE, edge_of_stability, quick_eigenvalues
from mlpsim.core.feasible import WholeSpace
from mlpsim.core.run import Run
from mlpsim.views.labels.formulas import objective_symbol
from mlpsim.views.labels.numbers import number, whole


def observation(run: Run, k: int) -> str:
    """The sentence on state k: that the run diverged there, that it is stationary, or nothing."""
    return (divergence(run) if k == run.last else "") or convergence(run, k)


def edit_after(run: Run, k: int) -> str:
    """That the step to state k was taken on another problem than the state's; empty if not."""
    now, then = (run.segment_at(i).experiment.problem for i in (k, max(0, k - 1)))
    if now is then or now == then:
        return ""
    return "The problem was edited after this step: its numbers are those of before."


def expectation(k: int, on_view: int) -> str:
    """That state k is still to come."""
    return f"Step {whole(k)} is being computed again; step {whole(on_view)} is shown until then."


def divergence(run: Run) -> str:
    """Where the run diverged, and η·λ_max there; empty if it did not."""
    k = run.diverged_at
    if k is None:
        return ""
    symbol = objective_symbol(run.segment_at(run.last).experiment.problem)
    if k == run.last:
        return f"{symbol} is not finite at state {k}: start somewhere else."
    last = number(run.value(run.last), 4)
    said = f"Diverged at step {k}: {symbol} or a weight is not finite. Last finite {symbol}: {last}"
    product = edge_of_stability(run)
    if product is None:
        return f"{said}."
    return f"{said}. η·λₘₐₓ = {number(product, 4)}, {'above' if product > 2.0 else 'not above'} 2."


def convergence(run: Run, k: int) -> str:
    """Whether state k is stationary, and what the Hessian's eigenvalues tell; empty if not."""
    problem, theta = run.segment_at(k).experiment.problem, run.theta(k)
    if not problem.stationarity(theta, run.gradient(k)) <= TOLERANCE:
        return ""
    tau = number(TOLERANCE)
    if not isinstance(problem.feasible, WholeSpace):
        return f"Projected gradient ≤ {tau}: stationary on C, or a plateau."
    symbol = objective_symbol(problem)
    gradient = f"‖∇{symbol}‖ ≤ {tau}"
    found = quick_eigenvalues(problem, theta)
    if found is None:
        return f"{gradient}: stationary point or plateau."
    lowest, highest = float(found[0]), float(found[-1])
    between = f"eigenvalues of ∇²{symbol}: {number(lowest, 4)} to {number(highest, 4)}."
    if lowest > TOLERANCE:
        return f"{gradient}, curved upwards in every direction; {between}"
    if lowest < -TOLERANCE < TOLERANCE < highest:
        return f"{gradient}, a saddle: up in some directions, down in others; {between}"
    return f"{gradient}: stationary point or plateau; {between}"
