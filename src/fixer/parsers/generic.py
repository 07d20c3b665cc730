"""Lines that speak of an error in no known tool's format: the last resort, ranked below everything else."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_MISSING_MODULE = re.compile(r".{0,300}No module named '?(?P<module>[\w.]+)'?")
_EXIT = re.compile(
    r"(?:Process completed with exit code|Exited with code(?: exit status)?|exit(?:ed with)? (?:code|status)"
    r"|exit code:?) (\d{1,10})|(?:Bash|PowerShell|Cmd\.exe) exited with code '",
    re.IGNORECASE,
)
# what every runner says in the end, for those of which nothing else was read
_COUNTED = re.compile(
    r"(?:=+ )?(?:Tests?:? +)?[1-9]\d* (?:tests? )?failed\b(?:, \d+ .+)? in \d|Result: FAIL$|# FAIL: +[1-9]"
    r"|Tests:? +[1-9]\d* failed,|\d+ (?:tests?|specs?|examples?|scenarios?),? .{0,60}?\b[1-9]\d* (?:failures?|failed)\b"
)
_ERROR = re.compile(
    r"(?:^|[\s\[(:])(?:error|fatal|failed|failure|exception|panic|fail)(?:[\s\]):!,.]|$)"
    r"|[A-Za-z]*(?:Error|Exception)\b",
    re.IGNORECASE,
)
# errors that do not call themselves so
_WORDS = re.compile(
    r"[\w./+ -]{1,100}: (?:(?:line )?\d+: )?[\w./+-]{1,200}: Permission denied$"
    r"|(?:[\w./+-]{1,200}: ){1,3}(?:line \d+: |cannot (?:open|access|stat|remove) )?['\"\u2018]?[\w./+-]{1,200}"
    r"['\"\u2019]?: No such file or directory$|Error from server|\s*cannot load such file --"
)
_HARMLESS = re.compile(
    r"\b(?:0|no) (?:errors?|fail(?:ed|ures?)?)\b|\b(?:errors?|fail(?:ed|ures?)?)[:=]? *0\b|\bwarning\b|\bfail[-_]fast\b"
    r"|Finished: FAILURE$|complete log of this run|\[Help 1\]|For more information about the errors|Re-run Maven"
    r"|^g?make(?:\[\d+\])?: \*\*\*|^No test report files"
    r"|\b(?:on-error|on_error|error-handler|if: failure|continue-on-error)\b",
    re.IGNORECASE,
)


class Generic:
    """See the module."""

    tool: ClassVar[str] = "generic"
    rank: ClassVar[int] = 90
    needles: ClassVar[tuple[str, ...]] = (
        *("error", "Error", "ERROR", "fatal", "Fatal", "FATAL", "fail", "Fail", "FAIL", "xception", "panic"),
        *("No module named", "was canceled", "No such file or directory", ": Permission denied"),
        *("Error from server", "cannot load such file"),
    )
    active: ClassVar[bool] = False

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        marked = line.text.startswith(("##[error]", "::error"))
        text = unmarked(line.text).strip()
        if len(text) < 400 and _EXIT.search(text):
            return ()
        counted = _COUNTED.match(text)
        if counted:
            return [self._failure(line, text, kind=FailureKind.TEST, cause=RootCause.TEST_FAILURE)]
        module = _MISSING_MODULE.match(text)
        if module:
            return [self._failure(line, text, kind=FailureKind.DEPENDENCY, cause=RootCause.MISSING_DEPENDENCY)]
        if marked or (len(text) < 1000 and (_ERROR.search(text) or _WORDS.match(text)) and not _HARMLESS.search(text)):
            return [self._failure(line, text)]
        return ()

    def _failure(
        self, line: LogLine, text: str, *, kind: FailureKind = FailureKind.OTHER, cause: RootCause | None = None
    ) -> Failure:
        return new_failure(self.tool, kind, text, line, root_cause=cause)

    def finish(self) -> Iterable[Failure]:
        """Nothing is ever open."""
        return ()


PARSER: type[Parser] = Generic
