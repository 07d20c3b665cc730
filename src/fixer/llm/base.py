"""The contract of every kind of model: a history, tools and limits go in, one turn of the model comes out.

A kind (one module of this room) knows one wire format. Retries, budgets and recording are wrapped around it once.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Literal, Protocol

from pydantic import Field, JsonValue

from fixer.errors import ModelError, Passing
from fixer.schema.base import Record


class Text(Record):
    """Words of the user or of the model."""

    type: Literal["text"] = "text"
    text: str
    raw: JsonValue = None
    """The part as its provider sent it; sent back unchanged to the same kind (it carries signatures)."""


class ToolCall(Record):
    """The model asks for a tool."""

    type: Literal["tool_call"] = "tool_call"
    id: str
    name: str
    arguments: dict[str, JsonValue]
    raw: JsonValue = None


class ToolAnswer(Record):
    """What the tool gave; every call of a turn gets exactly one, in the order of the calls."""

    type: Literal["tool_answer"] = "tool_answer"
    id: str
    name: str
    text: str
    is_error: bool = False


Part = Annotated[Text | ToolCall | ToolAnswer, Field(discriminator="type")]


class Message(Record):
    """One side's contribution to the history. History is appended to, never rewritten, so that caches hold."""

    role: Literal["user", "model"]
    parts: tuple[Part, ...]


class Finish(StrEnum):
    """Why the model stopped."""

    DONE = "done"
    """It said what it wanted to, with or without calls of tools."""
    LENGTH = "length"
    """Its answer was cut at `max_output_tokens`."""
    BLOCKED = "blocked"
    """The provider refused; asking again gives the same."""
    UNUSABLE = "unusable"
    """A malformed call, an empty answer, an unknown reason: a nudge may help."""


class Usage(Record):
    """Tokens of one call as the provider bills them."""

    input: int = 0
    """The cached ones included."""
    cached: int = 0
    output: int = 0
    """Thoughts included."""
    estimated: bool = False
    """The server did not say; counted from the bytes, rather too much than too little."""

    @classmethod
    def counted(cls, given: int | None, cached: int | None, made: int | None) -> "Usage":
        """Return what a server counted: `given` with the cached ones, `made` with the thoughts; nothing is negative."""
        total = max(0, given or 0)
        return cls(input=total, cached=min(total, max(0, cached or 0)), output=max(0, made or 0))


class Turn(Record):
    """One answer of the model."""

    message: Message
    finish: Finish
    finish_word: str = ""
    """The provider's own word for it."""
    usage: Usage
    model: str
    """The model that answered; prices go by it."""
    cut: bool = False
    """The server read less than it was sent, without saying so: the request was longer than its context."""

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The tools that the model asks for."""
        return tuple(part for part in self.message.parts if isinstance(part, ToolCall))

    @property
    def text(self) -> str:
        """The words of the answer."""
        return "".join(part.text for part in self.message.parts if isinstance(part, Text))


class Tool(Record):
    """A tool as the model is told of it."""

    name: str
    description: str
    parameters: dict[str, JsonValue]
    """JSON Schema of an object, flat."""


class TurnConfig(Record):
    """What one call may use."""

    system: str = ""
    temperature: float = 0.4
    max_output_tokens: int = 8192
    tool_choice: Literal["any", "auto", "none"] = "auto"
    """any: it must call a tool."""
    seconds: float = 120
    """Wall clock of the call, its stream included."""


Listener = Callable[[str, Mapping[str, JsonValue]], None]
"""Told what happens while it does:

- `text` {text}: further words of the answer.
- `tool_call` {id, name}: a tool that the model asks for.
- `usage` {input, cached, output}: what the call has used so far; each replaces the one before it.
- `retry` {attempt, seconds, reason}: the call failed and is made again after so many seconds; what was said of this
  answer before is void.
"""


def unheard(event: str, data: Mapping[str, JsonValue]) -> None:
    """Listen to nothing."""


class CallError(ModelError):
    """One call failed; the retries around it read here whether asking again may help."""

    def __init__(  # noqa: PLR0913 - what a server may say about a call
        self,
        message: str,
        hint: str,
        *,
        again: bool = False,
        delay: float | None = None,
        billed: bool = True,
        renewed_at: float | None = None,
    ) -> None:
        """Keep what happened and what it means for the next call.

        Args:
            message: what happened, for people.
            hint: what to do about it, for people.
            again: whether the same request may succeed.
            delay: seconds that the server asks to wait; None: it did not say.
            billed: False where the server made nothing, so that nothing was paid for.
            renewed_at: when a quota that is used up is renewed, in seconds since the epoch; None: not known.
        """
        at = renewed_at if delay is None else time.time() + delay
        super().__init__(message, hint, passing=None if at is None else Passing(at))
        self.again = again
        self.delay = delay
        self.billed = billed


class NoToolsError(CallError):
    """The server or its model takes no tools; without them it may answer."""


class TooLongError(CallError):
    """Request and answer do not fit into the model's context; a shorter request may."""

    def __init__(self, message: str, hint: str, *, context: int = 0, billed: bool = True) -> None:
        """Keep the context that the server names, in tokens; 0: it names none."""
        super().__init__(message, hint, billed=billed)
        self.context = context


class ModelClient(Protocol):
    """What each kind gives, and what the wrappers around it give as well."""

    @property
    def model(self) -> str:
        """The model that is asked for."""
        ...

    async def turn(
        self, history: Sequence[Message], tools: Sequence[Tool], config: TurnConfig, listen: Listener
    ) -> Turn:
        """Ask once.

        Raises:
            ModelError: the model could not be asked or what it sent cannot be read.
            BudgetError: the call's worst case does not fit into what is left.
        """
        ...

    async def close(self) -> None:
        """Give connections back."""
        ...


class AroundModel:
    """What wrappers share: the name of the model inside, and its end."""

    def __init__(self, inner: ModelClient) -> None:
        """Wrap `inner`."""
        self._inner = inner

    @property
    def model(self) -> str:
        """The model that is asked for."""
        return self._inner.model

    async def close(self) -> None:
        """Give connections back."""
        await self._inner.close()
