"""PyTorch as a contestant: eager autograd for training, torch.func for all that is many."""

from collections.abc import Callable

import numpy as np
import torch
from peer_jobs import Drawn, Fleet, Gradients, Seeds, Slice, Training
from torch.func import grad, vmap

from mlpsim.core.problem import Problem

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def errors(problem: Problem, theta: torch.Tensor, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """e^s of samples x (S, D) and y (S, 1): (S,)."""
    a, network = x, problem.network
    for slots, activation in zip(network.layout, network.activations, strict=True):
        z = a @ theta[slots.w].reshape(slots.shape).T
        if slots.b is not None:
            z = z + theta[slots.b]
        a = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "identity": lambda z: z}[
            activation.name
        ](z)
    if problem.loss.name == "squared_error":
        return ((y - a) ** 2).sum(dim=1)
    return (torch.nn.functional.softplus(a, threshold=800) - y * a).sum(dim=1)


def trained(job: Training) -> np.ndarray:
    """Autograd and a step in place, as courses write it."""
    problem, rate = job.experiment.problem, job.experiment.optimizer.learning_rate
    x, y = (torch.as_tensor(part.copy()) for part in (problem.data.x, problem.data.y))
    theta = torch.tensor(job.experiment.start_theta(), requires_grad=True)
    batches = torch.as_tensor(job.batches)
    for batch in batches:
        found = errors(problem, theta, x[batch], y[batch])
        (found.sum() if problem.reduction == "sum" else found.mean()).backward()
        with torch.no_grad():
            theta -= rate * theta.grad
            theta.grad = None
    return theta.detach().numpy()


def solver(job: object) -> Callable[[], np.ndarray] | None:
    """A function that does the job."""
    match job:
        case Training():
            return lambda: trained(job)
        case Fleet():
            return lambda: fleet(job)
        case Seeds():
            return lambda: seeds(job)
        case Drawn():
            return lambda: drawn(job)
        case Slice():
            return lambda: grid(job)
        case Gradients():
            return lambda: sample_gradients(job)
    return None


def fleet(job: Fleet) -> np.ndarray:
    problem, rate = job.experiment.problem, job.experiment.optimizer.learning_rate
    x, y = (torch.as_tensor(part.copy()) for part in (problem.data.x, problem.data.y))
    gradient = vmap(grad(lambda theta: errors(problem, theta, x, y).sum()))
    theta = torch.tensor(job.starts)
    for _ in range(job.steps):
        theta = theta - rate * gradient(theta)
    return theta.numpy()


def seeds(job: Seeds) -> np.ndarray:
    batches = np.stack([member.batches for member in job.members], axis=1)
    return ends(job, torch.as_tensor(batches)).numpy()


def drawn(job: Drawn) -> np.ndarray:
    """All orders in one call; ``torch.randperm`` for each of them would double the time."""
    samples = len(job.seeds.experiment.problem.data)
    visits = torch.rand(job.seeds.seeds, job.epochs, samples).argsort(dim=2).flatten(1)
    return torch.cat([visits, ends(job.seeds, visits.T[:, :, None])], dim=1).numpy()


def ends(job: Seeds, batches: torch.Tensor) -> torch.Tensor:
    """Where seeds end on batches (steps, R, B)."""
    problem, rate = job.experiment.problem, job.experiment.optimizer.learning_rate
    x, y = (torch.as_tensor(part.copy()) for part in (problem.data.x, problem.data.y))
    gradient = vmap(grad(lambda theta, x, y: errors(problem, theta, x, y).sum()))
    theta = torch.tensor(np.stack([member.experiment.start_theta() for member in job.members]))
    for batch in batches:
        theta = theta - rate * gradient(theta, x[batch], y[batch])
    return theta


def grid(job: Slice) -> np.ndarray:
    problem, plane = job.problem, job.plane
    x, y = (torch.as_tensor(part.copy()) for part in (problem.data.x, problem.data.y))
    row = vmap(lambda theta: problem.scale * errors(problem, theta, x, y).sum())
    axis = job.axis
    points = (torch.as_tensor(plane.points(axis, axis[i : i + 1])[0]) for i in range(len(axis)))
    return torch.stack([row(thetas) for thetas in points]).numpy()


def sample_gradients(job: Gradients) -> np.ndarray:
    problem = job.problem
    x, y = (torch.as_tensor(part.copy()) for part in (problem.data.x, problem.data.y))
    one = grad(lambda theta, x, y: errors(problem, theta, x[None], y[None])[0])
    return vmap(one, in_dims=(None, 0, 0))(torch.as_tensor(job.theta.copy()), x, y).numpy()
