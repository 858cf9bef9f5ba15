"""The help: it names every key of the window."""

import pytest
from PySide6.QtGui import QKeySequence

from mlpsim.app.shortcuts import SEQUENCES
from mlpsim.core.resources import resource

TEXT = resource("help", "help.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(set(SEQUENCES) - {"quit"}))
def test_the_help_names_the_key(qapp, name: str) -> None:
    shown = QKeySequence(SEQUENCES[name][0]).toString().replace("-", "−")
    assert shown in TEXT
