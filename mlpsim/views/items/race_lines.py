"""From the lanes of a race to the picture of their curves, and from a place on it to a step."""

from dataclasses import dataclass

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.studies.lanes import evaluations
from mlpsim.session.race_track import Lane, RaceTrack
from mlpsim.views.items.lanes import lane_colour
from mlpsim.views.items.race_curves import LaneLine, RacePicture
from mlpsim.views.items.scale import scale_for
from mlpsim.views.theme import Theme

UPDATES, EVALUATIONS = "updates", "evaluations"


@dataclass(frozen=True)
class Axes:
    """How a race is plotted: against what, on which scale (None: by the values), to what level."""

    counts: str = UPDATES
    log: bool | None = None
    level: float = 0.1
    symbol: str = "E"

    def of_steps(self, lane: Lane, steps: Indices) -> Array:
        """The coordinates of some steps of a lane."""
        if self.counts == UPDATES:
            return steps.astype(np.float64)
        return evaluations(lane.run.segments, steps).astype(np.float64)

    def step_at(self, lane: Lane, coordinate: float) -> int:
        """The step of a lane that is nearest to a coordinate, whether it was taken or not."""
        if self.counts == UPDATES:
            return round(coordinate)
        low, high = 0, round(coordinate)  # a step costs one gradient at least
        while high - low > 1:
            middle = (low + high) // 2
            if self.of_steps(lane, np.array([middle]))[0] <= coordinate:
                low = middle
            else:
                high = middle
        near = np.array([low, high])
        return int(near[np.abs(self.of_steps(lane, near) - coordinate).argmin()])


def race_picture(
    track: RaceTrack, axes: Axes, theme: Theme, columns: int, narrow: bool
) -> RacePicture | None:
    """The curves of all lanes; None where no E is finite."""
    lanes, k = track.lanes, track.cursor
    lines = tuple(
        _line(n, lane, axes, theme, min(k, lane.run.last), columns) for n, lane in enumerate(lanes)
    )
    # Lanes that diverged leave the plot at its top: on their scale the others would be one line.
    told = [line for line in lines if not line.diverged] or lines
    values = np.concatenate([ends for line in told for ends in (line.lo, line.hi)])
    scale = scale_for(values, axes.log)
    if scale is None:
        return None
    ends = [axes.of_steps(lane, np.array([lane.run.last]))[0] for lane in lanes]
    return RacePicture(
        lines=lines,
        end=max(float(max(ends)), 1.0),
        scale=scale,
        cursor=float(axes.of_steps(lanes[0], np.array([k]))[0]),
        level=axes.level,
        x_label="updates" if axes.counts == UPDATES else "gradients ∇eˢ evaluated",
        y_label=axes.symbol + (", log" if scale.log else ""),
        narrow=narrow,
    )


def _line(lane: int, of: Lane, axes: Axes, theme: Theme, k: int, columns: int) -> LaneLine:
    last, error = of.run.last, of.errors.value(k)
    if last < columns:
        edges = np.arange(last + 2)
    else:
        edges = np.unique(np.rint(np.linspace(0, last + 1, columns + 1)).astype(np.intp))
    found = of.curve.columns(edges)
    middles = (edges[:-1] + edges[1:] - 1) // 2
    known = ~np.isnan(found.mean)  # between states of which E is known it is a straight line
    steps, values = middles[known], np.array([found.lo, found.hi, found.mean])[:, known]
    others = {j: value for j, value in of.errors.found.items() if j <= last}
    added = np.array(sorted(others.keys() - set(steps.tolist())), dtype=np.intp)
    places = np.searchsorted(steps, added)
    lo, hi, mean = np.insert(values, places, [others[j] for j in added.tolist()], axis=1)
    return LaneLine(
        lane=lane,
        name=of.name,
        colour=lane_colour(theme, lane),
        x=axes.of_steps(of, np.insert(steps, places, added)),
        lo=lo,
        hi=hi,
        mean=mean,
        cursor=(float(axes.of_steps(of, np.array([k]))[0]), np.nan if error is None else error),
        diverged=of.run.diverged_at is not None,
    )
