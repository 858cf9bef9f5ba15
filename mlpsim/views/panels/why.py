"""The why panel: why the run is slow or has stopped, and whether its gradient is right."""

from PySide6.QtCore import Slot

from mlpsim.core.lessons.diagnosis import Saturation, SaturationQuestion, diagnose
from mlpsim.core.lessons.gradient_check import GradientCheck
from mlpsim.session.gradient_checker import GradientChecker
from mlpsim.session.inquirer import Inquirer
from mlpsim.session.session import Session
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.labels.failures import not_computed
from mlpsim.views.labels.why_words import check_sentence, headline, reason
from mlpsim.views.parts.steps.slope_bars import SlopeBars
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.scroll_column import ScrollColumn

PLAYING_MS, PAUSED_MS = 200, 16
CHECKING = "Gradient check: under way."
LATER = "Gradient check: when the run pauses."


class WhyPanel(Card):
    """A diagnosis of the state on view, σ′(zˢ) as bars, and the gradient check."""

    def __init__(self, context: Context) -> None:
        super().__init__("Why", "")
        self._session, self._player = context.session, context.player
        self._appearance, self._appraiser = context.appearance, context.appraiser
        self.headline = Message("title")
        self.reason = Message("", selectable=True)
        self.bars = SlopeBars(context.appearance.theme)
        self.badge = Message("caption", selectable=True)
        self._scroll = ScrollColumn("Why, in words and slopes")
        for widget in (self.headline, self.reason, self.bars):
            self._scroll.column.addWidget(widget)
        self._scroll.column.addStretch(1)
        self.body.addWidget(self._scroll, 1)
        self.body.addWidget(self.badge)
        self._checker = GradientChecker(context.session, self)
        self._checker.checked.connect(self._show_check)
        self._inquirer: Inquirer[Saturation] = Inquirer(
            "saturation", _question, context.session, self
        )
        self._inquirer.changed.connect(self._refresh)
        self._inquirer.failed.connect(self._say_failure)
        self._throttle = Throttle(self, self._show, context.pace(PLAYING_MS, PAUSED_MS))
        session = context.session
        session.run_started.connect(self._refresh)
        session.run_grew.connect(self._refresh)
        session.cursor_moved.connect(self._refresh)
        session.experiment_changed.connect(self._refresh)
        self._appraiser.changed.connect(self._refresh)
        context.player.playing_changed.connect(self._refresh)
        context.appearance.changed.connect(self._refresh)
        self._throttle.request()

    def complete(self) -> None:
        """The reason and the check of the state on view here and now, for a picture."""
        self._inquirer.complete()
        self._show()
        if not self._player.playing:
            self.badge.say("")
            self._checker.complete(self._session.experiment.problem, self._session.theta)

    @Slot()
    def _refresh(self) -> None:
        self._checker.cancel()  # another state, perhaps of another network, may be on view
        self._throttle.request()

    @Slot(str)
    def _say_failure(self, message: str) -> None:
        self._session.say(not_computed("The reason", message))

    def _show(self) -> None:
        session = self._session
        k = session.cursor
        saturation = self._inquirer.present()
        is_pending = self._appraiser.is_pending or saturation is None
        self._scroll.content.setEnabled(not is_pending)
        if is_pending:
            self.set_subtitle(f"{labels.step_caption(self._appraiser.place)} …")
            self.badge.say("")
            return
        found = diagnose(session.run, k, saturation)
        self.set_subtitle(labels.step_caption(k))
        self.headline.say(headline(found))
        self.reason.say(reason(found, session.run, k))
        self.bars.show_slopes(found.slopes, frozenset(found.held.tolist()), self._appearance.theme)
        if self._player.playing:
            self.badge.say(LATER)
        else:
            self.badge.say(CHECKING)
            self._checker.ask(session.experiment.problem, session.theta)

    @Slot(object)
    def _show_check(self, check: GradientCheck | None) -> None:
        self.badge.say(check_sentence(check, self._session.experiment.problem.network))


def _question(session: Session) -> SaturationQuestion:
    return SaturationQuestion(session.experiment.problem, session.theta)
