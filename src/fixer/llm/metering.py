"""One call of a model in; it is reserved in a budget, watched while it streams, and booked however it ends."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import JsonValue

from fixer.llm.base import AroundModel, CallError, Listener, Message, ModelClient, Tool, Turn, TurnConfig, Usage
from fixer.llm.budgets import CallBudget, Cost, Reservation
from fixer.llm.prices import Prices
from fixer.llm.tokens import InputBound

LETTERS_A_TOKEN = 64
"""More than any tokeniser puts into one token on average; an answer beyond it does not keep to its limit."""
TOLERANCE = 1.25
"""Servers count a little differently where they limit and where they bill."""


class MeteredModel(AroundModel):
    """A model whose every call goes through a budget."""

    def __init__(self, inner: ModelClient, budget: CallBudget, prices: Prices, bound: InputBound) -> None:
        """Wrap `inner`; prices and bound belong to it and may be shared by several of these."""
        super().__init__(inner)
        self._budget = budget
        self._prices = prices
        self._bound = bound

    async def turn(
        self, history: Sequence[Message], tools: Sequence[Tool], config: TurnConfig, listen: Listener
    ) -> Turn:
        """Ask once, within the budget.

        Raises:
            CallError: as the kind raises it, or the model passed its limit on output.
            BudgetError: the call's worst case does not fit into what is left.
            ConfigError: the model's price is not known.
        """
        most, mark = self._bound.most(history, tools, config)
        worst = Usage(input=most, output=config.max_output_tokens)
        reservation = await self._budget.reserve(Cost(worst, self._prices.most(worst)))
        watched = _Watched(self.model, listen, config.max_output_tokens)
        turn, billed = None, True
        try:
            turn = _complete(await self._inner.turn(history, tools, config, watched), most)
        except CallError as error:
            billed = error.billed
            raise
        finally:
            # Also where the call was cancelled: what the server had said by then is paid for.
            self._settle(reservation, turn, watched.usage, billed=billed)
        self._bound.learn(mark, most, turn.usage)
        return turn

    def _settle(self, reservation: Reservation, turn: Turn | None, seen: Usage | None, *, billed: bool) -> None:
        worst = reservation.worst
        if turn is not None:
            reservation.settle(Cost(turn.usage, self._prices.usd(turn.model, turn.usage), worst.credits))
        elif not billed:
            reservation.settle(Cost(Usage()))
        elif seen is None:
            usage = worst.usage.model_copy(update={"estimated": True})
            reservation.settle(replace(worst, usage=usage))
        else:
            # The server went on for a while after its last word, but not beyond the limit that it was given.
            spent = Cost(seen, self._prices.usd(self.model, seen), worst.credits)
            unseen = Usage(output=max(0, worst.usage.output - seen.output))
            reservation.settle(spent, Cost(unseen, self._prices.usd(self.model, unseen)))


def _complete(turn: Turn, most: int) -> Turn:
    """Give a turn whose server did not count an estimate of its input: half a token a byte, as for its output."""
    if not turn.usage.estimated or turn.usage.input:
        return turn
    return turn.model_copy(update={"usage": turn.usage.model_copy(update={"input": (most + 1) // 2})})


class _Watched:
    """Passes on what happens in a call, keeps its last usage, and stops an answer that does not end."""

    def __init__(self, model: str, listen: Listener, max_output_tokens: int) -> None:
        self._model = model
        self._listen = listen
        self._limit = max_output_tokens
        self._letters = 0
        self.usage: Usage | None = None

    def __call__(self, event: str, data: Mapping[str, JsonValue]) -> None:
        if event == "usage":
            self.usage = Usage.model_validate(data)
        elif event == "text":
            self._letters += len(str(data["text"]))
        self._listen(event, data)
        if (
            self.usage and self.usage.output > self._limit * TOLERANCE
        ) or self._letters > self._limit * LETTERS_A_TOKEN:
            raise CallError(
                f"{self._model} passed the limit of {self._limit:,} tokens that it was given, and was stopped",
                "take another model or server: this one does not keep to max_output_tokens",
            )
