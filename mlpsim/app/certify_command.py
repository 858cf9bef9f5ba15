"""``mlpsim certify``: proven bounds of f* on C as JSON, and how far the search is meanwhile."""

import msgspec

from mlpsim.app.commands import resolve_source, write_out
from mlpsim.app.interruption import interruptible
from mlpsim.app.refusal import RefusedError
from mlpsim.app.telling import Teller
from mlpsim.core.feasible import Ball, Box, FeasibleSet
from mlpsim.core.problem import Problem
from mlpsim.core.proofs.certify import Ending, Optimum, minimize

PATIENCE = 4.0  # who calls a command waits a little longer than who looks at a window
WHY_NO_CLOSER: dict[Ending, str] = {
    "boxes": "as many boxes were looked at as a search may. A smaller C leaves fewer to split.",
    "rounding": "the boxes around S* are as small as floats allow.",
    "flat": "this is what rounding leaves, around more points than can be told apart.",
}


def certify_command(
    source: str,
    variant: str | None,
    *,
    limits: tuple[tuple[float, float], ...] | None,
    radius: float | None,
    tolerance: float,
    absolute: bool,
    out: str,
) -> None:
    """Write proven bounds of f* on C, and a cover of S*, as JSON.

    C is the box of the limits, one pair for all parameters or one for each, or the ball around 0
    with that radius; without either, the C of the experiment in force where the source stands. A
    bound that overflows is null. Ctrl+C ends the search: what is proved by then is written. Where
    the search gives up by itself, it says why.
    """
    problem = resolve_source(source, variant).experiment.problem
    feasible, teller = _chosen_set(problem, limits, radius), Teller()

    def report(f_lo: float, f_hi: float, share: float) -> None:
        said = f"{share:.0%} of the search at most: {_bounds(f_lo, f_hi)}"
        teller.say(f"{said}. Ctrl+C ends it with such bounds.")

    try:
        with interruptible() as interrupted:
            optimum = minimize(
                problem,
                feasible,
                tolerance,
                absolute,
                interrupted=interrupted,
                report=report,
                patience=PATIENCE,
            )
            write_out(out, iter([msgspec.json.encode(_answer(optimum)) + b"\n"]))
        if (why := WHY_NO_CLOSER.get(optimum.ending)) is not None:
            teller.say(f"{_bounds(optimum.f_lo, optimum.f_hi)}, no closer: {why}", anyway=True)
    except ValueError as error:
        advice = "Choose C by --box=LO,HI, by one LO,HI for each parameter, or by --ball=R."
        raise RefusedError(f"mlpsim certify {source}", f"{error}.", advice) from error


def _chosen_set(
    problem: Problem, limits: tuple[tuple[float, float], ...] | None, radius: float | None
) -> FeasibleSet:
    n_params = problem.network.n_params
    if limits is not None:
        pairs = limits * n_params if len(limits) == 1 else limits
        return Box(tuple(lo for lo, _ in pairs), tuple(hi for _, hi in pairs))
    return problem.feasible if radius is None else Ball((0.0,) * n_params, radius)


def _bounds(f_lo: float, f_hi: float) -> str:
    return f"{f_lo} <= f* <= {f_hi}"


def _answer(optimum: Optimum) -> dict[str, object]:
    cover = zip(optimum.cover.lo.tolist(), optimum.cover.hi.tolist(), strict=True)
    return {
        "f_lo": optimum.f_lo,
        "f_hi": optimum.f_hi,
        "cover": [{"lo": lo, "hi": hi} for lo, hi in cover],
        "isolated": optimum.isolated,
        "verdict": optimum.verdict,
    }
