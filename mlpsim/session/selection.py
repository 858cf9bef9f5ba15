"""The selection: the sample and the parameter that are highlighted everywhere."""

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """Owns what is highlighted among the samples (from 0) and the parameters (place in theta)."""

    sample_selected = Signal(object)
    sample_pointed = Signal(object)
    parameter_selected = Signal(object)

    def __init__(self, samples: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._samples = samples
        self.sample: int | None = None
        self.pointed_sample: int | None = None
        self.parameter: int | None = None

    @property
    def brushed_sample(self) -> int | None:
        """The sample to highlight: that under the pointer, or else the selected one."""
        return self.sample if self.pointed_sample is None else self.pointed_sample

    def select_sample(self, s: int | None) -> None:
        """Highlight sample s, or none."""
        if s != self.sample and self._has(s):
            self.sample = s
            self.sample_selected.emit(s)

    def point_at_sample(self, s: int | None) -> None:
        """Highlight sample s while the pointer is on it; None: no longer."""
        if s != self.pointed_sample and self._has(s):
            self.pointed_sample = s
            self.sample_pointed.emit(s)

    def select_parameter(self, p: int | None) -> None:
        """Highlight parameter p, or none."""
        if p != self.parameter:
            self.parameter = p
            self.parameter_selected.emit(p)

    def limit(self, samples: int) -> None:
        """Highlight none of the samples that there are no longer."""
        self._samples = samples
        if not self._has(self.sample):
            self.select_sample(None)
        if not self._has(self.pointed_sample):
            self.point_at_sample(None)

    def _has(self, s: int | None) -> bool:
        """Whether there is such a sample: a view may still show the data before."""
        return s is None or s < self._samples
