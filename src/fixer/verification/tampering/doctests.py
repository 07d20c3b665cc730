"""Examples in docstrings and documents that are run as tests."""

import doctest
from collections import Counter
from collections.abc import Iterator

from fixer.verification.change import Change, TouchedFile
from fixer.verification.tampering.base import Finding

RULE = "doctests"
_SUFFIXES = (".py", ".rst", ".md", ".txt")


def findings(change: Change) -> Iterator[Finding]:
    """Yield examples that were changed or taken away."""
    files = [file for file in change.files if file.path.endswith(_SUFFIXES) and ">>>" in (file.before or "")]
    kept: Counter[tuple[str, str]] = Counter()
    for file in change.files:
        kept.update((source, want) for source, want, _ in _examples(file.path, file.after))
    for file in files:
        examples = _examples(file.path, file.before)
        if not examples:
            yield from _unreadable(file)
        for source, want, line in examples:
            if kept[source, want] > 0:
                kept[source, want] -= 1
            else:
                yield Finding(RULE, file.path, line, f"the example `{source.strip()}` was changed or taken away")


def _examples(path: str, text: str | None) -> list[tuple[str, str, int]]:
    """Return (source, expected output, 1-based line) of every example; none where the text is malformed."""
    if not text or ">>>" not in text:
        return []
    try:
        found = doctest.DocTestParser().get_examples(text, path)
    except ValueError:
        return []
    # In a file of Python the docstring's end stands below the last output.
    return [(each.source, each.want.split('"""')[0].split("'''")[0].rstrip(), each.lineno + 1) for each in found]


def _unreadable(file: TouchedFile) -> Iterator[Finding]:
    """Where the parser cannot read the old text as a whole, no line of an example may go."""
    for number, line in file.removed:
        if line.strip().startswith((">>>", "...")):
            yield Finding(RULE, file.path, number, f"the example `{line.strip()}` was changed or taken away")
