"""isort's line, written after its documentation: the tool is not part of the development environment."""

from fixer.parsers import failures_in, lines_of


def test_unsorted_imports() -> None:
    text = "ERROR: /builds/group/project/src/a.py Imports are incorrectly sorted and/or formatted."
    (failure,) = failures_in(lines_of([text]))
    assert (failure.tool, failure.file, failure.kind) == ("isort", "src/a.py", "format")
