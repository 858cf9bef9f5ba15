"""The preset strip: what the open preset says and what to look for, until it is closed."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from mlpsim.core.experiment import Experiment
from mlpsim.core.files.presets import Preset, Variant
from mlpsim.views.labels.plain import paragraphs, unbroken
from mlpsim.views.widgets.card import PADDING, Card
from mlpsim.views.widgets.elided import STUMP, ElidedLabel
from mlpsim.views.widgets.icon_button import IconButton
from mlpsim.views.widgets.message import Message
from mlpsim.views.widgets.wrap_layout import WrapLayout


class PresetStrip(Card):
    """Hidden until a preset is open; its variants stand as chips, the one in force checked.

    Where height is scarce it is brief: the variants, and as much of the text as fits beside them.
    """

    variant_chosen = Signal(object, object)

    def __init__(self) -> None:
        super().__init__("", "")
        self.setObjectName("preset strip")
        self.setAccessibleName("Preset")
        self._preset: Preset | None = None
        self._brief = False
        self.chips = QButtonGroup(self)
        self._name, self.say, self._see = (
            Message(role, selectable=True) for role in ("title", "", "caption")
        )
        self._name.setWordWrap(False)
        self._name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._name.setContentsMargins(0, 0, 6, 0)
        self._chip_row = WrapLayout(spacing=6, row_gap=4)
        self._chip_row.add(self._name)
        self.short = ElidedLabel()
        self.short.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._chip_row.add(self.short)
        self.close_button = IconButton("close", "Close this text", 1.1)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.close_button.clicked.connect(self.hide)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(self._chip_row, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(PADDING, 6, PADDING, 8)
        self.body.setSpacing(2)
        self.body.addLayout(row)
        self.body.addWidget(self.say)
        self.body.addWidget(self._see)
        self.chips.buttonClicked.connect(self._choose)
        self.hide()

    def show_preset(self, preset: Preset, variant: Variant) -> None:
        """Show the texts of a preset of which a variant is open."""
        if preset is not self._preset:
            self._build(preset)
        self.chips.button(preset.variants.index(variant)).setChecked(True)
        self.show()

    def show_in_force(self, experiment: Experiment) -> None:
        """Check the variant that is this experiment; none where it has been edited."""
        variants = self._preset.variants if self._preset is not None else ()
        self.chips.setExclusive(False)
        for place, variant in enumerate(variants):
            self.chips.button(place).setChecked(variant.experiment == experiment)
        self.chips.setExclusive(True)

    def set_brief(self, brief: bool) -> None:
        """All of the text only as a tooltip, where height is scarce."""
        self._brief = brief
        for part in (self._name, self.say):
            part.setVisible(not brief)
        self._see.setVisible(not brief and bool(self._see.text()))
        self.short.setVisible(brief)

    def _build(self, preset: Preset) -> None:
        self._preset = preset
        self._name.say(preset.title)
        self.say.say(unbroken(preset.say))
        self._see.say(unbroken(f"Look for: {preset.see}" if preset.see else ""))
        self.short.setText(self.say.text())
        self.short.set_tip(paragraphs(preset.title, self.say.text(), self._see.text()))
        self.short.setMinimumWidth(STUMP * self.fontMetrics().averageCharWidth())
        self._chip_row.removeWidget(self.short)
        for old in self.chips.buttons():
            self.chips.removeButton(old)
            self._chip_row.removeWidget(old)
            old.hide()
            old.deleteLater()
        before: QWidget = self.close_button
        for place, variant in enumerate(preset.variants):
            chip = QPushButton(variant.name)
            chip.setCheckable(True)
            chip.setProperty("role", "chip")
            chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.setAccessibleName(f"Variant {variant.name}")
            chip.setToolTip(f"Open the variant “{variant.name}”")
            self.chips.addButton(chip, place)
            self._chip_row.add(chip)
            self.setTabOrder(before, chip)
            before = chip
        self._chip_row.add(self.short)
        self.set_brief(self._brief)

    @Slot(QAbstractButton)
    def _choose(self, chip: QAbstractButton) -> None:
        if self._preset is not None:
            variant = self._preset.variants[self.chips.id(chip)]
            self.variant_chosen.emit(self._preset, variant)
