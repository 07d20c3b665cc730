"""googletest: `file:line: Failure` with its message, and `[  FAILED  ] Suite.Name`."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_PREFIX = r"(?:\d+: )?"
_FAILED = re.compile(_PREFIX + r"\[  FAILED  \] ([\w/]+\.[\w/]+)(?:, where .+?)?(?: \(\d+ ms\))?$")
_PLACE = re.compile(_PREFIX + r"(.{1,300}?)(?::(\d+)|\((\d+)\)): (?:Failure|error: )(.*)$")
LONGEST = 12


class Googletest:
    """See the module."""

    tool: ClassVar[str] = "googletest"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("[  FAILED  ]", ": Failure")

    def __init__(self) -> None:
        """Start before the first line."""
        self._place: tuple[LogLine, str, int] | None = None
        self._said: list[str] = []
        self._seen: set[str] = set()

    @property
    def active(self) -> bool:
        """Whether a message is being read."""
        return self._place is not None and len(self._said) < 4

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = line.text
        failed = _FAILED.match(text)
        if failed:
            place, said = self._place, self._said
            self._place, self._said = None, []
            if failed[1] in self._seen or len(self._seen) > 5000:
                return ()
            self._seen.add(failed[1])
            return [_failure(failed[1], line, place, said)]
        found = _PLACE.match(text) if self._place is None else None
        if found:
            self._place = (line, found[1], int(found[2] or found[3]))
            self._said = [found[4].strip()] if found[4].strip() else []
        elif self._place and text.strip() and len(self._said) < 4:
            self._said.append(text.strip())
        return ()

    def finish(self) -> Iterable[Failure]:
        """Nothing that has a name is open."""
        return ()


def _failure(test: str, line: LogLine, place: tuple[LogLine, str, int] | None, said: list[str]) -> Failure:
    return new_failure(
        Googletest.tool,
        FailureKind.TEST,
        " ".join(said) or f"{test} failed",
        place[0] if place else line,
        test=test,
        file=place[1] if place else None,
        at=(place[2] if place else None, None),
        otherwise=RootCause.TEST_FAILURE,
    )


PARSER: type[Parser] = Googletest
