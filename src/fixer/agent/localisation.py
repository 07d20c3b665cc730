"""A failure and the change that caused it go in, the places of the code to look at first come out.

Four signs are weighed: the change that made it fail, the stack, the definitions of what the failing test names, and
what those and the functions on the stack call. No run is spent on it. A culprit's lines weigh more than a stack, both
more than a name, and a name more than a call.
"""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fixer.agent.python_source import parse
from fixer.schema.diagnosis import MinimalChange
from fixer.schema.failure import Failure

CHANGED, STACK, NAMED, CALLED = 4.0, 2.0, 0.5, 0.25
MAX_FILES_READ = 400
MAX_NAMESAKES = 2
"""Definitions of one name that a call may mean; of more, none is told apart from the others."""
_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_FILE = re.compile(r"^\+\+\+ b/(.+?)\t?$", re.MULTILINE)
_DEFINITION = re.compile(
    r"^\s*(?:(?:export|pub|async|static|public|final)\s+)*"
    r"(?:def|class|function|func|fn|struct|interface|const)\s+(\w+)",
    re.MULTILINE,
)
_WORD = re.compile(r"[A-Za-z_]\w{2,}")
_CALL = re.compile(r"([A-Za-z_]\w{2,})!?\s*\(")
_CLOSER = re.compile(r"\s*(?:[)\]}]+[;,]?|end)\s*$")
_CODE = (".py", ".js", ".ts", ".tsx", ".jsx", ".mjs", ".cjs", ".rs", ".go", ".rb", ".php")

Read = Callable[[str], str | None]
"""Path -> the file's text; None where it cannot be read."""


@dataclass(frozen=True)
class Place:
    """A line of the project's code, and why it is suspect."""

    path: str
    line: int
    why: str
    weight: float
    last: int = 0
    """Where the definition ends that begins at `line`; 0: it is a line within one."""


@dataclass(frozen=True)
class _Definition:
    """A function or type: where it stands, and its text."""

    name: str
    path: str
    line: int
    last: int
    text: str

    def place(self, why: str, weight: float) -> Place:
        return Place(self.path, self.line, why, weight, self.last)


def places(
    failure: Failure, change: MinimalChange | None, tests: Sequence[str], files: Sequence[str], read: Read
) -> list[Place]:
    """Return the suspect places, the likeliest first, each file's lines at most once.

    Args:
        failure: with its stack.
        change: the smallest change that makes it fail, where one is known.
        tests: files that say what is right: they are shown, but are not suspect.
        files: every file of the project.
        read: reads one of them.
    """
    known = set(files)
    defined = _definitions([name for name in files if name.endswith(_CODE) and name not in tests], read)
    named = _named(failure, tests, defined, read)
    told = [one.place(f"defines {one.name}, which the test names", NAMED) for one in named]
    running = [one for one in defined if any(_runs(one, frame) for frame in failure.frames)]
    found = [*_changed(change, known), *_stack(failure, known, tests), *told, *_called([*running, *named], defined)]
    merged: dict[tuple[str, int], Place] = {}
    for place in found:
        near = next((key for key in merged if key[0] == place.path and abs(key[1] - place.line) <= 8), None)
        if near is None:
            merged[place.path, place.line] = place
            continue
        old = merged[near]
        first = max(old, place, key=lambda one: one.weight)
        both = old.why if place.why in old.why else f"{old.why}; {place.why}"
        merged[near] = Place(first.path, first.line, both, old.weight + place.weight, first.last)
    return sorted(merged.values(), key=lambda place: -place.weight)


def _changed(change: MinimalChange | None, known: set[str]) -> Iterator[Place]:
    for hunk in change.hunks if change else ():
        path, at = _FILE.search(hunk), _HUNK.search(hunk)
        if path and at and path[1] in known:
            yield Place(path[1], int(at[1]) + int(at[2] or 1) // 2, "the change that made it fail is here", CHANGED)


def _stack(failure: Failure, known: set[str], tests: Sequence[str]) -> Iterator[Place]:
    depth = len(failure.frames)
    for number, (file, line, function) in enumerate(failure.frames, start=1):
        if file in known:
            weight = STACK * number / depth * (0.2 if file in tests else 1.0)
            yield Place(file, line, f"on the stack, in {function}", weight)
    if failure.file in known and failure.line:
        yield Place(
            failure.file or "",
            failure.line,
            "the failure is reported here",
            STACK * (0.2 if failure.file in tests else 1),
        )


def _definitions(files: Sequence[str], read: Read) -> list[_Definition]:
    found = []
    for path in files[:MAX_FILES_READ]:
        text = read(path) or ""
        lines = text.split("\n")
        for match in _DEFINITION.finditer(text):
            first = text.count("\n", 0, match.start(1))
            last = _end(lines, first)
            found.append(_Definition(match[1], path, first + 1, last, "\n".join(lines[first:last])))
    return found


def _end(lines: Sequence[str], first: int) -> int:
    """Return the number of the last line of what begins there, by how far its lines are indented."""
    depth = _indent(lines[first])
    last = first
    for number in range(first + 1, len(lines)):
        line = lines[number]
        if line.strip() and _indent(line) <= depth:
            return number + 1 if _CLOSER.match(line) else last + 1
        last = number if line.strip() else last
    return last + 1


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _runs(one: _Definition, frame: tuple[str, int, str]) -> bool:
    file, line, _ = frame
    return one.path == file and one.line <= line <= one.last


def _named(failure: Failure, tests: Sequence[str], defined: Sequence[_Definition], read: Read) -> list[_Definition]:
    """Return the definitions of what the failing test's own text names."""
    source = read(tests[0]) if tests else None
    if source is None:
        return []
    words = set(_WORD.findall(source_of_test(source, failure.test)))
    return [one for one in defined if one.name in words and not one.name.startswith("test")]


def _called(callers: Sequence[_Definition], defined: Sequence[_Definition]) -> Iterator[Place]:
    """Yield the definitions of what these call, where the name alone tells which is meant."""
    by_name: dict[str, list[_Definition]] = {}
    for one in defined:
        by_name.setdefault(one.name, []).append(one)
    for caller in callers:
        for name in dict.fromkeys(_CALL.findall(caller.text)):
            meant = [one for one in by_name.get(name, ()) if one != caller]
            if len(meant) <= MAX_NAMESAKES:
                yield from (one.place(f"defines {name}, which {caller.name} calls", CALLED) for one in meant)


def source_of_test(text: str, test: str | None) -> str:
    """Return the text of one test function of a Python file, or the whole text where it is not found."""
    found = lines_of_test(text, test)
    return "\n".join(text.split("\n")[found[0] - 1 : found[1]]) if found else text


def lines_of_test(text: str, test: str | None) -> tuple[int, int] | None:
    """Return the first and last line of the test, by the last word of its name."""
    words = _WORD.findall((test or "").partition("[")[0])
    if not words:
        return None
    tree = parse(text)
    if isinstance(tree, str):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == words[-1]:
            return node.lineno, node.end_lineno or node.lineno
    return None
