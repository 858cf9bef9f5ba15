"""The stylesheet: what widgets look like in a theme, every length in units of the type."""

from string import Template

from PySide6.QtWidgets import QWidget

from mlpsim.views.theme import Theme, mix

RADIUS = 10
TAB_GAP = 1.1  # between titles, in units of the type


def stylesheet(theme: Theme, em: float) -> str:
    """Qt's stylesheet for a theme; ``em`` is the height of the type in logical pixels.

    Cards, titles and the like are told by the dynamic property ``role``; a field that is refused
    has ``invalid``. What pops up has square corners: not every screen draws what is behind round
    ones. Pictures come from the search path "icons:".
    """
    colours = {
        name: getattr(theme, name).name()
        for name in (
            *("window", "card", "field", "hover", "border", "text", "secondary"),
            *("accent", "on_accent", "danger", "warning"),
        )
    }
    return Template(_SHEET).substitute(
        colours,
        theme=theme.name,
        strong=mix(theme.border, theme.secondary, 0.45).name(),
        faint=mix(theme.secondary, theme.card, 0.45).name(),
        good=theme.classes[2].name(),
        accent_hover=mix(theme.accent, theme.text, 0.18).name(),
        tint=mix(theme.card, theme.accent, 0.16).name(),
        danger_tint=mix(theme.card, theme.danger, 0.12).name(),
        card_radius=RADIUS,
        radius=round(0.5 * em),
        small_radius=round(0.32 * em),
        pad=round(0.34 * em),
        pad_focus=max(round(0.34 * em) - 1, 0),
        side=round(0.65 * em),
        side_focus=max(round(0.65 * em) - 1, 0),
        gap=round(0.4 * em),
        tab=round(0.56 * em),
        tab_gap=round(TAB_GAP * em),
        tip=round(0.45 * em),
        small=f"{0.88 * em:.1f}",
        title=f"{1.0 * em:.1f}",
        large=f"{1.65 * em:.1f}",
        chevron=round(0.95 * em),
        drop=round(1.9 * em),
        box=round(1.15 * em),
        **_slider(em),
        bar=round(0.75 * em),
        bar_radius=round(0.26 * em),
        bar_least=round(2.2 * em),
        row=round(1.9 * em),
        item=round(0.45 * em),
        item_focus=max(round(0.45 * em) - 2, 0),
        indent=round(2.0 * em),
    )


def restyle(widget: QWidget, name: str, value: str | bool) -> None:
    """Set a property that the stylesheet asks for, and look so from now on."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _slider(em: float) -> dict[str, int]:
    """Groove and handle; Qt draws corners square if a radius is above half of the box."""
    groove = max(round(0.38 * em), 3)
    outset = round(0.45 * em)
    whole = groove + 2 * outset
    return {
        "groove": groove,
        "groove_radius": groove // 2,
        "outset": outset,
        "slider": whole + 2,
        "handle": whole - 4,
        "handle_radius": whole // 2,
    }


_SHEET = """
QMainWindow, QDialog { background: $window; }
QFrame[role="card"] {
    background: $card; border: 1px solid $border; border-radius: ${card_radius}px;
}
QFrame[role="popup"] { background: $card; border: 1px solid $strong; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; color: $text; }
QLabel[role="title"]:disabled { color: $faint; }
QLabel[role="subtitle"], QLabel[role="caption"] { font-size: ${small}px; color: $secondary; }
QLabel[role="caption"]:disabled { color: $faint; }
QLabel[role="secondary"] { color: $secondary; }
QLabel[role="result"] { font-weight: 600; color: $accent; }
QLabel[role="large"] { font-size: ${large}px; font-weight: 600; color: $text; }
QLabel[role="large-quiet"] { font-size: ${large}px; font-weight: 400; color: $secondary; }
QLabel[role="error"] { font-size: ${small}px; color: $danger; }
QLabel[role="warning"] { font-size: ${small}px; color: $warning; }
QLabel[role="badge"] { font-weight: 700; color: $secondary; }
QLabel[role="badge"][verdict="certified"] { color: $good; }
QLabel[role="badge"][verdict="refuted"] { color: $danger; }
QLabel[role="badge"][verdict="open"] { color: $warning; }
QFrame[role="rule"] { background: $border; border: none; min-height: 1px; max-height: 1px; }

QLineEdit, QComboBox, QTextEdit {
    background: $field; color: $text; border: 1px solid $border; border-radius: ${radius}px;
    padding: ${pad}px ${side}px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:hover, QComboBox:hover { border-color: $strong; }
QLineEdit:focus, QComboBox:focus, QTextEdit:focus {
    border: 2px solid $accent; padding: ${pad_focus}px ${side_focus}px;
}
QTextEdit[role="page"], QTextEdit[role="page"]:focus {
    background: transparent; border: none; padding: ${pad}px ${side}px;
}
QLineEdit[invalid="true"] { background: $danger_tint; border-color: $danger; }
QLineEdit[invalid="true"]:focus { border-color: $danger; }
QLineEdit:disabled, QComboBox:disabled { color: $faint; background: $card; }
QLineEdit[role="cell"] { padding: 0 ${item}px; border-radius: ${small_radius}px; }
QAbstractItemView QLineEdit, QAbstractItemView QLineEdit:focus {
    padding: 0; border: 1px solid $accent; border-radius: 0; background: $field;
}
QAbstractItemView QLineEdit[invalid="true"]:focus {
    background: $danger_tint; border-color: $danger;
}

QComboBox { padding-right: 0; combobox-popup: 0; }
QComboBox:focus { padding-right: 0; }
QComboBox::drop-down { border: none; width: ${drop}px; subcontrol-position: center right; }
QComboBox::down-arrow {
    image: url(icons:$theme/chevron-down.svg); width: ${chevron}px; height: ${chevron}px;
}
QComboBox QAbstractItemView {
    background: $card; color: $text; border: 1px solid $strong; border-radius: 0;
    padding: ${gap}px; outline: none;
    selection-background-color: $tint; selection-color: $text;
}
QComboBox QAbstractItemView::item {
    min-height: ${row}px; padding: 0 ${item}px; border-radius: ${small_radius}px;
}
QComboBox QAbstractItemView::item:selected { background: $tint; color: $text; }

QPushButton {
    background: $field; color: $text; border: 1px solid $border; border-radius: ${radius}px;
    padding: ${pad}px ${side}px; font-weight: 500; outline: none;
}
QPushButton:hover { background: $hover; border-color: $strong; }
QPushButton:pressed { background: $border; }
QPushButton:checked { background: $tint; border-color: $accent; }
QPushButton:focus { border: 2px solid $accent; padding: ${pad_focus}px ${side_focus}px; }
QPushButton:disabled { color: $faint; background: $card; }
QPushButton[role="primary"], QPushButton:default {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QPushButton[role="primary"]:hover, QPushButton:default:hover { background: $accent_hover; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $border; color: $faint; border-color: $border; }
QPushButton[role="link"] {
    background: transparent; border: 1px solid transparent; color: $accent;
}
QPushButton[role="link"]:hover { background: $tint; }
QPushButton[role="link"]:focus { border: 2px solid $accent; }

QPushButton[role="fold"] {
    background: transparent; border: 1px solid transparent; color: $secondary;
    text-align: left; padding: 1px 2px;
}
QPushButton[role="fold"]:hover { color: $text; background: $hover; }
QPushButton[role="fold"]:focus { border: 1px solid $accent; }

QPushButton[role="chip"] { background: transparent; color: $secondary; padding: 2px ${pad}px; }
QPushButton[role="chip"]:hover { color: $text; background: $hover; }
QPushButton[role="chip"]:checked { background: $tint; color: $text; border-color: $accent; }
QPushButton[role="chip"]:focus { border: 2px solid $accent; padding: 1px ${pad_focus}px; }

QToolButton {
    background: transparent; color: $text; border: 1px solid transparent;
    border-radius: ${radius}px; padding: ${pad}px;
}
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $border; }
QToolButton:checked { background: $tint; border-color: $accent; }
QToolButton:focus { border: 2px solid $accent; padding: ${pad_focus}px; }
QToolButton[role="layer"] {
    background: $field; border: 1px solid $border; border-radius: ${small_radius}px;
    padding: 2px ${pad}px;
}
QToolButton[role="layer"]:hover { background: $hover; border-color: $strong; }
QToolButton[role="layer"]:checked { background: $tint; border-color: $accent; }
QToolButton[role="layer"]:focus { border: 2px solid $accent; padding: 1px ${pad_focus}px; }
QToolButton:disabled { color: $faint; }
QToolButton:checked:disabled { background: transparent; border-color: transparent; }
QToolButton::menu-indicator { image: none; }

QFrame[role="segmented"] {
    background: $field; border: 1px solid $border; border-radius: ${radius}px;
}
QFrame[role="segmented"] QPushButton {
    background: transparent; color: $secondary; border: 2px solid transparent;
    border-radius: ${small_radius}px; padding: ${pad_focus}px ${side}px;
}
QFrame[role="segmented"] QPushButton:hover { color: $text; background: $hover; }
QFrame[role="segmented"] QPushButton:checked {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QFrame[role="segmented"] QPushButton:focus { border: 2px solid $accent; color: $text; }
QFrame[role="segmented"] QPushButton:checked:focus { border: 2px solid $text; color: $on_accent; }

QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }

QCheckBox { color: $text; spacing: ${item}px; padding: 2px; }
QCheckBox:disabled { color: $faint; }
QCheckBox::indicator, QTableView::indicator {
    width: ${box}px; height: ${box}px; background: $field; border: 1px solid $strong;
    border-radius: ${small_radius}px;
}
QCheckBox::indicator:hover, QTableView::indicator:hover { border-color: $accent; }
QCheckBox::indicator:focus { border: 2px solid $accent; }
QCheckBox::indicator:checked, QTableView::indicator:checked {
    background: $accent; border-color: $accent; image: url(icons:$theme/check.svg);
}
QCheckBox::indicator:checked:focus { border: 2px solid $text; }

QSlider:horizontal { min-height: ${slider}px; }
QSlider::groove:horizontal {
    height: ${groove}px; background: $border; border-radius: ${groove_radius}px;
}
QSlider::sub-page:horizontal { background: $accent; border-radius: ${groove_radius}px; }
QSlider::handle:horizontal {
    width: ${handle}px; height: ${handle}px; margin: -${outset}px 0;
    background: $card; border: 2px solid $accent; border-radius: ${handle_radius}px;
}
QSlider::handle:horizontal:hover { background: $tint; }
QSlider::handle:horizontal:focus { background: $accent; border: 2px solid $text; }
QSlider::sub-page:horizontal:disabled { background: $strong; }
QSlider::handle:horizontal:disabled { border-color: $strong; }

QTabBar { background: transparent; qproperty-drawBase: 0; outline: none; }
QTabBar::tab {
    background: transparent; color: $secondary; border: none; font-size: ${title}px;
    font-weight: 600; border-bottom: 2px solid transparent; padding: ${tab}px 0px;
    margin-right: ${tab_gap}px;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:selected:focus { background: $tint; }
QToolButton[role="more"] {
    color: $secondary; font-weight: 600; border-bottom: 2px solid transparent;
    border-radius: 0; padding: ${tab}px 0px;
}
QToolButton[role="more"]:hover { color: $text; background: transparent; }
QToolButton[role="more"]:focus { background: $tint; border: none; padding: ${tab}px 0px; }

QAbstractItemView {
    background: transparent; alternate-background-color: transparent; border: none;
    color: $text; outline: none; gridline-color: transparent;
    selection-background-color: $tint; selection-color: $text;
}
QListWidget#slides { border: 2px solid transparent; border-radius: ${radius}px; }
QListWidget#slides:focus { border-color: $accent; }
QTableView::item { padding: 0 ${item}px; border: none; }
QTableView::item:selected { background: $tint; color: $text; }
QTableView::item:focus { border: 2px solid $accent; padding: 0 ${item_focus}px; }
QTableView[role="dense"]::item { padding: 0 2px; }
QTableView[role="dense"]::item:focus { padding: 0; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section {
    background: transparent; color: $secondary; border: none; font-weight: 500;
    padding: ${gap}px ${item}px;
}
QTableView[role="dense"] QHeaderView::section { padding: ${gap}px 5px; }
QTableView#confusion QHeaderView::section:horizontal { padding: ${gap}px 0; }
QHeaderView::section:vertical { padding: 0 ${item}px; }
QHeaderView::section:horizontal { border-bottom: 1px solid $border; }
QTableCornerButton::section { background: transparent; border: none; }

QMenu {
    background: $card; color: $text; border: 1px solid $strong; padding: ${gap}px;
}
QMenu::item {
    padding: ${pad}px ${indent}px ${pad}px ${side}px; border-radius: ${small_radius}px;
}
QMenu::item:selected { background: $tint; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $border; margin: ${gap}px ${item}px; }
QMenu::indicator { width: ${chevron}px; height: ${chevron}px; left: ${item}px; }
QMenu::indicator:checked { image: url(icons:$theme/tick.svg); }
QToolTip {
    background: $hover; color: $text; border: 1px solid $strong; padding: ${tip}px;
}

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: ${bar}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${bar}px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: ${bar_radius}px; margin: 2px; }
QScrollBar::handle:vertical { min-height: ${bar_least}px; }
QScrollBar::handle:horizontal { min-width: ${bar_least}px; }
QScrollBar::handle:hover { background: $strong; }
QScrollBar[role="focused"]::handle { background: $accent; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }

QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $border; }
QSplitter::handle:horizontal { width: 10px; }
QSplitter::handle:vertical { height: 10px; }
"""
