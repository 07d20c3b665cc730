"""A command that fixer ran, and everything it left behind (spec F4)."""

from enum import StrEnum

from fixer.schema.base import Record


class Rung(StrEnum):
    """How a command was shut in; the report names it. Strongest first."""

    BUBBLEWRAP = "bubblewrap"
    """Own namespaces, no network, read-only outside of the worktree, home hidden."""
    PROCESS_GROUP = "process-group"
    """Own process group, limits and a scrubbed environment only: writes and network are not stopped."""


class Ending(StrEnum):
    """How a command ended."""

    EXITED = "exited"
    SIGNALLED = "signalled"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    TOO_MUCH_OUTPUT = "too_much_output"
    CANCELLED = "cancelled"
    NOT_STARTED = "not_started"


class Invocation(Record):
    """A command to run: an argument list and what it needs, never a shell string."""

    argv: tuple[str, ...]
    cwd: str = "."
    """Relative to the worktree."""
    env: dict[str, str] = {}
    """Added to the scrubbed environment."""
    timeout_seconds: float | None = None
    """None: the limit of the settings."""


class CommandResult(Record):
    """What one command did. Output is masked and bounded; `omitted_bytes` says how much is missing from it."""

    argv: tuple[str, ...]
    cwd: str
    ending: Ending
    exit_code: int | None = None
    """None unless `ending` is `exited`."""
    signal: int | None = None
    """None unless a signal ended it."""
    stdout: str
    stderr: str
    omitted_bytes: int = 0
    seconds: float
    """Wall clock."""
    rung: Rung
    reason: str = ""
    """Why it did not start or was stopped; empty when it ended by itself."""

    @property
    def passed(self) -> bool:
        """Whether it ended by itself with exit code 0."""
        return self.ending is Ending.EXITED and self.exit_code == 0

    @property
    def output(self) -> str:
        """Both streams: stdout, then stderr."""
        return self.stdout + ("\n" if self.stdout and self.stderr else "") + self.stderr

    def shortened(self, limit: int) -> "CommandResult":
        """Return it with at most `limit` characters of each stream, both ends kept: what a journal holds of it."""
        return self.model_copy(update={"stdout": _ends(self.stdout, limit), "stderr": _ends(self.stderr, limit)})


def _ends(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n[… {len(text) - 2 * half} characters omitted …]\n{text[-half:]}"
