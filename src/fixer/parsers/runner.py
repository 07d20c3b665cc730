"""What ends a job whatever ran in it: the time limit, memory, a full disk, a lost runner, a crashed process."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser
from fixer.parsers.infrastructure import of_words
from fixer.schema.failure import Failure
from fixer.schema.root_cause import RootCause

_RULES: tuple[tuple[RootCause, str], ...] = (
    (
        RootCause.TIMEOUT,
        (
            r"has exceeded the maximum execution time|No output has been received in the last|Too long with no output"
            r"|Cancelling nested steps due to timeout|^Timeout has been exceeded"
            r"|The job exceeded the maximum (?:time limit|log length)|job execution timeout|execution took longer than"
            r"|The action .{0,200} has timed out|Build timed out \(after|exit(?:ed with)? (?:code|status)? ?124\b"
        ),
    ),
    (
        RootCause.OUT_OF_MEMORY,
        (
            r"OOMKilled|Out of memory: Kill|oom-kill|heap out of memory|process out of memory"
            r"|java\.lang\.OutOfMemoryError"
            r"|insufficient memory for the Java|[Cc]annot allocate memory|virtual memory exhausted"
            r"|Killed signal terminated program"
            r"|fatal error: runtime: out of memory|signal: 9, SIGKILL|signal 9 \[Killed\]"
            r"|exit(?:ed with)? (?:code|status)? ?137\b|^Killed$"
            r"|: line \d+:\s+\d+ Killed\b|c\+\+: fatal error: Killed"
        ),
    ),
    (
        RootCause.INFRASTRUCTURE,
        (
            r"lost communication with the server|runner has received a shutdown signal|No space left on device|ENOSPC"
            r"|[Dd]isk quota exceeded|The hosted runner encountered|runner system failure"
            r"|Job failed \(system failure\)|ChannelClosedException|ImagePullBackOff|ErrImagePull"
            r"|Unable to reach the runner"
        ),
    ),
    (
        RootCause.LOGIC_ERROR,
        (
            r"Segmentation fault|\[BUG\] |\(core dumped\)|ERROR: (?:Address|Leak|Thread|Memory)Sanitizer"
            r"|PROCESS-CRASH \|"
            r"|WARNING: ThreadSanitizer|stack smashing detected|double free or corruption|EXC_BAD_ACCESS"
            r"|signal: 11, SIGSEGV|exit(?:ed with)? (?:code|status)? ?139\b|fatal error has been detected by the Java"
        ),
    ),
)
_COMPILED = tuple((cause, re.compile(pattern)) for cause, pattern in _RULES)


class Runner:
    """See the module."""

    tool: ClassVar[str] = "runner"
    rank: ClassVar[int] = 0
    needles: ClassVar[tuple[str, ...]] = (
        *(
            "exceeded the maximum",
            "No output has been",
            "with no output",
            "execution time",
            "execution took",
            "has timed out",
            "Build timed out",
        ),
        *("OOMKilled", "ut of memory", "oom-kill", "OutOfMemoryError", "insufficient memory"),
        *(
            "allocate memory",
            "memory exhausted",
            "Killed",
            "SIGKILL",
            "code 13",
            "code 124",
            "status 124",
            "with 124",
            "status 13",
            "with 13",
            "lost communication",
            "shutdown signal",
        ),
        *("No space left", "ENOSPC", "uota exceeded", "system failure", "The hosted runner", "reach the runner"),
        *("egmentation fault", "[BUG] ", "core dumped", "Sanitizer", "SIGSEGV", "stack smashing", "double free"),
        *("due to timeout", "Timeout has been", "ChannelClosed", "ImagePull"),
        *("EXC_BAD_ACCESS", "PROCESS-CRASH", "fatal error has been"),
    )
    active: ClassVar[bool] = False

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        return of_words(self.tool, _COMPILED, line)

    def finish(self) -> Iterable[Failure]:
        """Nothing is ever open."""
        return ()


PARSER: type[Parser] = Runner
