"""Overlays: what is painted on the loss map over its surface, under or over the path.

An overlay is a small object, one module of this folder each, that any view adds to its context's
loss map, wherever that is shown: ``context.overlays.add(Cover(context))``. It is given

- ``paint(painter, frame)`` in every frame: ``frame.pixels(places)`` takes places (..., 2) of the
  plane (``landscape.plane.project(theta)``) to pixels, ``unit_of(frame)`` is the length that grows
  with the type, ``frame.area`` the plot's rectangle, to which the painter is clipped;
- ``refresh()``, if it is ``Refreshed``, before a paint, once the state, run, problem, plane or
  surface on view is another than at the last paint: the place to compute;
- the pointer, if it is a ``Grabbable``: the topmost one that takes it has it;
- ``drape(painter, sheet)``, if it is ``Draped``: the same over the surface in three dimensions.

What changes for another reason is shown by ``context.overlays.update()``. Nothing here may take
more than a millisecond a frame: what takes longer is a job of a worker.
"""

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QObject, QPointF, Signal, Slot
from PySide6.QtGui import QPainter

from mlpsim.views.items.plot_frame import PlotFrame

if TYPE_CHECKING:  # imported with the first picture in three dimensions
    from mlpsim.views.items.relief_sheet import Sheet


class Overlay(Protocol):
    """Something painted on the loss map."""

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint; the painter is antialiased and need not be restored."""


@runtime_checkable
class Refreshed(Overlay, Protocol):
    """An overlay that computes something of what is on view."""

    def refresh(self) -> None:
        """State, run, problem, plane or surface have changed since the last paint."""


@runtime_checkable
class Draped(Overlay, Protocol):
    """An overlay that is also painted over the surface in three dimensions."""

    def drape(self, painter: QPainter, sheet: "Sheet") -> None:
        """Paint; the painter is antialiased and need not be restored."""


@runtime_checkable
class Grabbable(Overlay, Protocol):
    """An overlay that the pointer can point at, press and drag."""

    def hover(self, frame: PlotFrame, at: QPointF | None) -> bool:
        """The pointer is at a pixel, or has left (None); True where there is something to grab."""

    def press(self, frame: PlotFrame, at: QPointF) -> bool:
        """The left button went down; True takes the drag that begins with it."""

    def drag(self, frame: PlotFrame, at: QPointF) -> None:
        """The pointer moved during a drag that was taken."""

    def release(self) -> None:
        """The drag is over."""


class Overlays(QObject):
    """The overlays of a context's loss map, the lowest first."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.under: list[Overlay] = []  # the path, the lowest first
        self.over: list[Overlay] = []
        self._refreshed: list[Refreshed] = []  # to ask each overlay in every frame takes long
        self.draped: list[Draped] = []  # over the surface in three dimensions, the lowest first
        self._shown: tuple[int, ...] = ()
        self._held: tuple[object, ...] = ()  # what is known by its id has to stay
        self.hides_step = False  # while it is asked for, what would give it away is not painted

    def __iter__(self) -> Iterator[Overlay]:
        return chain(self.under, self.over)

    def add(self, overlay: Overlay) -> None:
        """Put an overlay on top of the others."""
        self.over.append(overlay)
        self._sort()

    def refresh(self, cursor: int, *on_view: object) -> None:
        """Refresh all if the state or anything else on view is another than at the last time."""
        things = (*on_view, *self)
        shown = (cursor, *map(id, things))
        if shown != self._shown:
            self._shown, self._held = shown, things
            for overlay in self._refreshed:
                overlay.refresh()

    def hide_step(self, hidden: bool) -> None:
        """Keep back what tells where a step leads, or show it again."""
        self.hides_step = hidden
        self.changed.emit()

    def add_lowest(self, overlay: Overlay) -> None:
        """Put an overlay that covers much below the others."""
        self.over.insert(0, overlay)
        self._sort()

    def add_under(self, overlay: Overlay) -> None:
        """Put an overlay that covers all below the path, too."""
        self.under.append(overlay)
        self._sort()

    def _sort(self) -> None:
        self._refreshed = [each for each in self if isinstance(each, Refreshed)]
        self.draped = [each for each in self if isinstance(each, Draped)]
        self.changed.emit()

    @Slot()
    def update(self) -> None:
        """Paint the map again, as an overlay has changed."""
        self.changed.emit()

    def grabbables(self) -> list[Grabbable]:
        """Those that take the pointer, the topmost first."""
        return [overlay for overlay in reversed([*self]) if isinstance(overlay, Grabbable)]
