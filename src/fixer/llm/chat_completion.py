"""A response of a chat completions server in, its events as types out; what is not read is ignored.

Format: OpenAI API reference, "The chat completion chunk object"; HTML standard, server-sent events.
"""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, JsonValue

if TYPE_CHECKING:
    import httpx2


class _Received(BaseModel):
    """A part of what a server sends; what is not read here is ignored."""

    model_config = ConfigDict(extra="ignore")


class Function(_Received):
    """A tool's name and arguments, or a piece of them."""

    name: str | None = None
    arguments: str | dict[str, JsonValue] | None = None


class CallPiece(_Received):
    """A call of a tool, or a piece of one."""

    index: int | None = None
    id: str | None = None
    function: Function = Function()


class Delta(_Received):
    """What an event adds to the answer."""

    content: str | None = None
    tool_calls: list[CallPiece] | None = None


class Choice(_Received):
    """One of the answers; only the first is asked for."""

    delta: Delta | None = None
    message: Delta | None = None
    """In place of `delta` where the server does not stream."""
    finish_reason: str | None = None


class Details(_Received):
    """What the prompt's tokens are made of."""

    cached_tokens: int | None = None


class Counts(_Received):
    """Tokens as they are billed."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: Details | None = None


class Chunk(_Received):
    """One event of a stream, or the whole answer of a server that does not stream."""

    model: str | None = None
    choices: list[Choice] | None = None
    usage: Counts | None = None
    error: JsonValue = None


async def chunks(response: "httpx2.Response") -> AsyncIterator[Chunk]:
    """Yield the events of a stream (HTML standard, server-sent events), or the one object of a whole answer."""
    if "json" in response.headers.get("content-type", ""):
        yield Chunk.model_validate_json(await response.aread())
        return
    async for line in response.aiter_lines():
        field, _, value = line.partition(":")
        if field == "data" and value.strip() not in {"", "[DONE]"}:
            yield Chunk.model_validate_json(value)
