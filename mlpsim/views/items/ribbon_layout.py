"""Where the chips of an epoch stand: in rows, batches together; a part where all have no room."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from mlpsim.core.lessons.epoch import Epoch


@dataclass(frozen=True)
class Chip:
    """A visit (from 0) and its batch (from 0), with its rectangle."""

    visit: int
    batch: int
    rect: QRectF


@dataclass(frozen=True)
class Ribbon:
    """The chips of visits ``first`` up to ``stop``; ``brackets`` are (batch, rectangle).

    A batch that goes on in the next row has a bracket in each. ``has_numbers`` says whether the
    chips are wide enough for a number.
    """

    chips: tuple[Chip, ...]
    brackets: tuple[tuple[int, QRectF], ...]
    first: int
    stop: int
    has_numbers: bool


def lay_out(epoch: Epoch, area: QRectF, em: float, number_width: float) -> Ribbon:
    """The ribbon in an area: chips with numbers if all fit, else small ones, else a part of them.

    The part has the batch in use in it.
    """
    large = (2.3 * em + number_width, 2.2 * em)
    wide = (1.3 * em + number_width, 1.5 * em)
    small = (0.85 * em, 0.95 * em)
    for size, has_numbers in ((large, True), (wide, True), (small, False)):
        if _most(area, size, em) >= len(epoch.order):
            ribbon = _flow(epoch, 0, area, size, em, has_numbers)
            if ribbon.stop == len(epoch.order):
                return ribbon
    return _flow(epoch, _first(epoch, area, small, em), area, small, em, False)


def _most(area: QRectF, size: tuple[float, float], em: float) -> int:
    """How many chips the area has room for at the very most."""
    rows = (area.height() + 0.3 * em) / (size[1] + 0.5 * em)
    return max(1, int(area.width() / size[0])) * max(1, int(rows))


def _first(epoch: Epoch, area: QRectF, size: tuple[float, float], em: float) -> int:
    """The visit to begin with: a batch or two before the one in use."""
    if epoch.place is None:
        return 0
    before = _most(area, size, em) // 4
    start = int(epoch.starts[epoch.place])
    first = int(epoch.starts[epoch.batch_of(max(0, start - before))])
    return first if start - first <= before else start


def _flow(
    epoch: Epoch, first: int, area: QRectF, size: tuple[float, float], em: float, numbers: bool
) -> Ribbon:
    pad, gap = 0.18 * em, 0.3 * em
    width, height = size
    x, y = area.left(), area.top()
    chips: list[Chip] = []
    brackets: list[tuple[int, QRectF]] = []
    visit, total = first, len(epoch.order)
    batch = epoch.batch_of(first)
    while visit < total:
        stop = int(epoch.starts[batch + 1])
        whole = (stop - visit) * width + 2 * pad
        if x > area.left() and x + whole > area.right():
            x, y = area.left(), y + height + 2 * pad + gap
        while visit < stop:
            if y + height + 2 * pad > area.bottom() + 0.5:
                return Ribbon(tuple(chips), tuple(brackets), first, visit, numbers)
            here = max(1, min(stop - visit, int((area.right() - x - 2 * pad) / width)))
            for place in range(here):
                rect = QRectF(x + pad + place * width, y + pad, width, height)
                chips.append(Chip(visit + place, batch, rect))
            brackets.append((batch, QRectF(x, y, here * width + 2 * pad, height + 2 * pad)))
            visit += here
            x += here * width + 2 * pad + gap
            if visit < stop:
                x, y = area.left(), y + height + 2 * pad + gap
        batch += 1
    return Ribbon(tuple(chips), tuple(brackets), first, visit, numbers)
