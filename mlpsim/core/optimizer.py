"""What an optimizer is: a rule that leads from a gradient to a parameter update."""

from typing import ClassVar, Protocol

from mlpsim.core.arrays import Array

State = tuple[Array, ...]
ADAPTED = (1e-20, 1e20)  # between which a number of the state that adapts can come back


class Objective(Protocol):
    """What the gradient is that of, and its second derivatives, at any theta (..., P)."""

    def value(self, theta: Array) -> Array:
        """Its value (...) at the point of C that is nearest to theta."""

    def hessian(self, theta: Array) -> Array:
        """∇² (..., P, P)."""

    def gauss_newton(self, theta: Array) -> Array:
        """The Gauss-Newton matrix in the place of ∇² (..., P, P), without negative eigenvalues."""


class Optimizer(Protocol):
    """A frozen set of hyperparameters with two pure functions.

    ``init`` makes its state, ``update`` the next parameters and state; the state is a tuple of
    arrays (..., P), or (..., 1) of a number, named by ``state_names``. ``t`` counts the updates
    since the state was made, from 0; ``rate`` is the learning rate after the schedule;
    ``objective`` is what the gradient is that of, for those that ask more of it.
    """

    state_names: ClassVar[tuple[str, ...]]

    @property
    def learning_rate(self) -> float: ...

    def init(self, theta: Array) -> State: ...

    def update(
        self, theta: Array, gradient: Array, state: State, rate: float, t: int, objective: Objective
    ) -> tuple[Array, State]: ...
