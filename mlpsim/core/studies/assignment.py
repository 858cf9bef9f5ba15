"""The course's assignment: learning rates 0.1 … 1e-6, batches of 50 … 500, two losses."""

from mlpsim.core.classes import classes_of
from mlpsim.core.experiment import Experiment
from mlpsim.core.losses import BCE_LOGITS, SOFTMAX_CE_LOGITS, SQUARED_ERROR
from mlpsim.core.studies.sweep import Axis
from mlpsim.core.studies.sweep_axes import FULL

RATES = ("0.1", "0.01", "0.001", "1e-4", "1e-5", "1e-6")
BATCHES = (50, 100, 200, 500)
EPOCHS = 100


def assignment(experiment: Experiment) -> tuple[Axis, ...]:
    """The axes of the assignment for the data of an experiment.

    Batches that the data has no samples for give way to all samples; of fewer than 100, to a share
    of them. The losses are squared error and the cross-entropy that the targets are meant for;
    targets that are no classes have no such axis.
    """
    axes = (Axis("eta", RATES), Axis("batch", batches(len(experiment.problem.data))))
    return (*axes, *([Axis("loss", losses)] if (losses := _losses(experiment)) else []))


def batches(samples: int) -> tuple[str, ...]:
    """The sizes of the assignment below so many samples, and all of them; two at least."""
    sizes = [size for size in BATCHES if size < samples]
    if len(sizes) < 2 and samples < 2 * BATCHES[0]:
        sizes = sorted({max(1, samples // share) for share in (16, 8, 4, 2)} - {samples})
    whole = [FULL] if samples <= BATCHES[-1] else []
    return (*map(str, sizes), *whole)


def _losses(experiment: Experiment) -> tuple[str, ...]:
    data = experiment.problem.data
    if classes_of(data) is None:
        return ()
    cross_entropy = BCE_LOGITS if data.n_outputs == 1 else SOFTMAX_CE_LOGITS
    return SQUARED_ERROR.name, cross_entropy.name
