"""A run and its limits go in, the one budget of all its calls of models comes out, which a resumed run goes on with.

Each call is written into the run's events before it is made and once it is settled. One that was under way when its
process was killed counts with its worst case. Where the workspace was granted credits, they pay for the calls: one
line of the ledger a run.
"""

import secrets

from pydantic import JsonValue

from fixer.budget import Budget
from fixer.journal import OwnedRun
from fixer.journal.ledger import Ledger
from fixer.llm.base import Usage
from fixer.llm.budgets import CallBudget, Cost, Spent
from fixer.schema.base import Record
from fixer.schema.settings import AgentSettings

RESERVED, SETTLED = "model.reserved", "model.settled"
"""Kinds of the events about one call: {call, spent}."""
WORKSPACE = "default"
"""Whose credits pay for runs."""


class _Call(Record):
    """What the journal has of one call: its worst case while it is under way, what it came to afterwards."""

    call: str
    spent: Spent


def budget_of(run: OwnedRun, settings: AgentSettings, time: Budget | None = None) -> CallBudget:
    """Return what is left for the calls of `run`, those of earlier processes taken off.

    Args:
        run: it may have several, one after the other.
        settings: the limits.
        time: wall clock of these calls.
    """
    before = spent_by(run)
    ledger = run.ledger(WORKSPACE)
    paid = ledger.left() is not None
    return CallBudget.of_run(
        settings, time, before, paid=paid, keeper=_Journal(run, ledger if paid else None, before.credits)
    )


def spent_by(run: OwnedRun) -> Spent:
    """Return what all calls of `run` used so far, in this process and in those before it."""
    calls = {}
    for kind in (RESERVED, SETTLED):
        for event in run.events(kind):
            call = _Call.model_validate(event.data)
            calls[call.call] = call.spent
    total = Spent()
    for spent in calls.values():
        total = total.plus(spent)
    return total


def in_result(spent: Spent) -> dict[str, JsonValue]:
    """Return what a run's result says of it; `fixer usage` adds it up."""
    return {"tokens": spent.tokens, "cost": round(spent.usd, 6), "credits": round(spent.credits, 6)}


class _Journal:
    """Writes calls into a run's events, and their credits into the ledger of its workspace."""

    def __init__(self, run: OwnedRun, ledger: Ledger | None, booked: float) -> None:
        self._run = run
        self._ledger = ledger
        self._booked = booked
        self._under_way: dict[str, float] = {}

    def reserve(self, worst: Cost) -> str:
        call = secrets.token_hex(8)
        self._book(self._booked + worst.credits)
        self._under_way[call] = worst.credits
        self._write(RESERVED, call, Spent.of(Cost(Usage(), credits=worst.credits), worst))
        return call

    def settle(self, call: str, cost: Cost, withheld: Cost) -> None:
        self._book(self._booked - self._under_way.pop(call) + cost.credits)
        self._write(SETTLED, call, Spent.of(cost, withheld))

    def _book(self, total: float) -> None:
        """Bring the run's line to `total`: an amount, and no change of one, so that a kill in between is mended."""
        if self._ledger is not None and total != self._booked:
            self._ledger.book_up_to(f"models of {self._run.id}", total, f"model calls of run {self._run.id}")
        self._booked = total

    def _write(self, kind: str, call: str, spent: Spent) -> None:
        self._run.event(kind, _Call(call=call, spent=spent).model_dump(mode="json"))
