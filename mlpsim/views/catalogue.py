"""The panels of the window, in one table."""

from collections.abc import Callable
from dataclasses import dataclass

from mlpsim.views.context import Context
from mlpsim.views.panels.audit import AuditPanel
from mlpsim.views.panels.data import DataPanel
from mlpsim.views.panels.epoch import EpochPanel
from mlpsim.views.panels.gradients import GradientsPanel
from mlpsim.views.panels.homework import HomeworkPanel
from mlpsim.views.panels.ledger import LedgerPanel
from mlpsim.views.panels.loss import LossPanel
from mlpsim.views.panels.microscope import MicroscopePanel
from mlpsim.views.panels.network import NetworkPanel
from mlpsim.views.panels.op import OpPanel
from mlpsim.views.panels.rail import RailPanel
from mlpsim.views.panels.step import StepPanel
from mlpsim.views.panels.sum import SumPanel
from mlpsim.views.panels.surface import SurfacePanel
from mlpsim.views.panels.table import TablePanel
from mlpsim.views.panels.training import TrainingPanel
from mlpsim.views.panels.why import WhyPanel
from mlpsim.views.widgets.card import Card


@dataclass(frozen=True)
class PanelSpec:
    """A panel: the id that commands and files use, its title, and how it is made."""

    id: str
    title: str
    factory: Callable[[Context], Card]


PANELS = (
    PanelSpec("data", "Data", DataPanel),
    PanelSpec("table", "Table", TablePanel),
    PanelSpec("gradients", "Gradients", GradientsPanel),
    PanelSpec("surface", "Loss surface", SurfacePanel),
    PanelSpec("sum", "Surface sum", SumPanel),
    PanelSpec("network", "Network", NetworkPanel),
    PanelSpec("training", "Training", TrainingPanel),
    PanelSpec("loss", "Loss", LossPanel),
    PanelSpec("step", "This step", StepPanel),
    PanelSpec("op", "(OP)", OpPanel),
    PanelSpec("ledger", "Chain rule", LedgerPanel),
    PanelSpec("audit", "Audit", AuditPanel),
    PanelSpec("rail", "Slides", RailPanel),
    PanelSpec("homework", "Homework", HomeworkPanel),
    PanelSpec("epoch", "Epoch", EpochPanel),
    PanelSpec("microscope", "Microscope", MicroscopePanel),
    PanelSpec("why", "Why", WhyPanel),
)
