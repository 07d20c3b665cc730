"""What a mistake in a workflow is about: a failure comes in, the node, tool, condition or line of code goes out."""

from collections.abc import Iterator

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.essential import essential
from fixer.explaining.causes.reading.plausible import balanced, is_empty_word
from fixer.explaining.causes.reading.quotes import CLOSE, OPEN, named
from fixer.explaining.causes.reading.structures import texts_of, told

_QUOTED = named("name", 80)
_NODE_WORD = (
    r"(?:nodes?|steps?|tasks?|activit(?:y|ies)|states?|actions?|modules?|tools?|functions?|branch(?:es)?|workflows?"
    r"|knoten|schritte?|aufgabe|werkzeug|nœud|noeud|étape|outil|nodo|paso|herramienta|nó|passo|etapa|ferramenta"
    r"|passaggio"
    r"|stap|knooppunt|krok|węzeł|шаг|узел|ノード|ステップ|ツール|节点|步骤|工具)"
)
_NODES = (
    re.compile(rf"(?i)(?<!\w){_NODE_WORD}\s*(?:named|called|with (?:the )?(?:name|id)|namens|id)?\s*[:=]?\s*{_QUOTED}"),
    re.compile(rf"(?i){_QUOTED}\s*(?:{_NODE_WORD})(?!\w)"),
    re.compile(r"\$(?:node\[|\()\s*['\"](?P<name>[^'\"\n]{1,80})['\"]"),
    re.compile(r"(?<![\w.])(?P<name>(?:steps|nodes|tasks|outputs|jobs|actions)\.[\w-]+(?:\.[\w-]+){0,5})"),
    re.compile(
        r"(?i)(?:no|unknown|undefined|missing|unresolved) (?:node|step|task|state|tool|function|activity|action)"
        r"(?: named| called| with (?:id|name))?\s*[:=]?\s*(?P<name>[\w][\w.:-]{1,60})"
    ),
    re.compile(
        rf"(?i)(?<!\w){_NODE_WORD}\s*[:=]?\s*(?P<name>[a-z][a-z0-9]*(?:[_-][a-z0-9]+)+|[a-z]+(?:[A-Z][a-z]+)+"
        rf"|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+)\b"
    ),
    re.compile(r"(?i)\b(?:tool|function|agent)[ _-]?calls?\s*[:=]\s*(?P<name>[a-z]\w{1,60})"),
    re.compile(r"(?<![\w.])(?P<name>[A-Za-z]\w{2,60})\([^()\n]{0,80}\)[^\n]{0,80}(?<![\w.])(?P=name)\("),
    re.compile(r"(?i)\b(?P<name>[a-z]\w*_\w+) (?:was |has been )?(?:called|invoked|executed|visited|repeated|ran)\b"),
)
_CONDITIONS = (
    re.compile(
        r"(?i)\b(?:(?:exit |stop |end |break |termination |loop |if |filter |abbruch)?condition|expression|formula|rule"
        r"|bedingung|ausdruck|formel|expresión|condición|condição|expressão|condizione|espressione|expression|formule"
        r"|branch \w+|query|predicate|guard|criteria)\s*(?:is|was|of)?\s*[:=]?\s*"
        rf"(?:{OPEN}(?P<quoted>[^\n\"`“”„«»「」]{{1,90}}?){CLOSE}(?=$|[\s.,;:)])"
        r"|(?P<bare>[\w.$\[\]'{}]+ ?(?:[<>]=?|[!=]==?|<>|≥|≤)[^\n.;]{1,60}?)"
        r"(?=$|[.;]\s|\n| (?:-|=>|is|was|never|has)\b))"
    ),
    re.compile(
        r"(?P<bare>[\w.$]+ (?:[<>]=?|[!=]==?) [\w.$'\"%-]+(?: (?:and|or|AND|OR|&&|\|\|)"
        r" [\w.$]+ (?:[<>]=?|[!=]==?) [\w.$'\"%-]+)*)"
    ),
    re.compile(r"(?P<bare>\{\{[^{}\n]{1,80}\}\}|\$\{[^{}\n]{1,80}\})"),
)
_ARROW = re.compile(r"\s*(?:-{1,2}>|→|=>|➜|➔|⇒)\s*")
_TRAIL_KEYS = frozenset({"trail", "trace", "path", "visited", "history", "transitions", "route", "nodes", "steps"})
_TURNS = 3
"""Nodes in a row from which on one can see that they repeat."""
_CODE_LINE = re.compile(r"File \"[^\"\n]{1,160}\", line \d+[^\n]*\n\s+(?P<code>[^\n]{3,120})")
_KEYS = frozenset(
    """
    node nodename referencednode missingnode stepname referencedstep tool toolname functionname activity variable
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_EXPRESSION_KEYS = frozenset({"expr", "expression", "formula", "condition", "predicate"})
_NO_NODES = frozenset(
    """
    error errors failed failure execution exception the a an of is was not in on at to by from name id code type call
    calls undefined null none runtime module found exist exists called missing unknown output input result results
    """.split()  # noqa: SIM905 - a list of words reads better so
)


def node(scene: Scene) -> str:
    """Return the node, step, tool or function that the error names, not the failed step itself; empty: none."""
    action = scene.failed.action.strip().lower()
    return next((name for name in _nodes(scene) if _is_node(name) and name.lower() != action), "")


def _nodes(scene: Scene) -> Iterator[str]:
    text = essential(scene.text)
    for pattern in _NODES:
        for found in pattern.finditer(text):
            yield found["name"].strip().rstrip(".")
    for held in told(scene, _KEYS):
        yield from texts_of(held)


def _is_node(name: str) -> bool:
    return (
        1 < len(name) <= 80
        and name.lower() not in _NO_NODES
        and not is_empty_word(name)
        and not name.replace(".", "").isdigit()
        and balanced(name)
        and any(sign.isalnum() for sign in name)
    )


def condition(scene: Scene) -> str:
    """Return the condition or expression that the error quotes; empty where it quotes none."""
    text = essential(scene.text)
    for held in told(scene, _EXPRESSION_KEYS):
        for name in texts_of(held):
            if 2 < len(name) <= 120 and "\n" not in name:
                return name
    for pattern in _CONDITIONS:
        for found in pattern.finditer(text):
            parts = found.groupdict()
            name = re.split(r"\s(?:->|=>)\s", parts.get("quoted") or parts.get("bare") or "")[0].strip()
            if len(name) > 2 and balanced(name.replace("<", "").replace(">", "").replace("=", "")):
                return name
    return ""


def circle(scene: Scene) -> str:
    """Return the nodes that a log of turns repeats, in their order: `draft -> check`; empty where it shows none."""
    trails = [" -> ".join(texts_of(held)) for held in told(scene, _TRAIL_KEYS)]
    for told_line in (*trails, *essential(scene.text).splitlines()):
        parts = [part.strip(" '\"`[]().,…") for part in _ARROW.split(told_line)]
        parts[0] = parts[0].rpartition(": ")[2].strip()
        names = [part for part in parts if _is_node(part) and len(part.split()) <= 4]
        again = list(dict.fromkeys(name for name in names if names.count(name) > 1))
        if len(names) >= _TURNS and again:
            return " -> ".join(again[:6])
    return ""


def code_line(scene: Scene) -> str:
    """Return the line of the step's own code that failed, where a traceback shows it: the innermost."""
    lines = [
        found["code"].strip()
        for found in _CODE_LINE.finditer(scene.text)
        if "site-packages" not in found[0] and "/lib/python" not in found[0]
    ]
    told_code = lines[-1] if lines else ""
    return "" if set(told_code) <= set("~^ ") else told_code


_PLACE_KEYS = frozenset(
    """
    channel channelname channelid team teamname conversation conversationid room roomname chatid database databaseid
    org organization organisation orgname repo repository reponame tenant guild portal
    databasename pageid spreadsheetid board boardid project projectkey workspacename site sitename listid audienceid
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_PLACES = (
    re.compile(r"(?<![\w/&#])(?P<name>#[a-z][\w-]{1,60})(?![\w;])"),
    re.compile(
        rf"(?i)\b(?:channel|team|room|chat|group|conversation|database|schema|table|warehouse|dataset|bucket"
        rf"|repository|project|page|site|board|space|mailbox|calendar|folder|spreadsheet|worksheet|workbook|document"
        rf"|kanal"
        rf"|gruppe|raum|datenbank|postfach|canal|équipe|groupe|base|equipo|grupo|canale|チャンネル|频道)\s*[:=]?\s*{_QUOTED}"
    ),
    re.compile(
        r"(?i)\b(?:database|page|channel|board|spreadsheet|list|audience|calendar|folder|file)(?: with)? (?:id)\s*[:=]?"
        r"\s*['\"]?(?P<name>[\w-]{6,64})"
    ),
)
_BY_KEY = re.compile(
    r"(?i)(?<![\w-])(?:channel|team|room|chat|org|organi[sz]ation|repo|repository|project|board|database|page|site"
    r"|tenant"
    r"|portal|realm|subscription|mailbox|calendar|folder|bucket|guild|group|space)(?:[ _-]?(?:id|name|slug|key))?"
    r"(?:\s?=\s?|:\s+)"
    r"['\"]?(?P<name>#?[A-Za-z0-9][\w./-]{1,60})(?![\w@(])"
)
"""`org=acme`, `channel: ops`: in an error only, an action begins so with a service."""


def place(scene: Scene) -> str:
    """Return the channel, team, database or page that the error or the step names; empty where neither does."""
    for held in told(scene, _PLACE_KEYS):
        for name in texts_of(held):
            if _is_node(name) and "://" not in name:
                return name
    for text, patterns in ((essential(scene.text), (*_PLACES, _BY_KEY)), (scene.failed.action, _PLACES)):
        for pattern in patterns:
            for found in pattern.finditer(text):
                if _is_node(found["name"]):
                    return str(found["name"]).strip()
    return ""
