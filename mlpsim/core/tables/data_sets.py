"""Real data sets: small CSV files that come with the program, with their sources and licences."""

from dataclasses import dataclass

from mlpsim.core.resources import resource
from mlpsim.core.tables.columns import Choice
from mlpsim.core.tables.csv_table import CsvTable, read_csv
from mlpsim.core.tables.tabular import decode

_MIDDLE = tuple(f"r{row}c{column}" for row in range(3, 7) for column in range(3, 7))


@dataclass(frozen=True)
class DataSet:
    """A bundled data set: the name of its file, its title, and the inputs to begin with.

    The last column is the target; without names, all others are inputs.
    """

    id: str
    title: str
    is_classes: bool = True
    inputs: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        """What the data are, where they come from, and their licence."""
        return resource("data", f"{self.id}.txt").read_text(encoding="utf-8")

    @property
    def summary(self) -> str:
        """What the data are, in a sentence."""
        return self.about.splitlines()[1]

    def table(self) -> CsvTable:
        """All columns of the file."""
        table = read_csv(decode(resource("data", f"{self.id}.csv").read_bytes()))
        assert table is not None  # nothing cancels it
        return table

    def choice(self, table: CsvTable) -> Choice:
        """The columns to begin with."""
        last = len(table.columns) - 1
        names = [column.name for column in table.columns[:last]]
        inputs = tuple(names.index(name) for name in self.inputs) or tuple(range(last))
        return Choice(inputs, (last,), self.is_classes)


DATA_SETS = (
    DataSet("iris", "Iris"),
    DataSet("wine", "Wine"),
    DataSet("breast-cancer", "Breast cancer"),
    DataSet("digits", "Digits", inputs=_MIDDLE),
    DataSet("diabetes", "Diabetes", is_classes=False),
)
