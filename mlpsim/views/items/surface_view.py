"""A view of the loss surface: painted again when it is its turn, with a place marked on it."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from mlpsim.views.context import Context
from mlpsim.views.items.marks import Pointed
from mlpsim.views.throttle import FRAME_MS, Throttle


class SurfaceView(QWidget):
    """What the map and the relief have in common; ``pointed`` is the place that is marked."""

    hovered = Signal(object)  # the place (α, β) under the pointer, or None

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.pointed: Pointed | None = None
        self._throttle = Throttle(self, self.update, context.pace(FRAME_MS, 0))
        context.overlays.changed.connect(self.refresh)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @Slot()
    def refresh(self) -> None:
        """Paint again; while the run plays, when it is this view's turn."""
        self._throttle.request()

    def show_pointed(self, pointed: Pointed | None) -> None:
        """Mark a place, or none."""
        if pointed != self.pointed:
            self.pointed = pointed
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 600)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)
