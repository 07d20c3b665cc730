"""What `sphinx` reads in the output of real tools, made by running them on small red projects."""

import pytest

from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("sphinx"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("sphinx", name) == expected("sphinx", name)
