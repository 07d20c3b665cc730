"""An execution record as users hand it in: what an agent, a workflow or a build did, step by step (spec E1).

`input.execution_file` reads both spellings of the keys and builds these types; sources make them of CI runs, logs and
runs of fixer's own, so that everything is explained one way.
"""

from enum import StrEnum

from pydantic import ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from fixer.schema.base import Record

_CAMEL = ConfigDict(alias_generator=to_camel)
"""The keys of the JSON are written in camel case: `startTime`, `creditsUsed`."""


class RecordStatus(StrEnum):
    """How an execution or one of its steps ended, in the words of the record's own spelling or one mapped to them."""

    COMPLETED = "completed"
    FAILED = "failed"
    RUNNING = "running"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def ended(self) -> bool:
        """Whether nothing more is to come of it."""
        return self not in {RecordStatus.RUNNING, RecordStatus.UNKNOWN}


class RecordStep(Record):
    """One step of an execution record."""

    model_config = _CAMEL

    number: int
    """1-based, its place in the record."""
    action: str
    status: RecordStatus = RecordStatus.UNKNOWN
    result: JsonValue = None
    error: str = ""
    """Of `error` or `result.error`, whatever their form, as text; empty where the step has none."""
    duration: float | None = None
    """Milliseconds."""
    timestamp: str = ""
    """ISO 8601 where the record has a time."""
    credits_used: float = 0
    details: dict[str, JsonValue] = Field(default={})
    """Further keys of the step (input, service, optional, …), and `error` where it came with a structure."""


class ExecutionRecord(Record):
    """One recorded run of steps."""

    model_config = _CAMEL

    id: str
    """The record's own id, or one made of its content."""
    workspace: str = "default"
    agent: str = ""
    """The agent, workflow or job that ran."""
    status: RecordStatus
    trigger: str = ""
    start_time: str = ""
    end_time: str = ""
    steps: tuple[RecordStep, ...] = ()
    error: str = ""
    """Of the execution itself, as text."""
    credits_used: float = 0
    test_mode: bool = False
    origin: str = ""
    """What the user gave: a path, `-`, a URL, or a run's id."""
    resumable_run: str = ""
    """The run of fixer's own that this is, where it can go on; never read from a record that a user hands in."""
    context: dict[str, JsonValue] = Field(default={})
    """Further keys of the record that explanations may name (inputs, variables, contact, …), and `error` where it came
    with a structure."""
