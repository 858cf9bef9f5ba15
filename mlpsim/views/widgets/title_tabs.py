"""Titles as tabs in a card's header; those that have no room stand in a menu."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QTabBar, QToolButton, QWidget

from mlpsim.views.stylesheet import TAB_GAP

HEIGHT_OF_EM = 1.21  # of Inter
_RESTYLED = (QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.Polish)


class _Bar(QTabBar):
    """A tab bar that tells how wide a tab is, be it shown or not; a double click passes through."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def width_of(self, place: int) -> int:
        return self.tabSizeHint(place).width()


class TitleTabs(QWidget):
    """A bar of titles with one of them chosen for good; ``chosen`` carries another's place.

    No title is cut: where not all have room, the last ones but the chosen one go into ``more``.
    """

    chosen = Signal(int)

    def __init__(self, titles: Sequence[str], place: int) -> None:
        super().__init__()
        self._place = place
        self.bar = _Bar(self)
        self.bar.setObjectName("titles")
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self.bar.setUsesScrollButtons(False)
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.bar.setAccessibleName("Panels here")
        self.bar.setCursor(Qt.CursorShape.PointingHandCursor)
        for title in titles:
            tip = f"Show {title}; a double click lets it stand alone (F10)"
            self.bar.setTabToolTip(self.bar.addTab(title), tip)
        self.bar.setCurrentIndex(place)
        self.bar.currentChanged.connect(self.chosen)
        self.more = QToolButton(self)
        self.more.setProperty("role", "more")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.setCursor(Qt.CursorShape.PointingHandCursor)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self.more)
        self._menu.triggered.connect(self._on_triggered)
        self.more.setMenu(self._menu)
        self.more.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._limit()

    @property
    def titles_in_menu(self) -> list[str]:
        """The titles that have no room."""
        return [action.text() for action in self._menu.actions()]

    def _limit(self) -> None:
        """Take no more room than all titles need."""
        self.setMaximumWidth(sum(self.bar.width_of(i) for i in range(self.bar.count())))

    def sizeHint(self) -> QSize:
        """As little as there may be: a card's tools come first."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        own = self.bar.width_of(self._place)
        return QSize(own + self._room_for_more(), self.bar.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _RESTYLED:
            self._limit()
            self.updateGeometry()
            if self.isVisible():
                self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.updateGeometry()  # the button has its type only now
        self._arrange()

    @property
    def _gap(self) -> int:
        """The empty space behind a title, which the last one does not need."""
        return int(TAB_GAP * self.fontMetrics().height() / HEIGHT_OF_EM)

    def _room_for_more(self) -> int:
        widest = f"{self.bar.count()} more"
        return self.more.fontMetrics().horizontalAdvance(widest) + 2 * self.fontMetrics().xHeight()

    def _arrange(self) -> None:
        """Show the titles that fit, and the button if there are others."""
        shown = self._shown()
        places = range(self.bar.count())
        for place in places:
            if self.bar.isTabVisible(place) != (place in shown):
                self.bar.setTabVisible(place, place in shown)
        width = sum(self.bar.width_of(place) for place in shown)
        self.bar.setGeometry(0, 0, width, self.height())
        self.more.setGeometry(width, 0, self._room_for_more(), self.height())
        self._fill_menu([place for place in places if place not in shown])

    def _shown(self) -> set[int]:
        widths = [self.bar.width_of(place) for place in range(self.bar.count())]
        if sum(widths) - self._gap <= self.width():
            return set(range(len(widths)))
        room = self.width() - self._room_for_more() - widths[self._place]
        shown = {self._place}
        for place, width in enumerate(widths):
            if place != self._place:
                room -= width
                if room < 0:
                    break
                shown.add(place)
        return shown

    def _fill_menu(self, places: Sequence[int]) -> None:
        titles = [self.bar.tabText(place) for place in places]
        self.more.setVisible(bool(places))
        if titles == self.titles_in_menu:
            return
        self._menu.clear()
        for place, title in zip(places, titles, strict=True):
            self._menu.addAction(title).setData(place)
        self.more.setText(f"{len(titles)} more")
        self.more.setToolTip(f"Show {', '.join(titles)}")
        self.more.setAccessibleName(f"More panels here: {', '.join(titles)}")

    @Slot(QAction)
    def _on_triggered(self, action: QAction) -> None:
        self.chosen.emit(action.data())
