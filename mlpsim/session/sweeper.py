"""The sweeper: owns the present sweep and what has ended of it, and has the rest run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.files.strict_json import DocumentError
from mlpsim.core.processors import processors
from mlpsim.core.studies.sweep import Cell, Result, Sweep, run_cell, run_cells
from mlpsim.session import pool
from mlpsim.session.errand import Errand, Progress
from mlpsim.session.results_file import ResultsFile
from mlpsim.session.results_grid import sweep_in
from mlpsim.session.session import Session

# Processes take 0.4 to 1 s to start: what is done before is done sooner without them.
HERE_SECONDS = 1.0
STARTING, IN_PROCESSES = "starting", "in processes"


class _Watch:
    """Whether work here is to stop: it was cancelled, or its time is over.

    ``has_rung`` remembers having said so: what was then under way is not whole.
    """

    def __init__(self, cancelled: Callable[[], bool], seconds: float) -> None:
        self._cancelled, self._end = cancelled, perf_counter() + seconds
        self.has_rung = False

    def __call__(self) -> bool:
        self.has_rung = self.has_rung or self._cancelled() or perf_counter() >= self._end
        return self.has_rung


@dataclass(frozen=True, eq=False)
class SweepJob:
    """A job: run cells, here for a while and then in processes; ``found`` grows as they end.

    The progress's part says where they run: None is here.
    """

    cells: tuple[Cell, ...]
    seconds_here: float = HERE_SECONDS
    found: list[Result] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)

    def run(self, cancelled: Callable[[], bool]) -> None:
        self._run_here(_Watch(cancelled, self.seconds_here))
        left = self.cells[len(self.found) :]
        if not left or cancelled():
            return
        self.progress.report(self.progress.share, STARTING)
        workers = min(processors(), len(left))
        with pool.process_pool(workers) as executor:
            for result in run_cells(left, executor, workers, cancelled):
                self._add(result, IN_PROCESSES)

    def _run_here(self, watch: _Watch) -> None:
        for cell in self.cells:
            result = run_cell(cell, watch)
            if watch.has_rung:
                return
            self._add(result, None)

    def _add(self, result: Result, where: str | None) -> None:
        self.found.append(result)
        self.progress.report(len(self.found) / len(self.cells), where)


class Sweeper(QObject):
    """Owns the sweep on view, its cells and results, and the file that they are kept in.

    Results are told by the number of their cell. A cell that has ended under an earlier sweep is
    not run again: what a run comes to depends on its experiment and its length alone.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.sweep: Sweep | None = None
        self.cells: tuple[Cell, ...] = ()
        self.results: dict[int, Result] = {}
        self.failure = ""
        self._file: ResultsFile | None = None
        self._job: SweepJob | None = None
        self._taken = 0  # results of the job that are owned already
        self.errand = Errand("sweep", self)
        session.ended.connect(self._on_ended)
        self.errand.answered.connect(self._on_answered)
        self.errand.changed.connect(self._on_changed)

    @property
    def missing(self) -> tuple[Cell, ...]:
        """The cells that have not ended."""
        return tuple(cell for cell in self.cells if cell.number not in self.results)

    @property
    def path(self) -> Path | None:
        """The file that results are kept in as they come."""
        return None if self._file is None else self._file.path

    @property
    def is_starting(self) -> bool:
        """Whether processes are being started."""
        job = self.errand.job
        return job is not None and job.progress.part == STARTING

    def run(self, sweep: Sweep) -> None:
        """Run what has not ended of a sweep; ValueError names a bad value, and nothing changes."""
        self._put(sweep)
        missing = self.missing
        if missing:
            self._job, self._taken = SweepJob(missing), 0
            self.errand.run(self._job)
        else:
            self.changed.emit()

    def complete(self, sweep: Sweep) -> None:
        """The same, here and now; for pictures without an event loop."""
        self._put(sweep)
        self.results |= {cell.number: run_cell(cell) for cell in self.missing}
        self.changed.emit()

    @Slot()
    def cancel(self) -> None:
        """Stop; what has ended stays."""
        self._collect()
        self._job = None
        self.errand.cancel()

    def save(self, path: Path) -> None:
        """Write the results to a file, and from now on add to it what ends.

        DocumentError if it cannot be written.
        """
        assert self.sweep is not None
        file = ResultsFile(path, self.sweep, anew=True)
        file.add_all(
            (cell, self.results[cell.number]) for cell in self.cells if self._is_done(cell)
        )
        self._file, self.failure = file, ""
        self.changed.emit()

    def open(self, path: Path, known: Sequence[Sweep]) -> None:
        """Take up the results of a file, of a known sweep or of the experiment on view.

        DocumentError if it holds none; what is on view then stays.
        """
        mine = [] if self.sweep is None else [self.sweep]
        sweep = sweep_in(path, self._session.experiment, [*mine, *known])
        file = ResultsFile(path, sweep)
        there = file.results()
        self.cancel()
        self._put(sweep)
        self.results = there | self.results
        file.add_all(
            (cell, self.results[cell.number])
            for cell in self.cells
            if self._is_done(cell) and cell.number not in there
        )
        file.finish()
        self._file = file
        self.changed.emit()

    # -- inside --------------------------------------------------------------------------------

    def _put(self, sweep: Sweep) -> None:
        """Take a sweep as the present one, with what has ended of it already."""
        cells = sweep.cells()
        self._collect()
        self._job, self.failure = None, ""
        done = {
            (cell.experiment, cell.steps): self.results[cell.number]
            for cell in self.cells
            if self._is_done(cell)
        }
        is_same = cells == self.cells
        if not is_same:
            self.results = {
                cell.number: replace(found, number=cell.number)
                for cell in cells
                if (found := done.get((cell.experiment, cell.steps))) is not None
            }
            self._file = None
        if not is_same or self.sweep is None:
            self.sweep, self.cells = sweep, cells

    def _is_done(self, cell: Cell) -> bool:
        return cell.number in self.results

    def _collect(self) -> None:
        """Own what has ended since the last look, and keep it in the file."""
        if self._job is None:
            return
        new = self._job.found[self._taken :]
        self._taken += len(new)
        self.results |= {result.number: result for result in new}
        if self._file is not None and new:
            self._keep(lambda file: file.add_all((self.cells[r.number], r) for r in new))

    def _keep(self, write: Callable[[ResultsFile], None]) -> None:
        """Write to the file; one that cannot be written is given up, and that is said."""
        assert self._file is not None
        try:
            write(self._file)
        except DocumentError as error:
            self._file = None
            self.failure = f"{error}"

    @Slot()
    def _on_changed(self) -> None:
        self._collect()
        self.changed.emit()

    @Slot(object, object)
    def _on_answered(self, _job: SweepJob, _answer: None) -> None:
        self._collect()
        if self._file is not None and not self.missing:
            self._keep(ResultsFile.finish)
        self.changed.emit()

    @Slot()
    def _on_ended(self) -> None:
        self._collect()
        self.errand.stop()
