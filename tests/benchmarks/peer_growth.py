"""How time grows with samples, parameters, grid points and members of a fleet, two decades each.

tests/benchmarks/peer_growth.py FILE.png
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from math import log10
from pathlib import Path

import numpy as np
from peer_jobs import LECTURE, SLICED, THETA, Fleet, Slice, deep_problem, training
from peers import MOST, PATIENCE, is_here, solver_of

from mlpsim.core.plane import two_weights

COLOURS = {
    "mlpsim, NumPy": "#2a6fbb",
    "mlpsim, Numba": "#c8692b",
    "mlpsim, interpolated": "#3a9a5b",
    "JAX": "#8a5fb0",
    "PyTorch": "#b03a5b",
    "scikit-learn": "#7a7a7a",
}


def samples(size: int) -> object:
    """An epoch of 2-8-1 in batches of 10."""
    return training(deep_problem(size, 2, 8, 1), 0.1, 10, size // 10)


def parameters(size: int) -> object:
    """100 steps of 2-n-1 in batches of 10."""
    return training(deep_problem(500, 2, size // 4, 1), 0.1, 10, 100)


def points(size: int) -> object:
    """A slice of 2-8-8-1 over two weights of layer 2."""
    start = SLICED.network.layout[1].w.start
    return Slice(SLICED, two_weights(THETA, start, start + 8), side=round(size**0.5))


def members(size: int) -> object:
    """100 GD steps of the lecture's example from many starts."""
    starts = np.random.default_rng(0).uniform(-4.0, 4.0, (size, 2))
    return Fleet(LECTURE, starts, 100)


GROWTHS: dict[str, tuple[Callable[[int], object], tuple[int, ...]]] = {
    "samples": (samples, (100, 300, 1000, 3000, 10_000)),
    "parameters": (parameters, (8, 24, 80, 256, 800)),
    "grid points": (points, (400, 1200, 4000, 12_000, 40_000)),
    "members of a fleet": (members, (160, 500, 1600, 5000, 16_000)),
}


def measured(solve: Callable[[], np.ndarray]) -> float:
    """The median of some repeats after one to warm up, in ms."""
    solve()
    seconds: list[float] = []
    while not seconds or (sum(seconds) < PATIENCE and len(seconds) < MOST):
        start = time.perf_counter()
        solve()
        seconds.append(time.perf_counter() - start)
    return 1e3 * statistics.median(seconds)


def draw(path: Path) -> None:
    """Print the figures, and draw them as a PNG of four panes with logarithmic axes."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import pyqtgraph as pg

    pg.setConfigOptions(background="w", foreground="k", antialias=True)
    application = pg.mkQApp()
    sheet = pg.GraphicsLayoutWidget(show=True, size=(1600, 1000))
    legend = pg.LegendItem(colCount=len(COLOURS))
    named: set[str] = set()
    for number, (name, (job_of, sizes)) in enumerate(GROWTHS.items()):
        pane = sheet.addPlot(number // 2, number % 2, title=job_of.__doc__)
        pane.setLogMode(True, True)
        pane.setLabels(left="milliseconds", bottom=name)
        pane.getAxis("bottom").setTicks([[(log10(size), f"{size:,}") for size in sizes]])
        pane.getAxis("left").setTicks([[(k, f"{10.0**k:,g}") for k in range(-3, 6)]])
        for contestant, colour in COLOURS.items():
            if not is_here(contestant):
                continue
            solves = [solver_of(contestant, job_of(size)) for size in sizes]
            found = [(size, measured(s)) for size, s in zip(sizes, solves, strict=True) if s]
            if found:
                print(name, contestant, *(f"{n:,}: {ms:.3g} ms" for n, ms in found), sep="   ")
                style = {"pen": colour, "symbol": "o", "symbolBrush": colour, "symbolSize": 6}
                curve = pane.plot(*zip(*found, strict=True), **style)
                if contestant not in named:
                    legend.addItem(curve, contestant)
                    named.add(contestant)
    sheet.addItem(legend, 2, 0, 1, 2)
    application.processEvents()
    if not sheet.grab().save(str(path)):
        raise OSError(f"the picture could not be written to {path}")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
