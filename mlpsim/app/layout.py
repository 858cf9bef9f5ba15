"""The layout: which cards stand where; cards of one group are tabs."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

Groups = tuple[tuple[tuple[str, ...], int], ...]  # cards of a place, and its share of the height

DEFAULT_SIZE = QSize(1600, 1000)
FRAME = QSize(16, 48)  # what a window manager may put around it
DRAWER = ("rail", "homework")
CENTRE = ("surface", "race", "sum", "sweep")
TALL: tuple[Groups, Groups] = (  # the left and the right column where there is height
    ((("data",), 58), (("table", "gradients"), 42)),
    (
        (("network", "training", "op", "stationary", "lens", "basins"), 33),
        (("loss", "epoch", "seeds"), 31),
        (("step", "anatomy", "evaluation", "audit", "ledger", "microscope", "why"), 36),
    ),
)
LOW: tuple[Groups, Groups] = (
    ((("data", "table", "gradients"), 1),),
    (
        (("network", "training", "op", "stationary", "lens", "basins", "seeds", "ledger"), 55),
        (("loss", "step", "anatomy", "evaluation", "epoch", "audit", "microscope", "why"), 45),
    ),
)


def fills(available: QSize) -> bool:
    """Whether a window of the default size, with its frame, has no room on such a screen."""
    return (DEFAULT_SIZE + FRAME).boundedTo(available) != DEFAULT_SIZE + FRAME


def screen_size() -> QSize:
    """The default size, or what the screen has room for."""
    screen = QApplication.primaryScreen()
    return DEFAULT_SIZE.boundedTo(screen.availableSize()) if screen else DEFAULT_SIZE
