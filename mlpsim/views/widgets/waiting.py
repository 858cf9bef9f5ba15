"""Waiting: a dialog that says what is under way, how far it is, and lets it be cancelled."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QProgressDialog, QWidget

PATIENCE_MS = 500  # before the dialog of what may be done sooner


class Waiting(QObject):
    """One dialog at a time; ``cancelled`` is emitted once it is gone."""

    cancelled = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._parent = name, parent
        self._dialog: QProgressDialog | None = None
        # Qt's own waits four seconds with a dialog that does not say how far it is.
        self._patience = QTimer(self, singleShot=True)
        self._patience.setObjectName(f"{name} patience")
        self._patience.timeout.connect(self._show)

    def begin(
        self,
        text: str,
        maximum: int = 0,
        patience: int = PATIENCE_MS,
        modality: Qt.WindowModality = Qt.WindowModality.WindowModal,
    ) -> None:
        """Say what is under way, after so many ms; without a maximum it is not said how far."""
        self.end()
        dialog = QProgressDialog(text, "Cancel", 0, maximum, self._parent)
        dialog.setObjectName(self._name)
        dialog.setWindowModality(modality)
        dialog.setMinimumDuration(patience)
        dialog.setAutoReset(False)
        dialog.canceled.connect(self._on_cancelled)
        if maximum:
            dialog.setValue(0)
        self._dialog = dialog
        self._patience.start(patience)

    def tell(self, value: int) -> None:
        """Say how far it is."""
        if self._dialog is not None:
            self._dialog.setValue(value)

    def end(self) -> None:
        """It is done, or will not be."""
        self._patience.stop()
        if self._dialog is not None:
            self._dialog.canceled.disconnect(self._on_cancelled)
            self._dialog.close()
            self._dialog.deleteLater()
            self._dialog = None

    @Slot()
    def _show(self) -> None:
        if self._dialog is not None:
            self._dialog.show()

    @Slot()
    def _on_cancelled(self) -> None:
        self.end()
        self.cancelled.emit()
