"""black's lines, written after its documentation: the tool is not part of the development environment."""

from fixer.parsers import failures_in, lines_of


def test_files_to_reformat_and_files_that_do_not_parse() -> None:
    text = [
        "would reformat /home/runner/work/x/x/src/a.py",
        "error: cannot format src/b.py: Cannot parse: 1:12: def broken(:",
        "Oh no! 💥 💔 💥",
        "1 file would be reformatted, 1 file would fail to reformat.",
    ]
    broken, reformat = failures_in(lines_of(text))
    assert (broken.file, broken.line, broken.column, broken.root_cause) == ("src/b.py", 1, 12, "compile_error")
    assert (reformat.file, reformat.kind, reformat.root_cause) == ("src/a.py", "format", "lint")
