"""The rail: a lecture's slides as a list, and what the chosen one says, shows and asks."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
)

from mlpsim.core.files.rails import Rail, Slide, lecture_rail
from mlpsim.views.appearance import em
from mlpsim.views.context import Context
from mlpsim.views.labels.plain import plain, unbroken
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.formula import FormulaLabel
from mlpsim.views.widgets.icon_button import IconButton
from mlpsim.views.widgets.message import Message

INVITATION = "Choose a slide: the window then shows what it is about. Page Down goes to the next."
LEAST_ROWS = 2  # of the list: the slide and its neighbour
ROW = 1.75  # height of a row in units of the type
FIGURE_SPACE = "\u2007"  # as wide as a digit


class SlideList(QListWidget):
    """A list whose chosen row stays in sight when its height changes.

    The focus alone chooses no row, as it does in other lists: a slide replaces the run.
    """

    def focusInEvent(self, event: QFocusEvent) -> None:
        row = self.currentRow()
        with QSignalBlocker(self):
            super().focusInEvent(event)
            self.setCurrentRow(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.currentItem() is not None:
            self.scrollToItem(self.currentItem())


class RailPanel(Card):
    """Asks for what a slide is about; the lecture's own rail is read when the panel is first seen.

    Page Up and Page Down, which a presenter's remote control sends, reach it from the whole window
    while it is seen.
    """

    slide_chosen = Signal(object)  # Slide
    rail_requested = Signal()
    closed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__("Slides", "")
        self.setObjectName("rail")
        self._appearance = context.appearance
        self._rail: Rail | None = None  # until the panel is first seen
        self._build()
        self._connect()
        self._size_rows()
        self._show_slide(-1)

    @property
    def slide(self) -> Slide | None:
        """The slide that is chosen."""
        row = self.list.currentRow()
        return self._rail.slides[row] if self._rail is not None and row >= 0 else None

    def set_rail(self, rail: Rail) -> None:
        """List another rail, with no slide chosen."""
        self._rail = rail
        self.set_subtitle(rail.title)
        with QSignalBlocker(self.list):
            self.list.clear()
            for number, slide in enumerate(rail.slides, 1):
                item = QListWidgetItem(f"{number:{FIGURE_SPACE}>2}   {slide.title}")
                item.setToolTip(plain(slide.question))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"Slide {number}: {slide.title}")
                self.list.addItem(item)
            self.list.setCurrentRow(-1)
        self._size_rows()
        self._show_slide(-1)

    def put_back(self, slide: Slide | None) -> None:
        """Choose this slide, or none, without asking for what it is about."""
        slides = self._rail.slides if self._rail is not None else ()
        row = slides.index(slide) if slide in slides else -1
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(row)
        self._show_slide(row)

    # -- construction --------------------------------------------------------------------------

    def _build(self) -> None:
        self.open_button = IconButton("open", "Open a rail of your own …", 1.1)
        self.close_button = IconButton("close", "Close the slides (F2)", 1.1)
        for button in (self.open_button, self.close_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.header.addWidget(button)
        self.list = SlideList()
        self.list.setObjectName("slides")
        self.list.setAccessibleName("Slides")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.heading, self.text = Message("title", selectable=True), Message("", selectable=True)
        self.question = Message("secondary", selectable=True)
        self.formula = FormulaLabel()
        self.formula.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.previous, self.next = QPushButton("Previous"), QPushButton("Next")
        self.previous.setToolTip("The slide before (Page Up)")
        self.previous.setAccessibleName("Previous slide")
        self.next.setToolTip("The slide after (Page Down)")
        self.next.setAccessibleName("Next slide")
        self.place = QLabel()
        self.place.setProperty("role", "secondary")
        self.place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout()
        row.addWidget(self.previous)
        row.addWidget(self.place, 1)
        row.addWidget(self.next)
        self.body.addWidget(self.list, 1)
        for widget in (self.heading, self.text, self.formula, self.question):
            self.body.addWidget(widget)
        self.add_tools(row)

    def _connect(self) -> None:
        self.open_button.clicked.connect(self.rail_requested)
        self.close_button.clicked.connect(self.closed)
        self.list.currentRowChanged.connect(self._choose)
        self.list.itemActivated.connect(self._choose_again)
        self.previous.clicked.connect(self.go_back)
        self.next.clicked.connect(self.go_on)
        for key, action in ((Qt.Key.Key_PageUp, self.go_back), (Qt.Key.Key_PageDown, self.go_on)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setObjectName(f"{action.__name__} shortcut")
            shortcut.activated.connect(action)
        self._appearance.changed.connect(self._size_rows)
        self.figure_turned.connect(self._on_figure_turned)

    # -- requests ------------------------------------------------------------------------------

    @Slot()
    def go_on(self) -> None:
        """Choose the next slide; the first where none is chosen."""
        self.list.setCurrentRow(min(self.list.currentRow() + 1, self.list.count() - 1))

    @Slot()
    def go_back(self) -> None:
        """Choose the slide before."""
        self.list.setCurrentRow(max(self.list.currentRow() - 1, 0))

    @Slot(int)
    def _choose(self, row: int) -> None:
        self._show_slide(row)
        if self.slide is not None:
            self.slide_chosen.emit(self.slide)

    @Slot()
    def _choose_again(self) -> None:
        """Once more, whatever has been changed since."""
        self._choose(self.list.currentRow())

    # -- what is shown -------------------------------------------------------------------------

    def _show_slide(self, row: int) -> None:
        slides = self._rail.slides if self._rail is not None else ()
        slide = slides[row] if row >= 0 else None
        self.heading.say(slide.title if slide else "")
        invitation = "" if self.is_figure else INVITATION
        self.text.say(unbroken(slide.text) if slide else invitation)
        question = f"Question: {slide.question}" if slide and slide.question else ""
        self.question.say(unbroken(question))
        self.formula.set_tex(slide.formula if slide else "", slide.words if slide else "")
        self.formula.setVisible(bool(slide and slide.formula))
        self.place.setText(f"{row + 1} / {len(slides)}" if slide else "")
        self.previous.setEnabled(row > 0)
        self.next.setEnabled(row + 1 < len(slides))

    @Slot()
    def _on_figure_turned(self) -> None:
        self._show_slide(self.list.currentRow())

    @Slot()
    def _size_rows(self) -> None:
        height = round(ROW * em(self._appearance.point_size))
        for row in range(self.list.count()):
            self.list.item(row).setSizeHint(QSize(0, height))
        self.list.setMinimumHeight(LEAST_ROWS * height)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._rail is None:
            self.set_rail(lecture_rail())
