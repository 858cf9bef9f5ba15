"""Activation maps as pictures, in the colours of the neurons: orange positive, blue negative."""

import numpy as np
from PySide6.QtGui import QColor, QImage

from mlpsim.core.arrays import Array
from mlpsim.views.theme import Theme

STRENGTH = 0.85  # of the colour where a neuron is strongest
Pictures = tuple[tuple[QImage, ...], ...]


def activation_pictures(layers: tuple[Array, ...], theme: Theme) -> Pictures:
    """A picture for every neuron of layers (n, rows, columns), by the layer's largest magnitude."""
    return tuple(_pictures(signed_levels(layer), theme) for layer in layers)


def signed_levels(values: Array) -> Array:
    """Strengths between −1 and 1: values by the largest magnitude, which counts as 1 at least.

    What is not finite is the strongest; NaN has none.
    """
    finite = np.nan_to_num(values, nan=0.0, posinf=1e300, neginf=-1e300)
    levels: Array = finite / max(float(np.abs(finite).max(initial=0.0)), 1.0)
    return levels


def _pictures(levels: Array, theme: Theme) -> tuple[QImage, ...]:
    """The pictures of a layer's neurons from levels (n, rows, columns)."""
    neurons, rows, columns = levels.shape
    ground, positive, negative = (
        _rgb(colour) for colour in (theme.card, theme.positive, theme.negative)
    )
    full = np.where(levels[..., None] > 0.0, positive - ground, negative - ground)
    pixels = np.full((neurons, rows, columns, 4), 255, dtype=np.uint8)
    pixels[..., :3] = np.rint(ground + STRENGTH * np.sqrt(np.abs(levels))[..., None] * full)
    kind = QImage.Format.Format_RGBA8888
    return tuple(QImage(one.tobytes(), columns, rows, 4 * columns, kind).copy() for one in pixels)


def _rgb(colour: QColor) -> Array:
    return np.array([colour.red(), colour.green(), colour.blue()], dtype=np.float64)
