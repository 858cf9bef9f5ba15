"""The batch's own contours, dashed over those of E: a step on the batch is normal to them."""

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter

from mlpsim.core.surface import Surface
from mlpsim.core.window import Window
from mlpsim.session.batch_surface import BatchSurface
from mlpsim.views.context import Context
from mlpsim.views.items.overlays.dashes import dashes_of, paint_dashes
from mlpsim.views.items.overlays.switched import Switched
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.strokes import unit_of

LINES = QColor("#ffd27a")


class BatchLines(Switched):
    """Paints the isolines of the batch of the step that leaves the state on view, if switched on.

    The one through the state is stronger: the step leaves at a right angle to it.
    """

    def __init__(self, context: Context) -> None:
        super().__init__(context, on=False)
        self.source = BatchSurface(context.session, context.landscape, context.session)
        self.source.changed.connect(context.overlays.update)
        self._dashes: list[QLineF] = []
        self._dashes_of: tuple[Surface, Window, QRectF] | None = None

    def set_on(self, on: bool) -> None:
        super().set_on(on)
        self.refresh()

    def refresh(self) -> None:
        if self.is_on:
            self.source.ask()

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        is_shown = self.is_on and not self._context.overlays.hides_step
        surface = self.source.surface if is_shown else None
        if surface is None or surface.plane is not self._context.landscape.plane:
            return
        unit, key = unit_of(frame), (surface, frame.window, frame.area)
        if self._dashes_of != key:
            bold = [isoline for isoline in surface.isolines if isoline.bold]
            self._dashes = dashes_of(bold, frame)
            self._dashes_of = key
        paint_dashes(painter, self._dashes, LINES, 1.2 * unit)
        through = self.source.through_state()
        if through is not None:
            paint_dashes(painter, dashes_of([through], frame), LINES, 2.2 * unit)
