"""What a Gemini server sends (REST, `:streamGenerateContent?alt=sse`), whole and broken."""

import base64
import json
from typing import Any

from tests.llm.model_server import Asked, Scene, Wire

MODEL = "gemini-3.8-flash"
USAGE = {
    "promptTokenCount": 1000,
    "cachedContentTokenCount": 600,
    "candidatesTokenCount": 40,
    "thoughtsTokenCount": 60,
    "totalTokenCount": 1100,
}


def chunk(*parts: dict[str, Any], finish: str = "", usage: dict[str, int] | None = None, **more: Any) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": list(parts)}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    return {
        "candidates": [candidate],
        "usageMetadata": USAGE if usage is None else usage,
        "modelVersion": MODEL,
        "responseId": "r1",
        **more,
    }


def call(name: str, arguments: dict[str, Any], *, signed: bool = False) -> dict[str, Any]:
    part: dict[str, Any] = {"functionCall": {"name": name, "args": arguments}}
    if signed:
        part["thoughtSignature"] = base64.b64encode(b"\xfb\xff signature of " + name.encode()).decode()
    return part


def error(code: int, status: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "status": status, "details": list(details)}}


def retry_info(seconds: str) -> dict[str, str]:
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": seconds}


def quota(name: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": name}]}


def events(*chunks: dict[str, Any]) -> Scene:
    """Send these chunks as a stream that ends as it should."""

    def scene(_: Asked, wire: Wire) -> None:
        wire.begin()
        for one in chunks:
            wire.event(one)
        wire.end()

    return scene


def says(text: str, finish: str = "STOP") -> Scene:
    """Answer with words, in two pieces."""
    half = len(text) // 2
    first = chunk({"text": text[:half]}, usage={"promptTokenCount": 1000, "totalTokenCount": 1000})
    return events(first, chunk({"text": text[half:]}, finish=finish))


def refuses(status: int, body: Any, headers: dict[str, str] | None = None) -> Scene:
    return lambda _, wire: wire.json(body, status, headers)


OK = says("It is done.")
MINUTE_QUOTA = refuses(
    429,
    error(
        429,
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota. Please retry in 0.2s.",
        quota("GenerateRequestsPerMinutePerProjectPerModel"),
        retry_info("0.2s"),
    ),
)
DAY_QUOTA = refuses(
    429,
    error(
        429,
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota.",
        quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"),
        retry_info("5s"),
    ),
)
INTERNAL = refuses(500, error(500, "INTERNAL", "An internal error has occurred."))
BAD_KEY = refuses(
    400,
    error(
        400,
        "INVALID_ARGUMENT",
        "API key not valid. Please pass a valid API key.",
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"},
    ),
)


def overloaded(retry_after: str) -> Scene:
    return refuses(503, error(503, "UNAVAILABLE", "The model is overloaded."), {"Retry-After": retry_after})


def html(_: Asked, wire: Wire) -> None:
    wire.body(b"<html><h1>502 Bad Gateway</h1></html>", 502, {"Content-Type": "text/html"})


def broken_json(_: Asked, wire: Wire) -> None:
    wire.body(b'{"candidates":[{"content":{"role":"mod', 200, {"Content-Type": "application/json"})


def cut_body(_: Asked, wire: Wire) -> None:
    wire.body(b'data: {"candidates":[', 200, {"Content-Type": "text/event-stream"}, length=5000)


def no_finish(_: Asked, wire: Wire) -> None:
    wire.begin()
    wire.event(chunk({"text": "partial "}))
    wire.end()


def dropped(_: Asked, wire: Wire) -> None:
    wire.begin()
    wire.event(chunk({"text": "partial "}))
    wire.drop()


def broken_chunk(_: Asked, wire: Wire) -> None:
    wire.begin()
    wire.event(chunk({"text": "partial "}))
    wire.raw('data: {"candidates":[{"conte\r\n\r\n')
    wire.end()


def overloaded_inside(_: Asked, wire: Wire) -> None:
    wire.begin()
    wire.event(chunk({"text": "partial "}))
    wire.raw(json.dumps(error(503, "UNAVAILABLE", "The model is overloaded.")) + "\n")
    wire.end()


NO_CANDIDATES = events({"usageMetadata": {"promptTokenCount": 1000, "totalTokenCount": 1000}, "modelVersion": MODEL})
BLOCKED_PROMPT = events(
    {
        "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
        "usageMetadata": {"promptTokenCount": 1000, "totalTokenCount": 1000},
        "modelVersion": MODEL,
    }
)
MALFORMED_CALL = events(
    {
        "candidates": [
            {
                "content": {},
                "finishReason": "MALFORMED_FUNCTION_CALL",
                "finishMessage": "Malformed function call: print(default_api.edit(",
                "index": 0,
            }
        ],
        "usageMetadata": USAGE,
        "modelVersion": MODEL,
    }
)


def hang(_: Asked, wire: Wire) -> None:
    wire.wait(30)


def stalls(_: Asked, wire: Wire) -> None:
    """Begin, say what it has used, and send nothing more."""
    wire.begin()
    wire.event(chunk({"text": "so far"}))
    wire.wait(30)


def drips(_: Asked, wire: Wire) -> None:
    """Never end, but always send something in time."""
    wire.begin()
    while wire.wait(0.02):
        wire.event(chunk({"text": "x"}))
