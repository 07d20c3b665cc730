"""traceback's own output, in each form that it has."""

import pytest

from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("traceback"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("traceback", name) == expected("traceback", name)
