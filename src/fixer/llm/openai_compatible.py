"""A history, tools and limits in; one streamed turn of any server that speaks OpenAI's chat completions out.

Format: POST BASE/chat/completions (OpenAI API reference, "Create chat completion", streaming), as Ollama, llama.cpp,
vLLM and hosted gateways speak it too; where one does not take an optional parameter, the call is made without it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import JsonValue, TypeAdapter

from fixer.llm.access import OPENAI_HOST, ModelAccess
from fixer.llm.base import (
    CallError,
    Finish,
    Listener,
    Message,
    NoToolsError,
    Text,
    Tool,
    ToolAnswer,
    ToolCall,
    TooLongError,
    Turn,
    TurnConfig,
    Usage,
)
from fixer.llm.chat_completion import CallPiece, Chunk, Counts, Delta, chunks
from fixer.llm.connection import open_connection
from fixer.llm.inability import takes_no_system, was_cut
from fixer.llm.refusals import broken, lost, refusal
from fixer.llm.thoughts import without_thoughts
from fixer.llm.tokens import estimated

if TYPE_CHECKING:
    import httpx2

_KEPT_AS = "openai_compatible"
_FINISHES = {
    "stop": Finish.DONE,
    "tool_calls": Finish.DONE,
    "function_call": Finish.DONE,
    "length": Finish.LENGTH,
    "content_filter": Finish.BLOCKED,
}
_OPTIONAL = ("max_tokens", "stream_options", "temperature", "tool_choice")
"""Parameters that some servers refuse; the first is then given by its newer name."""
_SYSTEM = "system"
"""Stands for the message of this role, which some models' templates have no place for: the first question takes it."""


class OpenAICompatibleModel:
    """A model behind a chat completions endpoint; one connection for all calls."""

    def __init__(self, access: ModelAccess, transport: "httpx2.AsyncBaseTransport | None" = None) -> None:
        """Open the connection; nothing is sent.

        Args:
            access: model, address (up to where `/chat/completions` begins) and key.
            transport: what stands in for the network.
        """
        self._access = access
        self._connection = open_connection(access, transport)
        # The vendor's own newer models refuse the old name; nobody else knows the new one for sure.
        self._refused: set[str] = {"max_tokens"} if f"//{OPENAI_HOST}" in access.url else set()

    @property
    def model(self) -> str:
        """The model that is asked for."""
        return self._access.name

    async def turn(
        self, history: Sequence[Message], tools: Sequence[Tool], config: TurnConfig, listen: Listener
    ) -> Turn:
        """Ask once; a parameter that the server refuses is left out from then on.

        Raises:
            CallError: the server refused, or what it sent cannot be read.
        """
        for _ in (*_OPTIONAL, _SYSTEM):
            body = self._body(history, tools, config)
            try:
                return await self._ask(body, listen)
            except _RefusedParameterError as error:
                self._refused.add(error.parameter)
        return await self._ask(self._body(history, tools, config), listen)

    async def close(self) -> None:
        """Give connections back."""
        await self._connection.aclose()

    async def _ask(self, body: Mapping[str, JsonValue], listen: Listener) -> Turn:
        import httpx2  # noqa: PLC0415 - loaded by the constructor

        headers = {"Authorization": f"Bearer {self._access.key}"} if self._access.key else {}
        url = f"{self._access.url}/chat/completions"
        answer = _Answer(self._access, listen, _letters(body))
        try:
            async with self._connection.stream("POST", url, json=body, headers=headers) as response:
                if response.status_code != 200:
                    raise self._refusal(response.status_code, await response.aread(), response.headers, body)
                async for chunk in chunks(response):
                    answer.take(chunk)
        except httpx2.RequestError as error:
            raise lost(error, self._access) from error
        # Bytes that are no text, text that is no JSON, and JSON of another shape.
        except ValueError as error:
            raise broken(f"the answer cannot be read: {error}", self._access) from error
        return answer.turn()

    def _refusal(
        self, status: int, content: bytes, headers: Mapping[str, str], body: Mapping[str, JsonValue]
    ) -> CallError:
        text = content.decode("utf-8", "replace")
        try:
            said: JsonValue = json.loads(text)
        except ValueError:
            said = text
        error = refusal(status, said, {name.lower(): value for name, value in headers.items()}, self._access)
        if isinstance(error, NoToolsError | TooLongError):
            return error
        parameter = next((name for name in _OPTIONAL if name in body and name in text), None)
        if status in {400, 422} and parameter:
            return _RefusedParameterError(error, parameter)
        if _SYSTEM not in self._refused and takes_no_system(status, text):
            return _RefusedParameterError(error, _SYSTEM)
        return error

    def _body(self, history: Sequence[Message], tools: Sequence[Tool], config: TurnConfig) -> dict[str, JsonValue]:
        body: dict[str, JsonValue] = {
            "model": self.model,
            "messages": list(_messages(history, config.system, apart=_SYSTEM not in self._refused)),
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": config.temperature,
            "max_tokens": config.max_output_tokens,
        }
        if tools:
            body["tools"] = [{"type": "function", "function": tool.model_dump(mode="json")} for tool in tools]
            body["tool_choice"] = "required" if config.tool_choice == "any" else config.tool_choice
        if "max_tokens" in self._refused:
            body["max_completion_tokens"] = config.max_output_tokens
        return {name: value for name, value in body.items() if name not in self._refused}


class _RefusedParameterError(CallError):
    """The server does not take one of the optional parameters."""

    def __init__(self, error: CallError, parameter: str) -> None:
        super().__init__(error.message, error.hint, billed=False)
        self.parameter = parameter


def _messages(history: Sequence[Message], system: str, *, apart: bool) -> Iterator[JsonValue]:
    if system and apart:
        yield {"role": "system", "content": system}
    for number, message in enumerate(history):
        words = "".join(part.text for part in message.parts if isinstance(part, Text))
        if system and not apart and not number:
            words = f"{system}\n\n{words}"
        if message.role == "model":
            yield _assistant(message, words)
            continue
        # The answers to tools stand right behind the calls; words come after them.
        for part in message.parts:
            if isinstance(part, ToolAnswer):
                text = f"error: {part.text}" if part.is_error else part.text
                yield {"role": "tool", "tool_call_id": part.id, "content": text}
        if words:
            yield {"role": "user", "content": words}


def _assistant(message: Message, words: str) -> JsonValue:
    calls: list[JsonValue] = [_call(part) for part in message.parts if isinstance(part, ToolCall)]
    if calls:
        return {"role": "assistant", "content": words or None, "tool_calls": calls}
    return {"role": "assistant", "content": words}


def _call(part: ToolCall) -> JsonValue:
    kept = part.raw.get(_KEPT_AS) if isinstance(part.raw, dict) else None
    function: JsonValue = {"name": part.name, "arguments": json.dumps(part.arguments)}
    return kept or {"id": part.id, "type": "function", "function": function}


def _letters(body: Mapping[str, JsonValue]) -> int:
    """Return how long the texts and tools of a request are, without what JSON adds."""
    messages = body["messages"]
    contents = [one.get("content") for one in messages if isinstance(one, dict)] if isinstance(messages, list) else []
    return sum(len(str(content or "")) for content in contents) + len(json.dumps(body.get("tools", "")))


_ARGUMENTS = TypeAdapter(dict[str, JsonValue])


@dataclass
class _Call:
    """A call of a tool as its pieces come."""

    id: str = ""
    name: str = ""
    arguments: str = ""


class _Answer:
    """Gathers the chunks of one stream."""

    def __init__(self, access: ModelAccess, listen: Listener, letters: int) -> None:
        self._access = access
        self._listen = listen
        self._letters = letters
        self._texts: list[str] = []
        self._calls: list[tuple[int, _Call]] = []
        self._usage: Usage | None = None
        self._finish = ""
        self._model = ""

    def take(self, chunk: Chunk) -> None:
        if chunk.error:
            code = str(chunk.error.get("code")) if isinstance(chunk.error, dict) else ""
            raise refusal(int(code) if code.isdecimal() else 503, chunk.error, {}, self._access, billed=True)
        self._model = chunk.model or self._model
        if chunk.usage:
            self._take_usage(chunk.usage)
        for choice in (chunk.choices or [])[:1]:
            self._take_delta(choice.delta or choice.message or Delta())
            self._finish = choice.finish_reason or self._finish

    def turn(self) -> Turn:
        """Return the whole answer.

        Raises:
            CallError: the stream ended before the answer did.
        """
        said = any(self._texts) or bool(self._calls)
        if not self._finish:
            what = "the answer ended before it was complete" if said else "there is no answer in what it sent"
            raise broken(what, self._access)
        calls, malformed = self._made()
        text = without_thoughts("".join(self._texts))
        parts = [Text(text=text)] if text.strip() else []
        # A reason that is not known takes nothing from a call that can be read.
        finish = _FINISHES.get(self._finish, Finish.DONE if calls else Finish.UNUSABLE)
        if malformed or (finish is Finish.DONE and not calls and not parts):
            finish = Finish.LENGTH if finish is Finish.LENGTH else Finish.UNUSABLE
        return Turn(
            message=Message(role="model", parts=(*parts, *calls)),
            finish=finish,
            finish_word=malformed or self._finish,
            usage=self._usage or self._estimate(),
            model=self._model or self._access.name,
            cut=self._usage is not None and was_cut(self._letters, self._usage.input),
        )

    def _estimate(self) -> Usage:
        said = "".join(self._texts) + "".join(call.name + call.arguments for _, call in self._calls)
        return Usage(output=estimated(said), estimated=True)

    def _take_usage(self, said: Counts) -> None:
        cached = said.prompt_tokens_details.cached_tokens if said.prompt_tokens_details else 0
        usage = Usage.counted(said.prompt_tokens, cached, said.completion_tokens)
        if usage.input or usage.output:
            self._usage = usage
            self._listen("usage", {"input": usage.input, "cached": usage.cached, "output": usage.output})

    def _take_delta(self, delta: Delta) -> None:
        if delta.content:
            self._texts.append(delta.content)
            self._listen("text", {"text": delta.content})
        for piece in delta.tool_calls or []:
            self._take_call(piece)

    def _take_call(self, piece: CallPiece) -> None:
        """Add a piece to its call; some servers give every call the index 0, but each an id of its own."""
        index, function = piece.index or 0, piece.function
        call = next((call for at, call in reversed(self._calls) if at == index), None)
        if call is None or (piece.id and piece.id != call.id):
            call = _Call(id=piece.id or f"call_{len(self._calls) + 1}")
            self._calls.append((index, call))
        if function.name and not call.name:
            call.name = function.name
            self._listen("tool_call", {"id": call.id, "name": call.name})
        arguments = function.arguments or ""
        call.arguments += arguments if isinstance(arguments, str) else json.dumps(arguments)

    def _made(self) -> tuple[list[ToolCall], str]:
        """Return the calls that can be read, and what is wrong with the others."""
        made, malformed = [], ""
        for _, call in self._calls:
            try:
                arguments = _ARGUMENTS.validate_json(call.arguments or "{}")
            except ValueError:
                malformed = f"malformed arguments of {call.name}"
                continue
            function: JsonValue = {"name": call.name, "arguments": call.arguments or "{}"}
            raw: JsonValue = {_KEPT_AS: {"id": call.id, "type": "function", "function": function}}
            made.append(ToolCall(id=call.id, name=call.name, arguments=arguments, raw=raw))
        return made, malformed
