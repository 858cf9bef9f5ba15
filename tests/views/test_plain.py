"""Names that a person chose: shown as they were typed, wherever Qt would read tags or keys."""

import numpy as np
import pytest
from PySide6.QtGui import Qt, QTextDocument

from mlpsim.core.activations import SIGMOID
from mlpsim.core.dataset import Dataset
from mlpsim.core.features import Feature
from mlpsim.core.losses import SQUARED_ERROR
from mlpsim.core.network import Network
from mlpsim.core.optimizers import RMSProp
from mlpsim.core.problem import Problem
from mlpsim.views.labels.plain import plain, unbroken
from mlpsim.views.parts.samples.sample_model import SampleModel
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.elided import ElidedLabel
from mlpsim.views.widgets.refusing_edit import RefusingEdit

NAME = "<b>bold</b> & <img src=x>"


def test_lines_end_outside_of_formulas():
    text = "E = 1 at (−0.5, 2), η ≤ 2: w → 0, and 3, then 4 − 5"
    joined = "E~=~1 at (−0.5,~2), η~≤~2: w~→~0, and 3, then 4 − 5"
    assert unbroken(text) == joined.replace("~", "\u00a0")


def read(text: str) -> str:
    """What a tooltip shows of a text."""
    if not Qt.mightBeRichText(text):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


@pytest.mark.parametrize("text", ["x₁", "a < b", NAME, "two\nlines", f"{NAME}\n{NAME}  "])
def test_a_text_is_read_as_it_was_typed(qapp, text: str) -> None:
    assert read(plain(text)) == text


def test_a_choice_is_told_as_it_was_named(qtbot) -> None:
    combo = Combo("input", [("a", NAME, "")])
    qtbot.addWidget(combo)
    assert read(combo.itemData(0, Qt.ItemDataRole.ToolTipRole)) == NAME


def test_the_name_of_a_column_is_told_as_it_is(qapp) -> None:
    data = Dataset([[1.0, 2.0]], [[1.0]], (Feature(NAME), Feature("b")))
    problem = Problem(data, Network((2, 1), (SIGMOID,), (False,)), SQUARED_ERROR)
    model = SampleModel(problem, np.zeros(2))
    tip = model.headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert NAME in read(tip)


def test_a_refusal_repeats_what_was_typed(qtbot) -> None:
    entry = RefusingEdit()
    qtbot.addWidget(entry)
    entry.refuse(f"“{NAME}” is no number")
    assert read(entry.toolTip()) == f"“{NAME}” is no number"


def test_what_is_cut_is_told_as_it_was_named(qtbot) -> None:
    label = ElidedLabel(NAME)
    qtbot.addWidget(label)
    label.resize(20, 20)
    label.grab()
    assert read(label.toolTip()) == NAME


def test_a_meaning_of_several_lines_is_not_indented(qtbot) -> None:
    combo = Combo("rule", [(RMSProp, "RMSProp", RMSProp.__doc__ or "")])
    qtbot.addWidget(combo)
    tip = combo.itemData(0, Qt.ItemDataRole.ToolTipRole)
    assert len(tip.splitlines()) > 2
    assert "    " not in tip.replace("   (", " (")
