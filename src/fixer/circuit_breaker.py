"""The circuit breaker of recoveries: a run asks for a fingerprint, and is admitted or told until when it is not.

Kept in the database, so that it counts over all processes (spec F5).
"""

from collections.abc import Sequence
from typing import Protocol

from pydantic import JsonValue

LIMIT = 3
"""Recoveries of one fingerprint within the window."""
WINDOW_SECONDS = 3600.0
ADMITTED = "recovery.admitted"
"""Kind of the event that each admitted recovery leaves."""


class Happened(Protocol):
    """An event that was read back."""

    @property
    def at(self) -> float:
        """Seconds since the epoch."""
        ...

    @property
    def data(self) -> JsonValue:
        """As it was recorded."""
        ...


class Counts(Protocol):
    """What keeps the attempts: `fixer.journal.OwnedRun`."""

    def attempt(self, subject: str, limit: int, window_seconds: float) -> float | None:
        """Count this run for `subject`; return None where it is admitted, else when it would be."""
        ...

    def events(self, kind: str) -> Sequence[Happened]:
        """Return what this run recorded under a kind, oldest first."""
        ...

    def event(self, kind: str, data: JsonValue) -> None:
        """Record something."""
        ...


def admit(run: Counts, fingerprint: str, key: str, now: float) -> float | None:
    """Count a recovery of this fingerprint; return None where it may begin, else until when the circuit is open.

    Other runs count once each, this one as often as it asks under another key: a loop that fails for ever is ended as
    a program that is started for ever is. Asked again under the same key, after a resume, nothing is counted twice.
    Times are seconds since the epoch.
    """
    own: dict[str, float] = {}
    for event in run.events(ADMITTED):
        if isinstance(event.data, dict) and event.data.get("fingerprint") == fingerprint:
            own[str(event.data.get("key"))] = event.at
    if key in own:
        return None
    recent = sorted(at for at in own.values() if at > now - WINDOW_SECONDS)
    if len(recent) >= LIMIT:
        return recent[-LIMIT] + WINDOW_SECONDS
    refused_until = run.attempt(f"recovery:{fingerprint}", LIMIT, WINDOW_SECONDS)
    if refused_until is None:
        run.event(ADMITTED, {"fingerprint": fingerprint, "key": key})
    return refused_until
