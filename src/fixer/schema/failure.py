"""What went wrong in one step of an execution."""

from enum import StrEnum

from fixer.schema.base import Record
from fixer.schema.root_cause import RootCause


class FailureKind(StrEnum):
    """What sort of thing failed."""

    TEST = "test"
    """A test ran and failed, or could not be collected."""
    EXCEPTION = "exception"
    """A program ended with an uncaught exception."""
    COMPILE = "compile"
    TYPE = "type"
    LINT = "lint"
    FORMAT = "format"
    DEPENDENCY = "dependency"
    INFRASTRUCTURE = "infrastructure"
    OTHER = "other"


class Failure(Record):
    """One failure, as a parser read it from a log.

    The keys are an interface (`fixer logs --json`): they are added to, never renamed.
    """

    id: str
    """`content_id` of tool, test, file, line and fingerprint."""
    tool: str
    """The tool that reported it, by the name of its parser: pytest, unittest, ruff, …"""
    kind: FailureKind
    message: str
    """The error itself in one or a few lines: `KeyError: 'price'`, `F401 'os' imported but unused`."""
    test: str | None = None
    """The test's name as its own runner takes it: `tests/test_cart.py::test_total[eu]`, `pkg.mod.Class.test_x`."""
    shown_as: str | None = None
    """The test's name as the log words it, where that is not `test`: `Cart.test_total`, `test_x (pkg.mod.Class)`."""
    file: str | None = None
    """Path as the log has it, made relative to the repository where that can be told."""
    line: int | None = None
    column: int | None = None
    exit_code: int | None = None
    """Exit code of the step that failed, where the log shows one."""
    log_line: int | None = None
    """1-based line of the log where the error is stated."""
    step: int | None = None
    """1-based number of the step in its execution."""
    code: str | None = None
    """The rule of a linter or compiler: F401, E0061, attr-defined."""
    exception: str | None = None
    """The exception's type, dotted where the log has it so."""
    frames: tuple[tuple[str, int, str], ...] = ()
    """Stack frames as (file, line, function), outermost first."""
    fingerprint: str
    """`fingerprint.fingerprint(message)`: equal for the same failure in another place, time or process."""
    root_cause: RootCause = RootCause.UNKNOWN
