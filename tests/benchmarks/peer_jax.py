"""JAX as a contestant: jit with scan over steps and vmap over everything else, in float64."""

from collections.abc import Callable
from functools import partial
from itertools import count

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from peer_jobs import Drawn, Fleet, Gradients, Seeds, Slice, Training

from mlpsim.core.problem import Problem

jax.config.update("jax_enable_x64", True)


def errors(problem: Problem, theta: jax.Array, x: jax.Array, y: jax.Array) -> jax.Array:
    """e^s of samples x (S, D) and y (S, 1): (S,)."""
    a, network = x, problem.network
    for slots, activation in zip(network.layout, network.activations, strict=True):
        z = a @ theta[slots.w].reshape(slots.shape).T
        if slots.b is not None:
            z = z + theta[slots.b]
        a = {"tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "identity": lambda z: z}[activation.name](
            z
        )
    if problem.loss.name == "squared_error":
        return ((y - a) ** 2).sum(axis=1)
    return (jax.nn.softplus(a) - y * a).sum(axis=1)


def descent(training: Training) -> tuple[Callable[[jax.Array, jax.Array], jax.Array], float]:
    """The gradient of a step's batch, and the learning rate."""
    problem = training.experiment.problem
    x, y = jnp.asarray(problem.data.x), jnp.asarray(problem.data.y)
    reduce = jnp.sum if problem.reduction == "sum" else jnp.mean

    def objective(theta: jax.Array, batch: jax.Array) -> jax.Array:
        return reduce(errors(problem, theta, x[batch], y[batch]))

    return jax.grad(objective), training.experiment.optimizer.learning_rate


def trained(training: Training) -> Callable[[jax.Array, jax.Array], jax.Array]:
    gradient, rate = descent(training)

    def run(theta: jax.Array, batches: jax.Array) -> jax.Array:
        def step(theta: jax.Array, batch: jax.Array) -> tuple[jax.Array, None]:
            return theta - rate * gradient(theta, batch), None

        return lax.scan(step, theta, batches)[0]

    return run


def full(experiment: object, steps: int) -> Callable[[jax.Array], jax.Array]:
    """Full gradient descent, which looks up no batch."""
    problem = experiment.problem
    x, y = jnp.asarray(problem.data.x), jnp.asarray(problem.data.y)
    gradient = jax.grad(lambda theta: errors(problem, theta, x, y).sum())
    rate = experiment.optimizer.learning_rate

    def run(theta: jax.Array) -> jax.Array:
        return lax.scan(lambda w, _: (w - rate * gradient(w), None), theta, None, length=steps)[0]

    return run


def solver(job: object) -> Callable[[], np.ndarray] | None:
    """A function that does the job, compiled at its first call."""
    match job:
        case Training() if job.experiment.sampling.is_full:
            run = jax.jit(full(job.experiment, job.steps))
            arguments = (jnp.asarray(job.experiment.start_theta()),)
        case Training():
            run = jax.jit(trained(job))
            arguments = (jnp.asarray(job.experiment.start_theta()), jnp.asarray(job.batches))
        case Fleet():
            run = jax.jit(jax.vmap(full(job.experiment, job.steps)))
            arguments = (jnp.asarray(job.starts),)
        case Seeds():
            members = job.members
            run = jax.jit(jax.vmap(trained(members[0])))
            starts = np.stack([member.experiment.start_theta() for member in members])
            batches = np.stack([member.batches for member in members])
            arguments = (jnp.asarray(starts), jnp.asarray(batches))
        case Drawn():
            run, seeds = jax.jit(jax.vmap(drawn(job))), count(step=job.seeds.seeds)
            return lambda: np.asarray(run(next(seeds) + jnp.arange(job.seeds.seeds)))
        case Slice():
            run, arguments = jax.jit(partial(grid, job)), (jnp.asarray(job.axis),)
        case Gradients():
            x, y = (jnp.asarray(part) for part in (job.problem.data.x, job.problem.data.y))
            one = jax.grad(lambda w, x, y: errors(job.problem, w, x[None], y[None])[0])
            run = jax.jit(jax.vmap(one, in_axes=(None, 0, 0)))
            arguments = (jnp.asarray(job.theta), x, y)
        case _:
            return None
    return lambda: np.asarray(run(*arguments))


def drawn(job: Drawn) -> Callable[[jax.Array], jax.Array]:
    """A seed's visits, an order of all samples for each epoch, and where its steps end."""
    member = job.seeds.members[0]
    run, start = trained(member), jnp.asarray(member.experiment.start_theta())
    samples = jnp.arange(len(member.experiment.problem.data))

    def one(seed: jax.Array) -> jax.Array:
        rows = jnp.tile(samples, (job.epochs, 1))
        # All epochs in one call, which takes less time than a key for each of them.
        orders = jax.random.permutation(jax.random.key(seed), rows, axis=1, independent=True)
        visits = orders.reshape(-1)
        return jnp.concatenate([visits, run(start, visits[:, None])])

    return one


def grid(job: Slice, axis: jax.Array) -> jax.Array:
    """J row by row; all rows at once would not fit into the memory's caches."""
    problem, plane = job.problem, job.plane
    x, y = jnp.asarray(problem.data.x), jnp.asarray(problem.data.y)
    origin, u, v = (jnp.asarray(vector) for vector in (plane.origin, plane.u, plane.v))

    def point(alpha: jax.Array, beta: jax.Array) -> jax.Array:
        return problem.scale * errors(problem, origin + alpha * u + beta * v, x, y).sum()

    return lax.map(lambda beta: jax.vmap(lambda alpha: point(alpha, beta))(axis), axis)
