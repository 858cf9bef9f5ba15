"""The loss panel: E and every eˢ along the run, with the state on view marked."""

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QToolButton

from mlpsim.core.appraisal import takes_long
from mlpsim.core.arrays import Indices
from mlpsim.core.curves import (
    Columns,
    Decimation,
    ErrorCurves,
    StepAxis,
    epoch_axis,
    recorded_every,
    step_axis,
)
from mlpsim.core.held_out_curve import HeldOutCurve, TrainingMean
from mlpsim.core.replaying import is_far
from mlpsim.core.run import Run
from mlpsim.session.held_out_finder import HeldOutFinder
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.items.loss_curve import LossCurve
from mlpsim.views.items.loss_paint import TEST, ErrorLine, LossPicture
from mlpsim.views.items.markers import sample_colours
from mlpsim.views.items.scale import scale_for
from mlpsim.views.labels.failures import not_computed
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card

MOST_ERRORS = 12  # samples up to which every eˢ is drawn
ERROR_POINTS = 320
TEST_POINTS = 240
SNAP = 5  # pixels
TRAINING, PER_SAMPLE = "E train", "mean error per sample: training and held-out part"
PER_SAMPLE_AXIS = "E per sample"
NOTHING = (np.zeros(0, dtype=np.intp), np.zeros(0))
_BELOW = 1e-4  # eˢ may stretch a logarithmic axis to this share of the least objective
PLAYING_MS, PAUSED_MS = 100, 16


class LossPanel(Card):
    """Shows the objective along the run; a click or drag seeks."""

    def __init__(self, context: Context) -> None:
        super().__init__("Loss", "")
        self._session, self._player = context.session, context.player
        self._appearance, self._appraiser = context.appearance, context.appraiser
        self._finder = HeldOutFinder(context.session, self)
        self._run: Run | None = None
        self._log: bool | None = None
        self.errors = _toggle("eˢ", "Show the error of every sample (up to 12)")
        self.errors.setChecked(True)
        self.epochs = _toggle("epoch", "Count epochs instead of steps")
        self.log = _toggle("log", "Logarithmic scale; chosen by itself until you choose")
        self.test = _toggle(
            "test", "Show E test, the mean error of the held-out samples, beside the training mean"
        )
        self.test.setChecked(True)
        for button in (self.errors, self.test, self.epochs, self.log):
            self.header.addWidget(button)
        self.curve = LossCurve(self._appearance.theme, self._read)
        self.body.addWidget(self.curve, 1)
        self._throttle = Throttle(self, self._show_summary, self._interval, self._sum_up)
        self._connect()
        self._show_sample()
        self._show()

    def _connect(self) -> None:
        session = self._session
        self._throttle.follow(session.run_started, session.run_grew, session.cursor_moved)
        self._throttle.follow(session.experiment_changed, self._appraiser.changed)
        self._throttle.follow(self._finder.found, self._player.playing_changed, self.errors.toggled)
        self._throttle.follow(self.epochs.toggled, self.test.toggled, self.curve.resized)
        session.selection.sample_selected.connect(self._show_sample)
        session.selection.sample_pointed.connect(self._show_sample)
        self.curve.sample_pointed.connect(session.selection.point_at_sample)
        self._finder.failed.connect(self._say_failure)
        self._appearance.changed.connect(self._restyle)
        self.log.clicked.connect(self._choose_log)
        self.curve.sought.connect(self._seek)
        self.curve.jumped.connect(self._jump)

    def _interval(self) -> int:
        moves = self._player.playing or self._session.is_dragging
        return PLAYING_MS if moves else PAUSED_MS

    @Slot()
    def _show_sample(self) -> None:
        self.curve.show_sample(self._session.selection.brushed_sample)

    @Slot()
    def _restyle(self) -> None:
        self.curve.set_theme(self._appearance.theme)
        self._throttle.request()

    @Slot(bool)
    def _choose_log(self, log: bool) -> None:
        self._log = log
        self._throttle.request()

    @Slot(float)
    def _seek(self, coordinate: float) -> None:
        self._player.seek(self._step_at(coordinate))

    @Slot(int)
    def _jump(self, by: int) -> None:
        by *= max(1, self._session.run.last // 10)
        self._player.seek(self._player.seeker.place + by)

    def complete(self) -> None:
        """The whole curve of the held-out samples here and now, for a picture."""
        self._follow(self._session.run)
        if self._compares:
            self._finder.complete(self._held_out, TEST_POINTS, self._session.cursor)
            self._show()

    # -- showing -------------------------------------------------------------------------------

    def _follow(self, run: Run) -> None:
        """Sum up the run on view, whoever asks first, and what is known of one stays."""
        if run is self._run:
            return
        self._run = run
        self._decimation = Decimation(run)
        self._error_curves = ErrorCurves(run, ERROR_POINTS, MOST_ERRORS)
        self._training_mean = TrainingMean(run)
        self._mean_decimation = Decimation(self._training_mean)
        self._held_out = HeldOutCurve(run)

    @property
    def _compares(self) -> bool:
        """Whether means per sample are shown, of the training and the held-out part."""
        return self.test.isChecked() and self._session.experiment.held_out is not None

    def _axis(self) -> StepAxis:
        return epoch_axis(self._session.run) if self.epochs.isChecked() else step_axis()

    def _step_at(self, coordinate: float) -> int:
        """The step there; beside the mark of the lowest E test, that one."""
        axis = self._axis()
        if (lowest := self._lowest(axis)) is not None:
            end = float(axis.of_steps(np.array([self._session.run.last]))[0])
            if abs(coordinate - lowest[0]) <= SNAP * end / self.curve.columns:
                coordinate = lowest[0]
        return round(float(axis.to_steps(np.array([coordinate]))[0]))

    def _read(self, coordinate: float) -> str:
        """The words for a place under the pointer."""
        run = self._session.run
        self._follow(run)
        k = min(self._step_at(coordinate), run.last)
        symbol = labels.objective_symbol(run.segment_at(k).experiment.problem)
        value = run.recorded_value(k) if takes_long(run, k) else run.value(k)
        if self._compares:
            symbol, value = TRAINING, float(self._training_mean.values(k, k)[0])
            if not is_far(run, k):
                self._finder.refine(self._held_out, TEST_POINTS, k)
        known = f" · {symbol} = {labels.number(value)}" if np.isfinite(value) else ""
        if self._compares and np.isfinite(test := self._held_out.value(k)):
            known += f" · {TEST} = {labels.number(test)}"
        return f"{labels.step_caption(k)}{known}"

    @Slot(str)
    def _say_failure(self, message: str) -> None:
        self._session.say(not_computed("The mean error of the held-out samples", message))

    def _show(self) -> None:
        self._sum_up()
        self._show_summary()

    def _sum_up(self) -> None:
        """Make the picture of the run, which is shown in another round of events."""
        self._follow(self._session.run)
        if self._compares:
            self._finder.refine(self._held_out, TEST_POINTS, self._session.cursor)
        self._summary = self._picture()

    def _show_summary(self) -> None:
        session, run = self._session, self._session.run
        self._follow(run)
        problem = session.experiment.problem
        self.errors.setEnabled(len(problem.data) <= MOST_ERRORS)
        symbol = labels.objective_symbol(problem)
        said = f"{symbol} = {labels.number(self._appraiser.value)}"
        self.test.setVisible(session.experiment.held_out is not None)
        if self._compares:
            said = f"{TRAINING} = {labels.number(self._shown_value)}"
            said += f", {TEST} = {labels.number(self._held_out.value(session.cursor))}"
            if (lowest := self._held_out.lowest(TEST_POINTS)) is not None:
                said += f", {TEST} {_lowest_words(lowest)}"
        self.curve.setAccessibleDescription(
            f"{labels.step_caption(session.cursor, run.last)}, {said}"
        )
        self.set_subtitle(PER_SAMPLE if self._compares else labels.objective_words(problem))
        picture, message = self._summary, ""
        if picture is None and self._appraiser.is_pending:
            message = f"{symbol} is being computed."
        elif picture is None:
            message = f"{symbol} is not finite at any recorded state: there is no curve."
        elif run.last == 0:
            message = "No step has been taken yet."
        self.curve.set_picture(picture, message)
        self.log.setChecked(picture.scale.log if picture is not None else bool(self._log))

    @property
    def _shown_value(self) -> float:
        """The height of the curve at the state on view."""
        session = self._session
        if not self._compares:
            return self._appraiser.value
        if self._appraiser.is_pending:
            return np.nan
        problem, present = session.experiment.problem, self._appraiser.present
        if present is not None:
            return present.error / (problem.scale * len(problem.data))
        return float(problem.errors(session.theta).mean())

    def _picture(self) -> LossPicture | None:
        session, run, axis = self._session, self._session.run, self._axis()
        problem = session.experiment.problem
        edges = self._edges(axis)
        compares = self._compares
        columns = (self._mean_decimation if compares else self._decimation).columns(edges)
        middle = np.where(np.diff(edges) == 1, edges[:-1], 0.5 * (edges[:-1] + edges[1:] - 1))
        # Between the states that were recorded the curve is a straight line.
        known = ~np.isnan(columns.mean)
        columns, middle = Columns(*(part[known] for part in columns)), middle[known]
        lines = self._error_lines(axis)
        test_steps, test_values = self._held_out.curve(TEST_POINTS) if compares else NOTHING
        shown = np.concatenate([columns.lo, columns.hi, test_values])
        scale = scale_for(shown, self._log)
        if scale is None:
            return None
        if lines:
            samples = np.concatenate([line.y for line in lines])
            positive = shown[shown > 0.0]
            floor = _BELOW * positive.min() if scale.log and len(positive) else -np.inf
            scale = scale_for(np.append(shown, samples[samples >= floor]), scale.log) or scale
        unit = "epoch" if self.epochs.isChecked() else "step"
        cursor = float(axis.of_steps(np.array([session.cursor]))[0])
        end = float(axis.of_steps(np.array([run.last]))[0])
        symbol = labels.objective_symbol(problem)
        return LossPicture(
            x=axis.of_steps(middle),
            lo=columns.lo,
            hi=columns.hi,
            mean=columns.mean,
            end=max(end, 1.0),
            scale=scale,
            errors=lines,
            cursor=(cursor, self._shown_value),
            marks=tuple(axis.of_steps(np.array([s.start for s in run.segments[1:]])).tolist()),
            diverged=f"diverged at step {run.diverged_at}" if run.diverged_at is not None else "",
            x_label=unit + _recorded(run, session.cursor, symbol),
            y_label=(PER_SAMPLE_AXIS if compares else labels.objective_axis(problem))
            + (", log" if scale.log else ""),
            symbol=TRAINING if compares else symbol,
            test=(axis.of_steps(test_steps), test_values) if compares else None,
            lowest=self._lowest(axis),
        )

    def _lowest(self, axis: StepAxis) -> tuple[float, float, str] | None:
        """Where E test was least, of the states that its curve goes through, if it rose since."""
        self._follow(self._session.run)
        k = self._held_out.lowest(TEST_POINTS) if self._compares else None
        if k is None:
            return None
        place = float(axis.of_steps(np.array([k]))[0])
        return place, self._held_out.value(k), _lowest_words(k)

    def _edges(self, axis: StepAxis) -> Indices:
        """The steps between the columns of pixels: every step while there is room for all."""
        last, columns = self._session.run.last, self.curve.columns
        if last < columns:
            return np.arange(last + 2)
        end = float(axis.of_steps(np.array([last]))[0])
        places = axis.to_steps(np.linspace(0.0, end, columns + 1))
        return np.unique(np.append(np.rint(places[:-1]), last + 1).astype(np.intp))

    def _error_lines(self, axis: StepAxis) -> tuple[ErrorLine, ...]:
        run = self._session.run
        if not self.errors.isChecked():
            return ()
        lines: list[ErrorLine] = []
        for steps, errors in self._error_curves.curves():
            data = run.segment_at(int(steps[0])).experiment.problem.data
            x, colors = axis.of_steps(steps), sample_colours(self._appearance.theme, data)
            named = 0 < run.last == steps[-1]
            for s, color in enumerate(colors):
                name = labels.sample_error(s) if named else ""
                lines.append(ErrorLine(x, errors[:, s], color, name, s))
        return tuple(lines)


def _recorded(run: Run, k: int, symbol: str) -> str:
    """That E is not recorded at every step, where it is not."""
    every = recorded_every(run, k)
    return f" ({symbol} every {every} steps)" if every > 1 else ""


def _lowest_words(k: int) -> str:
    return f"lowest seen: {labels.step_caption(k)}"


def _toggle(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setObjectName(text)
    button.setCheckable(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button
