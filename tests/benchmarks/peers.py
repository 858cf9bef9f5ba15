"""mlpsim beside its peers, answers checked before they are timed: tests/benchmarks/peers.py

Parts of jobs' names as arguments choose some of them; --json FILE writes the figures, --growth FILE
draws time against size; --avx2 confines all to what processors without AVX-512 have. The extra
mlpsim[peers] brings the peers; what is missing is left out and named. Each figure is the median of
several process starts, on one thread.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
STARTS = 3  # process starts of each contestant
PATIENCE = 0.5  # seconds for which a job is repeated in a process
MOST = 500  # repeats in a process: half of the patience where a job takes half a millisecond
LIBRARIES = ("OMP", "OPENBLAS", "MKL", "NUMBA")
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in LIBRARIES} | {
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
}
AVX2 = {
    "NUMBA_CPU_NAME": "haswell",
    "NUMBA_CPU_FEATURES": "+avx2,+fma",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
    "OPENBLAS_CORETYPE": "Haswell",
    "ATEN_CPU_CAPABILITY": "avx2",
    "XLA_FLAGS": f"{ONE_THREAD['XLA_FLAGS']} --xla_cpu_max_isa=AVX2",
}
# What a contestant is called, and the package that it needs.
CONTESTANTS = {
    "mlpsim, NumPy": "numpy",
    "mlpsim, Numba": "numba",
    "mlpsim, recorded": "numba",
    "mlpsim, interpolated": "numba",
    "mlpsim, interp. NumPy": "numpy",
    "JAX": "jax",
    "PyTorch": "torch",
    "scikit-learn": "sklearn",
}
PACKAGES = {"sklearn": "scikit-learn"}


def is_here(contestant: str) -> bool:
    return importlib.util.find_spec(CONTESTANTS[contestant]) is not None


def alone(is_avx2: bool) -> dict[str, str]:
    """The environment of a process that measures on one thread."""
    return os.environ | ONE_THREAD | (AVX2 if is_avx2 else {}) | {"PYTHONPATH": str(ROOT)}


def solver_of(contestant: str, job: object) -> Callable[[], np.ndarray] | None:
    """The function with which a contestant does the job; None if it does not do such jobs."""
    import peer_mlpsim

    from mlpsim.core.compiled.engine import COMPILED

    if contestant == "mlpsim, NumPy":
        return peer_mlpsim.solver(job)
    if contestant == "mlpsim, Numba":
        return peer_mlpsim.compiled(job)
    if contestant == "mlpsim, recorded":
        return peer_mlpsim.recorded(job)
    if contestant == "mlpsim, interpolated":
        return peer_mlpsim.smooth(job, COMPILED)
    if contestant == "mlpsim, interp. NumPy":
        return peer_mlpsim.smooth(job)
    module = __import__(f"peer_{CONTESTANTS[contestant]}")
    return module.solver(job)


def timed(contestant: str, name: str, answer: Path) -> None:
    """In a process of its own: check the answer, repeat the job, print the median in seconds."""
    from peer_jobs import JOBS, check

    solve = solver_of(contestant, JOBS[name])
    if solve is None:
        print("null")
        return
    slack = 1e-4 if "interp" in contestant else 0.0
    check(JOBS[name], solve(), np.load(answer), slack)
    seconds: list[float] = []
    while not seconds or (sum(seconds) < PATIENCE and len(seconds) < MOST):
        start = time.perf_counter()
        solve()
        seconds.append(time.perf_counter() - start)
    print(json.dumps(statistics.median(seconds)))


def measured(contestant: str, name: str, answer: Path, is_avx2: bool) -> float | None:
    """The median over process starts, in seconds; None if the contestant has no such job."""
    found = []
    for _ in range(STARTS):
        done = subprocess.run(
            [sys.executable, __file__, "--time", contestant, name, str(answer)],
            env=alone(is_avx2),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{contestant}, {name}:\n{done.stderr}")
        found.append(json.loads(done.stdout.splitlines()[-1]))
        if found[-1] is None:
            return None
    return statistics.median(found)


def compare(chosen: list[str], is_avx2: bool) -> dict[str, dict[str, float]]:
    """The table, printed as it grows; seconds by job and contestant."""
    from peer_jobs import JOBS, expected

    here = [contestant for contestant in CONTESTANTS if is_here(contestant)]
    for contestant in CONTESTANTS.keys() - set(here):
        print(f"left out, not installed: {contestant}")
    print(f"{'milliseconds; × as long as the best of mlpsim':48}", *(f"{c:>22}" for c in here))
    table: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.npy"
        for name, job in JOBS.items():
            if chosen and not any(part in name for part in chosen):
                continue
            np.save(answer, expected(job))
            row = {c: measured(c, name, answer, is_avx2) for c in here}
            table[name] = {c: seconds for c, seconds in row.items() if seconds is not None}
            best = min(seconds for c, seconds in table[name].items() if c.startswith("mlpsim"))
            cells = [
                f"{1e3 * row[c]:9.4g} ({row[c] / best:8.3g}×)" if row[c] is not None else "–"
                for c in here
            ]
            print(f"{name:48}", *(f"{cell:>22}" for cell in cells), flush=True)
    return table


def versions() -> dict[str, str]:
    """What was measured, and where."""
    packages = {CONTESTANTS[c] for c in CONTESTANTS if is_here(c)}
    found = {name: version(PACKAGES.get(name, name)) for name in sorted(packages)}
    processors = Path("/proc/cpuinfo")
    model = "unknown"
    if processors.exists():
        lines = processors.read_text().splitlines()
        model = next((line.split(":")[1].strip() for line in lines if "model name" in line), model)
    return found | {
        "python": sys.version.split()[0],
        "processor": model,
        "date": time.strftime("%F"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("jobs", nargs="*", help="parts of the names of jobs")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--growth", type=Path, help="draw time against size there (PNG)")
    parser.add_argument("--avx2", action="store_true", help="as if there were no AVX-512")
    parser.add_argument("--time", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.time:
        contestant, name, answer = arguments.time
        timed(contestant, name, Path(answer))
        return
    about = versions() | ({"confined to": "AVX2"} if arguments.avx2 else {})
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    table = compare(arguments.jobs, arguments.avx2)
    if arguments.json:
        arguments.json.write_text(json.dumps({"about": about, "seconds": table}, indent=1))
    if arguments.growth:
        script = str(Path(__file__).with_name("peer_growth.py"))
        command = [sys.executable, script, arguments.growth]
        subprocess.run(command, env=alone(arguments.avx2), check=True)


if __name__ == "__main__":
    main()
