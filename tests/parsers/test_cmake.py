"""cmake's own output, made by running it (see logs/make_others.py)."""

import pytest

from fixer.parsers import failures_in, lines_of
from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("cmake"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("cmake", name) == expected("cmake", name)


def test_cmake_inside_of_another_build_is_indented() -> None:
    text = [
        "  CMake Error at /usr/share/cmake/Modules/FindPackageHandleStandardArgs.cmake:233 (message):",
        "    Could NOT find Shop (missing: SHOP_LIBRARY)",
        "  Call Stack (most recent call first):",
    ]
    failure = failures_in(lines_of(text))[0]
    assert (failure.tool, failure.root_cause) == ("cmake", "missing_dependency")
