"""The panels of the window, in one table."""

from dataclasses import dataclass
from pkgutil import resolve_name

from mlpsim.views.context import Context
from mlpsim.views.widgets.card import Card


@dataclass(frozen=True)
class PanelSpec:
    """A panel: the id that commands and files use, its title, and the class that makes it.

    The class is named as ``module:Class`` in ``views.panels``, and its module is imported when the
    first panel of it is made: one that stands behind a tab costs nothing until it is seen.
    ``lines`` of text is the height that it asks for where it stands over or under others.
    """

    id: str
    title: str
    class_name: str
    lines: int = 12

    @property
    def module(self) -> str:
        """The full name of the module that the class stands in."""
        return f"mlpsim.views.panels.{self.class_name.partition(':')[0]}"

    def factory(self, context: Context) -> Card:
        """A new panel; its title is the table's."""
        card = resolve_name(f"mlpsim.views.panels.{self.class_name}")(context)
        assert isinstance(card, Card)
        return card


PANELS = (
    PanelSpec("data", "Data", "data:DataPanel"),
    PanelSpec("table", "Table", "table:TablePanel", 18),
    PanelSpec("gradients", "Gradients", "gradients:GradientsPanel", 18),
    PanelSpec("surface", "Loss surface", "surface:SurfacePanel"),
    PanelSpec("sum", "Surface sum", "sum:SumPanel"),
    PanelSpec("sweep", "Sweep", "sweep:SweepPanel"),
    PanelSpec("network", "Network", "network:NetworkPanel"),
    PanelSpec("training", "Training", "training:TrainingPanel", 20),
    PanelSpec("loss", "Loss", "loss:LossPanel", 15),
    PanelSpec("evaluation", "Evaluation", "evaluation:EvaluationPanel", 23),
    PanelSpec("step", "This step", "step:StepPanel", 18),
    PanelSpec("anatomy", "Optimizer", "anatomy:AnatomyPanel", 26),
    PanelSpec("op", "(OP)", "op:OpPanel", 22),
    PanelSpec("stationary", "Stationary points", "stationary:StationaryPanel", 18),
    PanelSpec("lens", "ε-lens", "lens:LensPanel"),
    PanelSpec("basins", "Basins", "basins:BasinsPanel", 19),
    PanelSpec("ledger", "Chain rule", "ledger:LedgerPanel", 27),
    PanelSpec("audit", "Audit", "audit:AuditPanel", 18),
    PanelSpec("rail", "Slides", "rail:RailPanel"),
    PanelSpec("homework", "Homework", "homework:HomeworkPanel"),
    PanelSpec("epoch", "Epoch", "epoch:EpochPanel"),
    PanelSpec("race", "Race", "race:RacePanel"),
    PanelSpec("seeds", "Seeds", "seeds:SeedsPanel", 19),
    PanelSpec("microscope", "Microscope", "microscope:MicroscopePanel", 17),
    PanelSpec("why", "Why", "why:WhyPanel", 21),
)
