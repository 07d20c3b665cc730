from collections.abc import Iterator
from pathlib import Path

import pytest

from fixer.journal import Journal, open_journal


class Clock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".fixer"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(folder: Path, clock: Clock) -> Iterator[Journal]:
    with open_journal(folder, clock) as opened:
        yield opened
