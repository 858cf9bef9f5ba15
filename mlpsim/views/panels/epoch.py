"""The epoch panel: in which order the samples come, cut into batches, and the one in use."""

from mlpsim.core.dataset import Dataset
from mlpsim.core.lessons.epoch import Epoch, epoch_of
from mlpsim.views import labels
from mlpsim.views.context import Context
from mlpsim.views.parts.steps.epoch_ribbon import EpochRibbon
from mlpsim.views.throttle import Throttle
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.message import Message

PLAYING_MS, PAUSED_MS = 100, 16
MOST_SAID = 12  # visits up to which the order is told to a screen reader


class EpochPanel(Card):
    """The epoch of the step on view as a ribbon; a click on a chip selects the sample."""

    def __init__(self, context: Context) -> None:
        super().__init__("Epoch", "")
        self._session = context.session
        self._appearance = context.appearance
        self.ribbon = EpochRibbon(*self._present(), context.appearance.theme)
        self.body.addWidget(self.ribbon, 1)
        self.caption = Message("caption")
        self.body.addWidget(self.caption)
        self._throttle = Throttle(self, self._show, context.pace(PLAYING_MS, PAUSED_MS))
        session = context.session
        self._throttle.follow(
            session.run_started, session.cursor_moved, session.selection.sample_selected
        )
        self._throttle.follow(context.player.playing_changed, context.appearance.changed)
        self.ribbon.chosen.connect(session.selection.select_sample)
        self._show()

    def _present(self) -> tuple[Epoch, Dataset]:
        """The epoch of the step on view, and the data that its samples are of."""
        run, k = self._session.run, self._session.cursor
        return epoch_of(run, k), run.segment_at(max(0, k - 1)).experiment.problem.data

    def _show(self) -> None:
        epoch, data = self._present()
        theme, selected = self._appearance.theme, self._session.selection.sample
        self.ribbon.show_epoch(epoch, data, theme, selected)
        number, steps = labels.whole(epoch.number + 1), labels.whole(epoch.steps)
        if epoch.place is None:
            self.set_subtitle(f"epoch {number} · {steps} to come")
        else:
            self.set_subtitle(f"epoch {number} · {labels.whole(epoch.place + 1)} of {steps}")
        ribbon = self.ribbon.ribbon
        part = ""
        if ribbon.stop - ribbon.first < len(epoch.order):
            visits = f"{labels.whole(ribbon.first + 1)}–{labels.whole(ribbon.stop)}"
            part = f"Visits {visits} of {labels.whole(len(epoch.order))} are shown. "
        self.caption.say(part + epoch_caption(epoch))
        self.ribbon.setAccessibleDescription(_order_in_words(epoch))


def epoch_caption(epoch: Epoch) -> str:
    """The method, the order with its seed, and a last batch that is shorter."""
    sampling = epoch.sampling
    parts = [labels.method_name(sampling)]
    if not sampling.is_full and sampling.order != "given":
        parts.append(labels.order_name(sampling.order))
        if sampling.order != "cyclic":
            parts.append(f"seed {sampling.seed}")
    last, first = len(epoch.batch(epoch.steps - 1)), len(epoch.batch(0))
    if sampling.order != "given" and last < first:
        parts.append(f"the last batch has {labels.count(last, 'sample')}")
    return " · ".join(parts)


def _order_in_words(epoch: Epoch) -> str:
    if len(epoch.order) > MOST_SAID:
        return epoch_caption(epoch)
    batches = (epoch.batch(place).tolist() for place in range(epoch.steps))
    told = " | ".join(", ".join(str(s + 1) for s in batch) for batch in batches)
    if epoch.place is None:
        return f"Order: {told}"
    used = ", ".join(str(s + 1) for s in epoch.batch(epoch.place).tolist())
    return f"Order: {told}; in use: {used}"
