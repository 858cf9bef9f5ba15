"""The appearance: theme and type size of the whole program, switched live."""

from functools import cache

from PySide6.QtCore import QDir, QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from mlpsim.core.resources import resource
from mlpsim.views.stylesheet import stylesheet
from mlpsim.views.theme import DARK, Theme, mix, theme

FAMILIES = ("Inter", "mlpsim Math")  # the second has ∇, ∈ and the like, which Inter has not
FONT_FILES = (
    *("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf"),
    "MlpsimMath-Regular.ttf",
)
DEFAULT_SIZE = 10.0
SIZES = (8.0, 9.0, DEFAULT_SIZE, 11.0, 12.0, 14.0, 16.0, 18.0, 21.0, 24.0)


class Appearance(QObject):
    """Theme and point size in force; ``changed`` comes after either has changed everywhere."""

    changed = Signal(object)

    def __init__(self, name: str = DARK.name, point_size: float = DEFAULT_SIZE) -> None:
        super().__init__()
        self.theme = theme(name)
        self.point_size = min(SIZES, key=lambda size: abs(size - point_size))
        self._app: QApplication | None = None

    def apply(self, app: QApplication) -> None:
        """Dress the application: Fusion, the bundled fonts, palette and stylesheet."""
        self._app = app
        app.setStyle(QStyleFactory.create("Fusion"))
        _load_fonts()
        QDir.setSearchPaths("icons", [str(resource("icons"))])
        self._dress()

    def set_theme(self, name: str) -> None:
        """Switch to "dark" or "light"."""
        self._change(theme(name), self.point_size)

    def toggle_theme(self) -> None:
        """Switch to the other theme."""
        self.set_theme("light" if self.theme.name == "dark" else "dark")

    def scale_type(self, step: int) -> None:
        """All type one size larger (+1), smaller (-1), or at its default (0)."""
        place = SIZES.index(self.point_size) + step
        size = SIZES[max(0, min(place, len(SIZES) - 1))] if step else DEFAULT_SIZE
        self._change(self.theme, size)

    def _change(self, new: Theme, point_size: float) -> None:
        if new == self.theme and point_size == self.point_size:
            return
        self.theme, self.point_size = new, point_size
        if self._app is not None:
            self._dress()
        self.changed.emit(new)

    def _dress(self) -> None:
        assert self._app is not None
        font = app_font(self.point_size)
        self._app.setFont(font)
        self._app.setPalette(palette(self.theme))
        # From one sheet to another Qt takes five times as long as from none.
        self._app.setStyleSheet("")
        self._app.setStyleSheet(stylesheet(self.theme, em(self.point_size)))


def app_font(point_size: float) -> QFont:
    """The bundled fonts with tabular figures, so that changing digits do not dance."""
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPointSizeF(point_size)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def sized(font: QFont, share: float) -> QFont:
    """The font at a share of its size; no smaller than a point."""
    other = QFont(font)
    other.setPointSizeF(max(share * font.pointSizeF(), 1.0))
    return other


def em(point_size: float) -> float:
    """The height of the type in logical pixels, which lengths are derived from."""
    screen = QApplication.primaryScreen()
    return point_size * screen.logicalDotsPerInchY() / 72.0


def palette(colours: Theme) -> QPalette:
    """The theme as Qt's palette."""
    role = QPalette.ColorRole
    active = {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.field,
        role.AlternateBase: colours.hover,
        role.Text: colours.text,
        role.PlaceholderText: colours.secondary,
        role.Button: colours.field,
        role.ButtonText: colours.text,
        role.BrightText: colours.danger,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.ToolTipBase: colours.hover,
        role.ToolTipText: colours.text,
        role.Light: colours.hover,
        role.Midlight: colours.hover,
        role.Mid: colours.border,
        role.Dark: colours.border,
        role.Shadow: colours.halo,
    }
    result = QPalette()
    for key, colour in active.items():
        result.setColor(key, colour)
    faint: QColor = mix(colours.secondary, colours.card, 0.4)
    for key in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, key, faint)
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, colours.border)
    return result


@cache
def _load_fonts() -> None:
    for name in FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource("fonts", name)))
