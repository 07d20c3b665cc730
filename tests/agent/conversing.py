"""Whole conversations with a scripted model at a real desk."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from pydantic import JsonValue

from fixer.agent import Limits, Toolbox, Worked, work
from fixer.agent.transcript import Transcript
from fixer.llm.base import Message, ToolAnswer
from tests.agent.places import Place
from tests.fakes import ScriptedModel, call

MEND = call("edit_file", path="app.py", old="number + helper.AMOUNT", new="number * 2")
SUBMIT = call("submit", outcome="fixed", summary="Double by multiplying", explanation="Three was added instead.")
Talked = tuple[Worked, list[tuple[str, JsonValue]], list[str]]
Converse = Callable[..., Talked]


def conversing(place: Place) -> Converse:
    """Return what lets a model work at the place's desk: what it came to, the events, and what was said meanwhile."""

    def talk(model: ScriptedModel, *, steps: int = 20, seconds: float = 60, **limits: Any) -> Talked:
        events: list[tuple[str, JsonValue]] = []
        said: list[str] = []
        transcript = Transcript(lambda kind, data: events.append((kind, data)), said.append, place.desk.mask)
        end = time.monotonic() + seconds
        own = Limits(steps=steps, seconds_left=lambda: end - time.monotonic(), **limits)
        return asyncio.run(work(model, "the system", "the task", Toolbox(place.desk), own, transcript)), events, said

    return talk


def answers(message: Message) -> list[ToolAnswer]:
    return [part for part in message.parts if isinstance(part, ToolAnswer)]
