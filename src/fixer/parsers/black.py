"""black: `would reformat FILE` and files that it cannot parse."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_REFORMAT = re.compile(r"would reformat (.+)")
_BROKEN = re.compile(r"error: cannot format (.+?): (Cannot parse.*?: (\d+):(\d+): .*|.+)")


class Black:
    """See the module."""

    tool: ClassVar[str] = "black"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = ("would reformat ", "cannot format ")
    active: ClassVar[bool] = False

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text)
        reformat = _REFORMAT.match(text)
        if reformat:
            file = reformat[1].strip()
            return [self._failure(line, FailureKind.FORMAT, f"would reformat {file}", file)]
        broken = _BROKEN.match(text)
        if broken:
            at = (int(broken[3]), int(broken[4])) if broken[3] else (None, None)
            return [self._failure(line, FailureKind.COMPILE, f"cannot format: {broken[2]}", broken[1], at)]
        return ()

    def _failure(
        self,
        line: LogLine,
        kind: FailureKind,
        message: str,
        file: str,
        at: tuple[int | None, int | None] = (None, None),
    ) -> Failure:
        formats = kind is FailureKind.FORMAT
        cause = RootCause.LINT if formats else RootCause.COMPILE_ERROR
        return new_failure(
            self.tool, kind, message, line, file=file, at=at, code="format" if formats else None, root_cause=cause
        )

    def finish(self) -> Iterable[Failure]:
        """Nothing is ever open."""
        return ()


PARSER: type[Parser] = Black
