"""The bouquet on the map: an arrow −∇eˢ for every sample, and the thick sum −∇J."""

from enum import Enum
from itertools import groupby
from math import hypot

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from mlpsim.core.arrays import Array
from mlpsim.core.classes import classes_of
from mlpsim.core.identity import are_same
from mlpsim.core.looks.bouquet import MOST, Bouquet, bouquet
from mlpsim.core.problem import quiet
from mlpsim.views.appearance import sized
from mlpsim.views.context import Context
from mlpsim.views.items import marks
from mlpsim.views.items.markers import class_colour, draw_marker, marker_path
from mlpsim.views.items.overlays.arrows import (
    Arrow,
    arrow_at,
    badges_of,
    paint_arrows,
    scale_of,
    tip_of,
)
from mlpsim.views.items.plot_frame import PlotFrame
from mlpsim.views.items.relief_sheet import Sheet, SheetArrow
from mlpsim.views.items.strokes import unit_of
from mlpsim.views.theme import DARK, PENALTY, mix

FEW = 12  # samples up to which the bouquet shows by itself, and arrows are numbered
WIDTH, LIT_WIDTH, SUM_WIDTH = 1.7, 2.6, 3.2
FAINT, FAINT_HALO = 0.6, 0.25
SMALL, LARGE = 0.3, 0.8  # shares of the sum: arrows below the first are drawn up to the second
STEPS: tuple[int, ...] = tuple(digit * 10**e for e in range(10) for digit in (1, 2, 5))
REST, DULL = QColor("#d5dce8"), QColor("#5f7f95")


class Mode(Enum):
    """How the arrows of the samples are laid."""

    OFF = "off"
    FROM_W = "from w"
    TIP_TO_TAIL = "tip to tail"


class BouquetOverlay:
    """Paints the pulls at the state on view; solid: the samples of the step that leaves it.

    All arrows of a picture have one scale, so that the eye can add them.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._chosen: Mode | None = None
        self._pulls: Bouquet | None = None
        self._of: tuple[object, ...] = ()
        self._arrows: list[Arrow] = []
        self.badges: list[tuple[Arrow, QPointF]] = []  # the marks as last painted
        self._badge_radius = 0.0
        self._brushed: int | None = None
        session = context.session
        session.selection.sample_selected.connect(context.overlays.update)
        session.selection.sample_pointed.connect(context.overlays.update)

    # -- what is shown -------------------------------------------------------------------------

    @property
    def mode(self) -> Mode:
        """As chosen, or arrows from w where there are few samples."""
        if self._chosen is not None:
            return self._chosen
        few = len(self._context.landscape.problem.data) <= FEW
        return Mode.FROM_W if few else Mode.OFF

    def set_mode(self, mode: Mode) -> None:
        """Lay the arrows another way."""
        self._chosen = mode
        self._of = ()
        self._context.overlays.update()

    @property
    def is_possible(self) -> bool:
        """Whether there are arrows at all: on a plane, and while a frame can wait for them."""
        landscape = self._context.landscape
        return not (landscape.plane.is_line or landscape.is_dear)

    @property
    def magnification(self) -> int:
        """How many times as long as the sum's scale has them arrows from w are drawn.

        More than once where they are so many that each is next to nothing in the sum.
        """
        pulls = self.pulls
        if pulls is None or self.mode is not Mode.FROM_W:
            return 1
        parts = pulls.pulls if pulls.penalty is None else np.vstack([pulls.pulls, pulls.penalty])
        with np.errstate(all="ignore"):
            room = float(np.hypot(*pulls.total) / np.hypot(*parts.T).max())
        if not 1.0 / SMALL < room < 1e9:
            return 1
        return next(step for step in reversed(STEPS) if step == 1 or step <= LARGE * room)

    @property
    def pulls(self) -> Bouquet | None:
        """The pulls at the state on view; None where there are none to draw."""
        session, landscape = self._context.session, self._context.landscape
        of = (session.run, session.cursor, session.experiment, landscape.plane)
        if not are_same(of, self._of):
            self._of, self._pulls = of, self._found()
        return self._pulls

    def _found(self) -> Bouquet | None:
        session, landscape = self._context.session, self._context.landscape
        problem, theta = session.experiment.problem, session.theta
        if not self.is_possible or len(landscape.plane.origin) != len(theta):
            return None
        self._brushed = session.selection.brushed_sample
        batch = session.segment.batch(session.cursor + 1)
        engine, most = landscape.engine, 0 if self.mode is Mode.OFF else MOST
        return bouquet(problem, theta, landscape.plane, batch, self._brushed, engine, most)

    @property
    def arrows(self) -> tuple[tuple[int | None, QLineF], ...]:
        """The arrows as last painted: their samples and pixels."""
        return tuple((arrow.sample, arrow.line) for arrow in self._arrows)

    # -- painting ------------------------------------------------------------------------------

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        self._arrows, self.badges = [], []
        if self._context.overlays.hides_step:
            return
        pulls = self.pulls
        brushed = self._context.session.selection.brushed_sample
        if pulls is not None and pulls.rest is not None and brushed != self._brushed:
            self._of = ()  # the brushed sample is one of those that are drawn
            pulls = self.pulls
        if pulls is None:
            return
        theta = self._context.session.theta
        x, y = frame.pixels(self._context.landscape.plane.project(theta)).tolist()
        at, mode = QPointF(x, y), self.mode
        if not frame.area.adjusted(-200.0, -200.0, 200.0, 200.0).contains(at):
            return
        em, unit = QFontMetricsF(frame.font).height(), unit_of(frame)
        if mode is Mode.OFF:
            tip = marks.arrow_tip(at, pulls.total, em)
        else:
            scale = self._scale(frame, pulls)
            self._arrows = self._laid_out(pulls, at, scale)
            tip = tip_of(at, pulls.total, scale)
        if tip is not None:
            marks.paint_arrow(painter, at, tip, DARK, marks.WHITE, SUM_WIDTH * unit)
        self._paint_arrows(painter, unit)
        self._paint_names(painter, frame, em)

    def drape(self, painter: QPainter, sheet: Sheet) -> None:
        """The same arrows along the sheet of the relief; those of a few samples, and the sum."""
        pulls, landscape = self.pulls, self._context.landscape
        if pulls is None or self._context.overlays.hides_step:
            return
        session, flat = self._context.session, sheet.flat
        place = landscape.plane.project(session.theta)
        x, y = flat.pixels(place).tolist()
        at, unit = QPointF(x, y), sheet.unit
        if self.mode is Mode.OFF:
            tip, arrows = marks.arrow_tip(at, pulls.total, QFontMetricsF(flat.font).height()), []
        else:
            scale = self._scale(flat, pulls)
            tip, arrows = tip_of(at, pulls.total, scale), self._laid_out(pulls, at, scale)
        drawn = [SheetArrow(QLineF(at, tip), marks.WHITE, SUM_WIDTH * unit)] if tip else []
        few = arrows if len(arrows) <= FEW + 2 else []
        for arrow in sorted(few, key=lambda arrow: -arrow.line.length()):
            lit = arrow.is_of(session.selection.brushed_sample)
            colour = _faint(arrow.colour, True) if arrow.is_faint and not lit else arrow.colour
            drawn.append(SheetArrow(arrow.line, colour, (LIT_WIDTH if lit else WIDTH) * unit))
        true = np.array([self._context.appraiser.value])
        on_sheet = sheet.surface.at(place[None])
        lift = float((sheet.surface.share(true) - sheet.surface.share(on_sheet))[0])
        sheet.draw_arrows(painter, drawn, lift)

    @quiet()
    def _laid_out(self, pulls: Bouquet, at: QPointF, scale: float) -> list[Arrow]:
        classes = classes_of(self._context.landscape.problem.data)
        chained, times = self.mode is Mode.TIP_TO_TAIL, self.magnification
        arrows, tail = list[Arrow](), at

        def add(
            pull: Array, colour: QColor, label: int, s: int | None, name: str, faint: bool
        ) -> None:
            nonlocal tail
            tip = tip_of(tail, pull, scale)
            if tip is not None:
                arrows.append(Arrow(QLineF(tail, tip), colour, label, s, name, faint))
                tail = tip if chained else at

        for s, pull, solid in zip(
            pulls.samples.tolist(), pulls.pulls, pulls.in_batch.tolist(), strict=True
        ):
            label = 0 if classes is None else int(classes[s])
            colour = REST if classes is None else class_colour(DARK, label)
            add(times * pull, colour, label, s, str(s + 1), not solid)
        if pulls.rest is not None and chained:
            add(pulls.rest, REST, 0, None, "…", True)
        if pulls.penalty is not None:
            add(times * pulls.penalty, PENALTY, 0, None, "R", False)
        return arrows

    @quiet()
    def _scale(self, frame: PlotFrame, pulls: Bouquet) -> float:
        chained = self.mode is Mode.TIP_TO_TAIL
        drawn = [pulls.total[None], np.cumsum(pulls.pulls, axis=0) if chained else pulls.pulls]
        if pulls.penalty is not None:
            drawn.append(pulls.penalty[None])
        return scale_of(np.concatenate(drawn), frame.area)

    def _paint_arrows(self, painter: QPainter, unit: float) -> None:
        """Faint ones below solid ones, long ones below short ones, the brushed one on top."""
        brushed = self._context.session.selection.brushed_sample
        few = len(self._arrows) <= FEW + 2

        def height(arrow: Arrow) -> tuple[bool, bool, float]:
            # Of many, those of a colour are painted at once: one by one takes five times as long.
            order = -arrow.line.length() if few else arrow.colour.rgb()
            return arrow.is_of(brushed), not arrow.is_faint, order

        ordered = sorted(self._arrows, key=height)
        for faint, alpha in ((True, FAINT_HALO), (False, 1.0)):
            if faint and not few:
                continue
            halo, some = QColor(DARK.halo), [a for a in ordered if a.is_faint is faint]
            halo.setAlphaF(alpha)
            paint_arrows(painter, some, halo, WIDTH * unit, 2.4 * unit)
        for key, group in groupby(
            ordered, key=lambda a: (a.colour.rgb(), a.is_faint, a.is_of(brushed))
        ):
            rgb, faint, lit = key
            colour = _faint(QColor.fromRgb(rgb), few) if faint and not lit else QColor.fromRgb(rgb)
            members = list(group)
            if lit:
                paint_arrows(painter, members, marks.WHITE, LIT_WIDTH * unit, 3.2 * unit)
            paint_arrows(painter, members, colour, (LIT_WIDTH if lit else WIDTH) * unit)

    def _paint_names(self, painter: QPainter, frame: PlotFrame, em: float) -> None:
        """The class's mark at every arrow, with the sample's number where there are few."""
        few = len(self._arrows) <= FEW + 2
        brushed = self._context.session.selection.brushed_sample
        font = sized(frame.font, 0.8)
        font.setBold(True)
        painter.setFont(font)
        named, radius = list[Arrow](), 0.5 * em
        for arrow in self._arrows:
            if few or arrow.sample is None or arrow.is_of(brushed):
                named.append(arrow)
            else:
                self._paint_dot(painter, arrow, 0.2 * em)
        chained = self.mode is Mode.TIP_TO_TAIL
        places = badges_of([arrow.line for arrow in named], radius, chained)
        self.badges, self._badge_radius = list(zip(named, places, strict=True)), radius
        for arrow, at in self.badges:
            lit = arrow.is_of(brushed)
            if arrow.is_faint and not lit:
                painter.setOpacity(0.62)
            edge = marks.WHITE if lit else DARK.halo
            draw_marker(painter, at, arrow.label, radius, QColor(arrow.colour), edge)
            painter.setPen(DARK.halo)
            box = QRectF(at.x() - em, at.y() - em, 2.0 * em, 2.0 * em)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, arrow.name)
            painter.setOpacity(1.0)

    def _paint_dot(self, painter: QPainter, arrow: Arrow, radius: float) -> None:
        colour = _faint(arrow.colour, False) if arrow.is_faint else arrow.colour
        path = marker_path(arrow.label, radius).translated(arrow.line.pointAt(0.6))
        painter.fillPath(path, colour)

    # -- the pointer ---------------------------------------------------------------------------

    def hover(self, frame: PlotFrame, at: QPointF | None) -> bool:
        sample = None if at is None else self._sample_at(at)
        self._context.session.selection.point_at_sample(sample)
        return sample is not None

    def press(self, frame: PlotFrame, at: QPointF) -> bool:
        sample = self._sample_at(at)
        if sample is not None:
            self._context.session.selection.select_sample(sample)
        return sample is not None

    def drag(self, frame: PlotFrame, at: QPointF) -> None:
        """An arrow is not dragged."""

    def release(self) -> None:
        """Nothing was dragged."""

    def _sample_at(self, at: QPointF) -> int | None:
        """The sample whose mark or arrow is there; none on the state's own mark."""
        if self._on_state(at, 1.0):
            return None
        for arrow, place in reversed(self.badges):
            if hypot(at.x() - place.x(), at.y() - place.y()) <= self._badge_radius:
                return arrow.sample
        found = arrow_at(self._arrows, at)
        return None if found is None or self._on_state(at, 1.5) else found.sample

    def _on_state(self, at: QPointF, radii: float) -> bool:
        if not self._arrows:
            return False
        start = self._arrows[0].line.p1()
        return hypot(at.x() - start.x(), at.y() - start.y()) <= radii * marks.RING_RADIUS


def _faint(colour: QColor, few: bool) -> QColor:
    """A colour that stands back: translucent, or of many only duller, as blending takes long."""
    if not few:
        return mix(colour, DULL, 1.0 - FAINT)
    faint = QColor(colour)
    faint.setAlphaF(FAINT)
    return faint
