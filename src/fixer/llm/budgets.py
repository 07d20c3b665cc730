"""Calls of models in; each is let through only while its worst case fits into every limit, and then booked."""

import asyncio
import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from fixer.budget import Budget
from fixer.errors import BudgetError
from fixer.llm.base import Usage
from fixer.schema.base import Record
from fixer.schema.settings import AgentSettings

_HOW_TO_RAISE = "raise agent.{}: export FIXER_AGENT_{}=MORE, or take a cheaper model"


class Spent(Record):
    """What calls have used so far, failed and cancelled ones included."""

    calls: int = 0
    input: int = 0
    """Tokens, the cached ones included."""
    cached: int = 0
    output: int = 0
    usd: float = 0.0
    credits: float = 0.0
    """Where they are counted."""
    withheld_tokens: int = 0
    """What calls that were cut short may have used beyond what their server had said; it counts as spent."""
    withheld_usd: float = 0.0
    estimated: bool = False
    """A server did not say what it used, so that some of it is counted from bytes or from the worst case."""

    @classmethod
    def of(cls, cost: "Cost", withheld: "Cost") -> "Spent":
        """Return what one call used: what it is known to have cost, and what it may have cost beyond that."""
        return cls(
            calls=1,
            input=cost.usage.input,
            cached=cost.usage.cached,
            output=cost.usage.output,
            usd=cost.usd,
            credits=cost.credits,
            withheld_tokens=withheld.tokens,
            withheld_usd=withheld.usd,
            estimated=cost.usage.estimated,
        )

    def plus(self, other: "Spent") -> "Spent":
        """Return both together."""
        return Spent(
            calls=self.calls + other.calls,
            input=self.input + other.input,
            cached=self.cached + other.cached,
            output=self.output + other.output,
            usd=self.usd + other.usd,
            credits=self.credits + other.credits,
            withheld_tokens=self.withheld_tokens + other.withheld_tokens,
            withheld_usd=self.withheld_usd + other.withheld_usd,
            estimated=self.estimated or other.estimated,
        )

    @property
    def tokens(self) -> int:
        """Input and output."""
        return self.input + self.output


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one call: its tokens, its price in US dollars, and its credits."""

    usage: Usage
    usd: float = 0.0
    credits: float = 0.0

    @property
    def tokens(self) -> int:
        """Input and output."""
        return self.usage.input + self.usage.output


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one budget; None: none."""

    calls: int | None = None
    """Of the model; each try of a retried one counts."""
    tokens: int | None = None
    """Input and output."""
    money: float | None = None
    """US dollars."""
    credits: float | None = None
    time: Budget | None = None
    """Wall clock."""


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


_SETTINGS = {"calls": "steps", "tokens": "tokens", "money": "money", "credits": "credits"}
"""Name of the setting of each limit."""


@dataclass
class _Account:
    """The limits of one budget, what was spent on them, and what is set aside for calls under way."""

    name: str
    limits: Limits
    spent: Spent
    under_way: list[Cost] = field(default_factory=list)

    def refuse(self, worst: Cost) -> None:
        """Raise where the call would not even fit alone."""
        if self.limits.time and self.limits.time.left <= 0:
            raise BudgetError(f"{self.name} is over: no time is left for a call of the model", "raise budget.fix")
        used = self._used()
        for kind, wanted in _amounts(worst).items():
            limit = self._limit(kind)
            if limit is not None and used[kind] + wanted > limit:
                left = _words(kind, max(0.0, limit - used[kind]))
                raise BudgetError(
                    f"{self.name} has {left} left of {_words(kind, limit)}; the next call may take "
                    f"{_words(kind, wanted)}",
                    _HOW_TO_RAISE.format(_SETTINGS[kind], _SETTINGS[kind].upper()),
                )

    def fits(self, worst: Cost) -> bool:
        """Whether the call fits beside those under way."""
        used = self._used()
        # Summed anew each time: with nothing under way it is exactly nothing, whatever floats were added before.
        return all(
            (limit := self._limit(kind)) is None
            or used[kind] + sum(_amounts(cost)[kind] for cost in self.under_way) + wanted <= limit
            for kind, wanted in _amounts(worst).items()
        )

    def book(self, cost: Cost, withheld: Cost) -> None:
        """Add one call."""
        self.spent = self.spent.plus(Spent.of(cost, withheld))

    def _limit(self, kind: str) -> float | None:
        limits = self.limits
        return {
            "calls": limits.calls,
            "tokens": limits.tokens,
            "money": limits.money,
            "credits": limits.credits,
        }[kind]

    def _used(self) -> Mapping[str, float]:
        spent = self.spent
        return {
            "calls": spent.calls,
            "tokens": spent.tokens + spent.withheld_tokens,
            "money": spent.usd + spent.withheld_usd,
            "credits": spent.credits,
        }


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
        self._accounts: tuple[_Account, ...] = (_Account(name, limits, before or Spent()),)
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
    _accounts: tuple[_Account, ...]
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


def _amounts(cost: Cost) -> dict[str, float]:
    return {"calls": 1, "tokens": cost.tokens, "money": cost.usd, "credits": cost.credits}


def _words(kind: str, amount: float) -> str:
    if kind == "credits":
        return f"{amount:,g} credits"
    return f"${amount:.4f}" if kind == "money" else f"{amount:,.0f} {kind}"
