"""What a server of chat completions sends (OpenAI API reference, streaming), whole and broken."""

import json
from typing import Any

from tests.llm.model_server import Asked, Scene, Wire

MODEL = "local-model-7b"
USAGE = {
    "prompt_tokens": 900,
    "completion_tokens": 50,
    "total_tokens": 950,
    "prompt_tokens_details": {"cached_tokens": 300},
}


def delta(finish: str | None = None, **content: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": content, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": MODEL, "choices": [choice]}


def usage(counts: dict[str, Any] | None = None) -> dict[str, Any]:
    chunk = delta()
    return {**chunk, "choices": [], "usage": USAGE if counts is None else counts}


def piece(
    index: int | None, call_id: str | None = None, name: str | None = None, arguments: Any = None
) -> dict[str, Any]:
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    made: dict[str, Any] = {"type": "function", "function": function}
    if index is not None:
        made["index"] = index
    if call_id is not None:
        made["id"] = call_id
    return made


def stream(*chunks: dict[str, Any], done: bool = True) -> Scene:
    def scene(_: Asked, wire: Wire) -> None:
        wire.begin()
        wire.raw(": a comment that keeps the connection open\n\n")
        for one in chunks:
            wire.event(one)
        if done:
            wire.raw("data: [DONE]\n\n")
        wire.end()

    return scene


OK = stream(
    delta(role="assistant", content=""), delta(content="It is"), delta(content=" done."), delta("stop"), usage()
)


def refuses_parameter(name: str, then: Scene = OK) -> Scene:
    """Refuse a request that holds the parameter, as OpenAI's newer models do with `max_tokens`."""

    def scene(asked: Asked, wire: Wire) -> None:
        if name in asked.body:
            message = f"Unsupported parameter: '{name}' is not supported with this model."
            error = {
                "message": message,
                "type": "invalid_request_error",
                "param": name,
                "code": "unsupported_parameter",
            }
            return wire.json({"error": error}, 400)
        return then(asked, wire)

    return scene


def refuses(status: int, body: Any, headers: dict[str, str] | None = None) -> Scene:
    return lambda _, wire: wire.json(body, status, headers)


def whole(_: Asked, wire: Wire) -> None:
    """Answer as a server that does not stream."""
    message = {"role": "assistant", "content": "It is done.", "tool_calls": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    wire.json({"id": "c1", "object": "chat.completion", "model": MODEL, "choices": [choice], "usage": USAGE})


LIBRARY_MODEL = "registry.ollama.ai/library/gemma3:4b does not support tools"
NO_TOOLS: dict[str, tuple[int, Any]] = {
    "ollama": (400, {"error": {"message": LIBRARY_MODEL, "type": "api_error", "param": None, "code": None}}),
    "llama.cpp": (
        500,
        {"error": {"code": 500, "message": "tools param requires --jinja flag", "type": "server_error"}},
    ),
    "older llama.cpp": (500, {"code": 500, "message": "Unsupported param: tools", "type": "server_error"}),
    "vllm": (
        400,
        {
            "object": "error",
            "message": '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
            "type": "BadRequestError",
            "param": None,
            "code": 400,
        },
    ),
    "vllm, required": (
        400,
        {"object": "error", "message": 'tool_choice="required" requires --tool-call-parser to be set', "code": 400},
    ),
    "gateway": (404, {"error": {"message": "No endpoints found that support tool use.", "code": 404}}),
}
"""What servers say that take no tools."""


def too_long(context: int, asked: int) -> dict[str, tuple[int, Any]]:
    """What servers say to a request that does not fit."""
    return {
        "llama.cpp": (
            400,
            {
                "error": {
                    "code": 400,
                    "message": "the request exceeds the available context size. try increasing the context size",
                    "type": "exceed_context_size_error",
                    "n_prompt_tokens": asked,
                    "n_ctx": context,
                }
            },
        ),
        "vllm": (
            400,
            {
                "object": "error",
                "message": f"'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context "
                f"length is {context} tokens and your request has {asked} input tokens",
                "type": "BadRequestError",
                "code": 400,
            },
        ),
        "openai": (
            400,
            {
                "error": {
                    "message": f"This model's maximum context length is {context} tokens. However, your messages "
                    f"resulted in {asked} tokens.",
                    "type": "invalid_request_error",
                    "param": "messages",
                    "code": "context_length_exceeded",
                }
            },
        ),
    }


def letters(asked: Asked) -> int:
    """How long the request's texts and tools are."""
    texts = sum(len(message.get("content") or "") for message in asked.body["messages"])
    return texts + len(json.dumps(asked.body.get("tools", "")))


def tokens(asked: Asked) -> int:
    """About what a tokeniser makes of a request."""
    return letters(asked) // 4


def without_tools(then: Scene, server: str = "ollama") -> Scene:
    """Answer as a server that takes no tools: a request that has them is refused."""

    def scene(asked: Asked, wire: Wire) -> None:
        if "tools" in asked.body:
            status, body = NO_TOOLS[server]
            return wire.json(body, status)
        return then(asked, wire)

    return scene


def within(context: int, then: Scene, server: str = "llama.cpp") -> Scene:
    """Answer as a server whose model has so small a context."""

    def scene(asked: Asked, wire: Wire) -> None:
        wanted = tokens(asked) + (asked.body["max_tokens"] if server == "vllm" else 0)
        if wanted > context:
            status, body = too_long(context, tokens(asked))[server]
            return wire.json(body, status)
        return then(asked, wire)

    return scene


def says(text: str, finish: str = "stop", context: int = 0, **more: Any) -> Scene:
    """Say the text, and count tokens as a real server does; beyond `context` the input is cut silently."""

    def scene(asked: Asked, wire: Wire) -> None:
        given = min(tokens(asked), context or tokens(asked))
        counts = {"prompt_tokens": given, "completion_tokens": len(text) // 4 + 1}
        stream(delta(role="assistant", content=text, **more), delta(finish), usage(counts))(asked, wire)

    return scene
