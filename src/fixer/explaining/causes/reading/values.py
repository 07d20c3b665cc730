"""The value that a step could not take: a failure comes in, the whole value goes out as the error writes it."""

from collections.abc import Iterator

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.essential import essential
from fixer.explaining.causes.reading.given import value_under
from fixer.explaining.causes.reading.names import quoted
from fixer.explaining.causes.reading.plausible import is_value
from fixer.explaining.causes.reading.quotes import named
from fixer.explaining.causes.reading.structures import texts_of, told

_KEYS = frozenset(
    """
    value rejectedvalue invalidvalue actualvalue givenvalue providedvalue badvalue offendingvalue inputvalue attempted
    attemptedvalue received actual got given provided
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_IN_QUOTES = named("value", 80)
_WRONG = (
    r"(?:invalid|not (?:a |an )?valid|malformed|bad|wrong|incorrect|illegal|unknown|unsupported|unrecogni[sz]ed"
    r"|unparse?able|unexpected|ungültig\w*|fehlerhaft\w*|falsch\w*|invalide|incorrecte?|non valide|inválid\w|no válid\w"
    r"|non valid\w|ongeldig\w*|nieprawidłow\w*|неверн\w+|некорректн\w+|недопустим\w+|不正な|無効な|无效)"
)
_BARE = re.compile(
    r"(?i)(?:e-?mail|mail|phone|number|address|adresse|url|value|date|currency|channel|nummer|telefon)[\w -]{0,12}?"
    r"[:=]?[ \t]+(?:(?P<value>\S{3,60}) (?:is|ist|est|es|é|è) (?:not |nicht |no |não |non )?(?:a |an )?(?:valid|invalid"
    r"|ungültig|gültig)|(?P<named>[+#]?[\w.@()-]*[@+#\d][\w.@()-]*))"
)
_PATTERNS = (
    re.compile(
        r"(?im)(?:^|(?<=[\]:;]) |(?<=\. ))\W?(?P<value>[^\n:;\[\]]{1,60}?)['\"`]? (?:was|is|were|are)(?: not"
        r"|n't) (?:one of|among"
        r"|in (?:the )?(?:list|set|allowed|enum)|an? (?:allowed|permitted|accepted|supported|selectable) (?:option"
        r"|value|choice))"
    ),
    re.compile(rf"(?i)\b(?:input_value|actual|rejected_?value|given|got|received)=\s?{_IN_QUOTES}"),
    re.compile(
        rf"(?i)\b(?:text|value|valor|valeur|wert|string|input|data|token|eingabe|entrada|saisie|valore|waarde|date"
        rf"|datum"
        rf"|fecha|literal)\s*[:=]?\s*{_IN_QUOTES}"
    ),
    re.compile(
        rf"(?i)(?:(?:parse|convert|deserialize|cast|read|interpret|understand|coerce|lesen|umwandeln|convertir|analyser"
        rf"|interpretar|converter)\w*|input syntax for[\w ]{{1,40}}:|input string:|base \d+:|got:?|received:?|given:?"
        rf"|provided:?|erhalten:?|reçu:?|recibido:?|gefunden:?|found:?|instead of|but was:?)\s*{_IN_QUOTES}"
    ),
    re.compile(
        rf"(?im)(?!\w*(?:Error|Exception)\b){_WRONG}(?=(?:[^\n:\uff1a]|:(?=\S)){{0,60}}(?<!\d)(?::[ \t]+"
        rf"|\uff1a\s*)['\"«„“]?(?P<value>[^\s'\"\[{{(][^\n]{{0,59}}?)"
        r"['\"»“”]?\s*(?:$|[.;,](?:\s|$)|\(|\||:\s|\bsupported\b|\bmust\b|\bexpected\b))"
    ),
    re.compile(
        r"(?im)(?:^|[\]:>]\s)(?P<value>\S{1,40}) (?:is not (?:a |an )?(?:valid|known|supported|recogni[sz]ed|allowed)"
        r"|is invalid"
        r"|ist (?:kein\w*|nicht) |n'est pas une? |no es un\w? |não é um\w? |non è un\w* )"
    ),
    re.compile(
        r"(?i)(?<![\w@])(?P<value>[\w.@+-]*\d[\w.@+-]*) (?:is|ist|est|es|é|è) (?:[\w']+ ){0,3}?(?:invalid"
        r"|ungültig|falsch"
        r"|invalide|inválid\w|non valid\w|not valid)\b"
    ),
    _BARE,
    re.compile(rf"(?i){_IN_QUOTES},? (?:is|ist|est|es|é|è|are|was|does|cannot|can't|could|konnte|passt|no|n')\b"),
)
_TYPED = (
    re.compile(r"(?P<value>[^\s@<>'\"(),;:=\[\]]{1,64}@{1,3}[^\s@<>'\"(),;:\]]{1,80})"),
    re.compile(r"(?P<value>[\w.+-]{1,64}\(at\)[\w.-]{1,80})"),
    re.compile(r"(?<![\w.])(?P<value>[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,4})?)(?!\w)"),
    re.compile(r"(?<![\w.:/-])(?P<value>\+\d[\d ()/.-]{4,20}\d\w{0,3})(?![\w:-])"),
    re.compile(r"(?<![\w.:/-])(?P<value>0\d{2,5}[ /-]\d[\d /-]{2,12}\w{0,4})(?![\w:])"),
    re.compile(r"(?<![\w.:/-])(?P<value>\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d{2}-\d{2})(?![\w:/T-]|\s\d\d:|\.\w)"),
)


_QUOTE = re.compile(r"(?P<before>[\w-]*)[\s:=(\[]*" + _IN_QUOTES + r"(?!\w)")
_OTHER = frozenset(
    """
    table tables column columns field fields file files job model relation constraint index key keys parameter param
    params property type template into from update view schema database sheet module node step function method class
    enum service app integration user role header
    values options allowed expected supported enum attribute argument line code status error errors name option channel
    """.split()  # noqa: SIM905 - a list of words reads better so
)
"""Before a name in quotes they say that it is no value."""
_ALLOWED = r"(?i)\b(?:one of|allowed|permitted|supported|choices|options|choose)\b[^\n']{0,25}['\"\[(]\s?"
"""Before what would be right."""
_WORDS = 7
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,80}")
_OF_ADDRESS = re.compile(r"(?i)mail|recipient|address|^to$|courriel|correo|destinat|requester|メール")
"""Fields whose value is the address that a person is called by."""


def value(scene: Scene, who: str, what: str) -> str:
    """Return the value that was not taken; empty where the error does not tell it, or tells it only in part.

    Args:
        scene: the failure.
        who: whose it is: no value.
        what: the field: no value either.
    """
    if "@" in who.replace("(at)", "@") and _OF_ADDRESS.search(what):
        return ""
    text = essential(scene.text)
    whole = (
        found
        for found in _candidates(scene, what)
        if not ("@" in who and _ADDRESS.fullmatch(found)) and not re.search(_ALLOWED + re.escape(found), text)
    )
    other = {who.lower(), what.lower(), what.lower().rpartition(".")[2], ""}
    found = next((found for found in whole if found.lower() not in other and _is_whole(found)), "")
    if not found:
        return ""
    longer = (name for name in quoted(text) if found in name and len(name) <= len(found) + 12)
    return next((name for name in longer if name.startswith(found[:3]) and _is_whole(name)), found)


def _is_whole(found: str) -> bool:
    """Whether a text is a value and not what is said of one: a sentence, a type, a word for what is wrong."""
    return is_value(found) and len(found.split()) <= _WORDS and not _SAID.search(found)


_SAID = re.compile(
    rf"(?i){_WRONG}|\b(?:is|are|was|must|should|cannot|field|value|error|exception|expected|required|does|mismatch"
    rf"|validation|failed"
    rf"|type)\b"
    rf"|(?<![\w-])not(?![\w-])|^(?:to|from|cc|bcc)$"
    r"|^\d\.\d{1,3}\.\d{1,3}$|fehler$"
)


def _candidates(scene: Scene, what: str) -> Iterator[str]:
    text = essential(scene.text)
    for held in told(scene, _KEYS):
        yield from texts_of(held)
    yield value_under(scene, what, own=True)
    for pattern in (*_PATTERNS[:4], *_TYPED, *_PATTERNS[4:]):
        for found in pattern.finditer(text):
            yield next(part for part in found.groups() if part).strip(" -/").rstrip(".,;")
    for found in _QUOTE.finditer(text):
        if found["before"].lower() not in _OTHER:
            yield found["value"]
    yield value_under(scene, what, own=False)
