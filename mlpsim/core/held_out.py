"""Held-out samples: what training never sees, to tell how well it predicts what is new."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from mlpsim.core.arrays import Indices
from mlpsim.core.classes import classes_of
from mlpsim.core.dataset import Dataset
from mlpsim.core.fields import check_numbers, number
from mlpsim.core.random import MAX_SEED, raw

# A stretch of the stream that no epoch reaches: the split and the batches of one seed differ.
_DRAWS_FROM = 2**62


@dataclass(frozen=True)
class Split:
    """Which samples are held out: a share of them, drawn from a seed; of every class, if asked."""

    share: float = number(0.25, lo=0.01, hi=0.99, text="share of the samples that is held out")
    seed: int = number(0, hi=MAX_SEED, symbol="seed", text="seed of the split")
    by_class: bool = True

    def __post_init__(self) -> None:
        check_numbers(self)

    def draw(self, data: Dataset) -> Indices:
        """The samples (from 0) to hold out, ascending; at least one, and not all of them.

        The order is the stable argsort of a draw for each sample. Of each class, or of the whole,
        the first ones in it are held out, the share rounded half up; one of a lone sample's class
        is kept. ValueError if there is a single sample.
        """
        if len(data) < 2:
            raise ValueError("one sample cannot be split: add samples first")
        order = np.argsort(raw(self.seed, _DRAWS_FROM, len(data)), kind="stable")
        classes = classes_of(data) if self.by_class else None
        groups = np.zeros(len(data), dtype=np.intp) if classes is None else classes
        held: list[int] = []
        for group in np.unique(groups):
            members = order[groups[order] == group]
            held += members[: self._count(len(members))].tolist()
        if not held:
            held = [int(order[0])]
        return np.sort(np.array(held, dtype=np.intp))

    def _count(self, members: int) -> int:
        return min(members - 1, int(self.share * members + 0.5))


@dataclass(frozen=True)
class HeldOut:
    """The samples that are held out, how they were drawn, and their places among all samples.

    The places (from 0, ascending) are those that they had, and get back, among all samples.
    """

    data: Dataset
    places: tuple[int, ...]
    split: Split

    def __post_init__(self) -> None:
        if len(self.places) != len(self.data):
            raise ValueError(f"{len(self.places)} places for {len(self.data)} held-out samples")
        if self.places[0] < 0 or (np.diff(self.places) <= 0).any():
            raise ValueError("the places of held-out samples count from 0 and ascend")

    def check(self, data: Dataset) -> None:
        """ValueError unless the held-out samples have the columns and units of the training's."""
        mine = self.data
        if (mine.n_features, mine.n_outputs) != (data.n_features, data.n_outputs):
            raise ValueError(
                f"the held-out samples have {mine.n_features} inputs and {mine.n_outputs} targets,"
                f" the training data {data.n_features} and {data.n_outputs}"
            )
        if (mine.features, mine.labels) != (data.features, data.labels):
            raise ValueError("the held-out samples have other names or units than the others")

    def joined(self, data: Dataset) -> Dataset:
        """All samples: the training's with the held-out ones back in their places."""
        both = replace(data, x=np.vstack([data.x, self.data.x]), y=np.vstack([data.y, self.data.y]))
        return both.chosen(self._order(len(data)))

    def numbers(self, training: int) -> Indices:
        """The numbers (from 0) that so many training samples have among all (training,)."""
        return np.argsort(self._order(training))[:training]

    def _order(self, training: int) -> Indices:
        """Which of the training's samples and the held-out ones behind them stands where."""
        count = training + len(self.data)
        # Where training samples were removed, what stood behind them moves up.
        last = count - len(self.data) + np.arange(len(self.data))
        places = np.minimum(np.array(self.places), last)
        order = np.full(count, -1)
        order[places] = training + np.arange(len(self.data))
        order[order < 0] = np.arange(training)
        return order


def held_out_with(held_out: HeldOut | None, change: Callable[[Dataset], Dataset]) -> HeldOut | None:
    """Held-out samples, if there are any, with their data changed."""
    return None if held_out is None else replace(held_out, data=change(held_out.data))
