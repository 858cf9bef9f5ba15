"""Which loss curves of a sweep are drawn together, in which colours, over which axes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QColor

from mlpsim.core.arrays import Array
from mlpsim.core.studies.sweep import Cell, Result, Sweep
from mlpsim.core.studies.sweep_map import Pivot, axes_of, held_cells, values_of
from mlpsim.views import labels
from mlpsim.views.items.scale import Scale, scale_for
from mlpsim.views.labels import sweep_words
from mlpsim.views.theme import Theme, mix

MOST = 200  # curves that are drawn at once
ABOVE = 1.5  # times the largest J at a start: what is shown of runs that end far above it


@dataclass(frozen=True, eq=False)
class Curve:
    """J along the run of a cell: coordinates and values (n,), and which value colours it."""

    number: int
    x: Array
    y: Array
    group: int
    diverged: bool


@dataclass(frozen=True, eq=False)
class Family:
    """The curves, the names of what colours them, and the axes; ``end`` is that of the lower."""

    curves: tuple[Curve, ...]
    groups: tuple[str, ...]
    group_axis: str
    end: float
    scale: Scale
    x_label: str
    y_label: str

    @property
    def stride(self) -> int:
        """One curve in so many is always drawn: each, where there are not many."""
        return max(1, -(-len(self.curves) // MOST))

    @property
    def drawn(self) -> tuple[Curve, ...]:
        """The curves that are always drawn."""
        return self.curves[:: self.stride]


def family_of(
    sweep: Sweep,
    cells: tuple[Cell, ...],
    results: Mapping[int, Result],
    pivot: Pivot,
    loss: str,
    colour: str,
) -> Family | None:
    """The curves of the cells that a map shows, of one loss ("": there is one only).

    None if none of them has a curve: results of a file have none.
    """
    groups = axes_of(sweep).get(colour, ("",))
    curves, first = [], None
    for cell in held_cells(sweep, cells, pivot):
        result, at = results.get(cell.number), values_of(sweep, cell)
        if result is None or not result.curve or (loss and at.get("loss", loss) != loss):
            continue
        first = first or cell
        steps, values = np.array(result.curve).T
        group = groups.index(at.get(colour, ""))
        x = steps / _per_unit(sweep, cell)
        curves.append(Curve(cell.number, x, values, group, result.diverged_at is not None))
    if first is None:
        return None
    scale = _scale(curves)
    if scale is None:
        return None
    problem, log = first.experiment.problem, ", log" if scale.log else ""
    kind = f", {labels.loss_name(problem.loss)}" if loss else ""
    return Family(
        tuple(curves),
        tuple(sweep_words.value_words(colour, value) for value in groups) if colour else (),
        sweep_words.axis_symbol(colour),
        max(float(curve.x[-1]) for curve in curves) or 1.0,
        scale,
        "step" if sweep.steps is not None else "epoch",
        f"{labels.objective_axis(problem)}{kind}{log}",
    )


def _scale(curves: list[Curve]) -> Scale | None:
    """The scale of J; where a run is lost far above the starts, it leaves the plot at the top."""
    values = np.concatenate([curve.y for curve in curves])
    top = ABOVE * max(float(curve.y[0]) for curve in curves)
    return scale_for(np.minimum(values, top) if top > 0.0 else values, None)


def _per_unit(sweep: Sweep, cell: Cell) -> int:
    """Steps in a unit of the axis: an epoch, so that large and small batches lie side by side."""
    if sweep.steps is not None:
        return 1
    return cell.experiment.sampling.steps_per_epoch(len(cell.experiment.problem.data))


def group_colour(theme: Theme, group: int, groups: int) -> QColor:
    """The colour of a value of many: in order from cold to warm, legible in both themes."""
    stops = [theme.negative, theme.classes[2], theme.positive, theme.classes[5]]
    if groups == 1:
        return QColor(theme.accent)
    place = group / (groups - 1) * (len(stops) - 1)
    first = min(int(place), len(stops) - 2)
    return mix(stops[first], stops[first + 1], place - first)
