"""What every test of the room uses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.conversing import Converse, conversing
from tests.agent.places import Place, open_place


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with open_place(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def converse(place: Place) -> Converse:
    return conversing(place)
