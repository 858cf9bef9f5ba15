"""Slides: what a slide of the rail is about, put in place of the document."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from mlpsim.app.boxes import warn
from mlpsim.app.cards import Cards
from mlpsim.app.column import bring_to_front
from mlpsim.app.documents import Documents
from mlpsim.app.drawer import Drawer
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.session.files import read_whole
from mlpsim.session.session import Session
from mlpsim.views.catalogue import PANELS

if TYPE_CHECKING:  # imported when the panel is made
    from mlpsim.core.files.rails import Slide
    from mlpsim.views.panels.rail import RailPanel

RAIL_FILTER = "Rails (*.json);;All files (*)"
SUFFIX = ".json"


class Slides(QObject):
    """Applies the slide that is chosen in the panel, and opens rails.

    Unsaved changes are asked about once: whoever discards them on one slide is not asked again
    until another document or another rail is opened, or this one saved.
    """

    shown = Signal(object)  # Slide, once its experiment is in place

    def __init__(
        self,
        session: Session,
        documents: Documents,
        cards: Cards,
        drawer: Drawer,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._documents, self._cards = session, documents, cards
        self._drawer, self._window = drawer, window
        self._slide: Slide | None = None  # the last one that was put in place
        self._asked: Slide | None = None  # the one whose run is being replayed
        self._may_go = False
        self._place = cards.places["rail"]
        self._place.made.connect(self._serve)
        documents.changed.connect(self._on_changed)

    @property
    def _panel(self) -> "RailPanel":
        return cast("RailPanel", self._place.card)

    @Slot(object)
    def _serve(self, panel: "RailPanel") -> None:
        # Not from within the list's own event: a question may come first.
        panel.slide_chosen.connect(self.show_slide, Qt.ConnectionType.QueuedConnection)
        panel.rail_requested.connect(self.ask_open)
        panel.closed.connect(self.toggle)

    @Slot()
    def toggle(self) -> None:
        """Open the slides in the place of the left column, or close them."""
        self._drawer.toggle(self._place)

    @Slot(object)
    def show_slide(self, slide: "Slide") -> None:
        """Put the slide's experiment in place, unless unsaved changes are to be kept."""
        if not self._may_replace():
            self._panel.put_back(self._slide)
            return
        self._asked = slide
        self._documents.put(slide.document())

    @Slot()
    def ask_open(self) -> None:
        """Ask for a rail and open it."""
        folder = str(self._documents.folder)
        path, _ = QFileDialog.getOpenFileName(self._window, "Open a rail", folder, RAIL_FILTER)
        if path:
            self.open(Path(path))

    def open(self, path: Path) -> None:
        """List the rail in a file and open the slides; a broken one is refused with its place."""
        from mlpsim.core.files.rails import check_panels, read_rail
        from mlpsim.views.widgets.typesetting import flaw

        try:
            rail = read_rail(read_whole(path))
            check_panels(rail, [spec.id for spec in PANELS])
            for i, slide in enumerate(rail.slides):
                if slide.formula and (what := flaw(slide.formula)):
                    raise DocumentError(what, f"$.slides[{i}].formula")
        except DocumentError as error:
            warn(self._window, "rail box", f"{path.name} cannot be opened", str(error))
            return
        self._documents.folder = path.parent
        self._slide = None
        self._may_go = False
        self._panel.set_rail(rail)
        if self._drawer.place is not self._place:
            self.toggle()

    def _may_replace(self) -> bool:
        if self._session.is_modified and not self._may_go:
            if not self._documents.may_discard():
                return False
            self._may_go = self._session.is_modified  # given up, not saved
        return True

    @Slot()
    def _on_changed(self) -> None:
        slide, self._asked = self._asked, None
        session = self._session
        if slide is None or session.path or session.run.segments[0].experiment != slide.experiment:
            self._may_go = False
            return
        self._slide = slide
        session.selection.select_sample(slide.sample)
        known = self._cards.places
        places = [known[panel] for panel in slide.panels if panel in known]
        bring_to_front(places)
        self._drawer.reveal(places)
        self.shown.emit(slide)
