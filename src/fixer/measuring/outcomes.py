"""The events of real runs go in; how often each version of a prompt led to what it is for comes out (spec C10)."""

from collections.abc import Iterable

from fixer.journal.records import Event
from fixer.prompts import PROMPT_OUTCOME
from fixer.rates import interval
from fixer.schema.base import Record


class PromptOutcomes(Record):
    """What became of the uses of one version of a prompt."""

    prompt: str
    """NAME@VERSION."""
    succeeded: int
    used: int
    low: float
    """Of the 95 % interval of its rate, as `high`: 0 to 1."""
    high: float

    @property
    def words(self) -> str:
        """The rate as people read it."""
        return f"{self.succeeded} of {self.used} ({self.low:.0%} to {self.high:.0%})"


def outcomes(events: Iterable[Event]) -> tuple[PromptOutcomes, ...]:
    """Count the events, by prompt and version, in alphabetical order."""
    found: dict[str, list[bool]] = {}
    for event in events:
        if event.kind == PROMPT_OUTCOME and isinstance(event.data, dict):
            found.setdefault(str(event.data.get("prompt")), []).append(event.data.get("succeeded") is True)
    rows = []
    for prompt, each in sorted(found.items()):
        low, high = interval(sum(each), len(each))
        rows.append(PromptOutcomes(prompt=prompt, succeeded=sum(each), used=len(each), low=low, high=high))
    return tuple(rows)
