"""Python checkers with a finding over several lines: bandit, pyright and pydocstyle."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_BANDIT = re.compile(r">> Issue: \[(B\d{3}):[\w-]+\] (.+)")
_LOCATION = re.compile(r"\s*Location: (\S.*?):(\d+)(?::(\d+))?$")
_PYRIGHT = re.compile(r"\s*((?:[A-Za-z]:)?[^\s:][^:]{0,300}\.pyi?):(\d+):(\d+) - error: (.+)")
_RULE = re.compile(r"\((report\w+)\)\s*$")
_PYDOCSTYLE = re.compile(r"([^\s:][^:]{0,300}\.py):(\d+) (?:at|in) .+:$")
_DOCSTRING = re.compile(r"\s+(D\d{3}): (.+)")
LONGEST = 8
"""Lines of one finding."""


class Findings:
    """See the module."""

    tool: ClassVar[str] = "findings"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (">> Issue: [B", " - error: ", ".py:")

    def __init__(self) -> None:
        """Start before the first line."""
        self._line: LogLine | None = None
        self._message = ""
        self._code: str | None = None
        self._place: tuple[str, int, int | None] | None = None

    @property
    def active(self) -> bool:
        """Whether a finding is open."""
        return self._line is not None

    @property
    def claims(self) -> bool:
        """Whether the open lines are surely a finding's own."""
        return bool(self._message)

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text)
        opened = self._opens(text)
        if opened:
            done = list(self.finish())
            self._line, (self._message, self._code, self._place) = line, opened
            return [*done, *(self.finish() if self._complete(text) else ())]
        if self._line is None:
            return ()
        location = _LOCATION.match(text) if self._code and not self._place else None
        if location:
            self._place = (location[1], int(location[2]), int(location[3]) if location[3] else None)
            return self.finish()
        docstring = _DOCSTRING.match(text) if not self._message else None
        if docstring:
            self._line, self._code, self._message = line, docstring[1], docstring[2]
            return self.finish()
        rule = _RULE.search(text) if self._place and text.startswith("    ") else None
        if rule:
            self._code = rule[1]
        goes_on = not rule and line.number <= self._line.number + LONGEST and (text.startswith("  ") or not self._place)
        return () if goes_on else self.finish()

    def _opens(self, text: str) -> tuple[str, str | None, tuple[str, int, int | None] | None] | None:
        bandit = _BANDIT.match(text)
        if bandit:
            return bandit[2], bandit[1], None
        pyright = _PYRIGHT.match(text)
        if pyright:
            rule = _RULE.search(pyright[4])
            return pyright[4], rule[1] if rule else None, (pyright[1], int(pyright[2]), int(pyright[3]))
        documented = _PYDOCSTYLE.match(text)
        return ("", None, (documented[1], int(documented[2]), None)) if documented else None

    def _complete(self, text: str) -> bool:
        return bool(self._place and self._message and _RULE.search(text))

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        line, message, code, place = self._line, self._message, self._code, self._place
        self._line, self._message, self._code, self._place = None, "", None, None
        if line is None or not message or place is None:
            return []
        said = message if not code or code in message else f"{code} {message}"
        cause = RootCause.MISSING_DEPENDENCY if code == "reportMissingImports" else RootCause.LINT
        kind = FailureKind.TYPE if (code or "report").startswith("report") else FailureKind.LINT
        return [
            new_failure(
                self.tool, kind, said, line, file=place[0], at=(place[1], place[2]), code=code, root_cause=cause
            )
        ]


PARSER: type[Parser] = Findings
