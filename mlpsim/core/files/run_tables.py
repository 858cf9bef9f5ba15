"""A run as tables: CSV for spreadsheets, NPZ for NumPy."""

import csv
import io
from collections.abc import Iterator
from contextlib import ExitStack
from math import isfinite
from tempfile import TemporaryFile

import numpy as np

from mlpsim.core.arrays import Array, Indices
from mlpsim.core.files.document import Document, Interrupted, Tell, states
from mlpsim.core.files.npz import Rows, archive
from mlpsim.core.network import Network
from mlpsim.core.segment import Segment
from mlpsim.core.training import Checkpoint

MOST_ERRORS = 100  # samples up to which a CSV has every error
Row = tuple[int, Segment, Array, Indices | None]  # k, the segment, theta, the batch that led here


def parameter_columns(network: Network) -> list[str]:
    """The names of theta's entries: w1_2_3 leads from neuron 3 to neuron 2 of layer 1; b1_2."""
    names = []
    for p in range(network.n_params):
        layer, to, origin = network.place(p)
        kind = "b" if origin is None else "w"
        tail = "" if origin is None else f"_{origin + 1}"
        names.append(f"{kind}{layer + 1}_{to + 1}{tail}")
    return names


def run_csv(
    document: Document,
    steps: int,
    interrupted: Interrupted = lambda: False,
    tell: Tell = lambda k: None,
) -> Iterator[bytes]:
    """States 0 … ``steps`` as lines of CSV, or up to a divergence.

    Columns: step, objective, the batch that led there (samples from 1, with blanks between), the
    parameters, and every sample's error where there are at most 100,
    the same all along. Numbers read back bit for bit.
    """
    problems = [segment.experiment.problem for segment in document.segments]
    samples = {len(problem.data) for problem in problems}
    with_errors = len(samples) == 1 and max(samples) <= MOST_ERRORS
    head = ["step", "objective", "batch", *parameter_columns(problems[0].network)]
    if with_errors:
        head += [f"e{s + 1}" for s in range(max(samples))]
    yield csv_line(head)
    for k, segment, theta, batch in _rows(document, steps, interrupted, tell):
        problem = segment.experiment.problem
        seen = "" if batch is None else " ".join(str(s + 1) for s in batch)
        row = [str(k), repr(float(problem.value(theta))), seen, *map(repr, theta.tolist())]
        if with_errors:
            row += map(repr, problem.errors(theta).tolist())
        yield csv_line(row)


def run_npz(
    document: Document,
    steps: int,
    interrupted: Interrupted = lambda: False,
    tell: Tell = lambda k: None,
) -> Iterator[bytes]:
    """States 0 … ``steps`` as pieces of a NumPy archive, or up to a divergence.

    ``theta`` (K+1, P), ``objective`` (K+1,), ``names`` (P,), ``x`` (S, D) and ``y`` (S, O) of the
    last experiment, and the batches, samples from 0, one after another: those of step k are
    ``batches[batch_ends[k-1] : batch_ends[k]]``, ``batch_ends`` being (K+1,).
    """
    problem = document.segments[0].experiment.problem
    with ExitStack() as open_files:

        def rows(kind: type, *shape: int) -> Rows:
            return Rows(open_files.enter_context(TemporaryFile()), kind, shape)

        thetas, objective = rows(np.float64, problem.network.n_params), rows(np.float64)
        batches, ends, count = rows(np.intp), rows(np.intp), 0
        for _, segment, theta, batch in _rows(document, steps, interrupted, tell):
            problem = segment.experiment.problem
            thetas.append(theta[None])
            objective.append(np.array([problem.value(theta)]))
            if batch is not None:
                batches.append(batch)
                count += len(batch)
            ends.append(np.array([count]))
        yield from archive(
            {
                "theta": thetas,
                "objective": objective,
                "names": np.array(parameter_columns(problem.network)),
                "x": problem.data.x,
                "y": problem.data.y,
                "batches": batches,
                "batch_ends": ends,
            }
        )


def _rows(document: Document, steps: int, interrupted: Interrupted, tell: Tell) -> Iterator[Row]:
    before: tuple[Segment, Checkpoint] | None = None
    for segment, state in states(document.segments, steps):
        value = float(segment.experiment.problem.value(state.theta))
        if interrupted() or not (isfinite(value) and np.isfinite(state.theta).all()):
            return
        batch = None if before is None else before[0].batch(state.k)
        yield state.k, segment, state.theta, batch
        tell(state.k)
        before = segment, state


def csv_line(cells: list[str]) -> bytes:
    """A line of a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()
