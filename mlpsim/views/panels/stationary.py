"""Stationary points: all of them in C or in the window, and the card of the chosen one."""

from PySide6.QtCore import QSignalBlocker, QSize, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy

from mlpsim.core.proofs.stationary import StationarySet
from mlpsim.core.proofs.stationary_point import StationaryPoint
from mlpsim.session.stationary import StationaryPoints
from mlpsim.views.context import Context
from mlpsim.views.items.overlays.stationary import StationaryMarks
from mlpsim.views.items.stationary_marks import mark_icon
from mlpsim.views.labels import stationary_words as words
from mlpsim.views.labels.formulas import objective_symbol
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.fact_rows import FactRows
from mlpsim.views.widgets.message import Message

ASK_MS = 150  # a window that is dragged is asked about a few times a second
ICON = 16
LEAST_ROWS = 2  # of the list, where there are so many


class StationaryPanel(Card):
    """Lists the stationary points, the lowest first, and says what is proved of the chosen one.

    While it is on view it asks for them whenever problem or window are others, and draws them on
    the map, where a click chooses one.
    """

    def __init__(self, context: Context) -> None:
        super().__init__("Stationary points", "∇E = 0, or at a wall of C")
        self._session, self._player = context.session, context.player
        self._appearance = context.appearance
        self._landscape = landscape = context.landscape
        self.points = StationaryPoints(context.session, landscape, context.session)
        self.marks = StationaryMarks(context, self.points)
        context.overlays.add(self.marks)
        self.summary = Message("result", selectable=True)
        self.list = QListWidget()
        self.list.setIconSize(QSize(ICON, ICON))
        self.list.setAccessibleName("Stationary points, the lowest first")
        self.rows = FactRows()
        _, self.place = self.rows.add("w", "weights of the point")
        self.value_symbol, self.value = self.rows.add("E", "objective at the point")
        self.hessian_symbol, self.eigen = self.rows.add(
            r"\nabla^2 E", "eigenvalues and eigenvectors of the Hessian"
        )
        # As many lines as there are, whatever the room: they are not wrapped, but never cut.
        self.eigen.setWordWrap(False)
        self.eigen.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.proof = Message("caption", selectable=True)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.rows)
        self.body.addWidget(self.proof)
        self.body.addStretch()
        self._throttle = Throttle(self, self._ask, ASK_MS)
        self._throttle.follow(context.session.run_started, context.session.experiment_changed)
        self._throttle.follow(landscape.window_changed, landscape.plane_changed)
        # The picture's shape makes the window that is seen, and comes with another surface.
        self._throttle.follow(landscape.surface_changed, context.player.playing_changed)
        context.appearance.changed.connect(self._show)
        self.points.changed.connect(self._show)
        self.points.chosen.connect(self._show_chosen)
        self.list.currentRowChanged.connect(self._choose)
        self._show()
        self._throttle.request()

    def complete(self) -> None:
        """Look for them here and now, for a picture."""
        self.points.complete()

    def showEvent(self, event: QShowEvent) -> None:
        self.marks.set_on(True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.marks.set_on(False)
        super().hideEvent(event)

    def _ask(self) -> None:
        # A window that follows the run would be asked about again and again while it moves.
        if not (self._player.playing and self.points.answer is not None):
            self.points.ask()
        self._show()

    @Slot(int)
    def _choose(self, row: int) -> None:
        self.points.choose(row if row >= 0 else None)

    @Slot()
    def _show(self) -> None:
        answer = self.points.answer
        self.summary.say(self._summary(answer))
        with QSignalBlocker(self.list):
            self.list.clear()
            for i, point in enumerate(answer.points if answer is not None else ()):
                self.list.addItem(self._item(i, point))
        rows = min(self.list.count(), LEAST_ROWS)
        self.list.setMinimumHeight(rows * self.list.sizeHintForRow(0))
        self.list.setVisible(rows > 0)
        self._show_chosen()

    def _summary(self, answer: StationarySet | None) -> str:
        if answer is not None:
            return words.summary_words(answer)
        problem = self._session.experiment.problem
        if self.points.question is None:
            return words.nothing_words(problem)
        return self.points.failure or words.SEARCHING

    def _item(self, i: int, point: StationaryPoint) -> QListWidgetItem:
        text = words.row_words(i, point, self._session.experiment.problem)
        return QListWidgetItem(mark_icon(point, self._appearance.theme.text, ICON), text)

    @Slot()
    def _show_chosen(self) -> None:
        place, point = self.points.chosen_place, self.points.chosen_point
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(-1 if place is None else place)
        self.rows.setVisible(point is not None)
        if point is None:
            self.proof.say("")
            return
        problem = self._session.experiment.problem
        symbol = objective_symbol(problem)
        self.value_symbol.set_tex(symbol, "objective")
        self.hessian_symbol.set_tex(rf"\nabla^2 {symbol}", "Hessian")
        self.place.setText(words.place_words(point))
        self.value.setText(words.value_words(point))
        self.eigen.setText(words.eigen_words(point))
        off = float(self._landscape.plane.distance(point.theta))
        self.proof.say(words.proof_words(point, problem) + words.off_words(off))
