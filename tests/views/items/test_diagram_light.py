"""The light on the network diagram: where δ stands beside its neuron."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from mlpsim.core.activations import SIGMOID
from mlpsim.core.network import Network
from mlpsim.views.appearance import app_font
from mlpsim.views.items.diagram_layout import lay_out
from mlpsim.views.items.diagram_light import delta_pill

NAMES = ("w¹₁₁", "w¹₁₂")


@pytest.mark.parametrize("height", [90.0, 110.0, 300.0])
def test_the_delta_of_an_output_leaves_its_prediction_free(
    qapp: QApplication, height: float
) -> None:
    metrics = QFontMetricsF(app_font(10.0))
    area = QRectF(0.0, 0.0, 320.0, height)
    layout = lay_out(Network((2, 1), (SIGMOID,), (False,)), area, metrics, NAMES, (30.0, 60.0))
    node = layout.node_rect(1, 0)
    prediction = QRectF(node.right() + 4.0, node.top(), 60.0, node.height())
    pill = delta_pill(layout, (1, 0), metrics.horizontalAdvance("δ = −0.051") + 10.0, 16.0)
    assert not pill.intersects(prediction)
    assert not pill.intersects(node)
    assert layout.band.contains(pill)
