"""Paints the items of a list as cards: a picture over a title of two lines."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mlpsim.views.appearance import Appearance, app_font, em
from mlpsim.views.theme import mix

PICTURE = (16.6, 10.0)  # width and height in units of the type
PADDING, GAP, TITLE = 0.7, 0.45, 2.6
RADIUS = 8.0


class PictureDelegate(QStyledItemDelegate):
    """The picture is the item's decoration, a pixmap of ``picture_size``."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def picture_size(self) -> QSize:
        """The size of a picture in logical pixels."""
        unit = em(self._appearance.point_size)
        return QSize(round(PICTURE[0] * unit), round(PICTURE[1] * unit))

    def cell_size(self) -> QSize:
        """The size of a card in logical pixels."""
        unit, picture = em(self._appearance.point_size), self.picture_size()
        height = picture.height() + round((2 * PADDING + GAP + TITLE) * unit)
        return QSize(picture.width() + round(2 * PADDING * unit), height)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return self.cell_size()

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, unit = self._appearance.theme, em(self._appearance.point_size)
        state = option.state
        area = QRectF(option.rect).adjusted(2, 2, -2, -2)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.setPen(QPen(theme.accent if selected else theme.border, 2.0 if selected else 1.0))
        fill = mix(theme.card, theme.accent, 0.12) if selected else theme.card
        painter.setBrush(theme.hover if hovered and not selected else fill)
        painter.drawRoundedRect(area, RADIUS, RADIUS)
        size, inset = self.picture_size(), PADDING * unit - 2.0
        picture = QRectF(area.x() + inset, area.y() + inset, size.width(), size.height())
        pixmap = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(pixmap, QPixmap):
            painter.drawPixmap(picture.toRect(), pixmap)
        else:
            painter.fillRect(picture, theme.plot)
        title = QRectF(picture.x(), picture.bottom() + GAP * unit, picture.width(), TITLE * unit)
        wrap = QTextOption()
        wrap.setWrapMode(QTextOption.WrapMode.WordWrap)
        painter.setPen(theme.text)
        painter.setFont(app_font(0.9 * self._appearance.point_size))
        painter.drawText(title, str(index.data(Qt.ItemDataRole.DisplayRole)), wrap)
        painter.restore()
