"""mypy: `file:line: error: message  [code]`, with and without column and end."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_ERROR = re.compile(
    r"((?:[A-Za-z]:)?[^:\s][^:]{0,300}\.(?:pyi?|ipynb))(?::(\d+))?(?::(\d+))?(?::\d+:\d+)?: error: (.+)"
)
_CODE = re.compile(r"(.*?) {1,2}\[([a-z][a-z0-9-]*)\]$")
_NEXT = re.compile(r"\s|$|Found \d|Success|[^\s:]+\.(?:pyi?|ipynb):\d|##\[")
_MISSING = frozenset({"import-not-found", "import-untyped", "import"})


class Mypy:
    """See the module."""

    tool: ClassVar[str] = "mypy"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (": error: ",)

    def __init__(self) -> None:
        """Start before the first line."""
        self._wrapped: tuple[LogLine, re.Match[str], str] | None = None

    @property
    def active(self) -> bool:
        """Whether a message may go on in the next line, as `--pretty` wraps it."""
        return self._wrapped is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text)
        if self._wrapped:
            first, found, message = self._wrapped
            if _NEXT.match(text) or line.number > first.number + 12:
                return [*self.finish(), *self.feed(line)]
            self._wrapped = (first, found, f"{message.rstrip()} {text.strip()}")
            return self.finish() if _CODE.match(text) or re.match(r"\[[a-z-]+\]$", text) else ()
        start = _ERROR.match(text)
        if not start:
            return ()
        self._wrapped = (line, start, start[4])
        return self.finish() if _CODE.match(start[4]) else ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        wrapped, self._wrapped = self._wrapped, None
        return [_failure(*wrapped)] if wrapped else []


def _failure(line: LogLine, found: re.Match[str], message: str) -> Failure:
    coded = _CODE.match(message)
    text, code = (coded[1], coded[2]) if coded else (message, None)
    cause = RootCause.MISSING_DEPENDENCY if code in _MISSING else RootCause.LINT
    return new_failure(
        Mypy.tool,
        FailureKind.COMPILE if code == "syntax" else FailureKind.TYPE,
        f"{text}  [{code}]" if code else text,
        line,
        file=found[1],
        at=(int(found[2]) if found[2] else None, int(found[3]) if found[3] else None),
        code=code,
        root_cause=RootCause.COMPILE_ERROR if code == "syntax" else cause,
    )


PARSER: type[Parser] = Mypy
