"""mocha's own output, made by running it (see logs/make_others.py)."""

import pytest

from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("mocha"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("mocha", name) == expected("mocha", name)
