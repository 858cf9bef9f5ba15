"""Names that a person chose: shown as they were typed, wherever Qt would read tags or keys."""

import numpy as np
import pytest
from PySide6.QtGui import Qt, QTextDocument

from mlpsim.core.activations import SIGMOID
from mlpsim.core.dataset import Dataset, Feature
from mlpsim.core.losses import SQUARED_ERROR
from mlpsim.core.network import Network
from mlpsim.core.problem import Problem
from mlpsim.views.labels.plain import plain
from mlpsim.views.widgets.combo import Combo
from mlpsim.views.widgets.sample_model import SampleModel

NAME = "<b>bold</b> & <img src=x>"


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
