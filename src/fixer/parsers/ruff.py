"""ruff: findings in the concise and the full form, syntax errors, and `ruff format --check`."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_CODE = r"((?!E999|E902)[A-Z]{1,6}\d{1,4}|invalid-syntax|SyntaxError)"
# ruff's own messages start with a capital letter or a quoted name in backticks; flake8's do not.
_FINDING = rf"{_CODE}:?(?: \[\*\])? (?=[A-Z`\[])(.+)"
_FILE = r"((?:[A-Za-z]:)?[^:\s][^:]{0,300})"
_CONCISE = re.compile(rf"{_FILE}:(\d+):(\d+): {_FINDING}")
_PYLINT = re.compile(rf"{_FILE}:(\d+): \[{_CODE}\] (?=[A-Z`])(.+)")
_GROUPED = re.compile(rf"\s+(\d+):(\d+) +{_FINDING}")
_FULL = re.compile(rf"(?:{_FINDING}|(unformatted): File would be reformatted)$")
_ARROW = re.compile(r"\s*--> ((?:[A-Za-z]:)?[^:]+)(?::cell \d+)?:(\d+):(\d+)$")
_HEADING = re.compile(r"([^\s:][^:]*\.(?:pyi?|ipynb)):$")
_REFORMAT = re.compile(r"Would reformat: (.+)")


class Ruff:
    """See the module."""

    tool: ClassVar[str] = "ruff"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (
        *("Would reformat: ", "unformatted: ", "invalid-syntax", "SyntaxError: "),
        *(".py:", ".pyi:", ".ipynb:", " [*] "),
    )
    lookback: ClassVar[int] = 1

    def __init__(self) -> None:
        """Start before the first line."""
        self._pending: tuple[LogLine, str, str] | None = None
        self._heading: str | None = None

    @property
    def active(self) -> bool:
        """Whether a finding waits for its place, or a file's findings for their lines."""
        return self._pending is not None or self._heading is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text).split("%0A")[0]
        pending, self._pending = self._pending, None
        if pending:
            arrow = _ARROW.match(text)
            if arrow:
                return [_finding(pending[0], pending[1], pending[2], (arrow[1], int(arrow[2]), int(arrow[3])))]
        if self._heading:
            grouped = _GROUPED.match(text)
            if grouped:
                return [_finding(line, grouped[3], grouped[4], (self._heading, int(grouped[1]), int(grouped[2])))]
            self._heading = None
        return self._alone(line, text)

    def _alone(self, line: LogLine, text: str) -> Iterable[Failure]:
        concise = _CONCISE.match(text)
        if concise:
            return [_finding(line, concise[4], concise[5], (concise[1], int(concise[2]), int(concise[3])))]
        full = _FULL.match(text)
        if full:
            self._pending = (line, full[1] or full[3], full[2] or "")
            return ()
        reformat = _REFORMAT.match(text)
        if reformat:
            return [_unformatted(line, reformat[1].strip())]
        heading = _HEADING.match(text)
        if heading:
            self._heading = heading[1]
        pylint = _PYLINT.match(text)
        return [_finding(line, pylint[3], pylint[4], (pylint[1], int(pylint[2]), None))] if pylint else ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open: nothing, as a finding without its place is none."""
        return ()


def _finding(line: LogLine, code: str, message: str, place: tuple[str, int, int | None]) -> Failure:
    if code == "unformatted":
        return _unformatted(line, place[0])
    syntax = code in {"invalid-syntax", "SyntaxError"}
    return new_failure(
        Ruff.tool,
        FailureKind.COMPILE if syntax else FailureKind.LINT,
        f"{code}: {message}" if syntax else f"{code} {message}",
        line,
        file=place[0],
        at=(place[1], place[2]),
        code=code,
        root_cause=RootCause.COMPILE_ERROR if syntax else RootCause.LINT,
    )


def _unformatted(line: LogLine, file: str) -> Failure:
    return new_failure(
        Ruff.tool,
        FailureKind.FORMAT,
        f"Would reformat: {file}",
        line,
        file=file,
        code="format",
        root_cause=RootCause.LINT,
    )


PARSER: type[Parser] = Ruff
