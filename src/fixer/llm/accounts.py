"""What calls of a model cost goes in; what was spent of each limit, and whether a further call fits, comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fixer.budget import Budget
from fixer.errors import BudgetError
from fixer.llm.base import Usage
from fixer.schema.base import Record

_HOW_TO_RAISE = "raise agent.{}: export FIXER_AGENT_{}=MORE, or take a cheaper model"
_SETTINGS = {"calls": "steps", "tokens": "tokens", "money": "money", "credits": "credits"}
"""Name of the setting of each limit."""


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


@dataclass
class Account:
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


def _amounts(cost: Cost) -> dict[str, float]:
    return {"calls": 1, "tokens": cost.tokens, "money": cost.usd, "credits": cost.credits}


def _words(kind: str, amount: float) -> str:
    if kind == "credits":
        return f"{amount:,g} credits"
    return f"${amount:.4f}" if kind == "money" else f"{amount:,.0f} {kind}"
