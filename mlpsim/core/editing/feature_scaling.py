"""Feature scaling: inputs brought to one scale, or back to what was measured, as an edit."""

from dataclasses import replace

import numpy as np

from mlpsim.core import moments
from mlpsim.core.arrays import Array
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.conversions import Conversion, with_parts
from mlpsim.core.editing.surgery import Outcome
from mlpsim.core.experiment import Experiment
from mlpsim.core.problem import quiet

UNEQUAL = 10.0  # from which ratio of standard deviations scaling is offered
LARGE = 10.0  # from which standard deviation or distance from 0, in itself
_DIGITS = 14  # of a measurement that come back; the last two of a double are rounding


def standardised(experiment: Experiment) -> Outcome:
    """Every input with mean 0 and standard deviation 1 over the training samples.

    The mean and deviation (of S samples, not S − 1) are those of the training part alone, and are
    taken to the held-out samples too. An input that does not vary is only shifted. The features
    tell what was done, so that it can be shown and taken back.
    """
    training = experiment.problem.data
    means, deviations = moments.means(training), moments.deviations(training)
    # What is left of an input that does not vary is rounding.
    varies = deviations > 1e-12 * np.maximum(np.abs(means), 1e-300)
    deviations = np.where(varies, deviations, 1.0)

    def scaled(data: Dataset) -> Dataset:
        told = zip(data.each_feature, means.tolist(), deviations.tolist(), strict=True)
        features = tuple(
            replace(f, shift=f.shift + f.scale * mean, scale=f.scale * deviation)
            for f, mean, deviation in told
        )
        return replace(data, x=(data.x - means) / deviations, features=features)

    return with_parts(experiment, scaled), (
        f"Each input becomes (x − mean) / standard deviation of the"
        f" {len(training)} training samples."
    )


def as_measured(experiment: Experiment) -> Outcome:
    """The inputs in the units in which they were measured, to 14 digits of the largest."""
    if not is_scaled(experiment.problem.data):
        return experiment, ""

    def measured(data: Dataset) -> Dataset:
        shifts = np.array([feature.shift for feature in data.features])
        scales = np.array([feature.scale for feature in data.features])
        x = _rounded(data.x * scales + shifts, shifts)
        features = tuple(replace(f, shift=0.0, scale=1.0) for f in data.features)
        return replace(data, x=x, features=features)

    return with_parts(experiment, measured), "The inputs are as they were measured again."


def is_scaled(data: Dataset) -> bool:
    """Whether an input is not as it was measured."""
    return any(feature.is_scaled for feature in data.features)


def scaling_offer(experiment: Experiment) -> tuple[str, Conversion | None]:
    """Why the inputs should be scaled, and the edit that does it; empty and None if no need is.

    They should if their deviations differ ten times, or one lies far from 0 for its own or in
    itself: then no learning rate suits all weights, and saturated neurons do not learn.
    """
    data = experiment.problem.data
    deviations = moments.deviations(data)
    spread = deviations[deviations > 0.0]
    if is_scaled(data) or len(spread) == 0:
        return "", None
    with quiet():
        ratio = float(spread.max() / spread.min())
    largest = float(moments.sizes(data).max())
    if ratio < UNEQUAL and largest < LARGE:
        return "", None
    changed, about = standardised(experiment)
    why = f"One input varies {_rough(ratio)} times as much as another."
    if ratio < UNEQUAL:
        why = f"An input is about {_rough(largest)} in size: neurons may saturate."
    return why, Conversion(changed, "Standardise the inputs", about)


def _rough(value: float) -> str:
    """A size in words: what is beyond a million by its power of ten."""
    return f"{value:.0f}" if value < 1e6 else f"{value:.0e}"


def _rounded(x: Array, shifts: Array) -> Array:
    """Columns without the digits that scaling has left; −0 becomes 0."""
    largest = np.maximum(np.abs(x).max(axis=0), np.abs(shifts))
    decimals = _DIGITS - np.ceil(np.log10(np.maximum(largest, 1e-300)))
    columns = [
        np.round(column, int(places)) if abs(places) < 300 else column
        for column, places in zip(x.T, decimals.tolist(), strict=True)
    ]
    return np.column_stack(columns) + 0.0
