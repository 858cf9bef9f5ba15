"""Identity: whether things are the very same; to compare their values would take long."""

from collections.abc import Sequence


def are_same(some: Sequence[object], others: Sequence[object]) -> bool:
    """Whether both hold the same objects in the same order, not merely equal ones."""
    return len(some) == len(others) and all(a is b for a, b in zip(some, others, strict=True))
