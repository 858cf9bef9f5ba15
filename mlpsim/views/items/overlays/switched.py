"""Overlays that are switched on and off."""

from mlpsim.views.context import Context


class Switched:
    """Keeps whether an overlay is on; one that is off paints nothing."""

    def __init__(self, context: Context, *, on: bool) -> None:
        self._context = context
        self.is_on = on

    def set_on(self, on: bool) -> None:
        """Show it, or no longer."""
        self.is_on = on
        self._context.overlays.update()
