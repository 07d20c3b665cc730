"""How errors name a field, in their own words: patterns for its name, and the words that are no names."""

from fixer import lazy_re as re
from fixer.explaining.causes.reading.quotes import CLOSE, OPEN, named

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
PATTERNS = (
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
VALUE_WORD = r"\b(?:values?|wert|valor|valeur|valore|waarde|got|option|choice|input)"
"""Before what stands in quotes they say that it is no field."""
QUOTED_FIRST = 7
"""The patterns in which the name stands in quotes: any name is one there."""
NO_FIELDS = frozenset(
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
