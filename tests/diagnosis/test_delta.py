"""Delta debugging keeps what is needed and nothing else."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from fixer.diagnosis.delta import MAX_UNITS, ddmin, reduce_levels


@settings(max_examples=100)
@given(size=st.integers(1, 70), data=st.data())
def test_exactly_the_needed_units_are_left(size: int, data: st.DataObject) -> None:
    needed = data.draw(st.sets(st.integers(0, size - 1), min_size=1, max_size=6))
    assert set(ddmin(range(size), lambda units: needed <= set(units))) == needed


@settings(max_examples=60)
@given(
    seed=st.sets(st.frozensets(st.integers(0, 11), min_size=1, max_size=5), min_size=1, max_size=4), broken=st.data()
)
def test_no_unit_can_be_left_out(seed: set[frozenset[int]], broken: st.DataObject) -> None:
    unresolved = broken.draw(st.sets(st.frozensets(st.integers(0, 11), max_size=6), max_size=8))

    def works(units: Sequence[int]) -> bool:
        chosen = frozenset(units)
        return len(chosen) == 12 or (chosen not in unresolved and any(way <= chosen for way in seed))

    left = ddmin(range(12), works)
    assert works(left)
    if len(left) > 1:
        assert not any(works([unit for unit in left if unit != out]) for out in left)


def test_more_than_the_limit_is_first_taken_together() -> None:
    runs: list[int] = []

    def works(units: Sequence[int]) -> bool:
        runs.append(len(units))
        return {7, 900} <= set(units)

    left, minimal = reduce_levels(range(1000), [lambda some: [[one] for one in some]], works)
    assert set(left) == {7, 900}
    assert minimal
    assert len(runs) < 150


def test_parts_that_cannot_be_told_apart_are_not_called_minimal() -> None:
    count = 3 * MAX_UNITS
    left, minimal = reduce_levels(range(count), [lambda some: [[one] for one in some]], lambda some: len(some) == count)
    assert len(left) == count
    assert not minimal
