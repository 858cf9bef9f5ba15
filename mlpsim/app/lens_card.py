"""The lens's card: it comes to the front with the lens, and slides lay the lens down."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from mlpsim.app.column import bring_to_front
from mlpsim.app.slides import Slides
from mlpsim.session.lens_bench import LensBench
from mlpsim.views.widgets.place import Place

if TYPE_CHECKING:
    from mlpsim.core.files.rails import Slide


class LensCard(QObject):
    """Turns to the card when the lens is laid down, and follows the slides that are about it."""

    def __init__(self, bench: LensBench, place: Place, slides: Slides) -> None:
        super().__init__(slides)
        self._bench, self._place = bench, place
        bench.switched.connect(self._on_switched)
        slides.shown.connect(self._on_slide)

    @Slot(bool)
    def _on_switched(self, on: bool) -> None:
        if on:
            bring_to_front([self._place])

    @Slot(object)
    def _on_slide(self, slide: "Slide") -> None:
        """Around the state on view, or away."""
        self._bench.set_on("lens" in slide.panels)
        self._bench.to_state()
