"""The JSON Schemas of execution records and workspace files: what the two readers take, for completion in editors."""

from typing import Any

from fixer.input.json_shape import LONGEST_NAME
from fixer.input.status_words import WORDS
from fixer.input.workspace_file import MOST, PERIODS

_OPEN: dict[str, Any] = {"type": "object", "additionalProperties": True}
_TEXT: dict[str, Any] = {"type": "string"}
_NAME: dict[str, Any] = {"type": ["string", "number"], "maxLength": LONGEST_NAME}
_WHOLE: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": MOST}
_AMOUNT: dict[str, Any] = {"type": "number", "minimum": 0}
_TIME: dict[str, Any] = {"type": ["string", "number"], "description": "ISO 8601, or milliseconds since 1970."}
_NAMED: dict[str, Any] = {
    "anyOf": [_NAME, {"type": "object", "anyOf": [{"required": [key]} for key in ("name", "id", "title")]}]
}
_ERROR: dict[str, Any] = {
    "type": ["string", "object", "array", "number", "null"],
    "description": "What went wrong: words, or an object with a message, a code and further errors inside.",
}


def execution_schema() -> dict[str, Any]:
    """Return the schema of an execution record; further keys are kept as context, `start_time` is `startTime`."""
    status = {"type": "string", "description": f"Case counts not: {', '.join(sum(WORDS.values(), ()))}."}
    step = {
        "type": "object",
        "additionalProperties": True,
        "properties": {
            "action": {**_NAMED, "description": "What the step does: send_email, npm test."},
            "status": {"type": "string"},
            "stepStatus": {"type": "string", "description": "Another spelling of status."},
            "result": {"description": "What it gave; `result.error` counts as its error."},
            "error": _ERROR,
            "duration": {**_AMOUNT, "description": "Milliseconds."},
            "timestamp": _TIME,
            "creditsUsed": _AMOUNT,
        },
    }
    return {
        "title": "an execution record",
        "type": "object",
        "additionalProperties": True,
        "properties": {
            "id": {**_NAME, "description": "Recorded once by it; without one, by the record's content."},
            "workspace": _NAMED,
            "agent": {**_NAMED, "description": "The agent, workflow or job that ran."},
            "status": status,
            "trigger": {"description": "What started it."},
            "startTime": _TIME,
            "endTime": _TIME,
            "steps": {"type": "array", "items": step},
            "error": _ERROR,
            "creditsUsed": _AMOUNT,
            "testMode": {"type": "boolean"},
        },
        "anyOf": [{"required": [key]} for key in ("status", "steps", "error")],
    }


def workspace_schema() -> dict[str, Any]:
    """Return the schema of a workspace file; each list may also be an object by name."""
    per = {
        "anyOf": [{"type": "string", "pattern": f"^({'|'.join(sorted(PERIODS))})$"}, _WHOLE],
        "description": "A period, or seconds.",
    }
    return {
        "title": "a workspace file",
        "type": "object",
        "additionalProperties": True,
        "properties": {
            "id": _NAMED,
            "templates": _things(
                {"kind": _TEXT, "body": {**_TEXT, "description": "With placeholders {{name}}."}}, _TEXT
            ),
            "integrations": _things(
                {"connected": {"type": ["boolean", "string"]}, "expires": _TIME}, {"type": ["boolean", "string"]}
            ),
            "customFields": _things({"key": _TEXT}, {}),
            "agents": _things(
                {"instructions": _TEXT, "restrictions": {"type": ["object", "array", "string", "null"]}}, _TEXT
            ),
            "quotas": _things(
                {
                    "service": _TEXT,
                    "limit": _WHOLE,
                    "unit": _TEXT,
                    "per": per,
                    "resets": _TIME,
                },
                {"type": ["integer", "string"], "minimum": 1},
            ),
            "credits": {**_WHOLE, "minimum": 0, "description": "Credits to spend; an analysis costs 2."},
        },
    }


def _things(keys: dict[str, Any], bare: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of things with names: a list of them, or an object by name."""
    listed = {"anyOf": [_TEXT, {**_OPEN, "properties": {"name": _TEXT, **keys}}]}
    by_name = {"anyOf": [bare, {**_OPEN, "properties": keys}]}
    return {"anyOf": [{"type": "array", "items": listed}, {"type": "object", "additionalProperties": by_name}]}
