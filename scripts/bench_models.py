"""The time that fixer adds to a call of a model, beside the bare SDK on the same server in the same run."""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from fixer.llm import CallBudget, open_model
from fixer.llm.base import Message, Text, TurnConfig, unheard
from fixer.llm.budgets import Limits
from fixer.schema.settings import ModelSettings

ROOT = Path(__file__).parents[1]
CALLS = 150
SERVER = """
import sys
from tests.llm import gemini_scenes
from tests.llm.model_server import ModelServer

with ModelServer(gemini_scenes.OK) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""
"""It answers at once; a real one takes a thousand times longer, which would only hide what is measured."""
HISTORY = [
    Message(role="model" if number % 2 else "user", parts=(Text(text=f"line {number} of a log\n" * 60),))
    for number in range(9)
]


def time_per_call() -> tuple[float, float]:
    """Return the seconds of a call through fixer and through the bare SDK, medians of calls that took turns."""
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        try:
            return asyncio.run(_measured(server.stdout.readline().strip()))
        finally:
            server.stdin.close()


async def _measured(url: str) -> tuple[float, float]:
    from google import genai  # noqa: PLC0415 - the other figures of the bench need none of this
    from google.genai import types  # noqa: PLC0415

    model = open_model(ModelSettings(base_url=url), {"GEMINI_API_KEY": "none-is-needed"})
    assert model is not None
    client = model.within(CallBudget("the bench", Limits(money=1000, tokens=10**9)))
    config = TurnConfig(system="Fix the bug.")
    bare = genai.Client(api_key="none-is-needed", http_options=types.HttpOptions(base_url=url, api_version="v1"))
    asked = types.GenerateContentConfig(
        system_instruction=config.system, temperature=config.temperature, max_output_tokens=config.max_output_tokens
    )

    async def ours() -> None:
        await client.turn(HISTORY, [], config, unheard)

    async def peers() -> None:
        contents = [
            types.Content(role=message.role, parts=[types.Part(text=part.text)])
            for message in HISTORY
            for part in message.parts
            if isinstance(part, Text)
        ]
        stream = await bare.aio.models.generate_content_stream(model=model.name, contents=contents, config=asked)
        async for _ in stream:
            pass

    both: tuple[list[float], list[float]] = ([], [])
    for _ in range(CALLS):
        for taken, call in zip(both, (ours, peers), strict=True):
            taken.append(await _seconds(call))
    await model.close()
    await bare.aio.aclose()
    bare.close()
    return statistics.median(both[0]), statistics.median(both[1])


async def _seconds(call: Callable[[], Awaitable[None]]) -> float:
    started = time.perf_counter()
    await call()
    return time.perf_counter() - started
