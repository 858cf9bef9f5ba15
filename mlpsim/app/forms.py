"""Forms: what a run can be taken away as: tables, scripts, a step in LaTeX, a preset.

What writes a form is imported when the first one is written.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mlpsim.core.files.document import Document, Interrupted, Tell, go_on, replayed


@dataclass(frozen=True)
class Form:
    """A form, how the menu calls it, the file's name, and what makes it up to a step."""

    title: str
    file_name: str
    pieces: Callable[[Document, int, Interrupted, Tell], Iterable[bytes]]


def _csv(document: Document, step: int, interrupted: Interrupted, tell: Tell) -> Iterable[bytes]:
    from mlpsim.core.files.run_tables import run_csv

    return run_csv(document, step, interrupted, tell)


def _npz(document: Document, step: int, interrupted: Interrupted, tell: Tell) -> Iterable[bytes]:
    from mlpsim.core.files.run_tables import run_npz

    return run_npz(document, step, interrupted, tell)


def _numpy(document: Document, step: int, interrupted: Interrupted, tell: Tell) -> Iterable[bytes]:
    from mlpsim.core.scripts import numpy_script

    yield numpy_script(document.experiment, step).encode()


def _torch(document: Document, step: int, interrupted: Interrupted, tell: Tell) -> Iterable[bytes]:
    from mlpsim.core.scripts import torch_script

    yield torch_script(document.experiment, step).encode()


def _latex(document: Document, step: int, interrupted: Interrupted, tell: Tell) -> Iterable[bytes]:
    from mlpsim.views.labels.worked_step import worked_step_tex

    run = replayed(document, interrupted, tell)
    go_on(run, step, interrupted, tell)
    if step == 0:
        raise ValueError("state 0 is the start: the first step is step 1, to state 1")
    if step > run.last:
        raise ValueError(f"step {step} is not among the steps 1 to {run.last} that there are")
    yield worked_step_tex(run.record(step)).encode()


def _preset(document: Document, step: int, interrupted: Interrupted, tell: Tell) -> Iterable[bytes]:
    from mlpsim.core.files.presets import preset_of, write_preset

    yield write_preset(preset_of(document, step))


CSV = Form("Run as a table (CSV)", "run.csv", _csv)
NPZ = Form("Run as NumPy arrays (NPZ)", "run.npz", _npz)
NUMPY = Form("Experiment as a NumPy script", "experiment.py", _numpy)
TORCH = Form("Experiment as a PyTorch script", "experiment_torch.py", _torch)
LATEX = Form("This step worked out (LaTeX)", "step.tex", _latex)
PRESET = Form("Experiment and its race as a preset (JSON)", "preset.json", _preset)
FORMS = (CSV, NPZ, NUMPY, TORCH, LATEX, PRESET)
