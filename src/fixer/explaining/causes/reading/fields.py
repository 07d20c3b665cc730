"""The field that an error is about: a failure comes in, the field's name goes out as the error calls it."""

from collections.abc import Iterator

from pydantic import JsonValue

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.essential import essential
from fixer.explaining.causes.reading.field_words import KNOWN_FIELDS, NO_FIELDS, PATTERNS, QUOTED_FIRST, VALUE_WORD
from fixer.explaining.causes.reading.given import given
from fixer.explaining.causes.reading.names import inputs, placeholder, quoted
from fixer.explaining.causes.reading.plausible import is_field
from fixer.explaining.causes.reading.structures import objects_held, plain_key

_KEYS = (
    "field",
    "param",
    "fields",
    "fieldName",
    "field_name",
    "property",
    "propertyName",
    "propertyPath",
    "missingField",
    "missing_field",
    "missingFields",
    "missing_fields",
    "missingProperty",
    "missing",
    "required",
    "api_name",
    "apiName",
    "columnName",
    "column_name",
    "fieldPath",
    "field_path",
    "fieldKey",
    "argumentName",
    "parameterName",
    "paramName",
    "variable",
    "placeholder",
    "parameter",
    "attribute",
    "column",
    "pointer",
    "dataPath",
    "instancePath",
    "location",
)
_PATHS = ("loc", "path", "source")
"""Keys under which the way to the field stands, part by part."""
_IDENTIFIER = re.compile(r"[A-Za-z_]\w{1,40}(?:\.[A-Za-z_]\w{1,40}){0,4}")
_SAYING = frozenset({"message", "msg", "code", "error", "reason", "detail", "rule", "issue", "type", "i18nkey"})
"""Beside a path to a field they say what is wrong with it."""
_BY_NAME = frozenset({"errors", "fielderrors", "details", "validationerrors", "invalidfields"})
_PLACES = {"body", "query", "data", "attributes", "header", "path", "properties", "input", "payload", "root"}
"""Where a field stands, in the paths that validators give."""


def field(scene: Scene, *, guess: bool = True) -> str:
    """Return the field that the failure is about; empty where nothing tells.

    Args:
        scene: the failure.
        guess: whether words that only point to a field that most records have tell it, too: a recipient, a mailbox.
    """
    if found := _structured(scene):
        return found
    text = essential(scene.text)
    if (found := _quoted_key(scene, text)) or (found := _written(text, _codes(scene))) or not guess:
        return found
    return next((name for name, words in KNOWN_FIELDS if re.search(words, text, re.IGNORECASE)), "")


def _quoted_key(scene: Scene, text: str) -> str:
    """Return the name in quotes under which the step itself was given a value; empty where there is none."""
    names = quoted(text)
    if not names or scene.step is None:
        return ""
    keys = {plain_key(one.field) for one in given(scene) if one.step == scene.step.number}
    return next((name for name in names if plain_key(name) in keys and is_field(name)), "")


def _codes(scene: Scene) -> frozenset[str]:
    """Return the codes by which the error's structure says what is wrong: they are no fields."""
    held = (value for place in objects_held(scene) for key, value in place.items() if plain_key(key) in _CODE_KEYS)
    return frozenset(value for value in held if isinstance(value, str) and " " not in value)


_CODE_KEYS = frozenset({"code", "reason", "type", "status", "kind", "domain", "errorcode", "error", "name", "category"})


def _written(text: str, codes: frozenset[str]) -> str:
    """Return the name that stands in a text where fields are named; empty where none does.

    Args:
        text: of the error.
        codes: which are no names of fields.
    """
    if (inside := placeholder(text)) and is_field(inside):
        return inside
    if parts := re.search(r"['\"]loc['\"]:\s*[\[(]([^\])]{1,200})[\])]", text):
        return str(re.findall(r"[\w.-]+", parts[1])[-1])
    for number, pattern in enumerate(PATTERNS):
        for match in pattern.finditer(text):
            name = match["name"].strip().rstrip(".")
            if name not in codes and is_field(name) and (number < QUOTED_FIRST or name.lower() not in NO_FIELDS):
                return _last(name)
    names = [name for name in quoted(text) if re.fullmatch(r"[\w. -]{2,40}", name) and is_field(name)]
    names = [name for name in names if not re.search(rf"(?i){VALUE_WORD}\W{{1,3}}{re.escape(name)}", text)]
    told = names and re.search(
        r"(?i)field|feld|champ|campo|dato|dado|pole|поле|フィールド|項目|字段|key|null|obligat|obrigat|pflicht", text
    )
    return names[0] if told else ""


def empty_input(scene: Scene) -> str:
    """Return the one field without a value in what the step was given; empty: there is none, or more than one."""
    for place in inputs(scene):
        without = [key for key, value in place.items() if value in (None, "") and is_field(key)]
        if len(without) == 1 and plain_key(without[0]) not in _OF_STEPS:
            return without[0]
    return ""


def shown_empty(scene: Scene) -> bool:
    """Whether the error names a field that has no value in what the step was given."""
    text = scene.text.lower()
    without = (key for place in inputs(scene) for key, value in place.items() if value in (None, "") and is_field(key))
    return any(
        len(key) > 2 and plain_key(key) not in _OF_STEPS and re.search(rf"(?<!\w){re.escape(key.lower())}(?!\w)", text)
        for key in without
    )


_OF_STEPS = frozenset({"error", "result", "output", "message", "warning", "note", "cursor", "next", "nextpage"})
"""Keys that say how a step went."""


def _last(name: str) -> str:
    """Return the field of a name with the way to it: `contact.properties.phone` keeps its last part, `a.b` stays."""
    return name.rpartition(".")[2] if re.match(r"(?:body|data|input|payload|root|\$)\.", name) else name


def _structured(scene: Scene) -> str:
    """Return what the error's own structure calls the field: `param`, `field`, `loc`, or an entry by its name."""
    found = objects_held(scene, only_said=True)
    for place in reversed(found):
        for key in _KEYS:
            if name := _name(place.get(key)):
                return name
        for key in _PATHS:
            held = place.get(key)
            texts = [part for part in held if isinstance(part, str)] if isinstance(held, list) else []
            if texts and (name := _name(texts[-1])):
                return name
            if (
                isinstance(held, str)
                and _IDENTIFIER.fullmatch(held)
                and (key == "path" or re.search(r"[._A-Z]", held))
                and not _SAYING.isdisjoint(map(plain_key, place))
            ):
                return _last(held)
        if place.get("isValid") is False and (name := _name(place.get("name"))):
            return name
    return next((name for place in found for name in _by_name(place) if is_field(name)), "")


def _by_name(place: dict[str, JsonValue]) -> Iterator[str]:
    for key, held in place.items():
        if plain_key(key) not in _BY_NAME:
            continue
        if isinstance(held, dict) and held and all(isinstance(part, list | dict | str) for part in held.values()):
            first = next(iter(held))
            if plain_key(key) != "details" or isinstance(held[first], list):
                yield first[:80]


def _name(value: JsonValue) -> str:
    """Return the field's own name out of what a key holds: a name, a path to it, or a list of either."""
    if isinstance(value, dict):
        value = next(iter(value), "")
    if isinstance(value, list) and value:
        value = value[0] if all(isinstance(part, str) for part in value) and value[0] not in _PLACES else value[-1]
    if not isinstance(value, str) or not value or len(value) > 120 or "://" in value:
        return ""
    parts = [part for part in re.split(r"[./\[\]]+", value) if part and not part.isdigit() and part not in _PLACES]
    is_path = (
        value[0] == "/" or re.search(r"[.\[/]\d+\b", value) or re.match(r"(?:body|data|query|input|payload)\.", value)
    )
    name = parts[-1] if is_path and parts else value
    return name if name.lower() not in NO_FIELDS and name not in _PLACES and is_field(name) else ""
