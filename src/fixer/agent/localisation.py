"""A failure and the change that caused it go in, the places of the code to look at first come out.

Three signs are weighed: the change that made it fail, the stack, and the definitions of what the failing test names.
No run is spent on it. A culprit's lines weigh more than a stack, and both more than a name.
"""

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from fixer.agent.python_source import parse
from fixer.schema.diagnosis import MinimalChange
from fixer.schema.failure import Failure

CHANGED, STACK, NAMED = 4.0, 2.0, 0.5
MAX_FILES_READ = 400
_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_FILE = re.compile(r"^\+\+\+ b/(.+?)\t?$", re.MULTILINE)
_DEFINITION = re.compile(
    r"^\s*(?:(?:export|pub|async|static|public|final)\s+)*"
    r"(?:def|class|function|func|fn|struct|interface|const)\s+(\w+)",
    re.MULTILINE,
)
_WORD = re.compile(r"[A-Za-z_]\w{2,}")
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
    found = [*_changed(change, known), *_stack(failure, known, tests), *_named(failure, tests, files, read)]
    merged: dict[tuple[str, int], Place] = {}
    for place in found:
        near = next((key for key in merged if key[0] == place.path and abs(key[1] - place.line) <= 8), None)
        if near is None:
            merged[place.path, place.line] = place
            continue
        old = merged[near]
        first = max(old, place, key=lambda one: one.weight)
        both = old.why if place.why in old.why else f"{old.why}; {place.why}"
        merged[near] = Place(first.path, first.line, both, old.weight + place.weight)
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


def _named(failure: Failure, tests: Sequence[str], files: Sequence[str], read: Read) -> Iterator[Place]:
    """Yield the definitions of what the failing test's own text names."""
    if not tests:
        return
    source = read(tests[0])
    words = set(_WORD.findall(source_of_test(source, failure.test) if source else ""))
    code = [name for name in files if name.endswith(_CODE) and name not in tests]
    for name in code[:MAX_FILES_READ]:
        text = read(name) or ""
        for match in _DEFINITION.finditer(text):
            if match[1] in words and not match[1].startswith("test"):
                line = text.count("\n", 0, match.start(1)) + 1
                yield Place(name, line, f"defines {match[1]}, which the test names", NAMED)


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
