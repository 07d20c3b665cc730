"""Sphinx: errors, broken links, and with `-W` the warnings that ended the build."""

from collections import deque
from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_SAID = re.compile(
    r"(?P<file>(?:[A-Za-z]:)?[^\s:][^:]{0,300}\.(?:rst|md|py|txt|ipynb))(?::docstring of [\w.]+)?:(?:(?P<line>\d+):)? "
    r"(?P<level>WARNING|ERROR|CRITICAL|SEVERE): (?P<message>.+)"
)
_EXTENSION = re.compile(r".{0,60}?(?P<message>Could not import extension .+)")
_LINK = re.compile(r"\(\s*(?P<file>\S+): line\s+(?P<line>\d+)\) (?P<message>broken\s+\S.+)")
MOST_WARNINGS = 40
"""Warnings that are kept until it is known whether they count."""


class Sphinx:
    """See the module."""

    tool: ClassVar[str] = "sphinx"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (
        *(": WARNING: ", ": ERROR: ", ": CRITICAL: ", ": SEVERE: ", "warnings treated as errors"),
        *("Could not import extension", "Warning, treated as error", ") broken "),
    )
    active: ClassVar[bool] = False

    def __init__(self) -> None:
        """Start before the first line."""
        self._warnings: deque[Failure] = deque(maxlen=MOST_WARNINGS)

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text)
        if "treated as error" in text:
            done, self._warnings = list(self._warnings), deque(maxlen=MOST_WARNINGS)
            return done
        extension = _EXTENSION.match(text)
        if extension:
            kind, cause = FailureKind.DEPENDENCY, RootCause.MISSING_DEPENDENCY
            return [new_failure(self.tool, kind, extension["message"], line, root_cause=cause)]
        link = _LINK.match(text)
        if link:
            return [
                new_failure(
                    self.tool,
                    FailureKind.LINT,
                    link["message"],
                    line,
                    file=link["file"],
                    at=(int(link["line"]), None),
                    root_cause=RootCause.LINT,
                )
            ]
        said = _SAID.match(text)
        if said is None:
            return ()
        at = (int(said["line"]) if said["line"] else None, None)
        failure = new_failure(
            self.tool, FailureKind.LINT, said["message"], line, file=said["file"], at=at, otherwise=RootCause.LINT
        )
        if said["level"] == "WARNING":
            self._warnings.append(failure)
            return ()
        return [failure]

    def finish(self) -> Iterable[Failure]:
        """Warnings that ended nothing are no failures."""
        return ()


PARSER: type[Parser] = Sphinx
