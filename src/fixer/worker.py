"""Runs that are due go in, one after another; each is resumed in a process of its own; how that ended comes out.

Nothing of a run is done here: a resume is `fixer resume`, so that whatever happens to it the worker lives on, and a
worker that is killed leaves the run to the process that works on it.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

from fixer.errors import InterruptedRunError, PolicyError
from fixer.journal import (
    RUN_VARIABLE,
    BusyError,
    Journal,
    RunRecord,
    RunState,
    TransitionError,
    claimed,
    how_it_goes_on,
)
from fixer.schema.base import Record

LOOK_SECONDS = 1.0
"""How often the worker asks whether another process wrote into the journal: microseconds a question."""
DEATH_SECONDS = 5.0
"""How often it looks whether an owner still lives: a death writes nothing."""
STOP_SECONDS = 60.0
"""How long a resumed run may take to end on SIGTERM before it is killed."""


class Kind(StrEnum):
    """What the worker tells."""

    RESUMING = "resuming"
    ENDED = "ended"
    """The run has ended."""
    PUT_OFF = "put_off"
    """The run goes on later."""
    GIVEN_UP = "given_up"
    """The run goes on only when somebody resumes it."""
    WAITING = "waiting"
    """Nothing is due now."""
    STOPPED = "stopped"
    """The worker ends, and with it the run under way."""


class Told(Record):
    """One thing that the worker tells; `run` and what follows is empty where it is about none."""

    event: Kind
    at: float
    """Seconds since the epoch."""
    text: str
    """In words, without control codes taken out."""
    run: str = ""
    kind: str = ""
    """The run's kind."""
    state: str = ""
    outcome: str = ""
    """Of the run's report."""
    report: str = ""
    """Path of the report."""
    exit_code: int | None = None
    """Of `fixer resume`; negative: the signal that killed it."""
    due: float | None = None
    """Seconds since the epoch: when the run, or while waiting the next one, goes on."""


class Worker:
    """Goes on with the runs of one repository. Several may work at once: no two ever take the same run."""

    def __init__(self, journal: Journal, repository: Path, tell: Callable[[Told], None]) -> None:
        """Bind to a journal; nothing is resumed yet.

        Raises:
            PolicyError: this process belongs to a run itself.
        """
        inside = os.environ.get(RUN_VARIABLE)
        if inside:
            raise PolicyError(
                f"`fixer worker` was started inside of run {inside}: a run never resumes another one",
                "start the worker from a terminal, a service or a timer",
            )
        self.journal = journal
        self.repository = repository
        self.tell = tell
        self._told_waiting: tuple[str, float | None] | None = None

    def work_off(self) -> int:
        """Resume what is due until nothing is; return how many resumes that were.

        Raises:
            InterruptedRunError: the worker was stopped.
            JournalError: the journal cannot be read or written.
        """
        resumed = 0
        while self._resume_one():
            resumed += 1
        return resumed

    def work(self) -> None:
        """Resume what is due and wait for what is due later, until stopped; raises as `work_off`."""
        while True:
            self.work_off()
            self.say_waiting()
            self._sleep()

    def say_waiting(self) -> None:
        """Tell what the next run is and when it goes on; once, until that changes."""
        due = self.journal.due()
        first = due[0] if due else None
        told = (first.id, first.due) if first else ("", None)
        if told == self._told_waiting:
            return
        self._told_waiting = told
        if first is None:
            self._tell(Kind.WAITING, "no run waits for its time")
        else:
            more = f"; {len(due) - 1} more later" if len(due) > 1 else ""
            self._tell(Kind.WAITING, f"the next run is {first.id}: it {self._how(first)}{more}", first)

    def _resume_one(self) -> bool:
        now = self.journal.now()
        for run in self.journal.due():
            if run.due is None or run.due > now:
                break
            with claimed(self.journal.folder, run.id) as mine:
                # Another worker may have had it until a moment ago.
                fresh = self.journal.run(run.id)
                if mine and fresh.due is not None and fresh.due <= now:
                    self._resume(fresh)
                    return True
        return False

    def _resume(self, run: RunRecord) -> None:
        why = f": {run.waits}" if run.waits else ": its process was gone" if run.started else ""
        self._tell(Kind.RESUMING, f"going on with run {run.id} ({run.kind}){why}", run)
        self._told_waiting = None
        with _child(run.id, self.repository) as child:
            try:
                code = child.wait()
            except KeyboardInterrupt:
                raise self._stopped(run, child) from None
        after = self.journal.run(run.id)
        if after.epoch == run.epoch and after.due is not None:
            self._count(run, code)
            after = self.journal.run(run.id)
        self._tell_end(after, code)

    def _count(self, run: RunRecord, code: int) -> None:
        """Count a resume that ended before it took the run: what cannot even begin must not be tried for ever."""
        with contextlib.suppress(BusyError, TransitionError), self.journal.own(run.id) as owned:
            owned.put_off(f"`fixer resume` ended with {_in_words(code)} before it began", None)

    def _stopped(self, run: RunRecord, child: "subprocess.Popen[bytes]") -> InterruptedRunError:
        """End the run under way so that it can go on; a second Ctrl-C or a minute kills it."""
        self._tell(Kind.STOPPED, f"stopping run {run.id}; once more Ctrl-C kills it", run)
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except (KeyboardInterrupt, subprocess.TimeoutExpired):
            child.kill()
            child.wait()
        return InterruptedRunError(
            f"the worker was stopped, and run {run.id} with it",
            f"`fixer resume {run.id}` goes on with it, or the next `fixer worker`",
        )

    def _tell_end(self, run: RunRecord, code: int) -> None:
        result = run.result if isinstance(run.result, dict) else {}
        outcome, report = str(result.get("outcome", "")), str(result.get("report", ""))
        if run.state.ended:
            word = outcome.replace("_", " ") or run.state.value
            text = f"run {run.id}: {word}" + (f"; report: {report}" if report else "")
            self._tell(Kind.ENDED, text, run, code, outcome, report)
        elif run.due is not None:
            why = run.waits or f"its process ended with {_in_words(code)}"
            self._tell(Kind.PUT_OFF, f"run {run.id} {self._how(run)}: {why}", run, code)
        elif run.state is RunState.RUNNING:
            self._tell(Kind.ENDED, f"run {run.id} is worked on by another process", run, code)
        else:
            self._tell(Kind.GIVEN_UP, f"run {run.id} {self._how(run)}: {run.waits}", run, code)

    def _how(self, run: RunRecord) -> str:
        return how_it_goes_on(run.id, run.due, self.journal.now())

    def _tell(  # noqa: PLR0913, PLR0917 - one argument a key
        self, event: Kind, text: str, run: RunRecord | None = None, code: int | None = None, outcome: str = "",
        report: str = "",
    ) -> None:  # fmt: skip
        told = Told(event=event, at=self.journal.now(), text=text, exit_code=code, outcome=outcome, report=report)
        if run is not None:
            about = {"run": run.id, "kind": run.kind, "state": run.state.value, "due": run.due}
            told = told.model_copy(update=about)
        self.tell(told)

    def _sleep(self) -> None:
        """Sleep until a run is due, the journal was written to, or owners are to be looked at."""
        seen = self.journal.changes()
        due = self.journal.due()
        wait = DEATH_SECONDS if not due or due[0].due is None else due[0].due - self.journal.now()
        end = time.monotonic() + min(max(wait, LOOK_SECONDS), DEATH_SECONDS)
        while (left := end - time.monotonic()) > 0 and self.journal.changes() == seen:
            time.sleep(min(left, LOOK_SECONDS))


@contextlib.contextmanager
def _child(run_id: str, repository: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Start `fixer resume`. It is a session of its own: Ctrl-C is the worker's alone, and it outlives the worker."""
    # -P: a folder named fixer in the project is not fixer.
    command = [sys.executable, "-P", "-m", "fixer", "resume", run_id, "--repo", str(repository)]
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True, cwd=repository
    )
    yield child


def _in_words(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"
