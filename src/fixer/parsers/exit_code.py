"""A step that ended badly and said nothing that looks like an error: the last of its lines that says something."""

from collections import deque
from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.causes import hinted_cause
from fixer.parsers.base import MOST_FAILURES, LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_ENDED = re.compile(
    r"(?:Error: )?(?:Process completed with exit code|Exited with code(?: exit status)?"
    r"|(?:Bash|PowerShell|Cmd\.exe) exited with code"
    r"|ERROR: Job failed: (?:exit code|exit status|command terminated with exit code)"
    r"|🚨 Error: The command exited with status|ERROR: script returned exit code"
    r"|The command \".{0,400}\" (?:failed and )?exited with) '?(\d{1,10})"
)
# the service's own words, and what repeats the script or its environment
_DULL = re.compile(
    r"\s*$|##\[|::\w+|\[command\]|\[Pipeline\]|shell: |env:$|with:$|  \w+: |section_|Cleaning up project directory"
    r"|Build step '|Archiving artifacts|travis_|\d\d:\d\d$|#!/|[=\-*]{4,}$"
)


class ExitCode:
    """See the module."""

    tool: ClassVar[str] = "exit_code"
    rank: ClassVar[int] = 95
    needles: ClassVar[tuple[str, ...]] = (
        *(
            "completed with exit code",
            "xited with code",
            "Job failed: ",
            "exited with status",
            "returned exit code",
            '" exited with ',
        ),
    )
    active: ClassVar[bool] = False
    lookback: ClassVar[int] = 6

    def __init__(self) -> None:
        """Start before the first line."""
        self._last: deque[LogLine] = deque(maxlen=self.lookback)
        self._said: set[int | None] = set()

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line: those before a step's end are remembered."""
        text = unmarked(line.text).strip()
        ended = _ENDED.match(text)
        if ended is None:
            if not _DULL.match(line.text):
                self._last.append(line)
            elif line.text.startswith(("##[endgroup]", "::endgroup")):
                self._last.clear()
            return ()
        last = [before for before in self._last if line.step in {None, before.step}]
        self._last.clear()
        if not int(ended[1]) or line.step in self._said or len(self._said) >= MOST_FAILURES:
            return ()
        self._said.add(line.step)
        said = [(before, hinted_cause(before.text)) for before in reversed(last)] or [(line, RootCause.UNKNOWN)]
        speaking, cause = next((pair for pair in said if pair[1] is not RootCause.UNKNOWN), said[0])
        message = speaking.text.strip() if last else text
        code = int(ended[1])
        return [new_failure(self.tool, FailureKind.OTHER, message, speaking, exit_code=code, root_cause=cause)]

    def finish(self) -> Iterable[Failure]:
        """Nothing is ever open."""
        return ()


PARSER: type[Parser] = ExitCode
