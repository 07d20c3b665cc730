"""A template that is not there: which step wanted it, where to create it, and the one that is closest."""

import difflib
from collections.abc import Iterator, Mapping, Sequence

from fixer import lazy_re as re
from fixer.alternatives import says
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.essential import decisive, essential, quote
from fixer.explaining.causes.reading.names import quoted
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.plausible import is_template
from fixer.explaining.causes.reading.quotes import CLOSE, INSIDE, OPEN
from fixer.explaining.causes.reading.structures import plain_key, texts_of, told
from fixer.explaining.causes.reading.words import FIELD, MISSING, TEMPLATE, near, prepared, sure
from fixer.schema.explanation import SuggestedFix
from fixer.schema.root_cause import RootCause
from fixer.schema.workspace import Template

_NOT_LOADED = (
    r"(?:(?:could(?: not|n't)|can(?:not|'t)|was(?: not|n't)|failed to|unable to|never) (?:be )?(?:load\w*|open\w*|read"
    r"|fetch\w*"
    r"|retriev\w*|resolv\w*|get|got|saved|stored|defined|created|selected|used)|nothing (?:is )?(?:stored|saved|called"
    r"|named|by that"
    r"|under|with)"
    r"|(?:no|none) (?:by|with|under|of|has) th(?:at|is) (?:name|id)|nicht (?:geladen|geöffnet|gelesen|aufgelöst"
    r"|abgerufen|hinterlegt"
    r"|angelegt|gespeichert|definiert|ermittelt)|nichts (?:hinterlegt|gespeichert|angelegt)"
    r"|keine? (?:\S+ ){0,3}unter diesem"
    r" namen|(?:pas|pu) être (?:chargée?|ouverte?|lue?|récupérée?)|impossible (?:de|d')\s?(?:charger|ouvrir|lire"
    r"|récupérer|utiliser)"
    r"|(?:aucune?|rien) (?:\S+ ){0,4}(?:sous|à) ce nom|no (?:se )?(?:pudo|puede|ha podido) (?:cargar|abrir|leer"
    r"|usar)\w*|imposible"
    r" (?:cargar|abrir|leer)|(?:nada|ninguna?) (?:\S+ ){0,4}con (?:ese|este) nombre|não (?:pôde|pode"
    r"|foi possível) (?:ser )?(?:carrega"
    r"|abri|le|usa)\w*|(?:nada|nenhuma?) (?:\S+ ){0,4}com (?:esse|este) nome|impossibile (?:caricare|aprire|leggere)"
    r"|non (?:può essere"
    r"|è stato possibile|si è potuto) (?:caric|apr|legg|us)\w*|niet (?:worden )?(?:geladen|geopend|gelezen|opgeslagen)"
    r"|nie (?:można"
    r"|udało się|mogła? (?:zostać|być)) (?:\w+ )?(?:załadowa|wczyta|otworzy|odczyta)\w*|не (?:удалось"
    r"|может быть) (?:загру|откры"
    r"|прочит)\w*|読み込めません|読み込めない|開けません|登録されていません|无法加载|加载失败|无法打开|無法載入)"
)
"""A thing could not be had by its name, in words that say so of templates more than of others."""
_RULES = (
    (
        0.93,
        (
            r"template[ _]?(?:name )?(?:id )?(?:not[ _]?found|does not exist|missing|not[ _]?exist)|unknown "
            r"template|no (?:such )?template"
        ),
    ),
    (
        0.95,
        (
            r"(?<!\w)(?:te?mpl(?:ate)?|tpl|vorlage|plantilla|modèle|sjabloon|szablon|шаблон)\W{1,3}"
            r"(?!(?:variable|field|placeholder|param|body|subject|value|data|input)s?\b)"
            r"[\w.-]{2,60}['\")\]]{0,3}\s*(?:=+>?|->|→|:|is|was|ist|est|es)\s*(?:nil|null|none|undefined|nothing)(?!\w)"
        ),
    ),
    (0.88, near(TEMPLATE, MISSING, 90)),
    (0.9, near(TEMPLATE, _NOT_LOADED, 90)),
    (
        0.9,
        near(
            TEMPLATE,
            r"(?:inactive|disabled|not (?:yet )?(?:approved|active|published)|unpublished|deaktiviert|désactivée?)",
            50,
        ),
    ),
    (
        0.9,
        (
            r"(?:テンプレート|ひな形|模板)[^\n。]{0,40}(?:見つかりません|存在しません"
            r"|ありません|不存在|找不到|未找到)|(?:找不到|未找到)[^\n。]{0,20}模板"
        ),
    ),
)
_OTHER = rf"(?:variable|placeholder|merge tag|{FIELD})"
_NAMED = re.compile(
    r"(?i)\b(?:template|vorlage|modèle|plantilla|modelo|sjabloon|szablon\w*|шаблон\w*)s?(?:[ _-]?(?:id"
    r"|name|named|called|slug|key|alias|handle|with (?:the )?(?:id|name|slug|key|alias|handle)"
    r"|not ?found))*"
    r"(?!\w)[ \t]*[:=(]*[ \t]*['\"(]?(?!does\b|was\b|is\b|not\b|could\b|might\b|may\b|must\b|has\b|exists?\b|in\b"
    r"|name\b)(?P<name>[\w][\w ./-]{0,80}?)['\")]?(?=$|\.(?!\w)|[?!,;)\n]| (?:was|is|does|not"
    r"|could|has"
    r"|in|wurde|nicht|n'|no|est|foi|não)\b)"
)
_NOT_FOUND = re.compile(
    r"(?i:template|view|vorlage|modele|plantilla)\w*(?i:NotFound|DoesNotExist|Missing|Lookup)\w*(?:Error|Exception)?"
    r"\s*:\s*['\"]?([^\s'\":][^'\"\n:]{0,99}?)['\"]?\s*(?=$|[\n;,:(]|\.\s)"
)
"""`TemplateNotFound: welcome.html`."""
_BRACKETED = re.compile(r"(?i)(?:template|\btpl|\btmpl)\s?(?:name|id)?\s*[(\[]\s*['\"]?([\w./ -]{1,100})['\"]?[)\]]")
_WORD = (
    r"(?:templates?|macros?|snippets?|canned (?:response|reply)|(?:\w*-)?(?:e-?mail|text|brief|nachrichten)?vorlagen?"
    r"|modèles?|gabarits?|plantillas?|modelos?|modell[oi]|sjabl[oe]n\w*|szablon\w*|шаблон\w*|テンプレート|ひな形|模板|模版)"
)
_QUOTED = re.compile(
    rf"(?i){_WORD}(?:[ _-]?(?:id|name|named|called|with (?:the )?(?:id|name|key|slug|alias)|key|slug"
    rf"|file|alias|handle|namens|mit dem namen|nommée?"
    rf"|llamad\w|chamad\w|denominat\w))*\s*[:=(]*\s*{OPEN}({INSIDE}{{2,100}}?){CLOSE}"
    rf"|{OPEN}({INSIDE}{{2,100}}?){CLOSE}[^'\"\n]{{0,12}}{_WORD}(?!\w)"
)
_SAYS = re.compile(r"[`'\"]|(?i:\b(?:was|is|does|has|could|template|with|named)\b)")
"""What stands without quotes is a sentence where it holds one of these, not a name."""
_LACKS = re.compile(r"(?i)(?:missing|unknown|no such|invalid) (?:template|view|partial)\s+(?P<name>\w[\w./-]{2,80})")
_KEYS = frozenset(
    """
    template templatename templateid templatekey templateslug templatealias templatefile templatepath missingtemplate
    macro macroid macroname snippet vorlage plantilla modelo modele
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_SENDS = re.compile(r"(?i)mail|message|nachricht|invite|template|send|senden|envoyer|enviar|slack|sms|whatsapp|render")
_NO_ID = (
    r"invalid[ _]template[ _](?:id|name|key)|template[ _](?:id|name|key)(?:[ _]is)?[ _](?:invalid|unknown|not valid)"
    rf"|{TEMPLATE}[^\n.;]{{0,80}}\b(?:0|no|zero) (?:results?|rows?|match\w*|hits?|records?)\b"
)
"""It was looked for, and its name or id is none: surely so where the workspace has none of the name, either."""
_CERTAIN = 2.5
"""More than the words of such an error weigh for a value that is not valid."""
CAUSES = frozenset({RootCause.MISSING_TEMPLATE})


def scores(scene: Scene) -> Mapping[RootCause, float]:
    """Say how sure it is that a template is named that nobody has."""
    score = _judged(scene)[0]
    return {RootCause.MISSING_TEMPLATE: score} if score > 0 else {}


def finding(scene: Scene, _: RootCause, score: float) -> Finding:
    """Explain which template it is, and which is closest."""
    return _finding(scene, _judged(scene)[1] or template(scene), score)


def _judged(scene: Scene) -> tuple[float, str]:
    """Return how sure it is, and the template's name; empty where none is named."""
    text = prepared(scene.text)
    names = [one.name for one in scene.workspace.templates]
    score = sure(text, _RULES)
    if score and says(text, rf"(?<!\w){_OTHER}(?!\w)") and not says(text, _RULES[0][1]):
        score -= 0.15
    elif score:
        score = max(score, 0.94)
    name = template(scene) if score or says(text, _NO_ID) else ""
    if score and name in names:
        score -= 0.25
    elif name and names and name in _instructed(scene):
        # The agent was told to use a template by a name that the workspace does not have.
        score = _CERTAIN
    if not score and _SENDS.search(scene.failed.action) and says(text, MISSING):
        # No word for a template, but a name much like one: "Outbound v3" where there is an "Outbound v2".
        name = next(
            (own for own in quoted(scene.text) if own not in names and _closest(own, scene.workspace.templates)), ""
        )
        score = 0.75 if name else 0.0
    return score, name


def _instructed(scene: Scene) -> str:
    """Return what the agent was told to do; empty where the workspace does not say."""
    who = scene.record.agent.casefold()
    return next((one.instructions for one in scene.workspace.agents if one.name.casefold() == who), "")


def template(scene: Scene) -> str:
    """Return the template that the error names; empty where it names none."""
    known = {one.name for one in scene.workspace.templates}
    found = [name.strip() for name in _named(scene) if is_template(name)]
    return next((name for name in found if name not in known), found[0] if found else "")


def mentioned(scene: Scene) -> str:
    """Return the template that an error about something else names: one that the workspace has, else one in words."""
    text = essential(scene.text)
    known = [one.name for one in scene.workspace.templates if len(one.name) > 2 and one.name.lower() in text.lower()]
    if known:
        return max(known, key=len)
    said = (next(part for part in found.groups() if part) for found in _QUOTED.finditer(text))
    bare = (found["name"] for found in _NAMED.finditer(text) if _is_name(found["name"]))
    return next((name.strip() for name in (*said, *bare) if is_template(name)), "")


def _named(scene: Scene) -> Iterator[str]:
    """Yield what may be the template's name, the surest first: what is said of a template, then any name."""
    text = essential(scene.text)
    for pattern in (_NOT_FOUND, _BRACKETED, _QUOTED):
        named = (next(part for part in found.groups() if part) for found in pattern.finditer(text))
        yield from (name for name in named if pattern is _QUOTED or not _SAYS.search(name))
    for value in told(scene, _KEYS):
        yield from texts_of(value)
    yield from quoted(text)
    yield from (
        found["name"] for pattern in (_LACKS, _NAMED) for found in pattern.finditer(text) if _is_name(found["name"])
    )
    if scene.step is not None:
        for place in (scene.step.details, scene.step.details.get("input"), scene.step.details.get("params")):
            for key, value in place.items() if isinstance(place, dict) else ():
                if plain_key(key) in _KEYS:
                    yield from texts_of(value)


def _is_name(bare: str) -> bool:
    """Whether words without quotes are a name: a word, or words one of which is written as names are."""
    return " " not in bare.strip() or bare != bare.lower() or any(sign.isdigit() for sign in bare)


def _closest(name: str, templates: Sequence[Template]) -> Template | None:
    folded = {one.name.casefold(): one for one in templates if one.name != name}
    found = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def _finding(scene: Scene, name: str, score: float) -> Finding:
    offers, templates = Offers(scene), scene.workspace.templates
    closest = _closest(name, templates) if name else None
    called = f"the template '{name}'" if name else "its template"
    words = f"{offers.subject} uses {called}, which does not exist in workspace '{scene.record.workspace}'."
    if closest is not None:
        words += f" The closest one that exists is '{closest.name}'."
    elif templates:
        words += f" There are: {', '.join(repr(one.name) for one in templates[:8])}."
    words += f" It can be created under Templates in workspace '{scene.record.workspace}'."
    create = _create(offers, name, closest)
    use = _use(offers, name, closest)
    return Finding(
        root_cause=RootCause.MISSING_TEMPLATE,
        score=score,
        explanation=words,
        fixes=listed(
            use,
            create,
            offers.manual(
                f"Create the template '{name}'"
                if name
                else f"Create the template that {offers.where} uses: {quote(decisive(scene, _RULES))}",
                f"open Templates in workspace '{scene.record.workspace}', choose New template and name it exactly "
                + (f"'{name}'" if name else f"as {offers.where} does"),
            )
            if create is None
            else None,
            offers.manual(
                f"Use '{closest.name}' in {offers.where} instead of '{name}'",
                f"set the template of {offers.where} to '{closest.name}'",
            )
            if closest is not None and name and use is None
            else None,
        ),
    )


def _use(offers: Offers, name: str, closest: Template | None) -> SuggestedFix | None:
    """Point the agent's instructions at the template that exists."""
    agent = offers.agent
    if agent is None or closest is None or not name:
        return None
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    text = pattern.sub(lambda _: closest.name, agent.instructions)
    if text == agent.instructions:
        text = f"{agent.instructions.rstrip()} Use the template '{closest.name}' where '{name}' is meant.".strip()
    return offers.instructions(f"Use '{closest.name}' instead of '{name}' in the instructions of {agent.name}", text)


def _create(offers: Offers, name: str, closest: Template | None) -> SuggestedFix | None:
    """Add the template, with the placeholders of the closest one."""
    templates = offers.scene.workspace.templates
    like = closest or next(iter(templates), None)
    if not name:
        return None
    holes = list(dict.fromkeys(re.findall(r"\{\{\s*[\w.]+\s*\}\}", like.body))) if like is not None else []
    body = (
        closest.body
        if closest is not None and closest.body
        else f"Hi {' '.join(holes or ['{{first_name}}'])},\n\nWrite the text of '{name}' here."
    )
    kind = like.kind if like is not None else ""
    told = f", modelled on '{closest.name}'" if closest is not None else ""
    return offers.template(
        f"Create the template '{name}'{told}", name, kind, body, like.name if like is not None else ""
    )
