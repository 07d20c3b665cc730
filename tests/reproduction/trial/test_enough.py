import pytest

from fixer.reproduction.trial.enough import known_well_enough


@pytest.mark.parametrize(
    ("failures", "runs", "enough"), [(0, 1000, False), (4, 40, False), (5, 19, False), (20, 60, True)]
)
def test_when_to_stop(failures: int, runs: int, enough: bool) -> None:  # noqa: FBT001 - a table's column
    assert known_well_enough(failures, runs) is enough
