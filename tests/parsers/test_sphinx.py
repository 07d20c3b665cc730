"""What `sphinx` reads in the output of real tools, made by running them on small red projects."""

import pytest

from fixer.parsers import failures_in, lines_of
from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("sphinx"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("sphinx", name) == expected("sphinx", name)


def test_a_broken_link() -> None:
    text = [
        "(          index: line   12) ok        https://a.example/",
        "(           shop: line   40) broken    https://a.example/b - 404 Client Error: Not Found for url",
    ]
    (failure,) = failures_in(lines_of(text))
    assert (failure.tool, failure.file, failure.line, failure.root_cause) == ("sphinx", "shop", 40, "lint")
