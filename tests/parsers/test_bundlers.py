"""What `bundlers` reads in the output of real tools, made by running them on small red projects."""

import pytest

from fixer.parsers import failures_in, lines_of
from tests.parsers.reading import expected, names, said


@pytest.mark.parametrize("name", names("bundlers"))
def test_says_what_the_log_says(name: str) -> None:
    assert said("bundlers", name) == expected("bundlers", name)


def test_a_plugin_that_lacks_a_package_is_no_compile_error() -> None:
    failures = failures_in(lines_of(["[!] (plugin x) RollupError: Could not find module 'shoplib', needed by x."]))
    assert {f.root_cause for f in failures} == {"missing_dependency"}
