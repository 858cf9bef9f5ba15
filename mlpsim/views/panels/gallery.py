"""The gallery: the presets as pictures, with what to say, what to look for, and their variants."""

from itertools import pairwise
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mlpsim.core.files.presets import Preset, Variant
from mlpsim.views.appearance import em
from mlpsim.views.context import Context
from mlpsim.views.enter_key import presses_a_button
from mlpsim.views.items.picture_delegate import PictureDelegate
from mlpsim.views.items.thumbnail import thumbnail
from mlpsim.views.labels import count
from mlpsim.views.labels.plain import unbroken
from mlpsim.views.widgets.card import Card
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.screen_room import resize_within

COLUMNS = 3


class Gallery(QDialog):
    """Pictures at the left, the chosen preset at the right; a variant's button opens it."""

    preset_chosen = Signal(object, object)
    race_chosen = Signal(object)

    def __init__(
        self, context: Context, presets: tuple[Preset, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("gallery")
        self.setWindowTitle("Presets")
        self._presets, self._appearance = presets, context.appearance
        self._waiting: list[int] = []
        self.list = QListWidget()
        self.list.setObjectName("presets")
        self.list.setAccessibleName("Presets")
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self._cards = PictureDelegate(self._appearance, self.list)
        self.list.setItemDelegate(self._cards)
        for preset in self._presets:
            item = QListWidgetItem(preset.title)
            item.setToolTip(preset.say)
            self.list.addItem(item)
        self.detail = PresetDetail()
        self._painter = QTimer(self, interval=0)
        self._painter.setObjectName("thumbnails")
        self._painter.timeout.connect(self._paint_next)
        splitter = QSplitter()
        splitter.addWidget(self.list)
        splitter.addWidget(self.detail)
        splitter.setStretchFactor(0, 1)
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.addWidget(splitter)
        self.list.currentRowChanged.connect(self._show_detail)
        self.list.itemActivated.connect(self._open_first)
        self.detail.variant_chosen.connect(self._open)
        self.detail.race_chosen.connect(self._race)
        self._appearance.changed.connect(self._restyle)
        self._restyle()
        self.list.setCurrentRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not presses_a_button(event, self):
            super().keyPressEvent(event)

    @Slot(int)
    def _show_detail(self, row: int) -> None:
        if row >= 0:
            self.detail.show_preset(self._presets[row])

    @Slot(object)
    def _open_first(self, item: QListWidgetItem) -> None:
        preset = self._presets[self.list.row(item)]
        self._open(preset, preset.variants[0])

    @Slot(object, object)
    def _open(self, preset: Preset, variant: Variant) -> None:
        self.preset_chosen.emit(preset, variant)
        self.accept()

    @Slot(object)
    def _race(self, preset: Preset) -> None:
        self.race_chosen.emit(preset)
        self.accept()

    @Slot()
    def _restyle(self) -> None:
        unit = em(self._appearance.point_size)
        cell = self._cards.cell_size() + QSize(round(0.7 * unit), round(0.7 * unit))
        self.list.setGridSize(cell)
        self.list.setMinimumWidth(cell.width() + round(2.5 * unit))
        self.detail.setMinimumWidth(round(24 * unit))
        wanted = QSize(COLUMNS * cell.width() + round(29 * unit), round(47 * unit))
        resize_within(self, wanted)
        self._waiting = list(range(len(self._presets)))
        self._painter.start()

    @Slot()
    def _paint_next(self) -> None:
        """One picture per turn of the event loop, so that the gallery answers meanwhile."""
        if not self._waiting:
            self._painter.stop()
            return
        row = self._waiting.pop(0)
        preset = self._presets[row]
        first = preset.variants[0]
        picture = thumbnail(
            first.experiment,
            preset.view,
            first.steps,
            self._appearance.theme,
            self._cards.picture_size(),
            self.devicePixelRatioF(),
        )
        self.list.item(row).setData(Qt.ItemDataRole.DecorationRole, picture)


class PresetDetail(Card):
    """What a preset says and shows, and a button for each of its variants."""

    variant_chosen = Signal(object, object)
    race_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__("", "")
        self._preset: Preset | None = None
        self.buttons: list[QPushButton] = []  # one for each variant
        self._name, self.say, self.see = (
            Message(role, selectable=True) for role in ("title", "", "secondary")
        )
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        self._look_for = _heading("What to look for")
        for widget in (self._name, self.say, self._look_for, self.see):
            self.body.addWidget(widget)
        self.body.addSpacing(6)
        self.body.addWidget(_heading("Open"))
        self.body.addLayout(self._column)
        self.race = QPushButton()
        self.race.setAutoDefault(False)
        self.race.clicked.connect(self._ask_race)
        self.body.addSpacing(6)
        self.body.addWidget(self.race)
        self.body.addStretch(1)

    def show_preset(self, preset: Preset) -> None:
        self._preset = preset
        self._name.say(preset.title)
        self.say.say(unbroken(preset.say))
        self.see.say(unbroken(preset.see))
        self._look_for.setVisible(bool(preset.see))
        for old in self.buttons:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = []
        for place, variant in enumerate(preset.variants):
            button = QPushButton(f"{variant.name} · {count(variant.steps, 'step')}")
            button.setAccessibleName(f"Open {preset.title}: {variant.name}")
            button.setToolTip(f"Open this variant; its text describes {variant.steps} steps")
            button.setProperty("role", "primary" if place == 0 else "")
            button.setAutoDefault(False)
            button.clicked.connect(self._choose)
            self._column.addWidget(button)
            self.buttons.append(button)
        for before, after in pairwise([*self.buttons, self.race]):
            self.setTabOrder(before, after)
        many = len(preset.variants)
        self.race.setVisible(many > 1)
        self.race.setText(f"Race all {many} variants")
        self.race.setAccessibleName(f"Race the variants of {preset.title}")
        self.race.setToolTip("Open the first variant, and let the others run beside it")

    @Slot()
    def _ask_race(self) -> None:
        if self._preset is not None:
            self.race_chosen.emit(self._preset)

    @Slot()
    def _choose(self) -> None:
        sender: Any = self.sender()
        if self._preset is not None:
            variant = self._preset.variants[self.buttons.index(sender)]
            self.variant_chosen.emit(self._preset, variant)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "caption")
    return label
