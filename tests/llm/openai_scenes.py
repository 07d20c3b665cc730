"""What a server of chat completions sends (OpenAI API reference, streaming), whole and broken."""

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
