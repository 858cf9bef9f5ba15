"""The window: toolbar, columns of cards, transport, and the keys that reach everywhere."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow, QMessageBox

from mlpsim.app import layout
from mlpsim.app.boxes import warn
from mlpsim.app.cards import Cards, Preparation
from mlpsim.app.column import GUTTER
from mlpsim.app.columns import Columns
from mlpsim.app.dialogs import Dialogs
from mlpsim.app.documents import Documents
from mlpsim.app.dropped import dropped_file
from mlpsim.app.filming import Filming
from mlpsim.app.lens_card import LensCard
from mlpsim.app.picking import Picking
from mlpsim.app.preferences import Preferences
from mlpsim.app.preset_desk import PresetDesk
from mlpsim.app.recent import RecentFiles
from mlpsim.app.rows import Rows
from mlpsim.app.screenshots import Screenshots
from mlpsim.app.scroller import Scroller
from mlpsim.app.sheets import Sheets
from mlpsim.app.shortcuts import add_shortcuts
from mlpsim.app.slides import SUFFIX as RAIL_SUFFIX
from mlpsim.app.slides import Slides
from mlpsim.app.tab_order import by_columns, in_reading_order
from mlpsim.app.take_away import TakeAway
from mlpsim.app.type_room import TypeRoom
from mlpsim.views.appearance import em
from mlpsim.views.context import Context
from mlpsim.views.enter_key import presses_a_button
from mlpsim.views.panels.toolbar import Toolbar
from mlpsim.views.panels.transport import TransportPanel
from mlpsim.views.parts.samples.data_import import TEXT_SUFFIXES
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.place import Place
from mlpsim.views.widgets.preset_strip import PresetStrip
from mlpsim.views.widgets.rosetta import RosettaBar

if TYPE_CHECKING:  # imported when the panel is made
    from mlpsim.core.files.rails import Slide
    from mlpsim.views.panels.homework import HomeworkPanel
    from mlpsim.views.panels.table import TablePanel


class Window(QMainWindow):
    """Everything on screen; the state lives in the context's objects."""

    def __init__(self, context: Context, preferences: Preferences | None = None) -> None:
        super().__init__()
        self.setObjectName("window")
        self.context = context
        self._preferences = preferences or Preferences()
        self.cards = Cards(context)
        places = self.cards.places
        self.toolbar = Toolbar(context)
        self.transport = TransportPanel(context)
        self.strip = PresetStrip()
        self.documents = Documents(context, self)
        self.dialogs = Dialogs(context, self)
        self.presets = PresetDesk(
            context.session, self.documents, self.dialogs, self.strip, self.toolbar, self.turn_to
        )
        self.take_away = TakeAway(context.session, self.documents, self)
        self.toolbar.save.setMenu(self.take_away.menu)
        self.filming = Filming(context, self)
        self.screenshots = Screenshots(
            self.documents, places, self.turn_to, self.take_away.menu, self.filming, self
        )
        Picking(context.axis_pick, places["network"], self)
        Sheets(self.documents, places["homework"], self)
        self._recent = RecentFiles(self)
        self._recent.show_files(self._preferences.recent_files)
        self.toolbar.open.setMenu(self._recent)
        self._rows = Rows(GUTTER)
        self.scroller = Scroller(self._rows)
        self.type_room = TypeRoom(self, self.scroller, context.appearance)
        self.preparation = Preparation(self.cards, context, self)
        self.rosetta = RosettaBar(context)
        self.rosetta.setVisible(self._preferences.rosetta)
        self.toolbar.rosetta.setChecked(self._preferences.rosetta)
        self.columns = Columns(places)
        self.slides = Slides(context.session, self.documents, self.cards, self.columns.drawer, self)
        LensCard(context.lens, places["lens"], self.slides)
        self._build()
        self._connect()
        self.setAcceptDrops(True)
        self.resize(layout.screen_size())
        self._arrange()
        self.columns.restore(self._preferences.splitters)
        self._show_title()
        self.setFocus()

    def sizeHint(self) -> QSize:
        return layout.DEFAULT_SIZE

    @property
    def preferences(self) -> Preferences:
        """What is to be remembered of this window."""
        appearance = self.context.appearance
        return replace(
            self._preferences,
            theme=appearance.theme.name,
            point_size=appearance.point_size,
            splitters=dict(self.columns.named_sizes()),
            rosetta=not self.rosetta.isHidden(),
        )

    # -- building ------------------------------------------------------------------------------

    def _build(self) -> None:
        rows = self._rows.rows
        rows.addWidget(self.toolbar)
        rows.addWidget(self.rosetta)
        rows.addWidget(self.strip)
        rows.addWidget(self.columns, 1)
        rows.addWidget(self.transport)
        self.setCentralWidget(self.scroller)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _connect(self) -> None:
        session, appearance = self.context.session, self.context.appearance
        self.toolbar.gallery_requested.connect(self.dialogs.show_gallery)
        self.toolbar.open_requested.connect(self.documents.ask_open)
        self.toolbar.save_requested.connect(self.documents.save)
        show_menu = partial(self.screenshots.show_menu, self.toolbar.screenshot)
        self.toolbar.screenshot_requested.connect(show_menu)
        self.toolbar.help_requested.connect(self.dialogs.show_help)
        self.toolbar.slides_requested.connect(self.slides.toggle)
        self.toolbar.rosetta_requested.connect(self.rosetta.toggle)
        self.rosetta.toggled.connect(self.toolbar.rosetta.setChecked)
        self.toolbar.homework_requested.connect(self.toggle_homework)
        self.columns.drawer.turned.connect(self._show_drawer)
        self.slides.shown.connect(self._on_slide)
        self.slides.shown.connect(self.columns.show_all)
        self.documents.changed.connect(self._show_title)
        self.screenshots.said.connect(session.said)
        self.documents.opened.connect(self._remember)
        self.documents.chosen.connect(self.open_file)
        self._recent.chosen.connect(self.documents.open)
        session.failed.connect(self._on_failed)
        session.undo_stack.cleanChanged.connect(self._show_title)
        appearance.changed.connect(self._arrange)
        self.type_room.refused.connect(session.said)
        self.columns.turned.connect(self.type_room.look)
        undo = session.undo_stack
        actions: dict[str, Callable[[], object]] = {
            "undo": undo.undo,
            "redo": undo.redo,
            "save": self.documents.save,
            "save as": self.documents.save_as,
            "open": self.documents.ask_open,
            "presets": self.dialogs.show_gallery,
            "help": self.dialogs.show_help,
            "paste": self.paste,
            "copy figure": self.screenshots.copy_window,
            "larger type": partial(appearance.scale_type, 1),
            "smaller type": partial(appearance.scale_type, -1),
            "usual type": partial(appearance.scale_type, 0),
            "quit": self.close,
        }
        add_shortcuts(self, actions)

    @Slot()
    def _arrange(self) -> None:
        """Use the room that there is."""
        line = em(self.context.appearance.point_size)
        low = layout.TALL if self.width() < layout.WIDE * line else layout.LOW
        self.strip.set_brief(self.height() < low * line)
        self.columns.arrange(self.size(), line)

    # -- requests ------------------------------------------------------------------------------

    def turn_to(self, name: str) -> Card:
        """Show a panel, wherever it stands."""
        place = self.cards.places[name]
        self.columns.turn_to(place)
        return place.card

    @Slot()
    def paste(self) -> None:
        """Paste the clipboard's table of data."""
        cast("TablePanel", self.cards["table"]).paste()

    @Slot()
    def toggle_homework(self) -> None:
        """Open the homework in the place of the left column, ready to be typed in, or close it."""
        place = self.cards.places["homework"]
        self.columns.drawer.toggle(place)
        if self.columns.drawer.place is place:
            cast("HomeworkPanel", place.card).take_keys()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or leave it as it was."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    @Slot(object)
    def _show_drawer(self, place: Place | None) -> None:
        places = self.cards.places
        self.toolbar.slides.setChecked(place is places["rail"])
        self.toolbar.homework.setChecked(place is places["homework"])

    @Slot(object)
    def open_file(self, path: Path) -> None:
        """Open a document, a picture that carries one, presets, a rail, or a table of data."""
        suffix = path.suffix.lower()
        if suffix in TEXT_SUFFIXES:
            cast("TablePanel", self.cards["table"]).load(path)
        elif suffix != RAIL_SUFFIX:
            self.documents.open(path)
        elif not self.presets.open_file(path):
            self.slides.open(path)

    @Slot(object)
    def _on_slide(self, slide: "Slide") -> None:
        self.presets.name(slide.title, slide.experiment.problem.data)

    @Slot()
    def pause(self) -> None:
        """Stop playing: something went wrong elsewhere."""
        self.context.player.pause()

    @Slot(object)
    def _remember(self, path: Path) -> None:
        self._preferences = self._preferences.with_recent(path)
        self._recent.show_files(self._preferences.recent_files)
        self.presets.name(path.name)

    @Slot(str)
    def _on_failed(self, message: str) -> None:
        """A job failed: said here and nowhere else, the run paused, everything kept."""
        self.context.player.pause()
        if self.findChild(QMessageBox, "failure box") is not None:
            return  # what fails while the box stands fails for the same experiment
        what = "A computation failed, and the run is paused. Nothing is lost."
        advice = f"{message}\nChange the experiment or undo, then play again."
        warn(self, "failure box", what, advice)

    @Slot()
    def _show_title(self) -> None:
        session = self.context.session
        mark = " •" if session.is_modified else ""
        self.setWindowTitle(f"{session.document_name}{mark} – mlpsim")

    # -- Qt's events ---------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no focused widget wanted: text entries and tables come first."""
        player = self.context.player
        actions: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Space: player.toggle,
            Qt.Key.Key_Right: player.step,
            Qt.Key.Key_Left: player.step_back,
            Qt.Key.Key_Home: player.to_start,
            Qt.Key.Key_End: player.to_end,
            Qt.Key.Key_F2: self.slides.toggle,
            Qt.Key.Key_F3: self.rosetta.toggle,
            Qt.Key.Key_F4: self.toggle_homework,
            Qt.Key.Key_F10: self.columns.toggle_alone,
            Qt.Key.Key_F11: self.toggle_full_screen,
            Qt.Key.Key_Escape: self.columns.show_all,
        }
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        action = actions.get(event.key()) if plain else None
        if action is not None:
            action()
        elif not presses_a_button(event, self):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes on as one reads, and what is hidden leaves the keys to the window itself."""
        cards = by_columns(self.cards.places.values())
        parts = (self.toolbar, self.rosetta, self.strip, *cards, self.transport)
        focused = self.focusWidget() or self
        order = [self, *in_reading_order(parts, focused)]
        ahead = (order.index(focused) + (1 if next else -1)) if focused in order else 0
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        order[ahead % len(order)].setFocus(reason)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.preparation.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.documents.may_discard():
            event.ignore()
            return
        self.hide()  # at once: what is being computed may take a moment to end
        self.context.session.end()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()
        else:
            self.cards["table"].dragEnterEvent(event)  # tables of data, wherever they are dropped

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.open_file(path)
        else:
            self.cards["table"].dropEvent(event)
