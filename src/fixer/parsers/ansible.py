"""Ansible: `fatal: [host]: FAILED! => {...}`, unless the next line says that it was ignored."""

from collections.abc import Iterable
from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LogLine, Parser, new_failure, unmarked
from fixer.schema.failure import Failure, FailureKind
from fixer.schema.root_cause import RootCause

_FATAL = re.compile(r"(?:fatal|failed): \[[^\]]{1,100}\](?: \(.+?\))?: ?(?P<how>FAILED|UNREACHABLE)! ?=> ?(?P<said>.*)")
_MESSAGE = re.compile(r'"(?:msg|stderr)": "((?:[^"\\]|\\.){1,1000})"')


class Ansible:
    """See the module."""

    tool: ClassVar[str] = "ansible"
    rank: ClassVar[int] = 20
    needles: ClassVar[tuple[str, ...]] = ("FAILED! =>", "UNREACHABLE! =>")

    def __init__(self) -> None:
        """Start before the first line."""
        self._failed: Failure | None = None

    @property
    def active(self) -> bool:
        """Whether the next line may say that the failure was ignored."""
        return self._failed is not None

    def feed(self, line: LogLine) -> Iterable[Failure]:
        """Take the next line."""
        text = unmarked(line.text)
        done: Iterable[Failure] = ()
        if text.startswith("...ignoring"):
            self._failed = None
        elif self._failed:
            done = self.finish()
        fatal = _FATAL.match(text)
        if fatal:
            said = _MESSAGE.search(fatal["said"])
            lost = fatal["how"] == "UNREACHABLE"
            self._failed = new_failure(
                self.tool,
                FailureKind.OTHER,
                said[1] if said else fatal["said"],
                line,
                root_cause=RootCause.NETWORK_ERROR if lost else None,
                otherwise=RootCause.ENVIRONMENT,
            )
        return done

    def finish(self) -> Iterable[Failure]:
        """Say what was still open."""
        failed, self._failed = self._failed, None
        return [failed] if failed else []


PARSER: type[Parser] = Ansible
