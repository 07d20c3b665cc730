"""A history, tools and limits in; one streamed turn of a Gemini model out (package google-genai, REST).

Format: the parts of a turn are kept as they came, thought signatures included, and sent back so; text is never
merged and the calls of one turn stay in one content, or the server refuses the history.
"""

import json
import logging
import warnings
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast

from fixer.llm.access import ModelAccess
from fixer.llm.base import (
    Finish,
    Listener,
    Message,
    Text,
    Tool,
    ToolAnswer,
    ToolCall,
    Turn,
    TurnConfig,
    Usage,
)
from fixer.llm.connection import CONNECT_SECONDS, certificates, closed_in_order, open_connection
from fixer.llm.refusals import broken, lost, refusal
from fixer.llm.tokens import estimated

if TYPE_CHECKING:
    import httpx2
    from google.genai import types
    from pydantic import JsonValue

API_VERSION = "v1"
_KEPT_AS = "gemini"
"""Key of `raw`: a part of another kind's answer is not sent as Gemini's."""
_OWN_ID = "fixer-"
"""Begins the ids of calls that came without one; they are not sent."""
_BLOCKED = frozenset(
    {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "ESCALATION", "MODEL_ARMOR"}
    | {"IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "PUP_LIMITED_DISABLED"}
)
_NO_ANSWER = frozenset(
    {"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MISSING_THOUGHT_SIGNATURE"}
    | {"MALFORMED_RESPONSE", "OTHER", "FINISH_REASON_UNSPECIFIED", "NO_IMAGE", "IMAGE_OTHER"}
)
_LENGTH = frozenset({"MAX_TOKENS", "CONTINUATION"})
_MODES = {"any": "ANY", "auto": "AUTO", "none": "NONE"}
_UNSIGNED = b"skip_thought_signature_validator"
"""Stands in for the signature of a call that another model made (Gemini API, thought signatures)."""


class GeminiModel:
    """A Gemini model; one connection for all calls."""

    def __init__(
        self, access: ModelAccess, api_version: str = "", transport: "httpx2.AsyncBaseTransport | None" = None
    ) -> None:
        """Open the connection; nothing is sent.

        Args:
            access: model, address and key.
            api_version: in the path of the address; empty: `API_VERSION`.
            transport: what stands in for the network.
        """
        import httpx2  # noqa: PLC0415 - with google-genai 0.5 s, which runs without a model do not pay
        from google import genai  # noqa: PLC0415
        from google.genai import types  # noqa: PLC0415

        _hush()
        self._access = access
        self._connection = open_connection(access, transport)
        # The SDK makes a second client for blocking calls, with certificates of its own, unless it is given one.
        with httpx2.Client(verify=False, timeout=CONNECT_SECONDS) as unused:
            self._client = genai.Client(
                api_key=access.key,
                enterprise=False,
                http_options=types.HttpOptions(
                    base_url=access.url,
                    api_version=api_version or API_VERSION,
                    httpx_client=unused,
                    httpx_async_client=self._connection,
                    # For web sockets, which are not used here; without it, certificates are read once more (75 ms).
                    async_client_args={"ssl": certificates()},
                ),
            )

    @property
    def model(self) -> str:
        """The model that is asked for."""
        return self._access.name

    async def turn(
        self, history: Sequence[Message], tools: Sequence[Tool], config: TurnConfig, listen: Listener
    ) -> Turn:
        """Ask once.

        Raises:
            CallError: the server refused, or what it sent cannot be read.
        """
        answer = _Answer(self._access, listen)
        asked, limits = contents(history), _config(tools, config)
        async with closed_in_order(), aclosing(self._chunks(asked, limits, answer)) as chunks:
            async for chunk in chunks:
                answer.take(chunk)
        return answer.turn()

    async def _chunks(
        self, asked: "list[types.Content]", limits: "types.GenerateContentConfig", answer: "_Answer"
    ) -> "AsyncGenerator[types.GenerateContentResponse, None]":
        """Yield what the server streams, and turn the SDK's errors, which are of many families, into ours."""
        import httpx2  # noqa: PLC0415 - loaded by the constructor
        from google.genai import errors  # noqa: PLC0415

        try:
            stream = await self._client.aio.models.generate_content_stream(
                model=self.model, contents=cast("Any", asked), config=limits
            )
            async for chunk in stream:
                yield chunk
        except errors.APIError as error:
            # What an event inside a stream calls its code is not checked by the SDK.
            code = said if isinstance(said := cast("Any", error.code), int) else 0
            headers = {} if error.response is None else {k.lower(): v for k, v in error.response.headers.items()}
            raise refusal(code, error.details, headers, self._access, billed=answer.begun) from error
        except httpx2.RequestError as error:
            raise lost(error, self._access) from error
        # What is no text, no JSON or JSON of another shape comes out of the SDK as whatever it ran into.
        except (ValueError, TypeError, AttributeError, LookupError) as error:
            raise broken(f"the answer cannot be read: {error}", self._access) from error

    async def close(self) -> None:
        """Give connections back."""
        await self._client.aio.aclose()
        await self._connection.aclose()


def _hush() -> None:
    """Keep two lines of the SDK off the terminal that are not true for fixer."""
    # It warns of every value that is newer than itself, and then takes it.
    warnings.filterwarnings("ignore", r".* is not a valid \w+$", UserWarning, r"google\.genai\._common")
    # It says which variable it uses where both are set, also when it is given a key.
    logging.getLogger("google_genai._api_client").addFilter(_is_not_about_the_variables)


def _is_not_about_the_variables(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith("Both GOOGLE_API_KEY and GEMINI_API_KEY")


def contents(history: Sequence[Message]) -> "list[types.Content]":
    """Return the history in Gemini's format."""
    from google.genai import types  # noqa: PLC0415 - loaded by the constructor

    return [
        types.Content(role="model", parts=list(_model_parts(message)))
        if message.role == "model"
        else types.Content(role="user", parts=list(_answers(message)))
        for message in history
    ]


def _model_parts(message: Message) -> "Iterator[types.Part]":
    from google.genai import types  # noqa: PLC0415 - see above

    signed = False
    for part in message.parts:
        kept = part.raw.get(_KEPT_AS) if not isinstance(part, ToolAnswer) and isinstance(part.raw, dict) else None
        if kept is not None:
            # Through JSON text: only so does pydantic read the signature's base64 back into its bytes.
            yield types.Part.model_validate_json(json.dumps(kept))
            signed = True
        elif isinstance(part, Text):
            yield types.Part(text=part.text)
        elif isinstance(part, ToolCall):
            call = types.FunctionCall(name=part.name, args=part.arguments)
            yield types.Part(function_call=call, thought_signature=None if signed else _UNSIGNED)
            signed = True


def _answers(message: Message) -> "Iterator[types.Part]":
    from google.genai import types  # noqa: PLC0415 - see above

    for part in message.parts:
        if isinstance(part, Text):
            yield types.Part(text=part.text)
        elif isinstance(part, ToolAnswer):
            # The names of the two keys are those that the API's documentation gives.
            response = {"error" if part.is_error else "output": part.text}
            known = None if part.id.startswith(_OWN_ID) else part.id
            yield types.Part(function_response=types.FunctionResponse(id=known, name=part.name, response=response))


def _config(tools: Sequence[Tool], config: TurnConfig) -> "types.GenerateContentConfig":
    from google.genai import types  # noqa: PLC0415 - see above

    declared = [
        types.FunctionDeclaration(name=tool.name, description=tool.description, parameters_json_schema=tool.parameters)
        for tool in tools
    ]
    calling = types.FunctionCallingConfig(mode=types.FunctionCallingConfigMode(_MODES[config.tool_choice]))
    return types.GenerateContentConfig(
        system_instruction=config.system or None,
        temperature=config.temperature,
        max_output_tokens=config.max_output_tokens,
        tools=[types.Tool(function_declarations=declared)] if declared else None,
        tool_config=types.ToolConfig(function_calling_config=calling) if declared else None,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )


class _Answer:
    """Gathers the chunks of one stream."""

    def __init__(self, access: ModelAccess, listen: Listener) -> None:
        self.begun = False
        """Whether the server sent anything but a refusal; the SDK asks only when the first chunk is wanted."""
        self._access = access
        self._listen = listen
        self._parts: list[Text | ToolCall] = []
        self._usage: Usage | None = None
        self._finish = ""
        self._blocked = ""
        self._model = ""

    def take(self, chunk: "types.GenerateContentResponse") -> None:
        self.begun = True
        self._model = chunk.model_version or self._model
        if chunk.usage_metadata:
            self._take_usage(chunk.usage_metadata)
        feedback = chunk.prompt_feedback
        if feedback and feedback.block_reason:
            self._blocked = str(feedback.block_reason.value)
        for candidate in (chunk.candidates or [])[:1]:
            if candidate.finish_reason:
                self._finish = str(candidate.finish_reason.value)
            for part in (candidate.content and candidate.content.parts) or []:
                self._take_part(part)

    def turn(self) -> Turn:
        """Return the whole answer.

        Raises:
            CallError: the stream ended before the answer did.
        """
        if not self._finish and not self._blocked:
            what = "the answer ended before it was complete" if self._parts else "there is no answer in what it sent"
            raise broken(what, self._access)
        usage = self._usage
        if usage is None:
            said = "".join(part.model_dump_json() for part in self._parts)
            usage = Usage(output=estimated(said), estimated=True)
        return Turn(
            message=Message(role="model", parts=tuple(self._parts)),
            finish=self._why(),
            finish_word=self._blocked or self._finish,
            usage=usage,
            model=self._model or self._access.name,
        )

    def _why(self) -> Finish:
        if self._blocked or self._finish in _BLOCKED:
            return Finish.BLOCKED
        if self._finish in _LENGTH:
            return Finish.LENGTH
        # A reason that is not known yet takes nothing from a call that can be read.
        called = any(isinstance(part, ToolCall) for part in self._parts) and self._finish not in _NO_ANSWER
        said = self._finish == "STOP" and any(isinstance(part, Text) and part.text.strip() for part in self._parts)
        return Finish.DONE if called or said else Finish.UNUSABLE

    def _take_usage(self, said: "types.GenerateContentResponseUsageMetadata") -> None:
        """Keep the newest count; thoughts are billed as output, and the prompt's count includes what was cached."""
        usage = Usage.counted(
            (said.prompt_token_count or 0) + (said.tool_use_prompt_token_count or 0),
            said.cached_content_token_count,
            (said.candidates_token_count or 0) + (said.thoughts_token_count or 0),
        )
        if usage.input or usage.output:
            self._usage = usage
            self._listen("usage", {"input": usage.input, "cached": usage.cached, "output": usage.output})

    def _take_part(self, part: "types.Part") -> None:
        kept = part.model_dump(mode="json", exclude_none=True)
        if kept in ({}, {"text": ""}):
            # Streams end with such a part, but it is refused in a history; with a signature it belongs there.
            return
        raw: JsonValue = {_KEPT_AS: kept}
        call = part.function_call
        if call:
            given = call.id or f"{_OWN_ID}{sum(isinstance(known, ToolCall) for known in self._parts) + 1}"
            made = ToolCall(id=given, name=call.name or "", arguments=call.args or {}, raw=raw)
            self._parts.append(made)
            self._listen("tool_call", {"id": made.id, "name": made.name})
            return
        # A thought is kept for the server, which wants it back, but is no word of the answer.
        text = "" if part.thought else part.text or ""
        self._parts.append(Text(text=text, raw=raw))
        if text:
            self._listen("text", {"text": text})
