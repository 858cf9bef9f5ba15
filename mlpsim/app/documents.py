"""Documents: opening and saving from the window, and asking before anything is lost."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from mlpsim.app.background import Background, CancelledError
from mlpsim.app.boxes import warn
from mlpsim.core.arrays import Array
from mlpsim.core.files.document import Document, Interrupted, new_document
from mlpsim.core.files.presets import Preset, Variant
from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.race import Race
from mlpsim.core.run import Run
from mlpsim.session import files
from mlpsim.session.opening import Replay, document_on_view, guide_of, show_view
from mlpsim.session.worker import Worker
from mlpsim.views.context import Context
from mlpsim.views.labels.engine_words import replayed_with_numpy
from mlpsim.views.labels.plain import plain
from mlpsim.views.widgets.save_name import ask_save_name
from mlpsim.views.widgets.waiting import Waiting

Read = TypeVar("Read")

OPEN_FILTER = (
    "Documents, pictures, slides, presets and tables (*.mlpsim *.png *.json *.csv *.tsv *.txt)"
    ";;All files (*)"
)


class Documents(QObject):
    """Opens and saves the session's document; every failure is a message, and nothing is lost."""

    changed = Signal()  # name or state of saving
    opened = Signal(object)  # Path of a document that was opened or saved
    chosen = Signal(object)  # Path of a file that a person wants opened, of any kind

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self._worker = Worker("opening", self, self._on_replayed, self._on_failed)
        self.background = Background("files", window)
        self._waiting = Waiting("opening progress", window)
        self._waiting.cancelled.connect(self._worker.cancel)
        context.session.ended.connect(self.stop)
        self.folder = Path()  # where dialogs begin: that of the last file

    def current(self) -> Document:
        """The document on screen."""
        return document_on_view(self._context.session, self._context.landscape)

    # -- opening -------------------------------------------------------------------------------

    @Slot()
    def ask_open(self) -> None:
        """Ask for a file to open."""
        folder = str(self.folder)
        path, _ = QFileDialog.getOpenFileName(self._window, "Open", folder, OPEN_FILTER)
        if path:
            self.chosen.emit(Path(path))

    def open(self, path: Path) -> None:
        """Open a document or a picture that carries one; the present stays if it cannot be."""
        document = self.read(path, files.open_document)
        if document is not None and self.may_discard():
            self._start(document, path, 0)

    def read(self, path: Path, how: Callable[[Path], Read]) -> Read | None:
        """What a function finds in a file; None if it cannot be read, which is said, or not now."""
        try:
            return self.background.do(f"Reading {path.name} …", lambda _cancelled: how(path))
        except CancelledError:
            return None
        except DocumentError as error:
            self._say(f"{path.name} cannot be opened", str(error))
            return None

    def open_preset(self, preset: Preset, variant: Variant, race: Race) -> bool:
        """Put a variant of a preset in place; False if unsaved changes are kept instead."""
        if not self.may_discard():
            return False
        document = replace(new_document(variant.experiment, preset.view), race=race)
        self._start(document, None, variant.steps)
        return True

    def put(self, document: Document) -> None:
        """Put a new document in place, its run replayed; unsaved changes are not asked about."""
        self._start(document, None, document.last)

    def _start(self, document: Document, path: Path | None, steps: int) -> None:
        self._context.player.pause()
        self._waiting.begin("Replaying the run …")
        self._worker.submit(Replay(document, path, guide_of(document, steps)))

    @Slot(object, object)
    def _on_replayed(self, job: Replay, answer: tuple[Run, Array]) -> None:
        self._waiting.end()
        run, path = answer
        document = job.document
        is_picture = job.path is not None and job.path.suffix.lower() != files.SUFFIX
        session, path_of = self._context.session, None if is_picture else job.path
        session.open(run, document.cursor, path_of, document.race)
        if document.missing_engine:
            session.say(replayed_with_numpy(document.missing_engine))
        show_view(self._context.landscape, document.view, path)
        if job.path is not None:
            self.folder = job.path.parent
            self.opened.emit(job.path)
        self.changed.emit()

    @Slot(object, str)
    def _on_failed(self, job: Replay, message: str) -> None:
        self._waiting.end()
        self._say("The document cannot be replayed", f"{message}\nThe present document stays.")

    # -- saving --------------------------------------------------------------------------------

    @Slot()
    def save(self) -> bool:
        """Save under the document's name, or ask for one; whether it is saved now."""
        path = self._context.session.path
        return self._write(path) if path is not None else self.save_as()

    @Slot()
    def save_as(self) -> bool:
        """Ask for a name and save; whether it is saved now."""
        suggestion = self._context.session.path or self.folder / f"lecture{files.SUFFIX}"
        path = ask_save_name(self._window, "Save", suggestion, "Documents")
        return path is not None and self._write(path)

    def _write(self, path: Path) -> bool:
        document = self.current()
        if not self._save(path, lambda cancelled: files.save(document, path, cancelled)):
            return False
        self.folder = path.parent
        self._context.session.saved(path)
        self.opened.emit(path)
        self.changed.emit()
        return True

    def write(self, path: Path, make: Callable[[], bytes]) -> None:
        """Write something else, made on the worker's thread; what came of it is said."""

        def write(cancelled: Interrupted) -> None:
            data = make()
            if not cancelled():
                files.write_whole(path, [data])

        self._save(path, write)

    def _save(self, path: Path, write: Callable[[Interrupted], None]) -> bool:
        """Whether it was written; that, or why not, is said."""
        try:
            self.background.do(f"Saving {path.name} …", write)
        except CancelledError:
            return False
        except DocumentError as error:
            self._say(f"{path.name} was not saved", str(error))
            return False
        self._context.session.say(f"Saved as {path}.")
        return True

    def ask_name(self, title: str, file_name: str, kind: str) -> Path | None:
        """Ask for a name to write something else under, in the folder of the last file."""
        path = ask_save_name(self._window, title, self.folder / file_name, kind)
        if path is not None:
            self.folder = path.parent
        return path

    def may_discard(self) -> bool:
        """Whether the present document may go: unchanged, saved now, or given up by the user."""
        session = self._context.session
        if not session.is_modified:
            return True
        box = QMessageBox(self._window)
        box.setObjectName("unsaved box")
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(plain(f"“{session.document_name}” has unsaved changes."))
        box.setInformativeText("Save them first?")
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        box.deleteLater()
        if answer == buttons.Save:
            return self.save()
        return answer == buttons.Discard

    @Slot()
    def stop(self) -> None:
        """End the worker; documents are not opened afterwards."""
        self._waiting.end()
        self._worker.stop()
        self.background.stop()

    def _say(self, what: str, advice: str) -> None:
        warn(self._window, "document box", what, advice)
