"""A step that runs code failed: where in its own code it did, what it read there, and what was given instead go out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.frames import is_foreign
from fixer.explaining.causes.reading.names import objects
from fixer.explaining.causes.reading.structures import plain_key

_AT = re.compile(
    r"(?m)^\s*at (?:(?:async |new )?(?P<call>[\w.$<>]+)[^(\n]{0,60}\()?(?P<path>[^()\s]{1,120}?):(?P<line>\d{1,6})"
    r"(?::\d{1,6})?\)?\s*$"
)
"""A frame of JavaScript."""
_FRAME = re.compile(r"([\w./-]{1,80}\.\w{1,5}):(\d{1,6})|File \"([^\"\n]{1,120})\", line (\d{1,6})")
_ENGINE = re.compile(
    r"/(?:runtime|engine|runner|sandbox)/|(?:^|/)(?:sandbox|vm2?|isolate|bootstrap|executor)\.\w{2,3}$|^internal/|/gems/"
)
"""What runs the code of steps, and is no library."""
_SOURCES = ("source", "code", "script", "sourcecode", "jscode", "pythoncode", "snippet")
_NUMBERED = re.compile(r"^\s*(\d{1,5})\s*[:|]\s?(.*)$")
_PATH = r"[A-Za-z_$][\w$]*(?:\??\.[\w$]+|\[['\"]?[\w$ -]+['\"]?\])*"
_OF_LISTS = frozenset(
    "map filter forEach reduce find findIndex some every flatMap slice sort join includes indexOf concat length".split()  # noqa: SIM905 - a list of words reads better so
)
"""What only lists are asked for."""
_INPUTS = frozenset(
    """
    input inputs ctx context data prev previous event args params payload steps json body result results response res
    msg message state vars variables request req item items workflow trigger node entrada eingabe
    """.split()  # noqa: SIM905 - a list of words reads better so
)
"""What the code of steps calls what it was given; anything else is a variable of its own."""
_MOST = 6


@dataclass(frozen=True)
class Read:
    """What the code of a step read that is not there."""

    expression: str
    """As it stands in the code: `input.results`."""
    key: str
    """Its last part: `results`."""
    step: int
    """The step whose result has other keys; 0: none."""
    action: str
    given: tuple[str, ...]
    """The keys that are there instead."""
    instead: str
    """The only one of them that the code can have meant; empty where there are several."""


def place_in_code(scene: Scene) -> str:
    """Return where in the step's own code it happened, as `file:line`: the innermost frame that is no engine's."""
    text, own = scene.text, source(scene)
    frames = [(found["path"], found["line"], found["call"] or "") for found in _AT.finditer(text)]
    if not frames:
        frames = [(one[1] or one[3], one[2] or one[4], "") for one in _FRAME.finditer(text)]
    known = [one for one in frames if len(one[2]) > 1 and (one[2] in own or one[2] in scene.failed.action)]
    good = known or [one for one in frames if not _ENGINE.search(one[0]) and not is_foreign(one[0])] or frames
    if not good:
        return ""
    # Python tells the innermost call last, the others first.
    name, number, _ = good[-1] if "Traceback (most recent" in text else good[0]
    return f"{name}:{number}"


def source(scene: Scene) -> str:
    """Return the code of the failed step as the record shows it; empty where it does not."""
    if scene.step is None:
        return ""
    places = (scene.step.details.get("error"), scene.step.result, scene.step.details, scene.step.details.get("input"))
    for place in places:
        for key, value in place.items() if isinstance(place, dict) else ():
            if plain_key(key) in _SOURCES and isinstance(value, str) and value.strip():
                return value
    return ""


def source_line(scene: Scene, place: str) -> str:
    """Return the line of the step's code at a place; empty where the record does not show it."""
    lines, number = source(scene).splitlines(), place.rpartition(":")[2]
    numbered = {found[1]: found[2] for line in lines if (found := _NUMBERED.match(line)) is not None}
    if len(numbered) == len(lines) and lines:
        return numbered.get(number, "").strip()
    at = int(number) if number.isdigit() else 0
    return lines[at - 1].strip() if 1 <= at <= len(lines) else ""


def read_in_code(scene: Scene, member: str, place: str) -> Read | None:
    """Return what the code read that is not there; None where the record does not show it.

    Args:
        scene: the failure.
        member: what was asked of it, or its own key, as the error says it.
        place: of the failure in the code.
    """
    code = source(scene)
    if not code or not member:
        return None
    asked = re.compile(rf"(?P<of>{_PATH})\??(?:\.|\[['\"]){re.escape(member)}(?![\w$])")
    found = asked.search(source_line(scene, place)) or asked.search(code)
    if found is None:
        return None
    expression = found["of"]
    if "KeyError" in scene.text:
        expression = f"{expression}['{member}']"
    key = re.split(r"[.\[\]'\"?]+", expression.rstrip("'\"]"))[-1]
    number, action, keys = next(_results(scene), (0, "", {}))
    is_given = re.split(r"\W", expression)[0].lstrip("$_").lower() in _INPUTS
    if not keys or not is_given or any(key in held for held in objects(scene.record.steps[number - 1].result)):
        return Read(expression, key, 0, "", (), "")
    lists = [name for name, value in keys.items() if isinstance(value, list)]
    likely = lists if member in _OF_LISTS else list(keys)
    return Read(expression, key, number, action, tuple(keys)[:_MOST], likely[0] if len(likely) == 1 else "")


def _results(scene: Scene) -> Iterator[tuple[int, str, Mapping[str, JsonValue]]]:
    """Yield the keys of what earlier steps gave, the nearest first."""
    number = scene.failed.step_number
    for step in reversed(scene.record.steps[: max(0, number - 1)]):
        result = step.result[0] if isinstance(step.result, list) and step.result else step.result
        if isinstance(result, dict) and result:
            yield step.number, step.action, result
