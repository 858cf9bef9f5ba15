"""The data that can be had: generators with their forms, and the real data sets."""

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlpsim.core.dataset import Dataset
from mlpsim.core.generators import GENERATORS, Generator
from mlpsim.core.tables.data_sets import DATA_SETS
from mlpsim.views.appearance import Appearance
from mlpsim.views.items.thumbnail import data_thumbnail
from mlpsim.views.labels import generator_name
from mlpsim.views.theme import Theme
from mlpsim.views.widgets.spec_form import SpecForm

COLUMNS = 4
THUMBNAIL_SAMPLES = 60


class GeneratorPopup(QFrame):
    """Chooses a generator and its fields; ``generated`` carries the spec to draw from.

    ``data_set_chosen`` carries one of ``DATA_SETS`` instead.
    """

    generated = Signal(object)
    data_set_chosen = Signal(object)

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("generators")
        self.setProperty("role", "popup")
        self.setAccessibleName("Generate data")
        self._appearance = appearance
        self._specs: list[Any] = [generator() for generator in GENERATORS]
        self._group = QButtonGroup(self)
        self.form = SpecForm()
        self.form.spec_edited.connect(self._edit)
        button = QPushButton("Generate")
        button.setProperty("role", "primary")
        button.setAccessibleName("Generate the data")
        button.setToolTip(
            "Replace the data by samples drawn with these settings; undo brings it back"
        )
        button.clicked.connect(self._generate)
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, spec in enumerate(self._specs):
            grid.addWidget(self._thumbnail_button(place, spec), *divmod(place, COLUMNS))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 14)
        layout.setSpacing(10)
        layout.addLayout(grid)
        layout.addWidget(self.form)
        layout.addWidget(button)
        self._add_data_sets(layout)
        self._group.idClicked.connect(self._choose)
        appearance.changed.connect(self._dress)
        self._dress()
        self._choose(0)

    def _add_data_sets(self, layout: QVBoxLayout) -> None:
        title = QLabel("Real data")
        title.setProperty("role", "secondary")
        row = QHBoxLayout()
        row.setSpacing(6)
        for entry in DATA_SETS:
            button = QPushButton(entry.title)
            button.setObjectName(entry.id)
            button.setAccessibleName(f"Real data: {entry.title}")
            button.setToolTip(f"{entry.summary} Choose its inputs…")
            button.clicked.connect(self._choose_data_set)
            row.addWidget(button)
        row.addStretch(1)
        layout.addWidget(title)
        layout.addLayout(row)

    @property
    def spec(self) -> Generator:
        """The chosen generator with its fields."""
        spec: Generator = self._specs[self._group.checkedId()]
        return spec

    def _thumbnail_button(self, place: int, spec: Any) -> QToolButton:
        name = generator_name(spec)
        button = QToolButton()
        button.setCheckable(True)
        button.setText(name)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setAccessibleName(f"Generator: {name}")
        button.setToolTip((type(spec).__doc__ or name).strip())
        self._group.addButton(button, place)
        return button

    @Slot()
    def _dress(self) -> None:
        side = round(3.4 * self.fontMetrics().height())
        for place, spec in enumerate(self._specs):
            button = self._group.button(place)
            button.setIconSize(QSize(side, side))
            button.setIcon(_thumbnail(spec, self._appearance.theme, side))

    @Slot(int)
    def _choose(self, place: int) -> None:
        self._group.button(place).setChecked(True)
        self.form.set_spec(self._specs[place])
        self.adjustSize()

    @Slot(object)
    def _edit(self, spec: Generator) -> None:
        place = self._group.checkedId()
        self._specs[place] = spec
        self.form.set_spec(spec)
        side = self._group.button(place).iconSize().width()
        self._group.button(place).setIcon(_thumbnail(spec, self._appearance.theme, side))

    @Slot()
    def _generate(self) -> None:
        if not self.form.error:
            self.generated.emit(self.spec)
            self.hide()

    @Slot()
    def _choose_data_set(self) -> None:
        chosen = self.sender().objectName()
        self.hide()
        self.data_set_chosen.emit(next(entry for entry in DATA_SETS if entry.id == chosen))


def _thumbnail(spec: Generator, theme: Theme, side: int) -> QIcon:
    """The first samples of a generator's data."""
    data = spec.generate()
    few = Dataset(data.x[:THUMBNAIL_SAMPLES], data.y[:THUMBNAIL_SAMPLES])
    return QIcon(data_thumbnail(few, theme, side))
