"""pip's output, written after its documentation: the tool is not on every machine that runs these tests."""

from fixer.parsers import failures_in, lines_of

LOG = """ERROR: Could not find a version that satisfies the requirement nothing-of-this-name (from versions: none)
ERROR: No matching distribution found for nothing-of-this-name"""


def test_says_what_the_log_says() -> None:
    told = [
        (f.tool, f.kind, f.test, f.file, f.line, f.message, f.root_cause)
        for f in failures_in(lines_of(LOG.split("\n")))
    ]
    assert told == [
        (
            "pip",
            "dependency",
            None,
            None,
            None,
            "Could not find a version that satisfies the requirement nothing-of-this-name (from versions: none)",
            "missing_dependency",
        ),
        (
            "pip",
            "dependency",
            None,
            None,
            None,
            "No matching distribution found for nothing-of-this-name",
            "missing_dependency",
        ),
    ]
