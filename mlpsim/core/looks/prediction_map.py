"""The prediction map: ŷ over two of the inputs, and the lines where the class changes."""

from dataclasses import dataclass, replace
from math import atanh, log

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.classes import class_labels
from mlpsim.core.contours import Polylines, contours
from mlpsim.core.looks.input_grid import InputGrid
from mlpsim.core.problem import Problem, quiet
from mlpsim.core.window import Window

MOST_BARS = 500


@dataclass(frozen=True, eq=False)
class PredictionMap:
    """ŷ on a grid: xs (nx,), ys (ny,), shares (ny, nx, K); and lines (n, 2) over the window.

    A share lies in [0, 1]: how far ŷ is from the low label (or the lowest target) to the high one.
    ``border`` is where the class changes (ŷ = ½, or score 0); ``sides`` where ŷ is a tenth of the
    way and nine tenths. Where the network's values are not finite, the shares are NaN.
    """

    window: Window
    xs: Array
    ys: Array
    shares: Array
    border: Polylines
    sides: Polylines


@quiet()
def prediction_map(problem: Problem, theta: Array, grid: InputGrid) -> PredictionMap:
    """ŷ of the network theta (P,) over a grid of inputs."""
    forward = problem.network.forward(theta, grid.inputs)
    y_hat = problem.loss.predict(forward.output).reshape(-1, *grid.shape)
    shares = np.moveaxis(shares_of(problem, y_hat), 0, -1)
    z = forward.z[-1].reshape(-1, *grid.shape)
    border, sides = _lines(problem, grid.xs, grid.ys, y_hat, z)
    return PredictionMap(grid.window, grid.xs, grid.ys, shares, border, sides)


@quiet()
def decided(prediction: PredictionMap) -> PredictionMap:
    """The same by its classes alone: shares 0 or 1, ½ where the classes tie, and no sides."""
    shares = prediction.shares
    if shares.shape[-1] == 1:
        sides = 0.5 + 0.5 * np.sign(shares - 0.5)
    else:
        leads = shares == shares.max(axis=-1, keepdims=True)
        sides = leads / leads.sum(axis=-1, keepdims=True)
    return replace(prediction, shares=sides, sides=())


@quiet()
def neuron_map(
    problem: Problem, theta: Array, neuron: tuple[int, int], grid: InputGrid
) -> PredictionMap:
    """The same of what one neuron gives: its layer from 0, the inputs, and its place there from 0.

    Its share is ½ where that is 0, and 0 or 1 where it is largest, 1 at least; the border is where
    z is 0.
    """
    layer, i = neuron
    forward = problem.network.forward(theta, grid.inputs)
    a, z = (forward.a[layer - 1], forward.z[layer - 1]) if layer else (grid.inputs, grid.inputs)
    a, z = a[i].reshape(grid.shape), z[i].reshape(grid.shape)
    finite = np.where(np.isfinite(a), a, np.nan)
    largest = float(np.fmax.reduce(np.abs(finite), axis=None, initial=1.0))
    shares = 0.5 + 0.5 * (finite / largest)[..., None]
    border = _contour(grid.xs, grid.ys, z, 0.0)
    return PredictionMap(grid.window, grid.xs, grid.ys, shares, border, ())


def residual_bars(problem: Problem, theta: Array) -> Array:
    """Of data with one measured input, bars from (x, y) to (x, ŷ) of the first output: (n, 2, 2).

    There are none where y tells classes, or for more than 500 samples; nor one that has no end.
    """
    data = problem.data
    if len(data) > MOST_BARS or class_labels(data.y) is not None:
        return np.zeros((0, 2, 2))
    y_hat = problem.predict(theta, data.x)[:, 0]
    x = data.x[:, 0]
    bars = np.stack([np.stack([x, y], axis=-1) for y in (data.y[:, 0], y_hat)], axis=1)
    return bars[np.isfinite(y_hat)]


def shares_of(problem: Problem, y_hat: Array) -> Array:
    """How far predictions lie between the low and the high label, or target: in [0, 1]."""
    low, high = label_range(problem)
    shares = np.full(y_hat.shape, np.nan)
    finite = np.isfinite(y_hat)
    shares[finite] = np.clip((y_hat[finite] - low) / (high - low), 0.0, 1.0)
    return shares


def label_range(problem: Problem) -> tuple[float, float]:
    """The low and high label; for other targets, the lowest and highest one."""
    y = problem.data.y
    if problem.loss.labels == "plus_minus_one":
        return -1.0, 1.0
    if problem.loss.on_logits:
        return 0.0, 1.0
    labels = class_labels(y)
    if labels is not None:
        return labels
    low, high = float(y.min()), float(y.max())
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _lines(
    problem: Problem, xs: Array, ys: Array, y_hat: Array, z: Array
) -> tuple[Polylines, Polylines]:
    """The border and its sides, found on z where ŷ grows with it: a neuron's line is straight."""
    if len(y_hat) > 1:
        scores = z if _grows_with_z(problem) else y_hat
        return _changes_of_class(xs, ys, scores), ()
    low, high = label_range(problem)
    levels = [low + share * (high - low) for share in (0.5, 0.1, 0.9)]
    heights = y_hat[0]
    if _grows_with_z(problem):
        heights = z[0]
        levels = [_pre_activation(problem, level) for level in levels]
    border, *sides = (_contour(xs, ys, heights, level) for level in levels)
    return border, tuple(line for side in sides for line in side)


def _changes_of_class(xs: Array, ys: Array, scores: Array) -> Polylines:
    """Where the largest of several scores (K, ny, nx) becomes another one."""
    lines: list[Array] = []
    for k in range(len(scores) - 1):
        others = np.delete(scores, k, axis=0).max(axis=0)
        lines += _contour(xs, ys, scores[k] - others, 0.0)
    return tuple(lines)


def _grows_with_z(problem: Problem) -> bool:
    if problem.loss.labels == "one_hot":
        return problem.data.n_outputs > 1
    last = problem.network.activations[-1].name
    return last in ("identity", "sigmoid", "tanh")


def _pre_activation(problem: Problem, y_hat: float) -> float:
    """The z at which ŷ has that value; infinite if it never has."""
    last = "sigmoid" if problem.loss.on_logits else problem.network.activations[-1].name
    if last == "sigmoid":
        return log(y_hat / (1.0 - y_hat)) if 0.0 < y_hat < 1.0 else np.inf
    if last == "tanh":
        return atanh(y_hat) if -1.0 < y_hat < 1.0 else np.inf
    return y_hat


def _contour(xs: Array, ys: Array, heights: Array, level: float) -> Polylines:
    if not np.isfinite(level) or not np.isfinite(heights).any() or np.ptp(heights) == 0.0:
        return ()
    return contours(xs, ys, heights)(level)
