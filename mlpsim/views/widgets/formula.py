"""Typeset formulas, drawn as vectors in the colour and size of the text around them."""

from time import perf_counter

from PySide6.QtCore import QByteArray, QEvent, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontInfo, QPainter, QPaintEvent, QPalette, QShowEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from mlpsim.views.widgets.typesetting import Typeset, fetching, is_ready, typeset

# Formulas look as large as the text around them when they are set a little larger.
SCALE = 1.25
PAUSE_SECONDS = 0.02  # between two formulas that nobody sees yet
REST_MS = 50  # until a window has been painted with all that it shows
SOON_MS = 20  # until it is looked again whether the typesetter has come


class FormulaLabel(QWidget):
    """Shows one formula in TeX; ``words`` is what a screen reader says.

    The typesetter is fetched once the window has been painted, and the first formula set when it
    has come; in a picture, at once. What nobody sees yet is set when there is time, one formula
    after another.
    """

    was_set = Signal()  # so that its size is no longer an estimate
    _last_set = 0.0  # when one of them was

    def __init__(self, tex: str = "", words: str = "", scale: float = SCALE) -> None:
        super().__init__()
        self._tex = tex
        self._scale = scale
        self.drawn: Typeset | None = None
        self._renderer: QSvgRenderer | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.setObjectName("typeset")
        self._timer.timeout.connect(self._on_turn)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_tex(tex, words)

    @property
    def tex(self) -> str:
        return self._tex

    def set_tex(self, tex: str, words: str = "") -> None:
        """Show another formula."""
        self._tex = tex
        self.setAccessibleName(words or tex)
        self._reset()

    def sizeHint(self) -> QSize:
        if self.drawn is None:
            return QSize(round(0.5 * len(self._tex) * self._pixels()), round(1.5 * self._pixels()))
        return QSize(round(self.drawn.width + 1), round(self.drawn.height + 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._timer.isActive() and is_ready():
            self._timer.stop()
            self._typeset()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        kinds = QEvent.Type
        if event.type() in (kinds.PaletteChange, kinds.EnabledChange, kinds.FontChange):
            self._reset()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._tex and self.drawn is None:
            if self.isVisible():
                if not self._timer.isActive():  # else who is painted all the time never has a turn
                    self._timer.start(0 if is_ready() else REST_MS)
                return
            # Drawn into a picture: there is no later.
            self._typeset()
        if self.drawn is None or self._renderer is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._renderer.render(painter, self._area(self.drawn))

    def _area(self, drawn: Typeset) -> QRectF:
        # Too long a formula is made smaller rather than cut.
        fit = min(1.0, self.width() / drawn.width)
        size = (drawn.width * fit, drawn.height * fit)
        return QRectF(0.0, (self.height() - size[1]) / 2.0, *size)

    def _pixels(self) -> float:
        return self._scale * QFontInfo(self.font()).pixelSize()

    def _reset(self) -> None:
        self._timer.stop()
        self.drawn = self._renderer = None
        if self._tex and is_ready():
            if self.isVisible():
                self._typeset()
            else:
                self._timer.start(0)
        self.updateGeometry()
        self.update()

    @Slot()
    def _on_turn(self) -> None:
        """Set the formula, unless another one has just been: others come in between."""
        if not is_ready() and fetching().is_alive():
            self._timer.start(SOON_MS)
        elif not self.isVisible() and perf_counter() - FormulaLabel._last_set < PAUSE_SECONDS:
            self._timer.start(round(1e3 * PAUSE_SECONDS))
        else:
            self._typeset()
            FormulaLabel._last_set = perf_counter()

    def _typeset(self) -> None:
        colour = self.palette().color(QPalette.ColorRole.WindowText)
        self.drawn = typeset(self._tex, colour.name(), self._pixels())
        self._renderer = QSvgRenderer(QByteArray(self.drawn.svg))
        self._renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
        self.updateGeometry()
        self.update()
        self.was_set.emit()
