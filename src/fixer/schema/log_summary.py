"""What a log says, in short: what `fixer logs --json` prints. Its keys are added to, never renamed."""

from fixer.schema.base import SCHEMA_VERSION, Record
from fixer.schema.execution import Step
from fixer.schema.failure import Failure
from fixer.schema.root_cause import RootCause


class Place(Record):
    """Lines of the log that the context shows, both ends included."""

    first_line: int
    last_line: int
    step: int | None = None


class LogContext(Record):
    """The lines that matter, within a budget of characters, in the order of the log."""

    text: str
    characters: int
    tokens: int
    """An estimate: four characters to a token."""
    places: tuple[Place, ...] = ()


class LogSummary(Record):
    """One log, distilled."""

    schema_version: int = SCHEMA_VERSION
    source: str
    """The file, folder or archive that was read; `-` is standard input."""
    lines: int
    steps: tuple[Step, ...] = ()
    failures: tuple[Failure, ...] = ()
    root_cause: RootCause = RootCause.UNKNOWN
    commit: str | None = None
    context: LogContext
    omitted_lines: int
    """Lines of the log that the context leaves out."""
