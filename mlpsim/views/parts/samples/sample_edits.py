"""What a person does to the samples of a scatter plot, as edits of the session."""

from PySide6.QtCore import QObject, Signal, Slot

from mlpsim.core.arrays import Array
from mlpsim.core.dataset import Dataset
from mlpsim.core.editing.data_edits import with_data, without_samples
from mlpsim.core.moments import means
from mlpsim.core.problem import Problem
from mlpsim.session.session import Session
from mlpsim.views import labels
from mlpsim.views.input_plane import InputPlane
from mlpsim.views.items.scatter import Scatter
from mlpsim.views.items.scatter_picture import places
from mlpsim.views.parts.samples.sample_tools import SampleTools


class SampleEdits(QObject):
    """Selects, adds, moves and removes samples; ``moved`` comes at every move of one."""

    moved = Signal()

    def __init__(
        self, session: Session, scatter: Scatter, plane: InputPlane, tools: SampleTools
    ) -> None:
        super().__init__(scatter)
        self._session, self._scatter = session, scatter
        self._plane, self._tools = plane, tools
        scatter.clicked.connect(session.selection.select_sample)
        scatter.pointed.connect(session.selection.point_at_sample)
        scatter.added.connect(self._add)
        scatter.dragged.connect(self._drag)
        scatter.nudged.connect(self._nudge)
        scatter.drag_ended.connect(session.end_merge)
        scatter.removed.connect(self._remove)
        scatter.stepped.connect(self._step_selection)

    @property
    def _problem(self) -> Problem:
        return self._session.experiment.problem

    @Slot(float, float)
    def _add(self, x: float, y: float) -> None:
        data = self._problem.data
        row, target = means(data), self._tools.new_target(data)
        self._place(row, target, x, y)
        try:
            longer = data.appended(row, target)
        except ValueError as reason:
            self._session.say(labels.sentence(reason))
            return
        self._edit(longer, "Add a sample")
        self._session.selection.select_sample(len(data))

    @Slot(int, float, float)
    def _drag(self, s: int, x: float, y: float) -> None:
        data = self._problem.data
        if s >= len(data):
            return  # it went, by undo say, while it was held
        row, target = data.x[s].copy(), data.y[s].copy()
        self._place(row, target, x, y)
        self._edit(data.with_sample(s, row, target), f"Move sample {s + 1}", f"move sample {s}")
        self.moved.emit()

    @Slot(int, float, float)
    def _nudge(self, s: int, dx: float, dy: float) -> None:
        x, y = places(self._problem.data.chosen([s]), self._plane.columns)[0].tolist()
        self._drag(s, x + dx, y + dy)

    @Slot(int)
    def _remove(self, s: int) -> None:
        try:
            experiment, about = without_samples(self._session.experiment, [s])
        except ValueError as reason:
            self._session.say(labels.sentence(reason))
            return
        self._session.selection.select_sample(None)
        self._session.edit(experiment, f"Delete sample {s + 1}", about=about)

    @Slot(int)
    def _step_selection(self, step: int) -> None:
        samples, s = len(self._problem.data), self._session.selection.sample
        first = 0 if step > 0 else samples - 1
        self._session.selection.select_sample(first if s is None else (s + step) % samples)

    def _edit(self, data: Dataset, text: str, merge: str = "") -> None:
        experiment, about = with_data(self._session.experiment, data)
        self._session.edit(experiment, text, merge, about)

    def _place(self, row: Array, target: Array, x: float, y: float) -> None:
        """Write a place of the plot into a sample, with no more digits than a pixel tells."""
        x, y = self._scatter.frame.rounded(x, y)
        if len(self._problem.data.measured) > 1:
            i, j = self._plane.columns
            row[i], row[j] = x, y
            return
        row[0] = x
        if self._problem.loss.labels == "any":  # else a drag does not change the target
            target[0] = y
