"""A test that shows the failure here (spec B6, B7, B9)."""

from enum import StrEnum

from fixer.schema.base import Record
from fixer.schema.command import Invocation


class Shown(StrEnum):
    """What a run of the failing command showed, by fingerprint."""

    SAME = "same"
    OTHER = "other"
    NONE = "none"


class WrittenTest(Record):
    """A test that a language model wrote, because the log's own command does not show the failure here."""

    path: str
    text: str
    on: str
    """The user's commit; the reproduction's own has the test on top of it."""
    by: str
    """The model and its prompt, for people."""


class Reproduction(Record):
    """The narrowed command that fails, and the whole suite around it."""

    id: str
    failure_id: str
    name: str
    """Derived from the failure; names its folder and both branches."""
    commit: str
    """Commit on which it was seen to fail."""
    runner: str
    """The module of the room `reproduction` that made it: pytest, unittest, ruff, …"""
    narrowed: Invocation
    """Runs this one failure, in seconds."""
    suite: Invocation
    """Runs everything that the failing step ran."""
    test: str | None = None
    """The test that must pass, where there is one."""
    test_files: tuple[str, ...] = ()
    """Files of the repository that state what is right: no patch may weaken them."""
    deterministic: bool
    failure_rate: float
    """Share of the runs that failed the same way."""
    runs: int
    written: WrittenTest | None = None
    """Set where the project had no test for it: a person has to judge whether it asks for the right thing."""
    files: dict[str, str] = {}
    """Path below the reproduction's folder -> content: `tests/…`, `logs/…`, `README.md`."""


class SuiteOutcome(Record):
    """What the suite said, test by test (or finding by finding, for linters)."""

    passed: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    readable: bool = True
    """False when the runner left nothing that could be read: then nothing may be concluded from it."""
    reason: str = ""
