"""Asks a model as the rest of fixer does: opened from settings, through the real SDK or adapter, within a budget."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest
from pydantic import JsonValue

from fixer.llm import CallBudget, Model, open_model
from fixer.llm.base import Message, ModelClient, Text, Tool, Turn, TurnConfig
from fixer.llm.budgets import Limits
from fixer.schema.settings import ModelSettings
from tests.llm.model_server import ModelServer

T = TypeVar("T")
KEY = "test-key-0123456789"
ENV = {"GEMINI_API_KEY": KEY}
CONFIG = TurnConfig(system="Fix the bug.", seconds=10)
QUESTION = (Message(role="user", parts=(Text(text="What is wrong with calc.py?"),)),)
READ = Tool(
    name="read_file",
    description="Read a file.",
    parameters={"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]},
)


@dataclass
class Seat:
    """A model that is ready to be asked, and what was heard and waited for."""

    client: ModelClient
    model: Model
    budget: CallBudget
    heard: list[tuple[str, dict[str, JsonValue]]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    spoken: asyncio.Event = field(default_factory=asyncio.Event)
    """The first words were heard."""

    def listen(self, event: str, data: Mapping[str, JsonValue]) -> None:
        self.heard.append((event, dict(data)))
        if event == "text":
            self.spoken.set()

    def words(self) -> str:
        """Return what a terminal shows at the end: a retry begins anew."""
        text = ""
        for event, data in self.heard:
            text = "" if event == "retry" else text + str(data.get("text", ""))
        return text

    async def ask(
        self, history: Sequence[Message] = QUESTION, tools: Sequence[Tool] = (), config: TurnConfig = CONFIG
    ) -> Turn:
        return await self.client.turn(history, tools, config, self.listen)


def generous() -> CallBudget:
    return CallBudget("the budget", Limits(calls=1000, tokens=10_000_000, money=1000))


def settings_for(server: ModelServer, **more: Any) -> ModelSettings:
    return ModelSettings(base_url=server.url, **more)


def openai_settings(server: ModelServer, **more: Any) -> ModelSettings:
    return ModelSettings(kind="openai_compatible", base_url=f"{server.url}/v1", name="local-model", **more)


def sit(
    settings: ModelSettings,
    work: Callable[[Seat], Coroutine[Any, Any, T]],
    budget: CallBudget | None = None,
    env: Mapping[str, str] = ENV,
    mask: Callable[[str], str] = str,
) -> tuple[T, Seat]:
    """Open the model, do the work with it, and close it; waits between tries are noted, not waited."""

    async def run() -> tuple[T, Seat]:
        model = open_model(settings, env, mask=mask)
        assert model is not None
        own = budget or generous()
        waits: list[float] = []

        async def sleep(seconds: float) -> None:
            waits.append(seconds)

        seat = Seat(model.within(own, sleep), model, own, waits=waits)
        try:
            return await work(seat), seat
        finally:
            await model.close()

    return asyncio.run(run())


async def cancelled(seat: Seat) -> None:
    """Ask, and cancel it after the first words."""
    task = asyncio.create_task(seat.ask())
    await seat.spoken.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
