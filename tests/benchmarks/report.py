"""Figures of one machine, as ratios in one run where it can be: python tests/benchmarks/report.py

Names of figures as arguments choose some of them. Machines are noisy: medians of several runs.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# Python's bytecode of everything, ours and theirs, as after the first start.
BYTECODE = tempfile.TemporaryDirectory(prefix="mlpsim-bytecode-")


def child(name: str, *arguments: str, platform: str = "offscreen") -> dict[str, float]:
    """What a benchmark of ``children.py`` prints, run in a process of its own."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": platform,
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPYCACHEPREFIX": BYTECODE.name,
        "PYTHONDONTWRITEBYTECODE": "",
        "STARTED_AT": repr(time.time()),
    }
    done = subprocess.run(
        [sys.executable, str(HERE / "children.py"), name, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{name} failed:\n{done.stderr}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def platforms() -> list[str]:
    """Where frames are measured: offscreen, and a real display if there is one."""
    return ["offscreen", "xcb"] if os.environ.get("DISPLAY") else ["offscreen"]


def say(figure: str, value: str, goal: str) -> None:
    print(f"{figure:58} {value:>24}   goal {goal}", flush=True)


def first_paint() -> None:
    """Time from process start to the first painted frame against four bare pyqtgraph plots.

    The processor's time tells the same where other processes take turns.
    """
    pairs = [(child("app_paint"), child("bare_paint")) for _ in range(8)][1:]
    for figure, key in (("first paint", "seconds"), ("  in processor time", "processor")):
        ours = statistics.median(pair[0][key] for pair in pairs)
        bare = statistics.median(pair[1][key] for pair in pairs)
        ratio = statistics.median(a[key] / b[key] for a, b in pairs)
        value = f"{ratio:.2f} ({ours:.2f} / {bare:.2f} s)"
        say(f"{figure} / window with four bare pyqtgraph plots", value, "≤ 1.6")


def start() -> None:
    """From the start of the process to the compiled engine, whose code is on the disk already.

    And the longest time that the window does not answer while that and its cards are made.
    """
    for platform in platforms():
        runs = [child("start", platform=platform) for _ in range(6)][1:]

        def median(key: str, runs: list[dict[str, float]] = runs) -> float:
            return statistics.median(run[key] for run in runs)

        say(f"everything is made behind the first paint, {platform}", f"{median('all'):.1f} s", "")
        say("  longest event-loop gap meanwhile", f"{median('gap'):.0f} ms", "≤ 75 ms")
        say("  in processor time of its thread", f"{median('stretch'):.0f} ms", "≤ 75 ms")
        if all("engine" in run for run in runs):
            say("  compiled engine is ready", f"{median('engine'):.2f} s", "≤ 2 s")
            say("  longest gap while it is loaded", f"{median('loading'):.0f} ms", "≤ 75 ms")


def gaps() -> None:
    """Gaps between ticks of a 1 ms timer over 10 s while playing, at 1600×1000."""
    for platform in platforms():
        for speed, goal in (("60", 16), ("inf", 16)):
            found = child("gaps", speed, platform=platform)
            value = f"{found['p99']:.1f} ms, max {found['max']:.0f}"
            say(f"event-loop gap p99, {speed} steps/s, {platform}", value, f"≤ {goal} ms")
            say("  steps/s reached", f"{found['rate']:.0f}", "")


def compiled_gaps() -> None:
    """The same at full speed with the compiled engine, where Numba is installed."""
    if find_spec("numba") is None:
        return
    for name, goal in (("lecture", 1_000_000), ("2-8-8-1", 100_000)):
        found = child("compiled_gaps", name)
        say(f"steps/s of {name} at full speed, Numba", f"{found['rate']:.0f}", f"≥ {goal}")
        value = f"{found['p99']:.1f} ms, max {found['max']:.0f}"
        say("  event-loop gap p99 meanwhile", value, "≤ 16 ms")


def race() -> None:
    """The same with four lanes: on the surface, and side by side with their curves and table."""
    for platform in platforms():
        for name in ("surface", "race"):
            found = child("gaps", "60", name, platform=platform)
            value = f"{found['p99']:.1f} ms, max {found['max']:.0f}"
            say(
                f"event-loop gap p99, 60 steps/s of four lanes, {name}, {platform}",
                value,
                "≤ 16 ms",
            )


def frames() -> None:
    """Median time of painting each view whole, while the run moves on."""
    for platform in platforms():
        for view, milliseconds in child("frames", platform=platform).items():
            say(f"whole frame of {view}, {platform}", f"{milliseconds:.1f} ms", "")


def diagram() -> None:
    """A repaint of the diagram of large networks, at its size in the window."""
    for sizes, milliseconds in child("diagram").items():
        goal = "≤ 25 ms" if sizes != "64-32-10" else "none: 2,368 edges"
        say(f"repaint of the diagram of {sizes}", f"{milliseconds:.0f} ms", goal)


def surface() -> None:
    """The lecture's surface with isolines, and how often it follows a dragged data point."""
    found = child("surface")
    say("surface 200×200 with isolines", f"{found['milliseconds']:.1f} ms", "≤ 30 ms")
    say("surface updates a second during a drag", f"{found['updates']:.0f}", "≥ 30")


def relief() -> None:
    """The surface in three dimensions: a frame while it is turned, and the painting at rest."""
    for platform in platforms():
        for look in ("relief", "both"):
            found = child("relief", look, platform=platform)
            value = f"{found['frame']:.0f} ms, p90 {found['slow']:.0f}"
            busy = f"{found['processor']:.0f} ms"
            beside = " beside its map" if look == "both" else ""
            name = f"a frame of the 3-D surface{beside} while it is turned, {platform}"
            say(name, value, "≤ 33 ms")
            say("  processor time of it", busy, "≤ 33 ms")
            say("  the finer one at rest, in slices", f"{found['rest']:.0f} ms", "")


def slices() -> None:
    """A slice of 2-8-8-1 with 500 samples at 200×200 points."""
    found = child("slices")
    value = f"{found['first']:.0f} ms, {found['again']:.0f} ms"
    say("slice of 2-8-8-1, 500 samples: seen, seen instead of a finer", value, "")
    say("  event-loop gap p99, max", f"{found['p99']:.0f} ms, {found['max']:.0f} ms", "≤ 25 ms")


def many() -> None:
    """The longest stretch of the window's thread at 100,000 samples, in processor time."""
    for what, milliseconds in child("many").items():
        say(f"100,000 samples, {what}: longest stretch", f"{milliseconds:.0f} ms", "≤ 75 ms")


def memory() -> None:
    """Growth of the process over 100,000 steps, and a state from the middle shown again."""
    for name, goal in (("lecture", 20), ("2-8-8-1", 80)):
        found = child("memory", name)
        say(f"memory over 100,000 steps of {name}", f"{found['mib']:.1f} MB", f"≤ {goal} MB")
        say("  a state from the middle, shown again", f"{found['seek_ms']:.1f} ms", "")


def engine() -> None:
    """10,000 steps of gradient descent against a loop written by hand for the lecture's example."""
    found = child("engine")
    say("10,000 GD steps / loop specialised by hand", f"{found['ratio']:.2f}", "≤ 3")
    say("  seconds", f"{found['ours']:.3f} / {found['hand']:.3f}", "")


def certify() -> None:
    """f* of the lecture's example, certified to 1e-9, and bounds where S* is a curve."""
    found = child("certify")
    for name, goal in (("box r = 10", 50), ("box r = 50", 300), ("ball r = 1", 300)):
        say(f"certified f* on the {name}", f"{found[name]:.0f} ms", f"≤ {goal} ms")
    relu = f"{found['relu']:.0f} ms"
    say("certified f* of a relu with 3 weights, 100 samples", relu, "≤ 2000 ms")
    say("bounds of f* of the saddle on the box r = 3", f"{found['saddle']:.0f} ms", "≤ 1000 ms")


def lens() -> None:
    """How soon the ε-lens has its verdicts, which come while it is dragged."""
    for place, milliseconds in child("lens").items():
        say(f"verdicts of the ε-lens {place}", f"{milliseconds:.0f} ms", "≤ 150 ms")


def stationary() -> None:
    """How soon all stationary points are known, with a proof."""
    for place, milliseconds in child("stationary").items():
        goal = 2000 if "not isolated" in place else 1000
        say(f"stationary points {place}", f"{milliseconds:.0f} ms", f"≤ {goal} ms")


def reading() -> None:
    """A CSV file of 100,000 rows and five columns, one of them words, read and taken as data."""
    found = child("reading")
    value = f"{found['seconds']:.1f} s ({found['processor']:.1f} s of processor)"
    say("100,000 rows of a CSV file as data", value, "≤ 3 s")
    say("  between two looks at whether it is cancelled", f"{found['between']:.0f} ms", "≤ 100 ms")


FIGURES: tuple[Callable[[], None], ...] = (
    first_paint,
    start,
    gaps,
    compiled_gaps,
    race,
    frames,
    diagram,
    surface,
    relief,
    slices,
    many,
    memory,
    engine,
    certify,
    lens,
    stationary,
    reading,
)


def main() -> None:
    chosen = set(sys.argv[1:]) or {figure.__name__ for figure in FIGURES}
    for figure in FIGURES:
        if figure.__name__ in chosen:
            figure()


if __name__ == "__main__":
    main()
