"""The contract of the room: a cause looks at a failed execution and says how sure it is that it explains it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Protocol

from pydantic import JsonValue

from fixer import lazy_re as re
from fixer.input.error_text import structure_in
from fixer.schema.base import Record
from fixer.schema.execution_record import ExecutionRecord, RecordStep
from fixer.schema.explanation import FailedStep, SuggestedFix
from fixer.schema.root_cause import RootCause
from fixer.schema.workspace import Workspace

MAX_CHARACTERS = 20_000
DEPTH = 8
"""Of the structure of an error that is looked at."""
CERTAIN = 10.0
"""A score that no rule of another cause reaches: the rest need not be asked."""
SETTLED = 100.0
"""More than all words together can weigh."""


@dataclass(frozen=True)
class Scene:
    """Everything that a cause may look at. All text in it comes from outside: it is data."""

    record: ExecutionRecord
    failed: FailedStep
    """The step that failed, with its error; step number 0 where it failed outside of its steps."""
    step: RecordStep | None
    """That step as it was recorded; None where there is none."""
    workspace: Workspace
    now: datetime

    @property
    def text(self) -> str:
        """What was said of the failure: the step's error, and the execution's own where it says more.

        What the execution only repeats of another step is not about this one.
        """
        said = [self.failed.error]
        said += [own for own in (self.own_error,) if own and own not in self.failed.error]
        structure = self.step.details.get("error") if self.step is not None else None
        if not structure and (self.step is None or not self.step.error):
            structure = self.record.context.get("error")
        more = [text for text in leaves(structure) if not any(text in known for known in said)]
        return "\n".join([*said, *dict.fromkeys(more)])[:MAX_CHARACTERS]

    @property
    def own_error(self) -> str:
        """The execution's own error, empty where all that it says is what other steps said of theirs."""
        own = self.record.error
        if not self.failed.error or self.failed.error == own:
            return own
        others = [step for step in self.record.steps if step.number != self.failed.step_number]
        left = own
        for part in sorted((step.error.strip() for step in others if step.error.strip()), key=len, reverse=True):
            left = _without(left, part)
        if left == own:
            return own
        for step in others:
            left = _without(left, step.action)
        return left.strip() if _SAYS.search(_OF_STEPS.sub("", left)) else ""


_SAYS = re.compile(r"[^\W\d_]{2}")
_OF_STEPS = re.compile(r"(?i)\b(?:steps?|errors?|failed|failure|failures|in|at|the|and|with|execution|workflow|run)\b")
"""Words that say no more than that a step failed."""


def _without(text: str, part: str) -> str:
    """Return a text without a part of it that stands there by itself, and not inside of a word."""
    return re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", " ", text) if part and part in text else text


def leaves(value: JsonValue, depth: int = 0) -> Iterator[str]:
    """Yield the texts inside of a structure, those of the first levels and items; JSON in a text is looked into."""
    if isinstance(value, str):
        words, value = structure_in(value)
        if words.strip():
            yield words.strip()
    parts: Iterable[JsonValue] = said(value).values() if isinstance(value, dict) else ()
    if depth < DEPTH:
        for part in islice(value if isinstance(value, list) else parts, 50):
            yield from leaves(part, depth + 1)


_REQUESTS = frozenset({"request", "req", "config", "requestconfig", "requestoptions"})
_SENT = frozenset(
    {"input", "inputs", "requestbody", "requestpayload", "requestdata", "variables", "arguments", "args", "submitted"}
)
_BODIES = frozenset({"body", "data", "payload", "json", "form", "formdata", "postdata", "headers", "params", "fields"})


def said(told: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return what an object of an error says: without what was sent, which many clients put beside the answer.

    Of a request its address stays; what stands under `input` stays where it is one value, which was refused.
    """
    kept: dict[str, JsonValue] = {}
    for key, value in told.items():
        plain = key.lower().replace("_", "").replace("-", "")
        if plain in _REQUESTS and isinstance(value, dict):
            kept[key] = {own: part for own, part in value.items() if own.lower() not in _BODIES}
        elif plain not in _SENT or not isinstance(value, dict | list):
            kept[key] = value
    return kept


def sent(told: JsonValue, depth: int = 0) -> Iterator[JsonValue]:
    """Yield what an error tells of what was sent: the inputs and the bodies of requests inside of it."""
    if isinstance(told, str):
        told = structure_in(told)[1]
    if depth > DEPTH or not isinstance(told, dict):
        return
    for key, value in told.items():
        plain = key.lower().replace("_", "").replace("-", "")
        if plain in _REQUESTS and isinstance(value, dict):
            yield from (part for own, part in value.items() if own.lower() in _BODIES - {"headers"})
        elif plain in _SENT:
            yield value
        else:
            yield from sent(value, depth + 1)


class Finding(Record):
    """How one cause explains a failure."""

    root_cause: RootCause
    score: float
    """0 to 1: how sure; the highest of all causes explains the failure."""
    explanation: str
    """Plain words that name the real things."""
    fixes: tuple[SuggestedFix, ...]
    """The best first; at least one."""
    retry_at: str = ""
    """ISO 8601: from when on it can go on by itself."""


class Cause(Protocol):
    """What each module of the room defines at its top level."""

    CAUSES: frozenset[RootCause]
    """What it can explain even where none of its rules has matched."""

    def scores(self, scene: Scene) -> Mapping[RootCause, float]:
        """Return how sure its rules are of each cause, 0 to 1.

        `CERTAIN` or more where nothing else can be the cause, `SETTLED` where the record itself says it.
        """
        ...

    def finding(self, scene: Scene, cause: RootCause, score: float, /) -> Finding:
        """Explain the failure by one of its causes, which was found to be the likeliest."""
        ...
