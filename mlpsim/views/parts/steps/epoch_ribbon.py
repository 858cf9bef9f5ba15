"""The epoch ribbon: the visits of an epoch as chips, batches bracketed, the one in use lit."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip

from mlpsim.core.classes import classes_of
from mlpsim.core.dataset import Dataset
from mlpsim.core.lessons.epoch import Epoch
from mlpsim.views.appearance import sized
from mlpsim.views.items.focus import paint_focus
from mlpsim.views.items.markers import class_colour, draw_marker
from mlpsim.views.items.ribbon_layout import Chip, Ribbon, lay_out
from mlpsim.views.items.roomy import Roomy
from mlpsim.views.labels import class_name, whole
from mlpsim.views.labels.plain import plain
from mlpsim.views.theme import Theme, mix

_AHEAD = 0.45  # how strong a chip is whose step is still to come


class EpochRibbon(Roomy):
    """``chosen`` carries the sample whose chip was clicked or reached with the arrows."""

    chosen = Signal(int)

    def __init__(self, epoch: Epoch, data: Dataset, theme: Theme) -> None:
        super().__init__((24, 6), (10, 3))
        self.setAccessibleName("Order of the samples in this epoch")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._epoch, self._data, self._theme = epoch, data, theme
        self._labels = _labels(data)
        self._selected: int | None = None
        self._visit: int | None = None
        self.ribbon = self._laid_out()

    def show_epoch(self, epoch: Epoch, data: Dataset, theme: Theme, selected: int | None) -> None:
        """Show another epoch of some data, with a sample highlighted."""
        if data is not self._data:
            self._labels = _labels(data)
        visit = self._visit
        is_kept = visit is not None and visit < len(epoch.order) and epoch.order[visit] == selected
        self._visit = visit if is_kept else None
        self._epoch, self._data, self._theme, self._selected = epoch, data, theme, selected
        self.ribbon = self._laid_out()
        self.update()

    def chip_at(self, at: QPointF) -> Chip | None:
        """The chip under a pixel."""
        return next((chip for chip in self.ribbon.chips if chip.rect.contains(at)), None)

    def _small(self) -> QFont:
        return sized(self.font(), 0.92)

    def _laid_out(self) -> Ribbon:
        metrics = QFontMetricsF(self._small())
        number = metrics.horizontalAdvance("0" * len(str(len(self._data))))
        area = QRectF(self.rect()).adjusted(2.0, 2.0, -2.0, -2.0)
        return lay_out(self._epoch, area, metrics.height(), number)

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self._small())
            self._paint_brackets(painter)
            for chip in self.ribbon.chips:
                self._paint_chip(painter, chip, int(self._epoch.order[chip.visit]))
            if self.hasFocus():
                paint_focus(painter, QRectF(self.rect()), self._theme)

    def _paint_brackets(self, painter: QPainter) -> None:
        theme = self._theme
        for batch, rect in self.ribbon.brackets:
            lit = batch == self._epoch.place
            painter.setPen(QPen(theme.accent if lit else theme.border, 2.0 if lit else 1.0))
            painter.setBrush(mix(theme.card, theme.accent, 0.25) if lit else theme.field)
            painter.drawRoundedRect(rect, 5.0, 5.0)

    def _paint_chip(self, painter: QPainter, chip: Chip, sample: int) -> None:
        theme, height = self._theme, chip.rect.height()
        place = -1 if self._epoch.place is None else self._epoch.place
        strength = _AHEAD if chip.batch > place else 1.0
        label = 0 if self._labels is None else self._labels[sample]
        colour = theme.secondary if self._labels is None else class_colour(theme, label)
        middle = chip.rect.center()
        has_numbers = self.ribbon.has_numbers
        at = QPointF(chip.rect.left() + 0.42 * height, middle.y()) if has_numbers else middle
        draw_marker(
            painter,
            at,
            label,
            (0.2 if has_numbers else 0.32) * height,
            mix(theme.field, colour, strength),
            None,
        )
        if has_numbers:
            ink = theme.text if chip.batch == place else theme.secondary
            painter.setPen(ink)
            painter.drawText(
                chip.rect.adjusted(0.76 * height, 0.0, 0.0, 0.0), _LEFT, str(sample + 1)
            )
        if sample == self._selected:
            painter.setPen(QPen(theme.text, 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(chip.rect.adjusted(0.8, 0.8, -0.8, -0.8), 4.0, 4.0)

    # -- Qt ------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.ribbon = self._laid_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.ribbon = self._laid_out()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        chip = self.chip_at(event.position())
        if chip is not None and event.button() == Qt.MouseButton.LeftButton:
            self._choose(chip.visit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
            return
        visit = self._current()
        start = visit + by if visit is not None else 0
        self._choose(min(max(start, 0), len(self._epoch.order) - 1))

    def event(self, event: QEvent) -> bool:
        # Before the window's shortcuts: here the arrows walk along the chips.
        if event.type() == QEvent.Type.ShortcutOverride and _is_arrow(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            chip = self.chip_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), plain(self._words(chip)) if chip else "", self)
            return True
        return super().event(event)

    def _current(self) -> int | None:
        """The visit that the arrows go on from: the one chosen here, else the sample's first."""
        if self._visit is not None or self._selected is None:
            return self._visit
        visits = (self._epoch.order == self._selected).nonzero()[0]
        return int(visits[0]) if len(visits) else None

    def _choose(self, visit: int) -> None:
        self._visit = visit
        self.chosen.emit(int(self._epoch.order[visit]))

    def _words(self, chip: Chip) -> str:
        sample = int(self._epoch.order[chip.visit])
        of_class = "" if self._labels is None else f", class {class_name(self._labels[sample])}"
        batch = f"step {whole(chip.batch + 1)} of {whole(self._epoch.steps)} in this epoch"
        return f"sample {whole(sample + 1)}{of_class}: {batch}"


def _labels(data: Dataset) -> list[int] | None:
    classes = classes_of(data)
    return None if classes is None else classes.tolist()


def _is_arrow(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() in _ARROWS and not event.modifiers()


_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
