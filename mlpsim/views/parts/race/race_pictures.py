"""The pictures of a race: the lanes side by side, and their loss curves, to be sought in."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter

from mlpsim.session.pane_surfaces import PaneSurfaces
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.items.loss_curve import LossCurve
from mlpsim.views.items.race_curves import RacePicture
from mlpsim.views.items.race_lines import Axes, race_picture
from mlpsim.views.items.race_panes import RacePanes

BOTH, PANES, CURVES = "both", "panes", "curves"
LOW = 0.36  # height over width below which they stand beside one another
HALF = 1_000  # any two equal sizes
NARROW = 26.0  # heights of a line, of curves below which lanes have no names beside them
NO_CURVE = "E is not finite at any recorded state: there is no curve."


class RacePictures(QSplitter):
    """Shows the context's race; a click or drag on the curves seeks in all lanes.

    ``resized`` comes when the curves have another number of columns.
    """

    resized = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._context, self._track = context, context.race
        self._axes = Axes()
        self._picture: RacePicture | None = None
        self.panes = RacePanes(context, self._track, PaneSurfaces(context.session, self))
        self.curve = LossCurve(context.appearance.theme, self._read)
        self.curve.setAccessibleName("Loss curves of the race")
        self.setChildrenCollapsible(False)
        self.addWidget(self.panes)
        self.addWidget(self.curve)
        self.curve.sought.connect(self._seek)
        self.curve.jumped.connect(self._jump)
        self.curve.resized.connect(self.resized)
        self.curve.sample_pointed.connect(self.curve.show_sample)

    @property
    def is_log(self) -> bool:
        """Whether the curves stand on a logarithmic scale."""
        return self._picture is not None and self._picture.scale.log

    def sum_up(self, axes: Axes) -> None:
        """Make the picture of the curves that is shown next."""
        theme = self._context.appearance.theme
        narrow = self.curve.width() < NARROW * self.fontMetrics().height()
        self._axes = axes
        self._picture = race_picture(self._track, axes, theme, self.curve.columns, narrow)

    def show_race(self, what: str) -> None:
        """Show panes, curves or both; a run without others has a curve only."""
        is_race, theme = len(self._track.lanes) > 1, self._context.appearance.theme
        shown = is_race and what != CURVES, not is_race or what != PANES
        if shown != (not self.panes.isHidden(), not self.curve.isHidden()):
            self.panes.setVisible(shown[0])
            self.curve.setVisible(shown[1])
            self._arrange()
            self.setSizes([HALF, HALF])  # what was hidden had no height
        self.curve.set_theme(theme)
        self.curve.set_picture(self._picture, NO_CURVE if self._picture is None else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        # The height of one: two that would need more stand beside one another.
        return QSize(super().minimumSizeHint().width(), max(self._least_heights(), default=0))

    def _arrange(self) -> None:
        """One over the other where there is height for it, else beside one another."""
        least = sum(self._least_heights()) + self.handleWidth()
        low = self.height() < max(LOW * self.width(), least)
        self.setOrientation(Qt.Orientation.Horizontal if low else Qt.Orientation.Vertical)

    def _least_heights(self) -> list[int]:
        shown = [part for part in (self.panes, self.curve) if not part.isHidden()]
        return [part.minimumSizeHint().height() for part in shown]

    def _step_at(self, coordinate: float) -> int:
        return self._axes.step_at(self._track.lanes[0], coordinate)

    def _read(self, coordinate: float) -> str:
        """The words for a place under the pointer."""
        return labels.step_caption(min(self._step_at(coordinate), self._track.longest))

    @Slot(float)
    def _seek(self, coordinate: float) -> None:
        self._track.seek(self._step_at(coordinate))

    @Slot(int)
    def _jump(self, by: int) -> None:
        track = self._track
        track.seek(max(0, track.cursor + by * max(1, track.longest // 10)))
