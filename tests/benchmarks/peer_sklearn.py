"""scikit-learn as a contestant: MLPClassifier.partial_fit, an epoch a call, in the same order."""

import warnings
from collections.abc import Callable

import numpy as np
from peer_jobs import Training
from sklearn.neural_network import MLPClassifier


def solver(job: object) -> Callable[[], np.ndarray] | None:
    """A function that does the job; only classifiers are its own."""
    if not isinstance(job, Training) or job.experiment.problem.loss.name != "bce_logits":
        return None
    return lambda: trained(job)


def trained(job: Training) -> np.ndarray:
    experiment = job.experiment
    problem, network = experiment.problem, experiment.problem.network
    size, theta = experiment.sampling.batch_size, experiment.start_theta()
    fitted = MLPClassifier(
        network.sizes[1:-1],
        activation="tanh",
        solver="sgd",
        alpha=0.0,
        batch_size=size,
        learning_rate_init=experiment.optimizer.learning_rate,
        momentum=0.0,
        nesterovs_momentum=False,
        shuffle=False,
    )
    x, y = problem.data.x, problem.data.y[:, 0]
    per_epoch = min(len(job.batches), experiment.sampling.steps_per_epoch(len(x)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted.partial_fit(x[:size], y[:size], classes=[0, 1])
        for layer, slots in enumerate(network.layout):
            fitted.coefs_[layer][...] = theta[slots.w].reshape(slots.shape).T
            fitted.intercepts_[layer][...] = theta[slots.b]
        for first in range(0, len(job.batches), per_epoch):
            order = job.batches[first : first + per_epoch].ravel()
            fitted.partial_fit(x[order], y[order])
    layers = zip(fitted.coefs_, fitted.intercepts_, strict=True)
    return np.concatenate([part for w, b in layers for part in (w.T.ravel(), b)])
