"""The real things that an error names: quoted names, contacts, fields, variables, hosts and times go out of it."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene

_QUOTED = re.compile(
    r"(?<![\w])'([^'\n]{1,120})'(?!\w)|\"([^\"\n]{1,120})\"|`([^`\n]{1,120})`|“([^”\n]{1,120})”|„([^“”\n]{1,120})[“”]"
    r"|«\s?([^»\n]{1,120}?)\s?»|「([^」\n]{1,120})」|『([^』\n]{1,120})』"
    r"|《([^》\n]{1,120})》|\u2018([^\u2019\n]{1,120})\u2019"
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w.@-]{1,80}|[\w.+-]{1,64}\(at\)[\w.-]{1,80}")
_CONTACT = re.compile(
    r"(?i:\b(?:contact|lead|recipient|person|customer|user|prospect|kontakt|kunde|empfänger|client"
    r"|destinataire|contacto|cliente|contato"
    r"|contatto|klant|контакт\w*|клиент\w*)\b)[:#]?\s+(?:(?i:named|called|name)\s+)?['\"“„«]?"
    r"(?P<name>[A-ZÀ-ÞА-Я][\w'\u2019-]{1,30}(?:\s[A-ZÀ-ÞА-Я][\w'\u2019-]{1,30}){0,2})"
)
_PEOPLE = ("contact", "lead", "recipient", "person", "customer", "user", "prospect", "to", "email")
_NAME_KEYS = ("name", "fullName", "full_name", "displayName", "email", "firstName", "first_name", "id")
_PLACEHOLDER = re.compile(r"\{\{\s*([\w. \[\]-]{1,80}?)\s*\}\}|\$\{\s*([\w. -]{1,80}?)\s*\}")
_FIELD = (
    re.compile(
        r"(?i)\b(?:fields?|propert(?:y|ies)|attribute|column|param(?:eter)?|argument|key|feld|champ|campo|veld"
        r"|pole|поле)s?"
        r"(?: (?:is|are|named|called|missing|not found|name|nicht "
        r"gefunden))*\s*[:=]?\s*[\[(]?\s*['\"`“„«「]?(?P<name>[A-Za-zÀ-ž_][\w.À-ž-]{1,60})['\"`”“»」]?"
    ),
    re.compile(
        r"(?i)(?:^|[\s:(])['\"`]?(?P<name>[a-z_][\w.]{1,40})['\"`]? (?:is|was|are|must be|cannot be|can't be"
        r"|may not be|must not be|should not be) "
        r"(?:a )?(?:required|missing|empty|null|blank|undefined|mandatory|not set|provided|invalid|not valid)"
    ),
    re.compile(
        r"(?i)(?:no|missing|required|without|empty|lacks|lacking|invalid)(?: (?:an?|the|value for|required"
        r"|property|its))*\s+['\"`]?(?P<name>[a-z_][\w.]{1,40})['\"`]?"
    ),
    re.compile(r"(?m)^(?P<name>[a-z_][\w.]{1,40})\n\s{2,}\S"),
)
_NO_FIELDS = {
    "is",
    "are",
    "was",
    "the",
    "a",
    "an",
    "for",
    "of",
    "in",
    "and",
    "or",
    "value",
    "values",
    "required",
    "missing",
    "field",
    "fields",
    "not",
    "does",
    "has",
    "have",
    "error",
    "errors",
    "invalid",
    "property",
    "valid",
    "found",
    "exist",
    "empty",
    "with",
    "to",
    "that",
    "this",
    "type",
    "input",
    "body",
    "must",
    "be",
    "no",
    "on",
    "at",
    "it",
    "param",
    "parameter",
    "key",
    "violates",
    "constraint",
    "which",
    "syntax",
    "isvalid",
    "message",
    "format",
    "provided",
    "request",
    "data",
    "failed",
    "validation",
    "string",
    "number",
    "integer",
    "int",
    "fehlt",
    "manquant",
    "obligatoire",
    "obligatorio",
    "recipient",
    "status",
    "contact",
    "null",
    "address",
    "were",
    "from",
    "by",
    "such",
}
KNOWN_FIELDS = (
    ("email", r"e-?mail|courriel|correo|メール|邮箱|邮件|recipient|destinat|empfänger|mailbox|почт"),
    ("phone", r"phone|telefon|teléfono|téléphone|to' number|sms|電話|手机|电话|телефон"),
    ("profile_url", r"profile url|linkedin url|profil"),
    ("date", r"\bdate|datum|fecha|日付|日期"),
    ("url", r"\burl\b|\buri\b|link"),
)
_HOST = re.compile(
    r"(?i)(?:https?://|host=['\"]|ENOTFOUND\s+|EAI_AGAIN\s+|ECONNREFUSED\s+|ETIMEDOUT\s+|lookup\s+|(?:host"
    r"|server|serveur|servidor|vers|to|at|mit|zu|with|tcp|:)\s+)['\"]?"
    r"(?P<host>(?:\d{1,3}(?:\.\d{1,3}){3}|localhost|[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){1,5})(?::\d{2,5})?)"
)


def quoted(text: str) -> list[str]:
    """Return every quoted name, in the order of the text, each once."""
    found = (next(part for part in match if part) for match in _QUOTED.findall(text))
    return list(dict.fromkeys(name.strip() for name in found if name.strip()))


def contact(scene: Scene) -> str:
    """Return the person that the failure is about: a name of the error, else of the record's input, else an address."""
    if found := _CONTACT.search(scene.text):
        return found["name"]
    for place in _inputs(scene):
        for key in _PEOPLE:
            if name := _person(place.get(key)):
                return name
    address = _MAIL.search(scene.text)
    return address[0].rstrip(".,;:") if address else ""


def _inputs(scene: Scene) -> Iterator[Mapping[str, JsonValue]]:
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
    return (place for place in places if isinstance(place, dict))


def _person(value: JsonValue) -> str:
    if isinstance(value, str):
        return value.strip()[:100] if 1 < len(value.strip()) <= 100 else ""
    if isinstance(value, dict):
        return next((str(value[key])[:100] for key in _NAME_KEYS if value.get(key)), "")
    return ""


def field(scene: Scene) -> str:
    """Return the field that the failure is about; empty where nothing tells."""
    details = _structured(scene)
    if details:
        return details
    text = scene.text
    if inside := _PLACEHOLDER.search(text):
        return (inside[1] or inside[2]).strip()
    if parts := re.search(r"['\"]loc['\"]:\s*\[([^\]]{1,200})\]", text):
        return str(re.findall(r"[\w.-]+", parts[1])[-1])
    for pattern in _FIELD:
        for found in pattern.finditer(text):
            name = found["name"].rstrip(".")
            if name.lower() not in _NO_FIELDS and not name.isdigit():
                return name
    names = [name for name in quoted(text) if re.fullmatch(r"[\w. -]{2,40}", name) and not name.isdigit()]
    if names and re.search(r"(?i)field|feld|champ|campo|pole|поле|フィールド|項目|字段|key|null|value", text):
        return names[0]
    return next((name for name, words in KNOWN_FIELDS if re.search(words, text, re.IGNORECASE)), "")


def _structured(scene: Scene) -> str:
    """Return what the error's own structure calls the field: `param`, `field`, `fields`, `loc`, or `errors` by name."""
    if scene.step is None:
        return ""
    for place in _objects(scene.step.details.get("error"), 0):
        for key in ("field", "param", "fields", "fieldName", "field_name", "property", "propertyName", "missingField"):
            value = place.get(key)
            value = value[0] if isinstance(value, list) and value else value
            if isinstance(value, str) and value and len(value) <= 80 and value.lower() not in _NO_FIELDS:
                return value
        by_name = place.get("errors")
        if isinstance(by_name, dict) and by_name:
            return next(iter(by_name))[:80]
    return ""


def _objects(value: JsonValue, depth: int) -> Iterator[dict[str, JsonValue]]:
    if depth > 8:
        return
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _objects(part, depth + 1)
    elif isinstance(value, list):
        for part in value[:20]:
            yield from _objects(part, depth + 1)


def objects_of(scene: Scene) -> Iterator[dict[str, JsonValue]]:
    """Yield every object inside of what the step's error and result say."""
    if scene.step is not None:
        yield from _objects(scene.step.details.get("error"), 0)
        yield from _objects(scene.step.result, 0)


def host(text: str) -> str:
    """Return the address that could not be reached, with its port where it is told; empty: none is named."""
    found = _HOST.search(text)
    return found["host"] if found else ""


def variable(text: str) -> str:
    """Return the variable that an error speaks of."""
    if inside := _PLACEHOLDER.search(text):
        return (inside[1] or inside[2]).strip()
    if found := re.search(r"\b([A-Za-z_$][\w.$]{0,60}) is not defined\b", text):
        return found[1]
    if found := re.search(r"(?i)\b(?:variable|name|identifier|symbol)\s+['\"`«]?\s?([A-Za-z_$][\w.$-]{0,60})", text):
        return found[1]
    return next(iter(quoted(text)), "")


def line(text: str, limit: int = 200) -> str:
    """Return the first line of a text, bounded."""
    first = next((part.strip() for part in text.splitlines() if part.strip()), "")
    return first if len(first) <= limit else first[: limit - 1].rstrip() + "…"
