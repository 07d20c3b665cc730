"""What the journal gives to its readers: frozen records of runs, steps and events."""

from pathlib import Path

from pydantic import JsonValue

from fixer.journal.process import ProcessMark
from fixer.journal.states import RunState, StepState
from fixer.schema.base import Record


def agent_of(kind: str, given: JsonValue) -> str:
    """Return what the failures of a run are counted under: the name of the file that it was given, else its kind."""
    if isinstance(given, dict):
        for key in ("workflow_path", "request_path", "path", "file"):
            if given.get(key):
                return Path(str(given[key])).name
    return kind


class RunRecord(Record):
    """One run: one use of fixer, or one attempt of a workflow or recovery. Times are seconds since the epoch."""

    id: str
    kind: str
    """What drives it: `repair`, `workflow`, …"""
    key: str
    """What it is about; equal for every attempt at the same thing."""
    attempt: int
    """1-based number of the attempt under `key`."""
    given: JsonValue
    """The input, as it was submitted."""
    state: RunState
    """What is real: `dead` where the record says running and nobody runs it, `waiting` where it goes on later."""
    alive: bool
    """Whether a live process holds the lease."""
    owner: ProcessMark | None
    """The process that took the run last; None before the first start."""
    epoch: int
    """How often the run was started or resumed."""
    result: JsonValue
    error: str
    """Why it failed; empty where it did not."""
    created: float
    started: float | None
    """First start."""
    updated: float
    """Last transition, step or event."""
    ended: float | None
    died: float | None
    """When the owner's death was found and noted; None while it lives or nobody looked."""
    given_back: str
    """Why its own process gave it back before its end; empty where it did not."""
    due: float | None
    """From when on `fixer worker` goes on with it; None: it runs, has ended, or waits for somebody's own decision."""
    resumes: int
    """How often in a row it was resumed without finishing a step."""

    @property
    def agent(self) -> str:
        """What patterns count it under."""
        return agent_of(self.kind, self.given)

    @property
    def waits(self) -> str:
        """Why nobody works on an open run, in words; empty where it runs, ended or simply died."""
        if self.state is RunState.DEAD and not self.given_back and self.due is None:
            return f"given up: its process died, and {self.resumes} resumes in a row did not get it further"
        return self.given_back


class StepRecord(Record):
    """One attempt of one step. Times are seconds since the epoch."""

    run_id: str
    name: str
    attempt: int
    """1-based number of the attempt under `name`."""
    state: StepState
    output: JsonValue
    """None unless `state` is `done`."""
    error: str
    started: float
    ended: float | None
    """For a killed attempt: the time of the run's last event before the kill was found."""


class Event(Record):
    """One entry of the append-only stream."""

    id: int
    """Rises with every event of the database; what `after` takes."""
    run_id: str
    at: float
    """Seconds since the epoch."""
    kind: str
    """`run.<state>`, `step.<state>`, or what the run recorded itself."""
    data: JsonValue


class Cancellation(Record):
    """What `cancel` did."""

    run: RunRecord
    signalled: int | None
    """The process that was sent SIGTERM; None where no live owner could be verified."""


class Resource(Record):
    """Something outside of the database that a run made and has to take away again, such as a worktree."""

    kind: str
    name: str
