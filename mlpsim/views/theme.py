"""Themes: every colour of the program, and the loss ramp."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor


@dataclass(frozen=True)
class Theme:
    """The colours of one theme; text is never below 4.5:1 on window, card, field and plot.

    ``classes`` go with the shapes of ``mlpsim.views.items.markers``. Orange is positive and blue is
    negative everywhere. ``path`` and ``halo`` are the marks on the loss map, the same in both.
    """

    name: str
    window: QColor
    card: QColor
    field: QColor
    hover: QColor
    border: QColor
    text: QColor
    secondary: QColor
    accent: QColor
    on_accent: QColor
    plot: QColor
    danger: QColor
    warning: QColor
    classes: tuple[QColor, ...]
    positive: QColor
    negative: QColor
    path: QColor
    halo: QColor


def _colours(names: str) -> tuple[QColor, ...]:
    return tuple(QColor(f"#{name}") for name in names.split())


DARK = Theme(
    name="dark",
    window=QColor("#0d1220"),
    card=QColor("#141b2d"),
    field=QColor("#1d2740"),
    hover=QColor("#26324f"),
    border=QColor("#28344f"),
    text=QColor("#e9eef8"),
    secondary=QColor("#9fb0cc"),
    accent=QColor("#4cc2ff"),
    on_accent=QColor("#06121f"),
    plot=QColor("#0f1626"),
    danger=QColor("#ff8a80"),
    warning=QColor("#f5c451"),
    classes=_colours("56b4e9 f0a030 2fbf9b d48fe0 f2e05c ff7a70 93a0ff b2d66a ec8fb8 bfae98"),
    positive=QColor("#f0a030"),
    negative=QColor("#56b4e9"),
    path=QColor("#ff6b4a"),
    halo=QColor("#0b1020"),
)

LIGHT = Theme(
    name="light",
    window=QColor("#eef1f6"),
    card=QColor("#ffffff"),
    field=QColor("#f3f6fb"),
    hover=QColor("#e3eaf4"),
    border=QColor("#d5dce8"),
    text=QColor("#141c2c"),
    secondary=QColor("#4d5b75"),
    accent=QColor("#0067b8"),
    on_accent=QColor("#ffffff"),
    plot=QColor("#ffffff"),
    danger=QColor("#b3261e"),
    warning=QColor("#8a5a00"),
    classes=_colours("0072b2 d55e00 007a5a 8a3ea8 857000 b3261e 4450c8 4a7500 b0447c 6b5a48"),
    positive=QColor("#d55e00"),
    negative=QColor("#0072b2"),
    path=QColor("#ff6b4a"),
    halo=QColor("#0b1020"),
)

THEMES = (DARK, LIGHT)

# The pull of the penalty on the loss map, the same in both themes as all marks there.
PENALTY = QColor("#d9a8ff")

# Low is deep; lightness rises evenly, so that equal steps of the loss look equal.
RAMP = ("#101a3f", "#1f3f7a", "#2b6f97", "#3f9f9f", "#86c9a9", "#e6f3d8")


def theme(name: str) -> Theme:
    """The theme of that name; ValueError if there is none."""
    for entry in THEMES:
        if entry.name == name:
            return entry
    raise ValueError(f"unknown theme {name!r}; known: {', '.join(t.name for t in THEMES)}")


def ramp_lookup(n: int = 256) -> NDArray[np.uint8]:
    """The loss ramp from low to high as RGBA (n, 4), opaque."""
    stops = np.array([QColor(name).getRgb() for name in RAMP], dtype=np.float64)
    at = np.linspace(0.0, len(RAMP) - 1.0, n)
    channels = [np.interp(at, np.arange(len(RAMP)), stops[:, c]) for c in range(4)]
    return np.rint(np.stack(channels, axis=-1)).astype(np.uint8)


def mix(first: QColor, second: QColor, share: float) -> QColor:
    """The colour between two, ``share`` (0 to 1) of the way to the second."""
    keep = 1.0 - share
    return QColor.fromRgbF(
        first.redF() * keep + second.redF() * share,
        first.greenF() * keep + second.greenF() * share,
        first.blueF() * keep + second.blueF() * share,
        first.alphaF() * keep + second.alphaF() * share,
    )
