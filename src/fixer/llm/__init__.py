"""Asks language models: one file a kind, with retries, budgets and recording once around them all.

The way of a call: retries (`retries`) ask the budget (`budgets`, `metering`) before each try; the kind (`gemini`,
`openai_compatible`) speaks its server's format; below it, the recording (`replay`) stands in for the network.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.llm.access import ModelAccess, find_model
from fixer.llm.base import ModelClient
from fixer.llm.budgets import CallBudget
from fixer.schema.settings import ModelSettings

if TYPE_CHECKING:
    import httpx2

Sleep = Callable[[float], Awaitable[None]]

__all__ = ["CallBudget", "Model", "ModelAccess", "find_model", "open_model"]


class Model:
    """An opened model: one connection, which any number of agents use, each within a budget of its own."""

    def __init__(self, kind: ModelClient, settings: ModelSettings, access: ModelAccess) -> None:
        """Take over the client of a kind."""
        from fixer.llm.prices import Prices  # noqa: PLC0415 - runs without a model do not pay for it
        from fixer.llm.tokens import InputBound  # noqa: PLC0415

        self._kind = kind
        self._prices = Prices(settings, access)
        self._bound = InputBound()

    @property
    def name(self) -> str:
        """The model that is asked for."""
        return self._kind.model

    def within(self, budget: CallBudget, sleep: Sleep = asyncio.sleep) -> ModelClient:
        """Return the model with retries, every try of it within `budget`.

        Args:
            budget: the agent's own, mostly a part of the run's.
            sleep: waits between tries.
        """
        from fixer.llm.metering import MeteredModel  # noqa: PLC0415 - see above
        from fixer.llm.retries import RetryingModel  # noqa: PLC0415

        metered = MeteredModel(self._kind, budget, self._prices, self._bound)
        return RetryingModel(metered, lambda: budget.seconds_left, sleep)

    async def close(self) -> None:
        """Give connections back."""
        await self._kind.close()


def open_model(
    settings: ModelSettings,
    env: Mapping[str, str],
    *,
    mask: Callable[[str], str] = str,
    folder: Path | None = None,
    escalation: bool = False,
) -> Model | None:
    """Open the model that settings and environment lead to; nothing is sent before its first turn.

    Args:
        settings: of the model.
        env: holds the key.
        mask: takes secrets out of what a recording keeps.
        folder: what a relative `recording` is relative to; None: the current one.
        escalation: the stronger model of the settings rather than the first one.

    Returns:
        None where there is no model: no key, kind `none`, or no stronger one.

    Raises:
        ConfigError: the settings contradict each other, or the key, the address or the recording is not usable.
    """
    if escalation and not settings.escalation:
        return None
    asked = settings.model_copy(update={"name": settings.escalation}) if escalation else settings
    access = find_model(asked, env)
    if access is None:
        return None
    transport = None
    if asked.recording:
        access, transport = _recording((folder or Path()) / asked.recording, access, mask)
    return Model(_open_kind(asked, access, transport), asked, access)


def _open_kind(
    settings: ModelSettings, access: ModelAccess, transport: "httpx2.AsyncBaseTransport | None"
) -> ModelClient:
    if access.kind == "gemini":
        from fixer.llm.gemini import GeminiModel  # noqa: PLC0415 - one kind is used, the others are not loaded

        return GeminiModel(access, settings.api_version, transport)
    from fixer.llm.openai_compatible import OpenAICompatibleModel  # noqa: PLC0415

    return OpenAICompatibleModel(access, transport)


def _recording(
    file: Path, access: ModelAccess, mask: Callable[[str], str]
) -> "tuple[ModelAccess, httpx2.AsyncBaseTransport]":
    from fixer.llm.connection import open_network  # noqa: PLC0415 - see above
    from fixer.llm.replay import Recorder, Replayer, read_head  # noqa: PLC0415

    if access.kind != "replay":
        return access, Recorder(file, access, mask, open_network(access))
    head = read_head(file)
    # The key only has to be there: nothing is sent.
    name = access.name or head.model
    played = replace(access, kind=head.kind, name=name, url=head.url, key="recorded", replayed=True)
    return played, Replayer(file, mask)
