"""When a run that nobody works on is worth resuming by itself: from its record and the clock alone."""

import math
from datetime import UTC, datetime

from fixer.journal.states import RunState

RESUMES = 3
"""How often in a row a run goes on by itself without finishing a step; then only somebody's own `fixer resume` does."""
PAUSES = (0.0, 60.0, 300.0)
"""Seconds from a death, or an end that named its time, to the next resume; by how often it was resumed in a row."""
BLIND = (300.0, 900.0, 3600.0)
"""The same where nobody said when what stood in the way will be over."""
LONGEST = 32 * 86_400.0
"""Seconds. A service that names a later time is not believed: quotas are renewed by the month at the latest."""
QUEUED_SECONDS = 10.0
"""How long a new run is left to the process that recorded it."""


def put_off_until(at: float | None, now: float, resumes: int) -> float | None:
    """Return from when on a run that was stopped by something passing goes on; None: it was tried often enough.

    Args:
        at: when that is over, as far as somebody said so.
        now: the time.
        resumes: how often in a row the run was resumed already.
    """
    if resumes >= RESUMES:
        return None
    if at is None:
        return now + BLIND[resumes]
    return min(max(at, now + PAUSES[resumes]), now + LONGEST)


def due_at(  # noqa: PLR0913 - one argument a column
    state: RunState, *, due: float | None, given_back: str, resumes: int, created: float, updated: float
) -> float | None:
    """Return from when on a run goes on by itself; None: it runs, has ended, or is left to somebody's own decision."""
    if state is RunState.WAITING:
        return due
    if state is RunState.QUEUED:
        return created + QUEUED_SECONDS
    if state is RunState.DEAD and not given_back and resumes < RESUMES:
        return updated + PAUSES[resumes]
    return None


def in_words(at: float, now: float | None = None) -> str:
    """Return a time in the zone of this machine, rounded up to minutes: `14:05` on the day of `now`, else in full."""
    # Rounded down, it would name a time at which the run is not due yet.
    when = datetime.fromtimestamp(math.ceil(at / 60) * 60, UTC).astimezone()
    if now is not None and datetime.fromtimestamp(now, UTC).astimezone().date() == when.date():
        return f"{when:%H:%M}"
    return f"{when:%Y-%m-%d %H:%M %Z}"


def how_it_goes_on(run_id: str, due: float | None, now: float | None = None) -> str:
    """Say how an open run that nobody works on goes on; `now` (seconds since the epoch) makes it shorter."""
    if due is None:
        return f"goes on with `fixer resume {run_id}`"
    at = "" if now is not None and due <= now else f" at {in_words(due, now)}"
    return f"goes on{at} with `fixer resume {run_id}`, or by itself with `fixer worker`"
