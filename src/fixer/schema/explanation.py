"""Why an execution failed, in plain words, and what would mend it: what `fixer explain --json` prints (spec E2).

Its keys are an interface of scripts: they are added to, never renamed.
"""

from enum import StrEnum

from pydantic import ConfigDict, JsonValue
from pydantic.alias_generators import to_camel

from fixer.schema.base import Record
from fixer.schema.root_cause import RootCause

_CAMEL = ConfigDict(alias_generator=to_camel)


class FixType(StrEnum):
    """What a fix changes (spec E6)."""

    UPDATE_INSTRUCTIONS = "update_instructions"
    SUGGEST_TEMPLATE = "suggest_template"
    ADJUST_RESTRICTIONS = "adjust_restrictions"
    PATCH = "patch"
    """A change of a repository's files."""
    MANUAL = "manual"
    """Something that only a person can do: connect an integration, correct a contact."""


class FailedStep(Record):
    """The step in which it failed."""

    model_config = _CAMEL

    step_number: int
    """1-based; 0 where the execution failed outside of its steps."""
    action: str
    error: str
    timestamp: str = ""


class Change(Record):
    """One change of one file, as data: how `fixer fix apply` makes it and how it is undone."""

    model_config = _CAMEL

    path: str
    """The file, relative to the project where it lies in it, else absolute."""
    pointer: tuple[str | int, ...] = ()
    """Where in a JSON or YAML file (keys and places of lists); empty: the whole text, or `diff`."""
    value: JsonValue = None
    """What stands there afterwards; a place one past the end of a list appends."""
    diff: str = ""
    """A unified diff, where the fix is a patch."""


class SuggestedFix(Record):
    """One way to mend it."""

    model_config = _CAMEL

    id: str
    """Made of the execution and the fix's content."""
    type: FixType
    description: str
    """What to do, naming the real things."""
    action: str
    """The first thing to do or type."""
    auto_fix_available: bool
    """Whether `fixer fix apply` can do it."""
    preview: str = ""
    """The diff that it would make; empty where it is not automatic."""
    changes: tuple[Change, ...] = ()


class PatternDetected(Record):
    """Whether this failure keeps coming (spec E5)."""

    model_config = _CAMEL

    is_pattern: bool = False
    error_message: str = ""
    """Normalised."""
    failure_count: int = 0
    first_occurred: str = ""
    last_occurred: str = ""
    recommendation: str = ""


class Explanation(Record):
    """The whole answer."""

    model_config = _CAMEL

    execution: str
    """The record's id."""
    workspace: str
    agent: str = ""
    explanation: str
    root_cause: RootCause
    failed_step: FailedStep | None = None
    suggested_fixes: tuple[SuggestedFix, ...] = ()
    pattern_detected: PatternDetected = PatternDetected()
    available_templates: tuple[str, ...] = ()
    integration_status: dict[str, bool] = {}
    """Integration -> connected, of those that the failure touches or all that the workspace has."""
    retry_at: str = ""
    """ISO 8601: from when on it can go on by itself (rate limits); empty: not by waiting."""
    answered_by: str = "library"
    """`library`, or the model's name."""
    note: str = ""
    """Why the model's answer was not used, where one was asked."""


class FixState(StrEnum):
    """Where a recorded fix stands."""

    OFFERED = "offered"
    APPLYING = "applying"
    """Its files are being written; a kill leaves it here, and the files tell how far it came."""
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"


class RecordedFix(Record):
    """A fix in the journal: offered by an explanation, perhaps applied, watched afterwards."""

    id: str
    workspace: str
    execution: str
    agent: str
    root_cause: RootCause
    fix: SuggestedFix
    state: FixState
    offered_at: float
    """Seconds since the epoch, as all times here."""
    applied_at: float | None = None
    undone_at: float | None = None
    outcome: str = ""
    """Id of the agent's first execution after it was applied; empty: there was none yet."""
    succeeded: bool | None = None
    """Whether that one succeeded."""
