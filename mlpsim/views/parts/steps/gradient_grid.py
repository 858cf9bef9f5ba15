"""The grid of gradients: scrolled by rows and columns, walked through by keys, pointed at."""

from PySide6.QtCore import QEvent, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea

from mlpsim.core.arrays import Indices
from mlpsim.core.lessons.gradient_table import GradientTable
from mlpsim.views import labels
from mlpsim.views.items.focus import paint_focus
from mlpsim.views.items.gradient_picture import GradientPicture, Line
from mlpsim.views.theme import Theme
from mlpsim.views.widgets.quiet_delegate import QUIET


class GradientGrid(QAbstractScrollArea):
    """Shows a table of gradients; samples, errors and sums stay in sight while it is scrolled.

    It emits the sample that is pointed at or chosen, and the parameter whose column is chosen.
    """

    row_pointed = Signal(object)
    row_chosen = Signal(object)
    column_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Table of the gradients")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.picture = GradientPicture()
        self._is_quiet = False

    # -- what is shown -------------------------------------------------------------------------

    def show_table(
        self, table: GradientTable, classes: Indices | None, feet: tuple[str, ...]
    ) -> None:
        """Show a table, whose feet have these names."""
        picture = self.picture
        before, picture.table = picture.table, table
        if before is None or before.problem.network != table.problem.network:
            picture.forget_widths()
        picture.classes = classes
        picture.members = frozenset() if table.batch is None else frozenset(table.batch.tolist())
        picture.feet = tuple(
            Line(name, foot.value, foot.gradient)
            for name, foot in zip(feet, table.feet, strict=True)
        )
        self._lay_out()

    def set_quiet(self, quiet: bool) -> None:
        """Paint faint what is of an earlier state."""
        self._is_quiet = quiet
        self.viewport().update()

    def show_theme(self, theme: Theme) -> None:
        self.picture.theme = theme
        self._lay_out()

    def show_sample(self, sample: int | None, bring: bool = False) -> None:
        """Highlight a row; ``bring`` scrolls to it."""
        self.picture.brushed = sample
        if bring and sample is not None:
            bar = self.verticalScrollBar()
            bar.setValue(min(max(bar.value(), sample - bar.pageStep() + 1), sample))
        self.viewport().update()

    def show_parameter(self, parameter: int | None) -> None:
        """Highlight a column, and bring it into sight."""
        self.picture.parameter = parameter
        if parameter is not None:
            self._lay_out()  # columns may have become wider since
            bar = self.horizontalScrollBar()
            bar.setValue(min(max(bar.value(), parameter - bar.pageStep() + 1), parameter))
        self.viewport().update()

    def texts(self, row: int, most: int) -> tuple[str, ...]:
        """What the row of a sample says, of at most so many parameters."""
        assert self.picture.table is not None
        gradient = self.picture.table.rows(row, row + 1)[1][0, :most]
        return tuple(map(labels.number, gradient.tolist()))

    def foot(self, place: int, most: int = 12) -> tuple[str, ...]:
        """What a row below the samples says: its name, its error and its gradient."""
        line = self.picture.feet[place]
        error = "" if line.error is None else labels.number(line.error)
        return line.name, error, *map(labels.number, line.gradient[:most].tolist())

    # -- Qt ------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        em = QFontMetricsF(self.font()).height()
        return QSize(round(20 * em), round(12 * em))

    def minimumSizeHint(self) -> QSize:
        em = QFontMetricsF(self.font()).height()
        return QSize(round(12 * em), round(7 * em))

    def _lay_out(self) -> None:
        picture, table = self.picture, self.picture.table
        picture.font, picture.size = self.font(), QSizeF(self.viewport().size())
        if table is not None:
            rows, columns = picture.rows_in_sight, picture.columns_in_sight
            self.verticalScrollBar().setRange(0, max(0, len(table) - rows))
            self.verticalScrollBar().setPageStep(rows)
            self.horizontalScrollBar().setRange(0, max(0, table.n_columns - columns))
            self.horizontalScrollBar().setPageStep(columns)
        self.scrollContentsBy(0, 0)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.picture.first_row = self.verticalScrollBar().value()
        self.picture.first_column = self.horizontalScrollBar().value()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(QUIET if self._is_quiet else 1.0)
            is_other = self.picture.paint(painter)
            painter.setOpacity(1.0)
            if self.hasFocus():
                paint_focus(painter, QRectF(self.viewport().rect()), self.picture.theme)
        if is_other:
            QTimer.singleShot(0, self, self._lay_out)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.picture.forget_widths()
            self._lay_out()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.row_pointed.emit(self.picture.row_at(event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        self.row_pointed.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        row = self.picture.row_at(event.position().y())
        column = self.picture.column_at(event.position().x())
        if row is not None:
            self.row_chosen.emit(row)
        if column is not None:
            self.column_chosen.emit(column)

    def event(self, event: QEvent) -> bool:
        # Before the window's shortcuts: here the arrows walk through the rows.
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and self._target(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        target = self._target(event)
        if target is None:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.row_chosen.emit(None)
            self.column_chosen.emit(None)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.column_chosen.emit(target)
        else:
            self.row_chosen.emit(target)

    def _target(self, event: QKeyEvent) -> int | None:
        """The row or column that a key leads to; None if it is no key of the grid."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self.picture.table is None or held != Qt.KeyboardModifier.NoModifier:
            return None
        key, page = event.key(), self.picture.rows_in_sight
        if key == Qt.Key.Key_Escape:
            return -1
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            column = -1 if self.picture.parameter is None else self.picture.parameter
            return min(max(column + step, 0), self.picture.table.n_columns - 1)
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -len(self.picture.table),
            Qt.Key.Key_End: len(self.picture.table),
        }
        if key not in steps:
            return None
        row = -1 if self.picture.brushed is None else self.picture.brushed
        return min(max(row + steps[Qt.Key(key)], 0), len(self.picture.table) - 1)
