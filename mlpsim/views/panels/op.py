"""The (OP) panel: min f(x) over x ∈ C in the lecture's words, with a certified answer."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from mlpsim.core.proofs.question import Answer
from mlpsim.session.certificate import Certificate
from mlpsim.views.context import Context
from mlpsim.views.items.overlays.cover import Cover
from mlpsim.views.labels import op_words
from mlpsim.views.labels.bounds import bounds
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.fact_rows import FactRows
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.scroll_column import ScrollColumn
from mlpsim.views.widgets.wrap_layout import WrapLayout

SHOW_MS = 150  # a window that is dragged is asked about a few times a second


class OpPanel(Card):
    """Shows f, C, f*, S* and x*, what is proved of them, and draws it on the map.

    While it is on view it asks the certificate whenever problem, C or window are others; with more
    parameters, when its button is pressed.
    """

    def __init__(self, context: Context) -> None:
        super().__init__("(OP)", "min f(x) over x ∈ C, certified; x = w")
        self._session, self._landscape = context.session, context.landscape
        self.certificate = Certificate(context.session, context.landscape, context.session)
        self.cover = Cover(context, self.certificate)
        context.overlays.add(self.cover)
        self.rows = FactRows()
        self.objective, self.objective_text = self.rows.add("f", "objective")
        _, self.feasible = self.rows.add("C", "feasible set C")
        _, self.optimum = self.rows.add(r"f^* = \min_{x \in C} f(x)", "optimal value f*")
        _, self.solutions = self.rows.add(
            r"S^* = \{x \in C : f(x) = f^*\}", "set of optimal solutions S*"
        )
        _, self.best = self.rows.add(r"x^* \in S^*", "optimal solution x*")
        self.optimum.setTextFormat(Qt.TextFormat.RichText)
        self.verdict, self.note = Message("result", selectable=True), Message("caption", True)
        self._search = QWidget()
        scroll = ScrollColumn("(OP), row by row")
        # The answer is what is seen first.
        for widget in (self.verdict, self._search, self.rows, self.note):
            scroll.column.addWidget(widget)
        scroll.column.addStretch(1)
        self.body.addWidget(scroll, 1)
        self._make_buttons()
        self._throttle = Throttle(self, self._ask, SHOW_MS)
        self._connect()
        self._show()
        self._throttle.request()

    def _make_buttons(self) -> None:
        self.use_window = QPushButton("C = window")
        self.certify = QPushButton("Certify")
        self.certify.setToolTip("Look for proven bounds of f*; it can be ended at any time")
        self.end = QPushButton("Stop")
        self.end.setToolTip("End the search, and keep the bounds that are proved so far")
        self.draws = QCheckBox("Draw on map")
        self.draws.setChecked(True)
        self.draws.setToolTip("Show the boxes that hold S*, and x*, on the loss surface")
        tools = QWidget()
        head, row = WrapLayout(tools, spacing=8, row_gap=4), WrapLayout(self._search)
        for layout, widget, name in (
            (head, self.use_window, "Make the window on screen the feasible set C"),
            (head, self.draws, "Draw the cover of S* on the loss surface"),
            (row, self.certify, "Certify f* on C"),
            (row, self.end, "Stop certifying"),
        ):
            widget.setAccessibleName(name)
            layout.add(widget)
        self.header.addWidget(tools)

    def _connect(self) -> None:
        session, landscape = self._session, self._landscape
        self._throttle.follow(session.run_started, session.experiment_changed)
        self._throttle.follow(landscape.window_changed, landscape.plane_changed)
        self._throttle.follow(landscape.surface_changed)
        self.certificate.changed.connect(self._show)
        self.certificate.progressed.connect(self._on_progressed)
        self.use_window.clicked.connect(self.certificate.use_window)
        self.certify.clicked.connect(self.certificate.certify)
        self.end.clicked.connect(self.certificate.end)
        self.draws.toggled.connect(self.cover.set_on)
        self.figure_turned.connect(self._show)

    def complete(self) -> None:
        """Certify here and now what is cheap, for a picture."""
        self.certificate.complete()

    def _ask(self) -> None:
        self.certificate.ask()
        self._show()

    @Slot()
    def _show(self) -> None:
        certificate, problem = self.certificate, self._session.experiment.problem
        n_params = problem.network.n_params
        self.objective.set_tex(op_words.objective_tex(problem), "objective f")
        self.objective_text.setText(op_words.objective_note(problem))
        self.feasible.setText(op_words.feasible_words(problem.feasible, n_params))
        is_possible = certificate.window is not None
        self.use_window.setEnabled(is_possible)
        self.use_window.setToolTip(op_words.WINDOW if is_possible else op_words.NO_WINDOW)
        is_offered = not certificate.is_cheap and not self.is_figure
        self._search.setVisible(is_offered and (certificate.is_busy or not certificate.is_settled))
        self.certify.setVisible(not certificate.is_busy)
        self.end.setVisible(certificate.is_busy)
        if certificate.is_busy:
            # The answer before stays for the blink of an eye that a small network takes.
            if certificate.reached is not None:
                self._on_progressed(*certificate.reached)
            elif not certificate.is_cheap:
                self._show_search(0.0)
            return
        self._show_answer(certificate.answer)

    def _show_answer(self, answer: Answer | None) -> None:
        optimum = None if answer is None else answer.shown
        if answer is None:
            nothing_yet = op_words.NOT_SEARCHED if self.is_figure else op_words.NOT_ASKED
            if self.certificate.is_cheap:
                nothing_yet = op_words.BEGINNING
            self.verdict.say(self.certificate.failure or nothing_yet)
            self.note.say("")
        else:
            self.verdict.say(op_words.verdict_words(answer))
            self.note.say(op_words.note_words(answer))
        if answer is None or optimum is None:
            for label in (self.optimum, self.solutions, self.best):
                label.setText("–")
            return
        self.solutions.setText(op_words.solution_words(optimum, answer.is_stopped))
        self.best.setText(op_words.best_words(optimum))
        if optimum.verdict == "infimum-not-attained":
            self.optimum.setText("not attained; inf f = 0")
        else:
            self._show_bounds(optimum.f_lo, optimum.f_hi)

    def _show_search(self, share: float) -> None:
        self.verdict.say(op_words.search_words(share))
        self.note.say("")
        for label in (self.optimum, self.solutions, self.best):
            label.setText("–")

    @Slot(float, float, float)
    def _on_progressed(self, f_lo: float, f_hi: float, share: float) -> None:
        self._show_search(share)
        self._show_bounds(f_lo, f_hi)

    def _show_bounds(self, f_lo: float, f_hi: float) -> None:
        low, high = bounds(f_lo, f_hi)
        self.optimum.setText(f"≥ {low.html}<br>≤ {high.html}")
        self.optimum.setAccessibleDescription(f"from {low.text} to {high.text}")
