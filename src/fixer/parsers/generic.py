"""Lines that speak of an error in no known tool's format: the last resort, ranked below everything else."""

import re
from collections.abc import Iterable
from typing import ClassVar

from fixer.parsers.base import MOST_FAILURES, LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_MISSING_MODULE = re.compile(r".{0,300}No module named '?(?P<module>[\w.]+)'?")
_EXIT = re.compile(
    r"(?:Process completed with exit code|Exited with code(?: exit status)?|exit(?:ed with)? (?:code|status)"
    r"|exit code:?) (\d{1,10})",
    re.IGNORECASE,
)
# what every runner says in the end, for those of which nothing else was read
_COUNTED = re.compile(
    r"(?:=+ )?(?:Tests?:? +)?[1-9]\d* (?:tests? )?failed\b(?:, \d+ .+)? in \d|Result: FAIL$"
    r"|Tests:? +[1-9]\d* failed,|\d+ (?:tests?|specs?|examples?|scenarios?),? .{0,60}?\b[1-9]\d* (?:failures?|failed)\b"
)
_ERROR = re.compile(
    r"(?:^|[\s\[(:])(?:error|fatal|failed|failure|exception|panic|fail)(?:[\s\]):!,.]|$)"
    r"|[A-Za-z]*(?:Error|Exception)\b",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"\b(?:0|no) (?:errors?|fail(?:ed|ures?)?)\b|\b(?:errors?|failures?|failed)[:=]? ?0\b|\bwarning\b|\bfail[-_]fast\b"
    r"|Finished: FAILURE$|complete log of this run|\[Help 1\]|For more information about the errors|Re-run Maven"
    r"|^No test report files|\b(?:on-error|on_error|error-handler|if: failure|continue-on-error)\b",
    re.IGNORECASE,
)


class Generic:
    """See the module."""

    tool: ClassVar[str] = "generic"
    rank: ClassVar[int] = 90
    needles: ClassVar[tuple[str, ...]] = (
        *("error", "Error", "ERROR", "fatal", "Fatal", "FATAL", "fail", "Fail", "FAIL", "xception", "panic"),
        *("No module named", "exit code", "exit status", "Exited with"),
    )
    active: ClassVar[bool] = False

    def __init__(self) -> None:
        """Start before the first line."""
        self._ended: dict[int | None, Failure] = {}
        self._said: set[int | None] = set()

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        marked = line.text.startswith(("##[error]", "::error"))
        text = unmarked(line.text).strip()
        ended = _EXIT.search(text) if len(text) < 400 else None
        if ended:
            if int(ended[1]) and marked and len(self._ended) < MOST_FAILURES:
                self._ended.setdefault(line.step, self._failure(line, text, exit_code=int(ended[1])))
            return ()
        counted = _COUNTED.match(text)
        if counted:
            return [self._failure(line, text, kind=FailureKind.TEST, cause=RootCause.TEST_FAILURE)]
        module = _MISSING_MODULE.match(text)
        if module:
            return [self._failure(line, text, kind=FailureKind.DEPENDENCY, cause=RootCause.MISSING_DEPENDENCY)]
        if marked or (len(text) < 1000 and _ERROR.search(text) and not _HARMLESS.search(text)):
            return [self._failure(line, text)]
        return ()

    def _failure(
        self,
        line: LogLine,
        text: str,
        *,
        kind: FailureKind = FailureKind.OTHER,
        cause: RootCause | None = None,
        exit_code: int | None = None,
    ) -> Failure:
        if exit_code is None and len(self._said) < MOST_FAILURES:
            self._said.add(line.step)
        return new_failure(self.tool, kind, text, line, exit_code=exit_code, root_cause=cause)

    def finish(self) -> Iterable[Failure]:
        """Say which steps ended badly without a word."""
        return [failure for step, failure in self._ended.items() if step not in self._said]


PARSER: type[Parser] = Generic
