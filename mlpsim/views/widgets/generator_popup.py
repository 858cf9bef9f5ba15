"""The generators: a thumbnail for each, the form of the chosen one, and the button that draws."""

from typing import Any

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mlpsim.core.arrays import Array
from mlpsim.core.classes import classes_of
from mlpsim.core.dataset import Dataset
from mlpsim.core.generators import GENERATORS, Generator
from mlpsim.views.appearance import Appearance
from mlpsim.views.items.markers import class_colour, draw_marker, outline
from mlpsim.views.items.scatter_picture import fitted_window
from mlpsim.views.labels import generator_name
from mlpsim.views.theme import Theme
from mlpsim.views.widgets.spec_form import SpecForm

COLUMNS = 4
THUMBNAIL_SAMPLES = 60


class GeneratorPopup(QFrame):
    """Chooses a generator and its fields; ``generated`` carries the spec to draw from."""

    generated = Signal(object)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("generators")
        self.setProperty("role", "card")
        self.setAccessibleName("Generate data")
        self._appearance = appearance
        self._specs: list[Any] = [generator() for generator in GENERATORS]
        self._group = QButtonGroup(self)
        self._form = SpecForm()
        self._form.spec_edited.connect(self._edit)
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
        layout.addWidget(self._form)
        layout.addWidget(button)
        self._group.idClicked.connect(self._choose)
        appearance.changed.connect(self._dress)
        self._dress()
        self._choose(0)

    @property
    def form(self) -> SpecForm:
        """The form of the chosen generator."""
        return self._form

    @property
    def spec(self) -> Generator:
        """The chosen generator with its fields."""
        spec: Generator = self._specs[self._group.checkedId()]
        return spec

    def choose(self, generator: type[Generator]) -> None:
        """Choose a generator as if its thumbnail were clicked."""
        self._choose(GENERATORS.index(generator))

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
            button.setIcon(QIcon(thumbnail(spec, self._appearance.theme, side)))

    @Slot(int)
    def _choose(self, place: int) -> None:
        self._group.button(place).setChecked(True)
        self._form.set_spec(self._specs[place])
        self.adjustSize()

    @Slot(object)
    def _edit(self, spec: object) -> None:
        place = self._group.checkedId()
        self._specs[place] = spec
        self._form.set_spec(spec)
        side = self._group.button(place).iconSize().width()
        self._group.button(place).setIcon(QIcon(thumbnail(spec, self._appearance.theme, side)))

    @Slot()
    def _generate(self) -> None:
        if not self._form.error:
            self.generated.emit(self.spec)
            self.hide()


def thumbnail(spec: Any, theme: Theme, side: int) -> QPixmap:
    """A small picture of a generator's data, or of the first samples of it."""
    data = spec.generate()
    few = Dataset(data.x[:THUMBNAIL_SAMPLES], data.y[:THUMBNAIL_SAMPLES])
    picture = QPixmap(2 * side, 2 * side)
    picture.setDevicePixelRatio(2.0)
    picture.fill(theme.plot)
    labels = classes_of(few) if few.n_features > 1 else None
    points: Array = few.x[:, :2] if few.n_features > 1 else _stacked(few)
    window = fitted_window(points)
    painter = QPainter(picture)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for s, (x, y) in enumerate(points.tolist()):
            at = QPointF(
                side * (x - window.x0) / window.width, side * (window.y1 - y) / window.height
            )
            label = 0 if labels is None else int(labels[s])
            draw_marker(
                painter, at, label, 0.045 * side, class_colour(theme, label), outline(theme)
            )
    finally:
        painter.end()
    return picture


def _stacked(data: Dataset) -> Array:
    """x and the first target as points (S, 2)."""
    points: Array = data.x.repeat(2, axis=1)
    points[:, 1] = data.y[:, 0]
    return points
