"""What an optimizer is: a rule that leads from a gradient to a parameter update."""

from collections.abc import Callable
from typing import ClassVar, Protocol

from mlpsim.core.arrays import Array

State = tuple[Array, ...]
Hessian = Callable[[Array], Array]


class Optimizer(Protocol):
    """A frozen set of hyperparameters with two pure functions.

    ``init`` makes its state, ``update`` the next parameters and state; the state is a tuple of
    arrays like theta (..., P), named by ``state_names``. ``t`` counts the updates since the state
    was made, from 0; ``rate`` is the learning rate after the schedule; ``hessian`` gives ∇²
    (..., P, P) at theta of what the gradient is that of, to those that ask for it.
    """

    state_names: ClassVar[tuple[str, ...]]

    @property
    def learning_rate(self) -> float: ...

    def init(self, theta: Array) -> State: ...

    def update(
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, hessian: Hessian
    ) -> tuple[Array, State]: ...
