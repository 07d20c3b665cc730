"""What the failed step of a build told: its record comes in, the lines that its tools printed go out."""

from collections.abc import Iterator
from itertools import islice

from pydantic import JsonValue

from fixer.explaining.causes.base import DEPTH, MAX_CHARACTERS, Scene, leaves

_WORDS = {"message", "msg", "detail", "details", "description", "text", "title"}
_OUTPUT = {"log", "logs", "output", "stdout", "stderr", "lines", "error", "errors", "reason", "tail"}
"""Keys that say nothing more than what they hold."""
_MOST = 200


def told(scene: Scene) -> str:
    """Return what the step printed: a structure's parts as lines, and nothing that another step said."""
    structure = scene.step.details.get("error") if scene.step is not None else None
    if not isinstance(structure, dict | list):
        return scene.text
    lines = list(islice(_lines(structure), _MOST))
    if before := _before(structure, scene.failed.error):
        lines.insert(0, before)
    if scene.own_error and scene.own_error not in scene.failed.error:
        lines.append(scene.own_error)
    return "\n".join(lines)[:MAX_CHARACTERS] if lines else scene.text


def beside(scene: Scene) -> str:
    """Return what the step holds beside its error: what it was given, and what it gave."""
    if scene.step is None:
        return ""
    kept = [scene.step.result, *(part for key, part in scene.step.details.items() if key != "error")]
    return "\n".join(text for part in kept for text in leaves(part))[:MAX_CHARACTERS]


def _before(structure: JsonValue, error: str) -> str:
    """Return the words that stood before a structure in a text; empty where there were none."""
    start = min((at for text in leaves(structure) if (at := error.find(text)) >= 0), default=0)
    words = error[:start].strip(" :[\n")
    keys = structure if isinstance(structure, dict) else {}
    return "" if any(words.startswith(key) for key in keys) or not any(map(str.isalpha, words)) else words


def _lines(value: JsonValue, key: str = "", depth: int = 0) -> Iterator[str]:
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else ((key, part) for part in value)
        for name, part in parts if depth < DEPTH else ():
            yield from _lines(part, name, depth + 1)
    elif isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
        text = str(value).strip()
        bare = not key or "\n" in text or key.lower() in _WORDS | _OUTPUT
        yield text if bare else f"{key}: {text}"
