"""A verdict: what is claimed, the word CERTIFIED, REFUTED or OPEN, and why."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from mlpsim.core.proofs.locally import Verdict
from mlpsim.views.labels.lens_words import PENDING, WORDS
from mlpsim.views.stylesheet import restyle


class VerdictRow(QWidget):
    """A claim with its verdict as a badge; the reason stands below."""

    def __init__(self, claim: str) -> None:
        super().__init__()
        self.claim, self.badge, self.reason = QLabel(claim), QLabel(), QLabel()
        self.badge.setProperty("role", "badge")
        self.reason.setProperty("role", "caption")
        self.reason.setWordWrap(True)
        self.reason.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.badge.setFrameShape(QFrame.Shape.NoFrame)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(1)
        grid.addWidget(self.claim, 0, 0)
        grid.addWidget(self.badge, 0, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.reason, 1, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        self.show_verdict(None, "")

    def set_claim(self, claim: str) -> None:
        """Say another claim."""
        self.claim.setText(claim)

    def show_verdict(self, verdict: Verdict | None, reason: str) -> None:
        """Show a verdict and what it rests on; None while it is not known."""
        word = PENDING if verdict is None else WORDS[verdict]
        self.badge.setText(word)
        restyle(self.badge, "verdict", verdict or "pending")
        self.reason.setText(reason)
        self.setAccessibleName(self.claim.text())
        self.setAccessibleDescription(f"{word}: {reason}" if reason else word)
