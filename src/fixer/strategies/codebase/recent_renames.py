"""What the change that broke it renamed: hunks of a diff go in, old name -> new name comes out."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

_WORDS = re.compile(r"\w+|[^\w\s]")


def renames_in(hunks: Iterable[str]) -> dict[str, str]:
    """Return the identifiers that the removed lines have where the added ones have another.

    Only lines that differ in nothing else count. A name that became two different ones is left out.
    """
    found: dict[str, set[str]] = {}
    for hunk in hunks:
        for old, new in _pairs(hunk):
            for before, after in _replaced(old, new):
                found.setdefault(before, set()).add(after)
    return {before: after.pop() for before, after in found.items() if len(after) == 1}


def _pairs(hunk: str) -> Iterator[tuple[str, str]]:
    """Yield each removed line with the added one that stands in its place."""
    lines = [line for line in hunk.splitlines() if not line.startswith(("--- ", "+++ "))]
    runs = [(mark, [line[1:] for line in group]) for mark, group in groupby(lines, lambda line: line[:1])]
    for (mark, removed), (next_mark, added) in pairwise(runs):
        if (mark, next_mark) == ("-", "+") and len(removed) == len(added):
            yield from zip(removed, added, strict=True)


def _replaced(old: str, new: str) -> Iterator[tuple[str, str]]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) == len(after):
        changed = {(one, other) for one, other in zip(before, after, strict=True) if one != other}
        if all(one.isidentifier() and other.isidentifier() for one, other in changed):
            yield from changed
