"""The field that an error is about: a failure comes in, the field's name goes out as the error calls it."""

from collections.abc import Iterator

from pydantic import JsonValue

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.essential import essential
from fixer.explaining.causes.reading.given import given
from fixer.explaining.causes.reading.names import inputs, placeholder, quoted
from fixer.explaining.causes.reading.plausible import is_field
from fixer.explaining.causes.reading.quotes import CLOSE, OPEN, named
from fixer.explaining.causes.reading.structures import objects_held, plain_key

_WORD = (
    r"(?:fields?|propert(?:y|ies)|attributes?|columns?|parameters?|params?|arguments?|keys?|inputs?|placeholders?"
    r"|variables?"
    r"|(?:pflicht)?feld(?:er)?|(?:pflicht)?spalten?|eigenschaft|platzhalter|variablen?|champs?|paramètres?|propriétés?"
    r"|colonnes?|campos?|columnas?|colunas?|colonn[ae]|parámetros?|parâmetros?|parametr[oiy]|variáveis|variável"
    r"|variabil[ei]"
    r"|propiedad(?:es)?|propriedades?|campi|proprietà|veld(?:en)?|kolom(?:men)?|kolumn[ay]|zmienn[aey]|pol[ea]|пол[ея]"
    r"|столб(?:ец|цы)|колонк[аи]|переменн\w+|フィールド|項目|列|変数|字段|参数|变量|パラメータ)"
)
_NAMED_FIRST = r"(?! (?:value|type|values|wert|valor|valeur)\b)(?:[ _][^\W\d_]{1,14}){0,2}?"
_QUOTED = named("name", 60)
_THEN = r"(?:\s*[:=]\s*|[ \t]*)"
"""Before a name: another line begins another sentence, unless this one leads to it."""
_NOT_THERE = (
    r"(?:(?:was |is |are )?not (?:defined|found|provided|supplied|set|filled|given|specified|populated|mapped)\b"
    r"|(?:is|are|was|were|must be|cannot be|can't be|may not be|must not be|should not be|can not be|has been left)"
    r" (?:a |an )?(?:required|missing|empty|null|blank|undefined|mandatory|not set|provided|invalid|not valid|not"
    r" defined"
    r"|not a (?:valid )?(?:property|field|column|attribute|parameter)|unknown"
    r"|not (?:provided|filled|supplied|given|specified|populated|mapped))"
    r"|(?:does not|doesn't) exist|fehlt|darf nicht|ist (?:erforderlich|leer|ein pflicht)|est (?:obligatoire|requis"
    r"|vide)"
    r"|es obligatori|é obrigatóri|è obbligatori|no puede|não pode|manquant|を入力|は必須|不能为空|必填)"
)
_PATTERNS = (
    re.compile(
        r"(?m)^(?P<name>[A-Za-z_][\w.]{1,60})\n\s{2,}(?:[^\n]*[\[(]type="
        r"|Input should|Field required|Value error|value is)"
    ),
    re.compile(
        r"(?<![\w.])(?:body|data|input)\.properties\.(?P<name>[A-Za-z_][\w -]{0,40})(?=\.|\s(?:should|must|is))"
    ),
    re.compile(
        rf"{OPEN}(?P<name>\$?[A-Za-z]\w*[_.]\w[\w.]*|[a-z]+[A-Z]\w*){CLOSE}"
        r" (?:must|should|has to|needs to|cannot|can't)\b"
    ),
    re.compile(
        rf"(?i)(?<!\w){_WORD}(?!\w)(?: (?:is|are|named|called|missing|not found|name|nicht gefunden))*\s*[:=]?\s*"
        r"(?<=[\s:=])[\[(]\s*['\"]?(?P<name>[^\W\d][\w .$-]{1,59}?)['\"]?\s*[\]),]"
    ),
    re.compile(rf"(?i)(?<!\w){_WORD}(?!\w){_NAMED_FIRST}{_THEN}[\[(]?\s*{_QUOTED}"),
    re.compile(rf"(?i){_QUOTED},?\s?{_NOT_THERE}"),
    re.compile(rf"(?i){_QUOTED}\s?(?:{_WORD})(?!\w)"),
    re.compile(
        r"\{\{\s*\d{1,2}\s*\}\}\s*[:=(-]?\s*['\"`]?(?P<name>(?!(?:is|was|of|in|has|not|must)\b)[A-Za-z_]\w{1,40})"
    ),
    re.compile(r"(?<!\w)(?P<name>[A-Z_]\w{1,40}(?: [A-Z]\w{1,30}){0,2}) is not a (?:property|field|column|attribute)"),
    re.compile(
        rf"(?i)(?<!\w){_WORD} (?:not found|missing|unknown|not set|required|nicht gefunden|manquants?|no"
        rf" encontrado)\s*:"
        r"\s*(?P<name>[^\W\d][\w -]{1,59})(?=$|[\n:.,;])"
    ),
    re.compile(
        r"(?<![\w.])(?P<name>[a-z]{2,20}(?:_[a-z]{1,20}){1,5}|[a-z]{2,20}(?:[A-Z][a-z]{1,20}){1,4}) "
        r"(?:must|should|cannot|can't|has to|needs to|may not|is not|does not)\b"
    ),
    re.compile(
        rf"(?i)(?<!\w){_WORD}(?!\w)"
        r"(?: (?:is|are|named|called|missing|not found|name|nicht gefunden|required|mandatory|ob?bligat[oó]ri\w+"
        r"|obrigat[oó]ri\w+|obligatoires?|requise?s?|mancant\w|manquante?s?|faltante?s?|ausentes?))*"
        rf"{_THEN}[\[(]?\s*"
        r"(?P<name>[A-Za-zÀ-ž_][\w.À-ž-]{1,60})"
    ),
    re.compile(
        r"(?i)(?:^|[\s:(\"'`])(?P<name>[a-z_][\w.]{1,40})['\"`]? (?:is|was|are|must be|cannot be|can't be|may not be"
        r"|must not be|should not be) (?:a )?(?:required|missing|empty|null|blank|undefined|mandatory|not set|provided"
        r"|invalid|not valid)"
    ),
    re.compile(r"(?<![\w.])(?P<name>[A-Za-z_][\w.]{1,40})\s?=\s?(?:''|\"\")(?!['\"\w])"),
    re.compile(
        r"(?im)^[^\w\n]{0,10}(?P<name>[A-Za-z_][\w ]{1,40}?)\s*(?:\.{3,}|:|=|->)\s*[<(\[]?"
        r"(?:empty|null|none|missing|leer|vide|vac[ií]o|vazio)[>)\]]?\s*$"
    ),
    re.compile(
        r"(?im)\b(?:missing|empty|required|mandatory|leer|fehl\w+|manquant\w*|obligat\w+)\b[^\n:]{0,40}:\s+['\"]?"
        r"(?P<name>[A-Za-z_][\w.-]{1,40})['\"]?\s*(?=$|[,;)\]])"
    ),
    re.compile(
        r"(?i)\b(?:faltan?|mancan?o?|il manque|brakuje|ontbreekt|missing)\s+(?:(?:el|la|los|las|o|a|os|as|il|lo|i|gli"
        r"|le|les"
        r"|the|an?|het|de|un|una|uma)\s+)?(?P<name>[^\W\d][\w.-]{1,40})(?=\s+(?:of|del|de|do|da|du|des|della|van|for"
        r"|para|w|in)\b"
        r"|\s*(?:$|[.,;\n)]))"
    ),
    re.compile(
        r"(?i)(?<![\w.])(?P<name>[^\W\d][\w.-]{1,40}) (?:fehlt|fehlend|leer|manque|manquante?|vide|vac[ií][oa]|vazi[oa]"
        r"|vuot[oa]|mancante|leeg|ontbreekt|brakuje|missing|empty|blank)\b"
    ),
    re.compile(
        r"(?i)\b(?:no|missing|required|without|empty|lacks|lacking|invalid)(?: (?:an?|the|value for|required|property"
        r"|its))*\s+['\"`]?(?P<name>[a-z_][\w.]{1,40})['\"`]?"
    ),
    re.compile(
        r"(?<![\w.])(?P<name>[a-z]\w*_\w+|[a-z]+[A-Z]\w*)['\"`]?\s*(?:==?|:|is|was)?\s*(?:NULL|null|None|nil"
        r"|undefined)\b"
    ),
    re.compile(rf"{_QUOTED} (?:is|was|ist|est|es|é|è|=|:) {OPEN}"),
    re.compile(r"(?i)(?:null|unique|check) constraint failed: (?:\w+\.)*(?P<name>\w{1,60})"),
    re.compile(
        r"(?P<name>[^\W\d_][\w-]{2,30})\.? \S*\d\S* (?i:is|ist|est|es|é|è) (?:[\w']+ ){0,3}?(?i:invalid|ungültig|falsch"
        r"|invalide|inválid\w|non valid\w|not valid)\b"
    ),
    re.compile(r"KeyError: ['\"](?P<name>[^'\"\n]{1,60})['\"]"),
    re.compile(r"(?i)\bnull value\b[^\n]{0,40} (?:at|for|in) [\w.]*?\.?(?P<name>[a-z_]\w{1,40})(?![\w.])"),
    re.compile(
        r"(?im)(?:^|(?<=[:;,] ))\W{0,3}(?P<name>[^\W\d_][^\W_]{1,40}(?:[._][^\W_]{1,40}){0,6})\s*(?::|=>?|->)\s*"
        r"(?:is |ist |est |está |é )?"
        r"(?:empty|null|none|nil|missing|required|blank|undefined|leer|fehlt|pflicht\w*|vide|manquant\w*|obligat\w+"
        r"|vac[ií]\w|falta|vazi\w|obrigat\w+|vuot\w|mancante|leeg|ontbreekt|必須|未入力|为空|必填)\b"
    ),
)
_VALUE_WORD = r"\b(?:values?|wert|valor|valeur|valore|waarde|got|option|choice|input)"
"""Before what stands in quotes they say that it is no field."""
_QUOTED_FIRST = 7
"""The patterns in which the name stands in quotes: any name is one there."""
_NO_FIELDS = frozenset(
    """
    is are was were the a an for of in and or value values required missing field fields not does has have error errors
    invalid property valid found exist exists empty with to that this type input body must be no on at it param
    parameter key violates constraint which syntax isvalid message format provided request data failed validation string
    number integer int fehlt manquant obligatoire obligatorio recipient status contact null address from by such longer
    more response result results such es está se ha fue existe tiene hay est non nom name one two set left was blank
    resource argument credentials token json xml entity object operation character characters literal media file
    overflow mapping names count undefined unknown mandatory could cannot been parameters params properties columns
    arguments attributes keys nicht kein keine keinen leer
    pas niet nie não nao while when
    feld champ campo spalte zeile wert pflichtfeld datei file row puede puedes pode podem può peut hay fue foi foram
    """.split()  # noqa: SIM905 - a list of words reads better so
)
KNOWN_FIELDS = (
    ("email", r"e-?mail|courriel|correo|メール|邮箱|邮件|recipient|destinat|empfänger|mailbox|почт"),
    ("phone", r"phone|telefon|teléfono|téléphone|to' number|sms|電話|手机|电话|телефон"),
    ("profile_url", r"profile url|linkedin url|profil"),
    ("date", r"\bdates?\b|_date\b|[a-z]date\b|datum\b|\bfecha|日付|日期"),
    ("url", r"\burl\b|\buri\b|link"),
)
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
    for number, pattern in enumerate(_PATTERNS):
        for match in pattern.finditer(text):
            name = match["name"].strip().rstrip(".")
            if name not in codes and is_field(name) and (number < _QUOTED_FIRST or name.lower() not in _NO_FIELDS):
                return _last(name)
    names = [name for name in quoted(text) if re.fullmatch(r"[\w. -]{2,40}", name) and is_field(name)]
    names = [name for name in names if not re.search(rf"(?i){_VALUE_WORD}\W{{1,3}}{re.escape(name)}", text)]
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
    return name if name.lower() not in _NO_FIELDS and name not in _PLACES and is_field(name) else ""
