"""The toolbar: the choices that matter while playing, and the tools of the window."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from mlpsim.core.fields import Range, range_of
from mlpsim.views.appearance import em
from mlpsim.views.context import Context
from mlpsim.views.icons import icon
from mlpsim.views.labels import field_name
from mlpsim.views.labels.plain import plain, plain_entry
from mlpsim.views.parts.training.method import MethodChoice
from mlpsim.views.parts.training.optimizer_choice import OptimizerChoice
from mlpsim.views.widgets.group import group
from mlpsim.views.widgets.icon_button import IconButton
from mlpsim.views.widgets.number_entry import NumberEntry
from mlpsim.views.widgets.wrap_layout import WrapLayout

LONGEST_NAME, CUT_NAME = 60, 24  # signs of the preset's name: with room, and where there is none
GAP, TIGHT_GAP = 18, 6
BETWEEN = 8  # within a group


class Toolbar(QFrame):
    """Experiment choices at the left, edited at once; tools at the right, asked of the window."""

    gallery_requested = Signal()
    open_requested = Signal()
    save_requested = Signal()
    screenshot_requested = Signal()
    help_requested = Signal()
    slides_requested = Signal()
    homework_requested = Signal()
    rosetta_requested = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("toolbar")
        self.setAccessibleName("Toolbar")
        self._session, self._appearance = context.session, context.appearance
        self._build_choices()
        self._build_tools()
        self._lay_out()
        self._connect()
        self._restyle()
        self._show()
        stack = self._session.undo_stack
        self.undo.setEnabled(stack.canUndo())
        self.redo.setEnabled(stack.canRedo())
        self._show_undo(stack.undoText())
        self._show_redo(stack.redoText())

    def set_preset_name(self, name: str) -> None:
        """Name the preset or document, if there is one, on the gallery's button, in short."""
        self._name = name.partition(":")[0] or "Presets"
        self.preset.setText(_cut(self._name, CUT_NAME))
        tip = f"{name}: choose another preset" if name else "Choose a preset"
        self.preset.setToolTip(plain(f"{tip} (Ctrl+P)"))
        self.preset.setAccessibleName(f"Preset: {name}" if name else self._name)

    # -- construction --------------------------------------------------------------------------

    def _build_choices(self) -> None:
        self.logo = QLabel()
        self.logo.setTextFormat(Qt.TextFormat.RichText)
        self.logo.setAccessibleName("mlpsim")
        self.preset = QPushButton()
        self.preset.setObjectName("preset")
        self.preset.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_preset_name("")
        self.method = MethodChoice(self._session)
        self.optimizer = OptimizerChoice(self._session)
        self.rate = NumberEntry()
        self.rate.setObjectName("learning rate")
        self.rate.setAccessibleName("Learning rate η")
        self.second_label = QLabel()
        self.second_label.setProperty("role", "secondary")
        self.second = NumberEntry()
        self.second.setObjectName("hyperparameter")
        for entry in (self.rate, self.second):
            entry.set_columns(6)

    def _build_tools(self) -> None:
        self.undo = IconButton("undo", "Undo (Ctrl+Z)")
        self.redo = IconButton("redo", "Redo (Ctrl+Y)")
        self.open = IconButton("open", "Open an experiment (Ctrl+O); hold for recent files")
        self.save = IconButton("save", "Save the experiment (Ctrl+S); hold to take the run away")
        self.screenshot = IconButton("camera", "Save or copy a picture, take the run away")
        self.more = IconButton("slides", "Slides, homework, what the letters mean, help")
        self.slides, self.rosetta, self.homework, self.help_entry = self._build_menu(self.more)
        self.smaller = IconButton("text-smaller", "Smaller type (Ctrl −)")
        self.larger = IconButton("text-larger", "Larger type (Ctrl +)")
        self.theme = IconButton("sun", "Light theme")
        self.help = IconButton("help", "Help (F1)")
        self._tools = (
            *(self.undo, self.redo, self.open, self.save, self.screenshot),
            *(self.more, self.smaller, self.larger, self.theme, self.help),
        )

    def _build_menu(self, button: IconButton) -> tuple[QAction, ...]:
        """The menu of what can be opened beside the cards; a tab only shows the key."""
        menu = QMenu(button)
        menu.setObjectName("view menu")
        menu.setAccessibleName("Slides, homework, letters and help")
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        actions = []
        for name, text in (
            ("slides", "The lecture's slides\tF2"),
            ("rosetta", "What x, f and C mean here\tF3"),
            ("homework", "Homework\tF4"),
            ("help", "Help\tF1"),
        ):
            action = menu.addAction(text)
            action.setObjectName(name)
            action.setCheckable(name != "help")
            actions.append(action)
        return tuple(actions)

    def _lay_out(self) -> None:
        self._caption, rate_label = QLabel("Optimizer"), QLabel("η")
        self._caption.setProperty("role", "secondary")
        self._caption.setBuddy(self.optimizer)
        rate_label.setToolTip("Learning rate")
        rate_label.setBuddy(self.rate)
        optimizer = group(
            *(self._caption, self.optimizer, rate_label, self.rate),
            *(self.second_label, self.second),
            spacing=BETWEEN,
        )
        self.second_label.setBuddy(self.second)
        tools = group(*self._tools, spacing=0)
        for tool in self._tools:
            tool.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._rows = rows = WrapLayout(self, spacing=GAP)
        rows.setContentsMargins(4, 2, 4, 2)
        rows.add(self.logo)
        rows.add(self.preset)
        rows.add(self.method)
        rows.add(optimizer)
        rows.add(tools, pushed=True)
        self._groups = (self.preset, self.method, optimizer, tools)
        for part in (self.logo, *self._groups):
            part.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def _connect(self) -> None:
        session, look, stack = self._session, self._appearance, self._session.undo_stack
        self.preset.clicked.connect(self.gallery_requested)
        self.rate.value_committed.connect(self._change_rate)
        self.second.value_committed.connect(self._change_second)
        self.undo.clicked.connect(stack.undo)
        self.redo.clicked.connect(stack.redo)
        self.open.clicked.connect(self.open_requested)
        self.save.clicked.connect(self.save_requested)
        self.screenshot.clicked.connect(self.screenshot_requested)
        self.help.clicked.connect(self.help_requested)
        self.help_entry.triggered.connect(self.help_requested)
        self.homework.triggered.connect(self.homework_requested)
        self.slides.triggered.connect(self.slides_requested)
        self.rosetta.triggered.connect(self.rosetta_requested)
        self.smaller.clicked.connect(self._make_smaller)
        self.larger.clicked.connect(self._make_larger)
        self.theme.clicked.connect(look.toggle_theme)
        stack.canUndoChanged.connect(self.undo.setEnabled)
        stack.canRedoChanged.connect(self.redo.setEnabled)
        stack.undoTextChanged.connect(self._show_undo)
        stack.redoTextChanged.connect(self._show_redo)
        session.experiment_changed.connect(self._show)
        look.changed.connect(self._restyle)

    # -- requests ------------------------------------------------------------------------------

    @Slot(object)
    def _change_rate(self, value: float) -> None:
        self._change(self.rate, "learning_rate", value)

    @Slot(object)
    def _change_second(self, value: float) -> None:
        self._change(self.second, _second(self._session.experiment.optimizer)[0], value)

    def _change(self, entry: NumberEntry, name: str, value: float) -> None:
        experiment = self._session.experiment
        optimizer: Any = experiment.optimizer
        try:
            changed = replace(optimizer, **{name: value})
        except ValueError as reason:
            entry.refuse(str(reason))
            return
        self._session.edit(replace(experiment, optimizer=changed), f"Change {field_name(name)}")

    @Slot()
    def _make_smaller(self) -> None:
        self._appearance.scale_type(-1)

    @Slot()
    def _make_larger(self) -> None:
        self._appearance.scale_type(+1)

    # -- what is shown -------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        optimizer: Any = self._session.experiment.optimizer
        limits = range_of(fields(optimizer)[0]) or Range(0.0, 0.0, "", "")
        self.rate.set_range(limits.lo, limits.hi)
        self.rate.set_tip(f"Learning rate η: {limits.text}")
        self.rate.set_value(optimizer.learning_rate)
        name, limits = _second(optimizer)
        self.second.setVisible(bool(name))
        self.second_label.setVisible(bool(name))
        if name:
            self.second_label.setText(limits.symbol)
            self.second.setAccessibleName(field_name(name))
            self.second.set_range(limits.lo, limits.hi)
            self.second.set_tip(f"{field_name(name)} {limits.symbol}: {limits.text}")
            self.second.set_value(getattr(optimizer, name))

    @Slot(str)
    def _show_undo(self, text: str) -> None:
        self.undo.setToolTip(plain(f"Undo: {text} (Ctrl+Z)" if text else "Undo (Ctrl+Z)"))

    @Slot(str)
    def _show_redo(self, text: str) -> None:
        self.redo.setToolTip(plain(f"Redo: {text} (Ctrl+Y)" if text else "Redo (Ctrl+Y)"))

    @Slot()
    def _restyle(self) -> None:
        theme, unit = self._appearance.theme, em(self._appearance.point_size)
        self.logo.setText(
            f'<span style="font-size:{1.5 * unit:.0f}px; font-weight:700">mlp'
            f'<span style="color:{theme.accent.name()}">sim</span></span>'
        )
        self.preset.setIcon(icon("gallery", theme.secondary))
        self.preset.setIconSize(QSize(round(1.2 * unit), round(1.2 * unit)))
        self._use_room()
        dark = theme.name == "dark"
        self.theme.set_icon("sun" if dark else "moon", "Light theme" if dark else "Dark theme")

    def _use_room(self) -> None:
        """Leave out what only names things, one after another, until one row holds the rest."""
        margins = self._rows.contentsMargins()
        room = self.width() - margins.left() - margins.right()
        names = (self.help, self.logo, self._caption)  # help is in the menu too
        whole, cut = _cut(self._name, LONGEST_NAME), _cut(self._name, CUT_NAME)
        for name, shown, gap in (
            *((whole, names, GAP), (cut, names, GAP), (cut, names, TIGHT_GAP)),
            *((cut, names[:2], TIGHT_GAP), (cut, names[:1], TIGHT_GAP), (cut, (), TIGHT_GAP)),
        ):
            if self._width_with(name, shown, gap) <= room:
                break
        else:
            shown = (self.help,)  # in the second of two rows
        if name != self.preset.text():
            self.preset.setText(name)
        for part in names:
            part.setVisible(part in shown)
        if gap != self._rows.spacing():  # else each layout would ask for the next one
            self._rows.setSpacing(gap)

    def _width_with(self, name: str, shown: Sequence[QWidget], gap: int) -> int:
        """How wide the row is with this preset's name, these parts and gaps, whatever is shown."""
        metrics, mnemonic = self.preset.fontMetrics(), Qt.TextFlag.TextShowMnemonic
        width = metrics.size(mnemonic, name).width()
        width -= metrics.size(mnemonic, self.preset.text()).width()
        width += sum(part.sizeHint().width() for part in self._groups)
        width += gap * (len(self._groups) - 1)
        if self.logo in shown:
            width += self.logo.sizeHint().width() + gap
        for part, beside in ((self._caption, BETWEEN), (self.help, 0)):
            own = part.sizeHint().width() + beside
            width += own * ((part in shown) - (not part.isHidden()))
        return width

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._use_room()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._use_room()


def _second(optimizer: Any) -> tuple[str, Range]:
    """The hyperparameter that comes after the learning rate; no name if there is none."""
    for entry in fields(optimizer)[1:]:
        limits = range_of(entry)
        if limits is not None:
            return entry.name, limits
    return "", Range(0.0, 0.0, "", "")


def _cut(name: str, longest: int) -> str:
    """A name as a button's text, with an ellipsis where it is longer."""
    short = name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"
    return plain_entry(short)
