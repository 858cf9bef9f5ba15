"""Forms: what a run can be taken away as: tables, scripts that replay it, a step in LaTeX."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mlpsim.core.files.document import Document, go_on, replayed
from mlpsim.core.files.run_tables import run_csv, run_npz
from mlpsim.core.scripts import numpy_script, torch_script
from mlpsim.views.labels.worked_step import worked_step_tex

Interrupted = Callable[[], bool]


@dataclass(frozen=True)
class Form:
    """A form, how the menu calls it, the file's name, and what makes it up to a step."""

    title: str
    file_name: str
    pieces: Callable[[Document, int, Interrupted], Iterable[bytes]]


def _npz(document: Document, step: int, interrupted: Interrupted) -> Iterable[bytes]:
    yield run_npz(document, step, interrupted)


def _numpy(document: Document, step: int, interrupted: Interrupted) -> Iterable[bytes]:
    yield numpy_script(document.experiment, step).encode()


def _torch(document: Document, step: int, interrupted: Interrupted) -> Iterable[bytes]:
    yield torch_script(document.experiment, step).encode()


def _latex(document: Document, step: int, interrupted: Interrupted) -> Iterable[bytes]:
    run = replayed(document, interrupted)
    go_on(run, step, interrupted)
    if not 1 <= step <= run.last:
        raise ValueError(f"step {step} is not among the steps 1 to {run.last} that there are")
    yield worked_step_tex(run.record(step)).encode()


CSV = Form("Run as a table (CSV)", "run.csv", run_csv)
NPZ = Form("Run as NumPy arrays (NPZ)", "run.npz", _npz)
NUMPY = Form("Experiment as a NumPy script", "experiment.py", _numpy)
TORCH = Form("Experiment as a PyTorch script", "experiment_torch.py", _torch)
LATEX = Form("This step worked out (LaTeX)", "step.tex", _latex)
FORMS = (CSV, NPZ, NUMPY, TORCH, LATEX)
