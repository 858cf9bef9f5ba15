"""Updates, compiled: the penalty's part, schedule, optimizer and projection, in place."""

from math import sqrt

import numpy as np

from mlpsim.core.arrays import Array
from mlpsim.core.compiled.jit import compiled
from mlpsim.core.compiled.program import (
    ADAGRAD,
    ADAMW,
    BALL,
    BOX,
    EXPONENTIAL,
    GRADIENT_DESCENT,
    INVERSE_TIME,
    MOMENTUM,
    RMSPROP,
    STEP_DECAY,
    Method,
    Objective,
)


@compiled
def batch_scaling(objective: Objective, method: Method, size: int) -> tuple[float, float]:
    """A·S/B and 1, or A and κ = B/S: what Σ ∇e^s of a batch of ``size`` and ∇R count."""
    samples = objective.x.shape[1]
    if method.is_unbiased:
        return objective.scale * (samples / size), 1.0
    return objective.scale, size / samples


@compiled
def penalty(objective: Objective, theta: Array) -> float:
    """R."""
    if objective.l1 == 0.0 and objective.l2 == 0.0:
        return 0.0
    magnitudes = squares = 0.0
    for p in range(len(theta)):
        w = theta[p] * objective.penalized[p]
        magnitudes += abs(w)
        squares += w * w
    return objective.l1 * magnitudes + 0.5 * objective.l2 * squares


@compiled
def add_penalty(objective: Objective, theta: Array, kappa: float, gradient: Array) -> None:
    """Adds κ·∇R to the gradient (P,)."""
    for p in range(len(theta)):
        slope = objective.l1 * np.sign(theta[p]) + objective.l2 * theta[p]
        gradient[p] += kappa * slope * objective.penalized[p]


@compiled
def rate(method: Method, t: int) -> float:
    """The learning rate of update t (from 0) under the schedule."""
    eta: float = method.numbers[0]
    numbers = method.schedule_numbers
    if method.schedule == INVERSE_TIME:
        eta *= 1.0 / (1.0 + numbers[0] * t)
    elif method.schedule == STEP_DECAY:
        eta *= numbers[0] ** np.floor(t / numbers[1])
    elif method.schedule == EXPONENTIAL:
        eta *= numbers[0] ** float(t)
    return eta


@compiled
def update(method: Method, theta: Array, gradient: Array, state: Array, t: int) -> None:
    """theta (P,) and the optimizer's state (3, P) after update t, by the optimizers' formulas."""
    numbers, eta = method.numbers, rate(method, t)
    if method.optimizer == GRADIENT_DESCENT:
        for p in range(len(theta)):
            theta[p] -= eta * gradient[p]
    elif method.optimizer == MOMENTUM:
        momentum, dampening, nesterov = numbers[1], numbers[2], numbers[3]
        for p in range(len(theta)):
            g = gradient[p]
            v = g if t == 0 else momentum * state[0, p] + (1.0 - dampening) * g
            state[0, p] = v
            theta[p] -= eta * (g + momentum * v if nesterov else v)
    elif method.optimizer == ADAGRAD:
        eta /= 1.0 + t * numbers[1]
        for p in range(len(theta)):
            state[0, p] += gradient[p] * gradient[p]
            theta[p] -= eta * gradient[p] / (sqrt(state[0, p]) + numbers[3])
    elif method.optimizer == RMSPROP:
        _rmsprop(numbers, theta, gradient, state, eta)
    else:
        if method.optimizer == ADAMW:
            for p in range(len(theta)):
                theta[p] *= 1.0 - eta * numbers[5]
        _adam(numbers, theta, gradient, state, eta, t)


@compiled
def _rmsprop(numbers: Array, theta: Array, gradient: Array, state: Array, eta: float) -> None:
    alpha, eps, momentum, centered = numbers[1], numbers[2], numbers[3], numbers[4]
    for p in range(len(theta)):
        g = gradient[p]
        spread = state[0, p] = alpha * state[0, p] + (1.0 - alpha) * g * g
        if centered:
            mean = state[1, p] = alpha * state[1, p] + (1.0 - alpha) * g
            spread -= mean * mean
            spread = 0.0 if spread <= 0.0 else spread
        direction = g / (sqrt(spread) + eps)
        if momentum > 0.0:
            direction = state[2, p] = momentum * state[2, p] + direction
        theta[p] -= eta * direction


@compiled
def _adam(numbers: Array, theta: Array, gradient: Array, state: Array, eta: float, t: int) -> None:
    beta1, beta2, eps, amsgrad = numbers[1], numbers[2], numbers[3], numbers[4]
    correction = sqrt(1.0 - beta2 ** (t + 1.0))
    eta /= 1.0 - beta1 ** (t + 1.0)
    for p in range(len(theta)):
        g = gradient[p]
        m = state[0, p] + (1.0 - beta1) * (g - state[0, p])
        second = beta2 * state[1, p] + (1.0 - beta2) * g * g
        state[0, p], state[1, p] = m, second
        if amsgrad:
            second = state[2, p] = state[2, p] if second <= state[2, p] else second
        theta[p] -= eta * m / (sqrt(second) / correction + eps)


@compiled
def project(method: Method, theta: Array) -> None:
    """The nearest point of C in place of theta (P,)."""
    if method.feasible == BOX:
        for p in range(len(theta)):
            theta[p] = method.low[p] if theta[p] < method.low[p] else theta[p]
            theta[p] = method.high[p] if theta[p] > method.high[p] else theta[p]
    elif method.feasible == BALL:
        square = 0.0
        for p in range(len(theta)):
            square += (theta[p] - method.low[p]) ** 2
        distance = sqrt(square)
        if distance > method.radius:
            scale = method.radius / distance
            for p in range(len(theta)):
                theta[p] = method.low[p] + (theta[p] - method.low[p]) * scale
