"""The order of Tab: as one reads, whatever was made first."""

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget


def by_columns(parts: Iterable[QWidget]) -> list[QWidget]:
    """The parts of a window that are seen, from left to right and downwards."""
    seen = [part for part in parts if part.isVisible()]
    return sorted(seen, key=lambda part: part.mapTo(part.window(), QPoint()).toTuple())


def in_reading_order(parts: Iterable[QWidget], focused: QWidget) -> list[QWidget]:
    """What Tab reaches in parts of a window, and what has the focus: part by part, row by row."""
    return [w for part in parts if part.isVisible() for w in _in_rows(part, focused)]


def _in_rows(part: QWidget, focused: QWidget) -> list[QWidget]:
    line = part.fontMetrics().height()
    found = [w for w in part.findChildren(QWidget) if w is focused or _is_reached(w, part)]
    corners = {w: w.mapTo(part.window(), QPoint()) for w in found}
    heights = {w: corners[w].y() + min(w.height(), line) // 2 for w in found}  # of the first line
    rows: list[list[QWidget]] = []
    for widget in sorted(found, key=heights.__getitem__):
        if not rows or heights[widget] > heights[rows[-1][0]] + 3 * line // 4:
            rows.append([])
        rows[-1].append(widget)
    return [w for row in rows for w in sorted(row, key=lambda w: corners[w].x())]


def _is_reached(widget: QWidget, part: QWidget) -> bool:
    tab = Qt.FocusPolicy.TabFocus
    takes = widget.focusPolicy() & tab == tab and widget.isEnabled()
    return takes and widget.isVisible() and widget.window() is part.window()
