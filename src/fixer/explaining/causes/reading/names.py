"""The real things that an error names: quoted names, contacts, fields, variables, hosts and times go out of it."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from fixer import lazy_re as re
from fixer.explaining.causes.base import DEPTH, Scene
from fixer.explaining.causes.reading.plausible import is_host
from fixer.input.error_text import structure_in

_QUOTED = re.compile(
    r"(?<![\w])'((?:[^'\n]|(?<=\w)'(?=\w)){1,120})'(?!\w)|\"([^\"\n]{1,120})\"|`([^`\n]{1,120})`|“([^”\n]{1,120})”"
    r"|„([^“”\"\n]{1,120})[“”\"]|\u201a([^\u2018\u2019'\n]{1,120})[\u2018\u2019']"
    r"|\u2039\s?([^\u203a\n]{1,120}?)\s?\u203a|〈([^〉\n]{1,120})〉|【([^】\n]{1,120})】"
    r"|«\s?([^»\n]{1,120}?)\s?»|»\s?([^«»\n]{1,120}?)\s?«|「([^」\n]{1,120})」|『([^』\n]{1,120})』"
    r"|《([^》\n]{1,120})》|\u2018([^\u2019\n]{1,120})\u2019"
)
_NAME_KEYS = ("name", "fullName", "full_name", "displayName", "email", "firstName", "first_name", "id")
_PLACEHOLDER = re.compile(
    r"\{\{\s*([\w. \[\]-]{1,80}?)\s*\}\}|[$#]\{\s*([\w. -]{1,80}?)\s*\}|\*\|\s*([\w.: -]{1,60}?)\s*\|\*"
    r"|\[\[\s*([\w. -]{1,60}?)\s*\]\]|%{1,2}([A-Z][A-Z0-9_]{1,40})%{1,2}|<<\s*([\w. -]{1,60}?)\s*>>"
)
"""As templates of many kinds write what they are filled with."""
_HEADS = re.compile(
    r"(?i)(?:error|errors|exception|fehler|erreur|failed|failure|fail|stderr|stdout|output|caused by)?\s*[:.]*$"
    r"|traceback \(most|FAIL +\S+$|(?:ImportError while importing|require stack:)|=+ .{0,60} =+$|-{3,}"
)
_TRACEBACK = re.compile(r"Traceback \(most recent call last\)")
_RAISED = re.compile(r"(?:E {2,})?[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning|Timeout|Failure|Expired)\b")
_HOST = re.compile(
    r"(?i)(?:(?<=[\s:@/])(?=[a-z][\w-]*:\d{2,5}\b)|(?<=['\"\[])(?=[\w-]+(?:\.[\w-]+)+:\d{2,5}\b)"
    r"|[a-z][a-z0-9+]{1,12}://(?:[^\s/@'\"]{1,80}@)?|(?:host"
    r"|server\w*)=['\"]?|host ?name\s+"
    r"|ENOTFOUND\s+|EAI_AGAIN\s+|ECONNREFUSED\s+"
    r"|ETIMEDOUT\s+|lookup\s+|(?:host"
    r"|server|serveur|servidor|vers|to|at|mit|zu|with|tcp|from|von|über|via|bei|auf|sur|on|:)\s+|\(|<)['\"]?"
    r"(?P<host>(?:\d{1,3}(?:\.\d{1,3}){3}|localhost|[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){1,5}"
    r"|[a-z][a-z0-9-]{1,60}(?=:\d{2,5}\b))(?::\d{2,5})?)"
)


def quoted(text: str) -> list[str]:
    """Return every quoted name, in the order of the text, each once."""
    found = (next(part for part in match if part) for match in _QUOTED.findall(text))
    return list(dict.fromkeys(name.strip() for name in found if name.strip()))


def inputs(scene: Scene) -> Iterator[Mapping[str, JsonValue]]:
    """Yield the objects that say what the step worked on, the nearest first."""
    places: list[JsonValue] = []
    if scene.step is not None:
        places += [
            scene.step.details.get(key) for key in ("input", "inputs", "params", "parameters", "args", "arguments")
        ]
        places += [dict(scene.step.details), scene.step.result]
    places += [scene.record.context.get(key) for key in ("input", "inputs", "variables", "data", "context")]
    places.append(dict(scene.record.context))
    if scene.step is not None:
        places += [step.result for step in reversed(scene.record.steps[: scene.step.number - 1])]
    alone = (place[0] if isinstance(place, list) and len(place) == 1 else place for place in places)
    return (place for place in alone if isinstance(place, dict))


def person(value: JsonValue) -> str:
    """Return what a value calls a person: a short text, or the name or address in an object; empty: it does not."""
    if isinstance(value, str):
        return value.strip()[:100] if 1 < len(value.strip()) <= 100 else ""
    if isinstance(value, dict):
        return next((str(value[key])[:100] for key in _NAME_KEYS if value.get(key)), "")
    return ""


def objects(value: JsonValue, depth: int = 0) -> Iterator[dict[str, JsonValue]]:
    """Yield every object inside of a structure, the outermost first; JSON in its texts is looked into."""
    if isinstance(value, str):
        value = structure_in(value)[1]
    if depth > DEPTH:
        return
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from objects(part, depth + 1)
    elif isinstance(value, list):
        for part in value[:20]:
            yield from objects(part, depth + 1)


def objects_of(scene: Scene) -> Iterator[dict[str, JsonValue]]:
    """Yield every object inside of what the step's error and result say."""
    if scene.step is not None:
        yield from objects(scene.step.details.get("error"))
        yield from objects(scene.step.result)


def host(text: str) -> str:
    """Return the address that could not be reached, with its port where it is told; empty: none is named."""
    return next((found["host"].rstrip(".") for found in _HOST.finditer(text) if is_host(found["host"].rstrip("."))), "")


def placeholder(text: str) -> str:
    """Return the name in the first placeholder that a text quotes; empty where it quotes none."""
    found = _PLACEHOLDER.search(text)
    return next((part.strip() for part in found.groups() if part), "") if found is not None else ""


def variable(text: str) -> str:
    """Return the variable that an error speaks of."""
    if inside := placeholder(text):
        return inside
    if found := re.search(r"\b([A-Za-z_$][\w.$]{0,60}) is not defined\b", text):
        return found[1]
    if found := re.search(r"(?i)\b(?:variable|name|identifier|symbol)\s+['\"`«]?\s?([A-Za-z_$][\w.$-]{0,60})", text):
        return found[1]
    return next(iter(quoted(text)), "")


def line(text: str, limit: int = 200) -> str:
    """Return the line of a text that says what went wrong, bounded: the first, but not one that only heads others."""
    lines = [part.strip() for part in text.splitlines() if part.strip()]
    first = next((part for part in lines if not _HEADS.match(part)), lines[0] if lines else "")
    if _TRACEBACK.search(text):
        raised = [part for part in text.splitlines() if _RAISED.match(part)]
        first = raised[-1].strip() if raised else first
    return first if len(first) <= limit else first[: limit - 1].rstrip() + "…"
