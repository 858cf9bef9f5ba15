"""Screenshots: the window or a panel, saved as PNG or PDF, or copied for slides."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeData, QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from mlpsim.app.background import CancelledError
from mlpsim.app.documents import Documents
from mlpsim.app.filming import Filming
from mlpsim.app.storyboards import Storyboards
from mlpsim.views.widgets.place import Place

SCALES = (1, 2, 3)
FILMS = ((".gif", "GIF"), (".png", "APNG"), (".mp4", "MP4"))
ROUNDS = 3  # of events, in which a panel that comes to the front shows what it was told


class Screenshots(QObject):
    """A menu of figures; a PNG carries the document, so that it can be opened again."""

    said = Signal(str)

    def __init__(
        self,
        documents: Documents,
        places: Mapping[str, Place],
        turn_to: Callable[[str], QWidget],
        further: QMenu,
        filming: Filming,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._documents = documents
        self._window = window
        self._places, self._turn_to, self._further = places, turn_to, further
        self._filming = filming
        self._menu: QMenu | None = None
        self._panels: list[tuple[Place, QMenu]] = []
        titles = {name: place.title for name, place in places.items()}
        self.storyboards = Storyboards(filming.reel, documents, titles, self._panel, window)

    @property
    def menu(self) -> QMenu:
        """The menu of figures, and what stands below them; asking for it makes it."""
        if self._menu is None:
            self._menu = QMenu("Screenshot", self._window)
            self._menu.setObjectName("screenshot menu")
            self._add("Window", lambda: self._window)
            for name, place in self._places.items():
                menu = self._add(place.title, partial(self._panel, name))
                self._panels.append((place, menu))
            self._others = self._menu.addMenu("Other panels")
            self._menu.aboutToShow.connect(self._sort)
            self._menu.addSeparator()
            board = self._menu.addAction("Storyboard…")
            board.setObjectName("storyboard")
            board.setToolTip("Chosen steps on one sheet, as PDF or SVG")
            board.triggered.connect(self.storyboards.ask)
            self._menu.addMenu(self._further)
        return self._menu

    @Slot()
    def _sort(self) -> None:
        """Have the panels on view first, and all others in a menu of their own."""
        for place, panel in self._panels:
            action = panel.menuAction()
            self.menu.removeAction(action)
            self._others.removeAction(action)
            if place.isVisible():
                self.menu.insertAction(self._others.menuAction(), action)
            else:
                self._others.addAction(action)

    def _panel(self, name: str) -> QWidget:
        """A panel as it looks in front."""
        panel = self._turn_to(name)
        for _ in range(ROUNDS):
            QCoreApplication.processEvents()
        return panel

    def _add(self, title: str, figure: Callable[[], QWidget]) -> QMenu:
        menu = self.menu.addMenu(title)
        name = title.lower().replace(" ", "-")
        copy = menu.addAction("Copy")
        copy.setObjectName(f"copy {title}")
        copy.triggered.connect(lambda: self.copy(figure()))
        menu.addSeparator()
        for scale in SCALES:
            action = menu.addAction(f"Save as PNG, {scale}×…")
            action.setObjectName(f"save {title} at {scale}")
            action.triggered.connect(partial(self._ask_for, figure, f"{name}.png", float(scale)))
        for ending, kind in FILMS:
            action = menu.addAction(f"Film the run as {kind}…")
            action.setObjectName(f"film {title} as {kind}")
            action.triggered.connect(partial(self._ask_film, figure, f"{name}{ending}"))
        for kind in ("PDF", "SVG"):
            action = menu.addAction(f"Save as {kind}…")
            action.setObjectName(f"save {title} as {kind}")
            suggestion = f"{name}.{kind.lower()}"
            action.triggered.connect(partial(self._ask_for, figure, suggestion, 1.0))
        return menu

    def show_menu(self, button: QWidget) -> None:
        """The menu below a button."""
        self.menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    @Slot()
    def copy_window(self) -> None:
        """Copy the whole window."""
        self.copy(self._window)

    def copy(self, widget: QWidget) -> None:
        """Put a figure on the clipboard: as an image, as PNG with the document, and as PDF."""
        from mlpsim.app.export import as_figure, picture, png_bytes, vector_bytes

        with as_figure(widget):
            image, pdf = picture(widget, 2.0), vector_bytes(widget, ".pdf")
        mime = QMimeData()
        mime.setImageData(image)
        document, background = self._documents.current(), self._documents.background
        try:
            png = background.do("Copying the picture …", lambda _: png_bytes(image, document))
        except CancelledError:
            return
        mime.setData("image/png", png)
        mime.setData("application/pdf", pdf)
        QApplication.clipboard().setMimeData(mime)
        self.said.emit("The picture is on the clipboard.")

    def _ask_for(self, figure: Callable[[], QWidget], suggestion: str, scale: float) -> None:
        self.ask(figure(), suggestion, scale)

    def ask(self, widget: QWidget, suggestion: str, scale: float) -> None:
        """Ask for a file name and save a figure there."""
        path = self._documents.ask_name("Save a screenshot", suggestion, "Pictures")
        if path is not None:
            self.save(widget, path, scale)

    def _ask_film(self, figure: Callable[[], QWidget], suggestion: str) -> None:
        """Ask for a file name and film a figure there, in full sight."""
        path = self._documents.ask_name("Film the run", suggestion, "Films")
        if path is not None:
            self._filming.film(figure(), path)

    def save(self, widget: QWidget, path: Path, scale: float) -> None:
        """Save a figure."""
        from mlpsim.app.export import as_figure, figure_bytes

        with as_figure(widget):
            make = figure_bytes(widget, path, scale, self._documents.current())
        self._documents.write(path, make)
