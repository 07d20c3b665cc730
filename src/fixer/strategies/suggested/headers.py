"""Headers that gcc and clang say are missing: `include '<stdio.h>'`, `did you forget to '#include <string>'?`."""

import re

from fixer.strategies.base import Case
from fixer.strategies.suggested.suggestion import Suggestion, place_of

_NOTE = re.compile(
    r"^(?P<file>[^\s:(][^:(\n]{0,300}\.\w{1,4}):\d+:\d+: note: .*?"
    r"(?:\binclude (?:the header )?['\u2018]?|#include )(?P<header><[\w./+-]{1,100}>)",
    re.MULTILINE,
)
_INCLUDE = re.compile(rb"^[ \t]*#[ \t]*include\b[^\n]*\n?", re.MULTILINE)
_SYSTEM = re.compile(rb"^[ \t]*#[ \t]*include[ \t]*<[^\n]*\n?", re.MULTILINE)
_GUARD = re.compile(rb"^[ \t]*#[ \t]*(?:pragma[ \t]+once|define\b)[^\n]*\n", re.MULTILINE)
_COMMENT = re.compile(rb"\A(?:\s*(?:/\*.*?\*/|//[^\n]*\n))*[ \t]*\n?", re.DOTALL)


def suggestions(case: Case, output: str) -> list[Suggestion]:
    """Return an `#include` for each header that the output names, in the file that needs it."""
    found = []
    for note in _NOTE.finditer(output):
        path = place_of(case, note["file"])
        if path is None:
            continue
        data = (case.root / path).read_bytes()
        line = f"#include {note['header']}".encode()
        if line not in data:
            at = _place(data)
            new = (b"\n" if at and data[at - 1 : at] != b"\n" else b"") + line + b"\n"
            found.append(Suggestion(path, at, at, new, f"`#include {note['header']}`"))
    return list(dict.fromkeys(found))


def _place(data: bytes) -> int:
    """Return where an include goes: behind the last of the system's, before the first other, else at the top."""
    head = data[: _end_of_includes(data)]
    system = list(_SYSTEM.finditer(head))
    if system:
        return system[-1].end()
    first = _INCLUDE.search(head)
    if first:
        return first.start()
    guarded = data.lstrip().startswith((b"#ifndef", b"#pragma"))
    guard = _GUARD.search(data) if guarded else None
    comment = _COMMENT.match(data)
    return guard.end() if guard else comment.end() if comment else 0


def _end_of_includes(data: bytes) -> int:
    """Return where the includes at the top of the file end, before any conditional part or code."""
    end = 0
    for line in data.splitlines(keepends=True):
        if line.strip() and not line.lstrip().startswith((b"#include", b"# include", b"//", b"/*", b"*", b"#pragma")):
            break
        end += len(line)
    return end
