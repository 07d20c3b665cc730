"""A history goes in, one turn of the model comes out, within the limits of its conversation and what is learnt of them.

How long an answer may be is not fixed: a server whose context is small leaves less room, and a model that reasons
before it answers needs more.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from fixer.agent.transcript import Transcript
from fixer.errors import BudgetError
from fixer.llm.base import Message, ModelClient, Tool, Turn, TurnConfig
from fixer.prompts import Hints
from fixer.schema.settings import Settings

MOST_OUTPUT = 32_768
"""Tokens up to which the limit of an answer is raised."""
LEAST_OUTPUT = 256


@dataclass(frozen=True)
class Limits:
    """What one conversation may use."""

    steps: int
    seconds_left: Callable[[], float]
    temperature: float = 0.4
    max_output_tokens: int = 8192
    turn_seconds: float = 120
    compact_above: int = 48_000
    """Tokens of one request above which old answers of tools are shortened."""
    context: int = 0
    """Tokens that the model takes for a request and its answer; 0: not known."""

    @classmethod
    def of(cls, settings: Settings, hints: Hints, seconds_left: Callable[[], float]) -> "Limits":
        """Return what the settings allow a conversation whose prompt has such hints."""
        model = settings.model
        return cls(
            steps=settings.agent.steps,
            seconds_left=seconds_left,
            temperature=model.temperature if hints.temperature is None else hints.temperature,
            max_output_tokens=hints.max_output_tokens or model.max_output_tokens,
            context=model.context,
        )


class Asking:
    """Asks one model on behalf of one conversation."""

    def __init__(
        self,
        client: ModelClient,
        system: str,
        limits: Limits,
        transcript: Transcript,
        tool_choice: Literal["any", "none"],
    ) -> None:
        """Take what stays the same for all turns; nothing is asked yet."""
        self.model = client.model
        """The one that answered last."""
        self.context = limits.context
        """Tokens that the model takes for a request and its answer; 0: not known."""
        self._client = client
        self._limits = limits
        self._transcript = transcript
        self._before_raise = 0
        """The limit of an answer before it was raised; 0: it was not."""
        self._config = TurnConfig(
            system=system,
            temperature=limits.temperature,
            max_output_tokens=limits.max_output_tokens,
            tool_choice=tool_choice,
            seconds=limits.turn_seconds,
        )
        self._fit()

    @property
    def limit(self) -> int:
        """Tokens that an answer may have."""
        return self._config.max_output_tokens

    @property
    def room(self) -> int:
        """Tokens of a request above which it should become shorter."""
        if not self.context:
            return self._limits.compact_above
        return min(self._limits.compact_above, (self.context - self._config.max_output_tokens) * 3 // 4)

    async def ask(
        self, history: Sequence[Message], tools: Sequence[Tool] = (), temperature: float | None = None
    ) -> Turn:
        """Ask once.

        Raises:
            TooLongError: request and answer do not fit into the model's context.
            NoToolsError: the server takes no tools.
            ModelError: the model could not be asked.
            BudgetError: the budget does not cover the call.
            TimeoutError: the time ended.
        """
        try:
            turn = await self._ask(history, tools, temperature)
        except BudgetError:
            if not self._before_raise:
                raise
            # The budget covers the answer that was asked for at first, though not the longer one.
            self._limit(self._before_raise)
            self._before_raise = 0
            turn = await self._ask(history, tools, temperature)
        self.model = turn.model
        return turn

    def learn(self, context: int) -> bool:
        """Take in how many tokens the model takes; whether its answers become shorter by that.

        Args:
            context: 0 where the server did not say.
        """
        before = self._config.max_output_tokens
        # A context that was found out is never larger than it seemed before.
        self.context = min(filter(None, (context, self.context)), default=0)
        self._fit()
        return self._config.max_output_tokens < before

    def raise_limit(self) -> None:
        """Let the next answers be longer, once, where there is room for it."""
        now = self._config.max_output_tokens
        if not self._before_raise and not self.context and now < MOST_OUTPUT:
            self._before_raise = now
            self._limit(min(MOST_OUTPUT, 2 * now))

    async def _ask(self, history: Sequence[Message], tools: Sequence[Tool], temperature: float | None) -> Turn:
        left = self._limits.seconds_left()
        config = self._config.model_copy(update={"seconds": max(1.0, min(self._config.seconds, left))})
        if temperature is not None:
            config = config.model_copy(update={"temperature": temperature})
        async with asyncio.timeout(max(0.0, left)):
            return await self._client.turn(tuple(history), tools, config, self._transcript.heard)

    def _fit(self) -> None:
        """Leave most of a context that is known to the request."""
        if self.context:
            self._limit(min(self._config.max_output_tokens, max(LEAST_OUTPUT, self.context // 4)))

    def _limit(self, tokens: int) -> None:
        self._config = self._config.model_copy(update={"max_output_tokens": tokens})
