"""What a model's server sent in place of an answer in; the error for it, with what to do, out.

Sources: google.rpc.RetryInfo and QuotaFailure (googleapis/google/rpc/error_details.proto), RFC 9110 section 10.2.3
(Retry-After), the error objects of the OpenAI API, vLLM and Ollama.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from pydantic import JsonValue

from fixer.llm.access import ModelAccess
from fixer.llm.base import CallError, NoToolsError, TooLongError
from fixer.llm.inability import context_in, is_too_long, takes_no_tools
from fixer.terminal import clean_line

if TYPE_CHECKING:
    import httpx2

READ_LETTERS = 300
"""Of what a server says, in a message for people."""
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
"""Statuses after which the same request may succeed."""
PER_DAY = "PerDay"
_NO_QUOTA = re.compile(rf"{PER_DAY}|insufficient_quota|billing_hard_limit")
_ADDRESSES = {
    "gemini": 'names with -latest or -preview may need model.api_version = "v1beta" (or FIXER_MODEL_API_VERSION)',
    "openai_compatible": "model.base_url (or FIXER_MODEL_BASE_URL) is what stands before /chat/completions, "
    "mostly with /v1 at its end",
}
_NO_TOOLS_HINT = (
    "start the server with tools (llama.cpp: --jinja; vLLM: --enable-auto-tool-choice --tool-call-parser NAME), or "
    "take a model that has them"
)
_BAD_KEY = re.compile(r"API_KEY_INVALID|API key not valid|API key expired|invalid_api_key")


def refusal(
    status: int, body: JsonValue, headers: Mapping[str, str], access: ModelAccess, *, billed: bool = False
) -> CallError:
    """Return the error for a status other than 200, or for an error inside a stream.

    Args:
        status: of HTTP, or the code that the error object carries; 0: unknown.
        body: parsed JSON, or the text that came instead.
        headers: of the answer, lower case.
        access: who was asked.
        billed: whether an answer had begun.
    """
    whole = body if isinstance(body, str) else json.dumps(body)
    said = _said(body, access)
    what = f"{access.name} at {access.url} answered {status or 'with an error'}{f': {said}' if said else ''}"
    if takes_no_tools(status, whole):
        return NoToolsError(what, _NO_TOOLS_HINT, billed=billed)
    if is_too_long(status, whole):
        return TooLongError(what, _hint(413, whole, access), context=context_in(whole), billed=billed)
    if status == 429 and (quota := _NO_QUOTA.search(whole)):
        renewed_at = _next_day() if quota[0] == PER_DAY and access.kind == "gemini" else None
        return CallError(what, _quota_hint(access), billed=billed, renewed_at=renewed_at)
    if status in PASSING:
        hint = "try again later, or take another model: model.name in fixer.toml (or FIXER_MODEL_NAME)"
        return CallError(what, hint, again=True, delay=_delay(body, headers), billed=billed)
    return CallError(what, _hint(status, whole, access), billed=billed)


def broken(what: str, access: ModelAccess, *, billed: bool = True) -> CallError:
    """Return the error for an answer that ended early or cannot be read; asking again may help."""
    message = f"{access.name} at {access.url}: {clean_line(_without_key(what, access))[:READ_LETTERS]}"
    return CallError(message, _reach_hint(access), again=True, billed=billed)


def lost(error: "httpx2.RequestError", access: ModelAccess) -> CallError:
    """Return the error for a server that could not be reached, or that went away in the middle of its answer."""
    import httpx2  # noqa: PLC0415 - whoever has such an error has loaded it

    said = str(error) or type(error).__name__
    if "CERTIFICATE_VERIFY_FAILED" in said:
        hint = "install the machine's certificates (ca-certificates), or name your own: export SSL_CERT_FILE=FILE"
        return CallError(f"{access.name} at {access.url}: {clean_line(said)[:READ_LETTERS]}", hint, billed=False)
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.ProxyError):
        return broken(f"cannot be reached: {said}", access, billed=False)
    return broken(f"the answer broke off: {said}", access)


def _reach_hint(access: ModelAccess) -> str:
    if access.local:
        return f"see whether the server runs: curl {access.url}/models"
    return "try again later; model.base_url (or FIXER_MODEL_BASE_URL) names the server"


def _hint(status: int, whole: str, access: ModelAccess) -> str:
    if _BAD_KEY.search(whole):
        status = 401
    key = access.key_from
    hints = {
        401: f"the key in {key} is not valid there: export {key}=KEY"
        if key
        else "the server wants a key: name the variable that holds it, model.api_key_env (or FIXER_MODEL_API_KEY_ENV)",
        402: f"the account of {_the_key(access)} has no credit left",
        403: f"{_the_key(access)} may not use this model: check its project, its restrictions and its region",
        404: f"check model.name in fixer.toml (or FIXER_MODEL_NAME); {_ADDRESSES[access.kind]}",
        413: "the request is larger than the server takes: give it a larger context (Ollama: OLLAMA_CONTEXT_LENGTH; "
        "llama.cpp: -c; vLLM: --max-model-len), or take a model with a larger context, model.name",
    }
    if 300 <= status < 400:
        return "the address leads elsewhere: correct model.base_url (or FIXER_MODEL_BASE_URL)"
    return hints.get(status, "check model.name, model.base_url and model.api_version: `fixer config` shows them")


def _the_key(access: ModelAccess) -> str:
    return f"the key in {access.key_from}" if access.key_from else "a call without a key"


def _quota_hint(access: ModelAccess) -> str:
    return f"the quota of {_the_key(access)} is used up: wait until it is renewed, or raise it where the key was made"


def _next_day() -> float | None:
    """Return when Gemini's quotas of a day are renewed, in seconds since the epoch; None where that zone is not known.

    Source: "Rate limits" of the Gemini API: requests per day are reset at midnight Pacific time.
    """
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - only where a quota is used up

    try:
        here = datetime.now(ZoneInfo("America/Los_Angeles"))
    except ZoneInfoNotFoundError:
        return None
    midnight = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.timestamp()


def _said(body: JsonValue, access: ModelAccess) -> str:
    return clean_line(_without_key(_message(body), access))[:READ_LETTERS]


def _without_key(text: str, access: ModelAccess) -> str:
    return text.replace(access.key, "[masked secret]") if access.key else text


def _message(body: JsonValue) -> str:
    """Return the words of an error object, wherever its server keeps them."""
    if isinstance(body, list):
        return _message(body[0]) if body else ""
    if isinstance(body, dict):
        for name in ("error", "message", "detail"):
            if body.get(name):
                return _message(body[name])
        return json.dumps(body)
    text = "" if body is None else str(body)
    return re.sub(r"<[^>]*>", " ", text) if text.lstrip().startswith("<") else text


def _delay(body: JsonValue, headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the server asks to wait: the longer one where it says so twice."""
    waits = [wait for wait in (_retry_after(headers), *_retry_infos(body)) if wait is not None]
    return max(waits, default=None)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _retry_infos(body: JsonValue) -> Iterator[float]:
    body = body[0] if isinstance(body, list) and body else body
    error = body.get("error", body) if isinstance(body, dict) else None
    details = error.get("details") if isinstance(error, dict) else None
    for detail in details if isinstance(details, list) else []:
        if isinstance(detail, dict) and str(detail.get("@type", "")).endswith("google.rpc.RetryInfo"):
            delay = re.fullmatch(r"(\d+(?:\.\d+)?)s", str(detail.get("retryDelay", "")))
            if delay:
                yield float(delay[1])
