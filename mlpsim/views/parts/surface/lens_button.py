"""The button that lays the ε-lens over the loss map, and takes it away."""

from PySide6.QtCore import Slot

from mlpsim.session.lens_bench import LensBench
from mlpsim.session.session import Session
from mlpsim.views.parts.surface.lens_keys import KEYS, LensKeys
from mlpsim.views.widgets.icon_button import IconButton


class LensButton(IconButton):
    """Down while the lens is on; then its keys move and resize the lens."""

    def __init__(self, bench: LensBench, session: Session) -> None:
        super().__init__("lens", "ε-lens")
        self._bench = bench
        self.setCheckable(True)
        self.setToolTip(f"ε-lens: is a point z optimal in its neighbourhood? {KEYS}")
        self.setAccessibleDescription(KEYS)
        LensKeys(bench, self)
        self.toggled.connect(bench.set_on)
        bench.switched.connect(self.setChecked)
        session.experiment_changed.connect(self._on_changed)
        session.run_started.connect(self._show)
        self._show()

    @Slot(object)
    def _on_changed(self, experiment: object) -> None:
        self._show()

    @Slot()
    def _show(self) -> None:
        self.setEnabled(self._bench.is_possible)
