"""Stand-ins that satisfy fixer's own protocols."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fixer.journal import OwnedRun
from fixer.llm.base import Finish, Listener, Message, Text, Tool, ToolCall, Turn, TurnConfig, Usage
from fixer.llm.budgets import Spent
from fixer.repair.given import Given

Move = Mapping[str, Any]
"""`{"tool": NAME, "arguments": {…}}`, or `{"text": WORDS}`."""


class ScriptedModel:
    """A model that makes the moves it was given, and says nothing more once they are used up."""

    def __init__(
        self, turns: Iterable[Sequence[Move] | Exception], model: str = "scripted", seconds: float = 0
    ) -> None:
        self.model = model
        self.turns = list(turns)
        self.seconds = seconds
        self.asked: list[tuple[tuple[Message, ...], tuple[Tool, ...], TurnConfig]] = []
        self.closed = False
        self.cancelled = False
        self.used = Usage()

    async def turn(
        self, history: Sequence[Message], tools: Sequence[Tool], config: TurnConfig, listen: Listener
    ) -> Turn:
        self.asked.append((tuple(history), tuple(tools), config))
        number = len(self.asked) - 1
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        moves = self.turns[number] if number < len(self.turns) else [{"text": "I have nothing to add."}]
        if isinstance(moves, Exception):
            raise moves
        parts = [_part(move, f"{number}-{at}") for at, move in enumerate(moves)]
        for part in parts:
            if isinstance(part, ToolCall):
                listen("tool_call", {"id": part.id, "name": part.name})
        usage = Usage(input=100 + 50 * number, output=10)
        self.used = Usage(input=self.used.input + usage.input, output=self.used.output + usage.output)
        message = Message(role="model", parts=tuple(parts))
        return Turn(message=message, finish=Finish.DONE, usage=usage, model=self.model)

    async def close(self) -> None:
        self.closed = True

    def heard(self) -> str:
        """All that the model was ever told, the texts of its tools included."""
        history, tools, config = self.asked[-1]
        texts = [getattr(part, "text", "") for message in history for part in message.parts]
        return "\n".join([config.system, *(tool.description for tool in tools), *texts])


def _part(move: Move, number: str) -> Text | ToolCall:
    if "tool" in move:
        return ToolCall(id=number, name=move["tool"], arguments=dict(move.get("arguments", {})))
    return Text(text=move["text"])


class ScriptedModels:
    """The models of a run: each model that is opened is the next of those given."""

    none = ""

    def __init__(self, *clients: ScriptedModel) -> None:
        self.clients = list(clients)
        self.opened: list[str] = []

    def __call__(self, given: Given, run: OwnedRun | None) -> "ScriptedModels":
        del given, run
        return self

    @property
    def used(self) -> Spent:
        given = sum(client.used.input for client in self.clients)
        made = sum(client.used.output for client in self.clients)
        return Spent(input=given, output=made, usd=(given + made) * 1e-6)

    def open(self, name: str) -> ScriptedModel:
        self.opened.append(name)
        return self.clients[len(self.opened) - 1]


def call(tool: str, **arguments: object) -> dict[str, Any]:
    """Return the move that asks for a tool."""
    return {"tool": tool, "arguments": arguments}
