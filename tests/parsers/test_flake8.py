"""flake8's lines, written after its documentation: the tool is not part of the development environment."""

from fixer.parsers import failures_in, lines_of


def test_findings_are_told_from_ruffs_by_their_wording() -> None:
    text = ["./a.py:1:1: F401 'os' imported but unused", "a.py:1:8: F401 [*] `os` imported but unused"]
    flake8, ruff = sorted(failures_in(lines_of(text)), key=lambda f: f.tool)
    assert (flake8.tool, flake8.file, flake8.line, flake8.code) == ("flake8", "a.py", 1, "F401")
    assert (ruff.tool, ruff.message) == ("ruff", "F401 `os` imported but unused")


def test_a_file_that_does_not_parse_is_a_compile_error() -> None:
    (failure,) = failures_in(lines_of(["a.py:3:7: E999 SyntaxError: invalid syntax"]))
    assert (failure.kind, failure.root_cause) == ("compile", "compile_error")
