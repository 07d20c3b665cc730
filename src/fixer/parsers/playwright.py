"""Playwright: the numbered failures (browser, file:line:column, title) and the error below each."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_HEADER = re.compile(r"\s*\d+\) (?:\[[^\]]+\] \u203a )?(\S+\.[cm]?[jt]sx?):(\d+):(\d+) \u203a (.+?)[ ─═]*$")
LONGEST = 30


class Playwright:
    """See the module."""

    tool: ClassVar[str] = "playwright"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (" \u203a ",)

    def __init__(self) -> None:
        """Start before the first line."""
        self._open: tuple[LogLine, re.Match[str]] | None = None
        self._said: list[tuple[str, LogLine]] = []

    @property
    def active(self) -> bool:
        """Whether the error is awaited."""
        return self._open is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        header = _HEADER.match(line.text) if "\u203a" in line.text else None
        if header:
            done = list(self.finish())
            self._open = (line, header)
            return done
        if self._open is None:
            return ()
        text = line.text.strip()
        if text and not text.startswith(("Retry #", "attachment #")):
            self._said.append((text, line))
        return self.finish() if len(self._said) >= 4 or line.number > self._open[0].number + LONGEST else ()

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        opened, said = self._open, self._said
        self._open, self._said = None, []
        if opened is None:
            return []
        line, header = opened
        message, where = said[0] if said else (f"{header[4]} failed", line)
        details = [text for text, _ in said[1:4] if text.startswith(("Locator", "Expected", "Received"))]
        return [
            new_failure(
                self.tool,
                FailureKind.TEST,
                " ".join([message, *details]),
                where,
                test=f"{header[1]}:{header[2]}:{header[3]} {header[4]}",
                file=header[1],
                at=(int(header[2]), int(header[3])),
                root_cause=_cause(message),
                otherwise=RootCause.TEST_FAILURE,
            )
        ]


def _cause(message: str) -> RootCause | None:
    """Return what keeps a test from running, None where it ran."""
    if message.startswith("Test timeout of"):
        return RootCause.TIMEOUT
    return RootCause.MISSING_TOOL if "Executable doesn't exist at" in message else None


PARSER: type[Parser] = Playwright
