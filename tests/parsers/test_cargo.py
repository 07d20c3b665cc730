"""cargo's own output, made by running it (see logs/make_others.py)."""

import pytest

from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("cargo"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("cargo", name) == expected("cargo", name)
