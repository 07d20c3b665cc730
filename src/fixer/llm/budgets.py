"""Calls of models in; each is let through only while its worst case fits into every limit, and then booked."""

import asyncio
import math
import threading
from dataclasses import dataclass, field, replace
from typing import Protocol

from fixer.budget import Budget
from fixer.errors import BudgetError
from fixer.llm.accounts import Account, Cost, Limits, Spent
from fixer.llm.base import Usage
from fixer.schema.settings import AgentSettings

__all__ = ["CallBudget", "Cost", "Keeper", "Limits", "Reservation", "Spent"]


class Keeper(Protocol):
    """Keeps what is spent beyond this process; it is told under the budget's lock, of one call at a time."""

    def reserve(self, worst: Cost) -> str:
        """Write down that a call is made, before it is; return a name for it.

        Raises:
            BudgetError: what it is paid from does not cover its worst case.
        """
        ...

    def settle(self, call: str, cost: Cost, withheld: Cost) -> None:
        """Write down what came of it."""
        ...


@dataclass
class _Queue:
    """What all budgets of one run share: a lock, and the calls that wait for others to end."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=list)

    def wait(self) -> asyncio.Event:
        """Stand in the queue; the lock is held."""
        event = asyncio.Event()
        self.waiting.append((asyncio.get_running_loop(), event))
        return event

    def wake(self) -> None:
        """Let the waiting calls look again, which may belong to loops of other threads; the lock is held."""
        for loop, event in self.waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)
        self.waiting.clear()


class CallBudget:
    """Limits on the calls of one use of a model, shared by all agents that hold it; safe between threads.

    The worst case of a call is reserved before it is made and settled after it, so that no limit is passed, however
    many calls are under way.
    """

    def __init__(
        self,
        name: str,
        limits: Limits,
        before: Spent | None = None,
        *,
        call_credits: float = 0.0,
        keeper: Keeper | None = None,
    ) -> None:
        """Set the limits.

        Args:
            name: for messages.
            limits: of all calls together.
            before: what earlier processes of the same run spent.
            call_credits: what each call costs in credits; 0: they are not counted.
            keeper: is told of every call, before it and after it.
        """
        self._accounts: tuple[Account, ...] = (Account(name, limits, before or Spent()),)
        self._queue = _Queue()
        self._call_credits = call_credits
        self._keeper = keeper

    @classmethod
    def of_run(
        cls,
        settings: AgentSettings,
        time: Budget | None = None,
        before: Spent | None = None,
        *,
        paid: bool = False,
        keeper: Keeper | None = None,
    ) -> "CallBudget":
        """Return the budget of a whole run; `part` gives each fix its own calls out of it.

        Args:
            settings: its limits.
            time: its wall clock.
            before: what earlier processes of the same run spent.
            paid: whether calls are paid from a balance of credits; they are counted also where they are limited.
            keeper: is told of every call, before it and after it.
        """
        limits = Limits(tokens=settings.tokens, money=settings.money, credits=settings.credits, time=time)
        counted = paid or settings.credits is not None
        price = settings.call_credits if counted else 0.0
        return cls("the model budget", limits, before, call_credits=price, keeper=keeper)

    def part(self, name: str, limits: Limits) -> "CallBudget":
        """Return a budget with limits of its own within this one; what it spends is spent here as well."""
        inner = CallBudget(name, limits, call_credits=self._call_credits, keeper=self._keeper)
        inner._accounts = (*inner._accounts, *self._accounts)
        inner._queue = self._queue
        return inner

    @property
    def spent(self) -> Spent:
        """What the calls of this budget and of its parts used so far."""
        with self._queue.lock:
            return self._accounts[0].spent

    @property
    def seconds_left(self) -> float:
        """Until the wall clock of this budget or an outer one ends; infinite where there is none."""
        clocks = (account.limits.time for account in self._accounts)
        return min((clock.left for clock in clocks if clock), default=math.inf)

    async def reserve(self, worst: Cost) -> "Reservation":
        """Set the worst case of a call aside; where only calls under way stand in its way, wait for them.

        Raises:
            BudgetError: it does not fit into what is left.
        """
        worst = replace(worst, credits=self._call_credits)
        while True:
            with self._queue.lock:
                for account in self._accounts:
                    account.refuse(worst)
                if all(account.fits(worst) for account in self._accounts):
                    made = self._made(worst)
                    if made is not None:
                        return made
                ended = self._queue.wait()
            await ended.wait()

    def _made(self, worst: Cost) -> "Reservation | None":
        """Reserve; None where a call under way may yet give back what is missing. The lock is held."""
        try:
            call = self._keeper.reserve(worst) if self._keeper else ""
        except BudgetError:
            if self._accounts[-1].under_way:
                return None
            raise
        for account in self._accounts:
            account.under_way.append(worst)
        return Reservation(worst, self._accounts, self._queue, call, self._keeper)


@dataclass(frozen=True)
class Reservation:
    """The worst case of one call under way; it is settled exactly once."""

    worst: Cost
    _accounts: tuple[Account, ...]
    _queue: _Queue
    _call: str = ""
    _keeper: Keeper | None = None

    def settle(self, cost: Cost, withheld: Cost | None = None) -> None:
        """Book what the call cost in place of its worst case.

        Args:
            cost: what it is known to have cost.
            withheld: what it may have cost beyond that: counts as spent, but is reported by itself.
        """
        beyond = withheld or Cost(Usage())
        with self._queue.lock:
            for account in self._accounts:
                account.under_way.remove(self.worst)
                account.book(cost, beyond)
            self._queue.wake()
            if self._keeper:
                self._keeper.settle(self._call, cost, beyond)
