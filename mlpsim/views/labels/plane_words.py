"""What is said of the plane on view: how far the state lies off it, and what it shows of a path."""

from dataclasses import dataclass
from math import isfinite, isnan

from mlpsim.views.labels.formulas import step_caption
from mlpsim.views.labels.numbers import number, percent


@dataclass(frozen=True)
class PlaneFigures:
    """What is known of a plane and the state on view.

    ``here`` is J of the state and ``below`` J of its projection, NaN while they are on their way,
    ``about`` where that is read off the grid; ``explained`` is the share of the path's variance,
    NaN for other planes; ``pull`` the share of the gradient's length in the plane, NaN where it is
    not known.
    """

    symbol: str
    distance: float
    here: float
    below: float
    about: bool
    explained: float
    pull: float
    step: int
    is_left: bool
    is_degenerate: bool  # its directions, random ones of weights that are mostly 0


def slice_sentence(known: PlaneFigures) -> str:
    """The sentence, the values first."""
    symbol, here = known.symbol, _told(known.here)
    if known.distance == 0.0:
        parts = [f"state on the plane: {symbol} = {here}"]
    else:
        below = f"{'about ' if known.about else ''}{_told(known.below)}"
        parts = [
            f"{symbol} = {here} at the state, {below} at its projection",
            f"{number(known.distance, 3)} off the plane",
        ]
    if known.is_degenerate:
        parts.append("so many weights are 0 that the directions span no plane")
    if isfinite(known.explained):
        parts.append(f"{percent(known.explained)} of the path’s variance")
    if known.is_left:
        parts.append(f"laid at {step_caption(known.step)}")
    if isfinite(known.pull):
        parts.append(f"{percent(known.pull)} of ‖∇{symbol}‖ in it")
    return " · ".join(parts)


def _told(value: float) -> str:
    return "…" if isnan(value) else number(value)
