"""The single source of truth: runs, steps, events and leases in one SQLite file, `.fixer/fixer.db`."""

from fixer.journal.due import how_it_goes_on
from fixer.journal.folder import existing_journal, open_journal, refuse_foreign
from fixer.journal.journal import Journal
from fixer.journal.lease import BusyError, claimed
from fixer.journal.owned_run import INTERRUPTED, OwnedRun
from fixer.journal.process import RUN_VARIABLE, ProcessMark
from fixer.journal.reality import Difference, Mismatch, compare
from fixer.journal.records import Cancellation, Event, Resource, RunRecord, StepRecord
from fixer.journal.refusals import no_such_run
from fixer.journal.states import FencedError, RunState, StepState, TransitionError

__all__ = [
    "INTERRUPTED",
    "RUN_VARIABLE",
    "BusyError",
    "Cancellation",
    "Difference",
    "Event",
    "FencedError",
    "Journal",
    "Mismatch",
    "OwnedRun",
    "ProcessMark",
    "Resource",
    "RunRecord",
    "RunState",
    "StepRecord",
    "StepState",
    "TransitionError",
    "claimed",
    "compare",
    "existing_journal",
    "how_it_goes_on",
    "no_such_run",
    "open_journal",
    "refuse_foreign",
]
