"""A stage: the window or a panel at any step, whole: nothing waits for a worker or a timer."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from mlpsim.views.context import Context
from mlpsim.views.throttle import flush
from mlpsim.views.widgets.card import Card, Completable, Demonstrable


@dataclass(frozen=True, eq=False)
class Stage:
    """The widget on view, and the context that it shows.

    Where nobody is there to ask, it is demonstrated what cards show that wait for a person.
    ``heed`` raises KeyboardInterrupt if the command is to end.
    """

    widget: QWidget
    context: Context
    has_person: bool
    heed: Callable[[], None] = lambda: None

    def show(self, k: int) -> None:
        """Show state k, whole: nothing is left to a worker."""
        self.turn_to(k)
        self.heed()
        self.context.landscape.complete()
        self.context.race.complete(k)
        self.finish()
        self.heed()

    def turn_to(self, k: int) -> None:
        """Show state k; the surface may come later."""
        self.context.session.seek(k)
        settle()
        self.context.landscape.refresh_plane()

    def finish(self) -> None:
        """Let everything be shown that does not wait for the surface."""
        self.context.appraiser.complete()
        flush(self.widget)
        for shown in (self.widget, *self.widget.findChildren(Card)):
            if not shown.isVisible():
                continue
            if isinstance(shown, Demonstrable) and not self.has_person:
                shown.demonstrate()
            if isinstance(shown, Completable):
                shown.complete()
        settle()


def settle() -> None:
    """Let every view lay itself out and show what it was told."""
    for _ in range(5):
        QCoreApplication.processEvents()
