"""The tools of the loss surface: its shape and scale, arrows, lens, window."""

from PySide6.QtWidgets import QPushButton, QWidget

from mlpsim.session.lens_bench import LensBench
from mlpsim.session.session import Session
from mlpsim.views.parts.surface.lens_button import LensButton
from mlpsim.views.widgets.icon_button import IconButton
from mlpsim.views.widgets.segmented import Segmented
from mlpsim.views.widgets.wrap_layout import WrapLayout

SHAPES = (
    ("contours", "Map", "The loss surface from above, as a map of contours"),
    ("both", "Both", "The map and the sheet beside each other"),
    ("relief", "3-D", "The loss surface as a sheet that can be turned"),
)
ROOMY = 33  # heights of a line, in a card narrower than which only the form has all of them


class SurfaceTools(QWidget):
    """One row of them, or two in a narrow card."""

    def __init__(self, bench: LensBench, session: Session) -> None:
        super().__init__()
        self.shape = Segmented("Picture of the loss", SHAPES)
        self.log = QPushButton("log")
        self.log.setCheckable(True)
        self.log.setProperty("role", "quiet")
        self.log.setAccessibleName("Logarithmic scale of the loss")
        self.log.setToolTip("Logarithmic scale of the loss; chosen by itself until you choose")
        self.arrows = IconButton("bouquet", "Arrows of the samples")
        self.fit = IconButton("fit", "Fit the path")
        self.fit.setToolTip("A window around the whole path (double-click on an axis: reset)")
        self.more = IconButton("settings", "Window and arrows")
        self.more.setToolTip("Limits of the window, and what else is drawn")
        lens = LensButton(bench, session)
        row = WrapLayout(self, spacing=4, row_gap=4)
        for tool in (self.shape, self.log, self.arrows, lens, self.fit, self.more):
            row.add(tool)

    def set_room(self, width: int) -> None:
        """Leave to the form behind ``more`` what it has too, in a card that is as narrow."""
        for tool in (self.arrows, self.fit):
            tool.setVisible(width >= ROOMY * self.fontMetrics().height())
        self.updateGeometry()  # a figure hides them and keeps their room: no layout asks by itself
