"""The table of a race: a row for each lane, as high as they need where there is room."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView

from mlpsim.views.appearance import Appearance
from mlpsim.views.parts.race.race_model import DIVERGED, NAME, RIGHT, RaceModel, Row
from mlpsim.views.widgets.quiet_delegate import QuietDelegate

LEAST_ROWS = 4  # that are seen without scrolling


class RaceTable(QTableView):
    """Shows how the lanes stand; ``lanes`` is its model, one row is chosen at a time."""

    def __init__(self) -> None:
        super().__init__()
        self._shape = 0, 0  # rows, and the height of each
        self.lanes = RaceModel()
        self.lanes.setParent(self)
        self.setModel(self.lanes)
        self.cells = QuietDelegate(self)
        self.setItemDelegate(self.cells)
        self.setAccessibleName("How the lanes stand")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    @property
    def chosen(self) -> int:
        """The lane that is chosen, -1 where none is."""
        return self.currentIndex().row()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height_of(len(self.lanes.rows)))

    def minimumSizeHint(self) -> QSize:
        rows = min(len(self.lanes.rows), LEAST_ROWS)
        return QSize(super().minimumSizeHint().width(), self._height_of(rows))

    def _height_of(self, rows: int) -> int:
        head = self.horizontalHeader().sizeHint().height()
        return head + self._row_height * rows + 4

    @property
    def _row_height(self) -> int:
        return round(1.65 * self.fontMetrics().height())

    def show_rows(
        self, rows: tuple[Row, ...], level: float, symbol: str, appearance: Appearance
    ) -> None:
        """Show how the lanes stand; the accuracy only where there are classes."""
        self.lanes.show_rows(rows, level, symbol, appearance.theme, self.font())
        shape = len(rows), self._row_height
        if shape != self._shape:
            self._shape = shape
            self.verticalHeader().setDefaultSectionSize(shape[1])
            self.setIconSize(QSize(shape[1], shape[1]))
            self.setMaximumHeight(self._height_of(len(rows)))
            self.updateGeometry()
        self.setColumnHidden(RIGHT, all(row.standing.accuracy is None for row in rows))
        self._fit_names()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_names()

    def _fit_names(self) -> None:
        """Let the names have what the numbers leave, or no more than they need.

        A header leaves a column that is to stretch as wide as it was, where the others have no
        room.
        """
        numbers = sum(self.columnWidth(column) for column in range(NAME + 1, DIVERGED + 1))
        is_roomy = self.viewport().width() >= numbers + self.sizeHintForColumn(NAME)
        modes = QHeaderView.ResizeMode
        mode = modes.Stretch if is_roomy else modes.ResizeToContents
        if mode != self.horizontalHeader().sectionResizeMode(NAME):
            self.horizontalHeader().setSectionResizeMode(NAME, mode)
