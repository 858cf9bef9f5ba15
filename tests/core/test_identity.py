"""Identity: the same objects in the same order, whatever their values are."""

from mlpsim.core.identity import are_same


def test_only_the_very_same_things_in_the_same_order_are_the_same() -> None:
    first, second = [1.5], [1.5]
    assert are_same((first, second), [first, second])
    assert not are_same((first, second), (second, first))
    assert not are_same((first,), (first, second))
    assert are_same((), ())
