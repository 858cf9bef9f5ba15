"""The layout: which cards stand where; cards of one group are tabs."""

from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

Groups = tuple[tuple[tuple[str, ...], int], ...]  # cards of a place, and its share of the height

DEFAULT_SIZE = QSize(1600, 1000)
FRAME = QSize(16, 48)  # what a window manager may put around it
DRAWER = ("rail", "homework")
CENTRE = ("surface", "race", "sum", "sweep")
TALL, LOW = 62, 52  # heights of a line: at least of a tall window, at most of a low one
WIDE = 66  # and its width from which three columns have room


@dataclass(frozen=True)
class Arrangement:
    """What stands in the left and the right column, and what the columns have of the width."""

    name: str
    left: Groups
    right: Groups
    widths: tuple[int, int, int] = (25, 46, 29)  # per cent
    kept: int = 12  # lines of text that a card keeps when another one is turned to

    @property
    def is_narrow(self) -> bool:
        """Whether one column at the side holds all."""
        return not self.right


_SAMPLES = ("data", "table", "gradients")
_STATE = ("training", "op", "stationary", "lens", "basins")
_STEP = ("step", "anatomy", "evaluation")
_STUDY = ("microscope", "why")
_LOW_STATE, _LOW_STEP = (*_STATE, "seeds", "ledger"), ("loss", *_STEP, "epoch", "audit", *_STUDY)
_HALVES = 48, 52, 0
WIDE_TALL = Arrangement(
    "tall",
    ((("data",), 58), (("table", "gradients"), 42)),
    (
        (("network", *_STATE), 33),
        (("loss", "epoch", "seeds"), 31),
        ((*_STEP, "audit", "ledger", *_STUDY), 36),
    ),
)
WIDE_LOW = Arrangement("low", ((_SAMPLES, 1),), ((("network", *_LOW_STATE), 55), (_LOW_STEP, 45)))
NARROW_TALL = Arrangement(
    "narrow tall",
    ((_SAMPLES, 34), (("network", *_LOW_STATE), 34), (_LOW_STEP, 32)),
    (),
    _HALVES,
)
NARROW_LOW = Arrangement(
    "narrow", ((("network", *_SAMPLES, *_LOW_STATE), 52), (_LOW_STEP, 48)), (), _HALVES, kept=0
)


def arrangement(size: QSize, line: float) -> Arrangement:
    """How the cards stand in a window of this size, with type of this height."""
    tall = size.height() >= TALL * line
    if size.width() >= WIDE * line:
        return WIDE_TALL if tall else WIDE_LOW
    return NARROW_TALL if tall else NARROW_LOW


def fills(available: QSize) -> bool:
    """Whether a window of the default size, with its frame, has no room on such a screen."""
    return (DEFAULT_SIZE + FRAME).boundedTo(available) != DEFAULT_SIZE + FRAME


def screen_size() -> QSize:
    """The default size, or what the screen has room for."""
    screen = QApplication.primaryScreen()
    return DEFAULT_SIZE.boundedTo(screen.availableSize()) if screen else DEFAULT_SIZE
