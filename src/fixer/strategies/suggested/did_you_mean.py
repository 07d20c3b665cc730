"""Names that a compiler puts right in its own message: gcc, clang, tsc and others that ask `did you mean 'x'?`."""

import re
from collections.abc import Iterator

from fixer.strategies.base import Case
from fixer.strategies.suggested.suggestion import Suggestion, line_starts, place_of

_QUOTED = r"['\u2018`\"]([^'\u2018\u2019`\"\n]{1,200})['\u2019`\"]"
_ASKED = re.compile(rf"did you mean(?: to \w+)?(?: the [\w ]{{1,40}}?)? {_QUOTED}", re.IGNORECASE)
_NAME = re.compile(r"(?:::)?[A-Za-z_$][\w$]*(?:(?:::|\.|->)[A-Za-z_$~][\w$]*)*")
_LAST_WORD = re.compile(r"[\w$]+$")
_PLACED = re.compile(
    r"^(?P<file>[^\s:(][^:(\n]{0,300}\.\w{1,8})(?::(?P<line>\d+):(?P<column>\d+):|\((?P<line2>\d+),(?P<column2>\d+)\):)"
    r"? ?(?:- )?(?:fatal )?(?:error|warning)[: ](?P<message>.+)$",
    re.MULTILINE,
)
_PRETTY = re.compile(
    r"^(?P<file>[^\s:(][^:(\n]{0,300}\.[cm]?[jt]sx?):(?P<line>\d+):(?P<column>\d+) - error (?P<message>.+)$",
    re.MULTILINE,
)


def suggestions(case: Case, output: str) -> list[Suggestion]:
    """Return the right name for each wrong one of the output, where the wrong one stands at the place that it names."""
    found = []
    for file, line, column, message in _asked(output):
        right = _ASKED.search(message)
        if right is None or not _NAME.fullmatch(right[1]):
            continue
        path = place_of(case, file)
        if path is None:
            continue
        replaced = _replaced(case, path, (line, column), re.findall(_QUOTED, message[: right.start()]), right[1])
        if replaced is not None:
            found.append(replaced)
    return list(dict.fromkeys(found))


def _asked(output: str) -> Iterator[tuple[str, int, int, str]]:
    for pattern in (_PLACED, _PRETTY):
        for found in pattern.finditer(output):
            told = found.groupdict()
            line, column = told["line"] or told.get("line2"), told["column"] or told.get("column2")
            if line and column:
                yield told["file"], int(line), int(column), told["message"]


def _replaced(case: Case, path: str, place: tuple[int, int], wrong: list[str], right: str) -> Suggestion | None:
    """Replace the wrong name on the line, the occurrence nearest to the column: columns are counted in several ways."""
    line, column = place
    data = (case.root / path).read_bytes()
    starts = line_starts(data)
    if not 1 <= line <= len(starts):
        return None
    start = starts[line - 1]
    end = starts[line] if line < len(starts) else len(data)
    text = data[start:end].decode("utf-8", "surrogateescape")
    names = [word[0] for said in wrong if (word := _LAST_WORD.search(said))]
    places = [
        (abs(found.start() + 1 - column), found.start(), name)
        for name in names
        for found in re.finditer(rf"(?<![\w$]){re.escape(name)}(?![\w$])", text)
    ]
    if not places:
        return None
    _, at, name = min(places)
    offset = start + len(text[:at].encode("utf-8", "surrogateescape"))
    new = right if not text[:at].endswith((".", "->", "::")) else re.split(r"::|\.|->", right)[-1]
    return Suggestion(path, offset, offset + len(name.encode()), new.encode(), f"`{new}` for `{name}`")
