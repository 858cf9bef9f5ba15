"""What a run can be taken away as: tables, scripts, a step worked out in LaTeX, a preset."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QMenu, QWidget

from mlpsim.app.background import CancelledError
from mlpsim.app.boxes import warn
from mlpsim.app.documents import Documents
from mlpsim.app.forms import FORMS, LATEX, NUMPY, PRESET, TORCH, Form
from mlpsim.core.files.document import Document, Interrupted
from mlpsim.session.files import write_whole
from mlpsim.session.session import Session
from mlpsim.session.worker import Worker
from mlpsim.views.widgets.waiting import Waiting


@dataclass(frozen=True, eq=False)
class TakeAwayJob:
    """A job: write a document in some form to a file."""

    form: Form
    document: Document
    step: int
    path: Path

    def run(self, cancelled: Interrupted) -> None:
        def pieces() -> Iterable[bytes]:
            yield from self.form.pieces(self.document, self.step, cancelled, lambda k: None)
            if cancelled():
                raise CancelledError

        with suppress(CancelledError):
            write_whole(self.path, pieces())


class TakeAway(QObject):
    """A menu of forms; the file is written beside the window's work, and can be cancelled."""

    def __init__(self, session: Session, documents: Documents, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._documents, self._window = session, documents, window
        self._worker = Worker("take away", self, self._on_written, self._on_failed)
        self._waiting = Waiting("take away progress", window)
        self._waiting.cancelled.connect(self._worker.cancel)
        session.ended.connect(self.stop)
        self.menu = QMenu("Take away", window)
        self.menu.setObjectName("take away menu")
        for form in FORMS:
            action = self.menu.addAction(f"{form.title}…")
            action.setObjectName(form.file_name)
            action.triggered.connect(partial(self.ask, form))
        self.menu.aboutToShow.connect(self._on_shown)

    @Slot()
    def _on_shown(self) -> None:
        for action in self.menu.actions():
            if action.objectName() == LATEX.file_name:
                action.setEnabled(self._session.cursor > 0)

    def ask(self, form: Form) -> None:
        """Ask for a file name and write there."""
        path = self._documents.ask_name(form.title, form.file_name, "Files")
        if path is not None:
            self.save(form, path)

    def save(self, form: Form, path: Path) -> None:
        """Write the run up to its last step, or the step on view; a failure is said."""
        session = self._session
        step = session.cursor if form is LATEX else session.run.last
        modality = Qt.WindowModality.NonModal
        self._waiting.begin(f"Writing {path.name} …", modality=modality)
        self._worker.submit(TakeAwayJob(form, self._documents.current(), step, path))

    @Slot()
    def stop(self) -> None:
        """End the worker; nothing is written afterwards."""
        self._waiting.end()
        self._worker.stop()

    @Slot(object, object)
    def _on_written(self, job: TakeAwayJob, _answer: None) -> None:
        self._waiting.end()
        rest = ""
        if job.form in (NUMPY, TORCH, PRESET) and len(job.document.segments) > 1:
            rest = " It begins at the experiment's start, without the edits made during the run."
        self._session.say(f"Saved as {job.path}.{rest}")

    @Slot(object, str)
    def _on_failed(self, job: TakeAwayJob, message: str) -> None:
        self._waiting.end()
        warn(self._window, "take away box", f"{job.path.name} was not saved", message)
