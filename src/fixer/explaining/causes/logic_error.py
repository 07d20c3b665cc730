"""A mistake in the agent's own logic: division by zero, an undefined variable, no branch that fits, an endless loop."""

import difflib
from collections.abc import Mapping, Sequence

from fixer import lazy_re as re
from fixer.alternatives import says
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.missing_field import in_a_template
from fixer.explaining.causes.reading.essential import LINE, decisive, essential, quote
from fixer.explaining.causes.reading.names import variable
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.step_code import Read, place_in_code, read_in_code, source_line
from fixer.explaining.causes.reading.subjects import circle, code_line, condition, node
from fixer.explaining.causes.reading.words import prepared, sure
from fixer.schema.explanation import SuggestedFix
from fixer.schema.root_cause import RootCause

_KINDS: tuple[tuple[str, str, tuple[tuple[float, str], ...]], ...] = (
    (
        "divides by zero",
        "check that the divisor is not zero before the division",
        (
            (
                0.96,
                (
                    r"divi(?:sion|de|ded|ding) by (?:zero|0)|/ by zero|zerodivision|divide ?by ?zero"
                    r"|arithmetic ?exception"
                    r"|division durch (?:null|0)|durch null (?:geteilt|dividiert)|division par zéro|divisi[óo]n (?:por"
                    r"|entre) cero|divisão por zero|divisione per zero|delen door nul|dzielenie przez zero"
                    r"|деление на ноль"
                    r"|ゼロ除算|除以零|除数为零"
                ),
            ),
        ),
    ),
    (
        "runs in circles",
        "give the loop a condition under which it ends",
        (
            (
                0.95,
                (
                    r"(?:infinite|endless) (?:loop|recursion)|endlosschleife|boucle infinie|bucle infinito"
                    r"|laço infinito"
                    r"|ciclo infinito|бесконечн\w+ цикл|無限ループ|无限循环|死循环|max\w* (?:number "
                    r"of )?(?:iterations?|loops?"
                    r"|recursion|visits|turns|handoffs|hops)|iterations?[^\n]{0,30}exceeded|(?:recursion|iteration"
                    r"|loop) "
                    r"(?:limit|depth)|call "
                    r"?stack size|stack ?overflow|recursionerror|circular (?:dependency|reference)|cyclic"
                    r"|cycle detected"
                    r"|visited (?:more than )?\d+ times|loop[_ ](?:detected|guard)"
                    r"|(?:why|reason|error|code)\W{1,3}(?:loop|recursion|cycle)\b"
                ),
            ),
        ),
    ),
    (
        "has no branch for this case",
        "add a branch for this case, or a default",
        (
            (
                0.95,
                (
                    r"no (?:matching )?(?:branch|case|condition|route|path|rule|transition)s?(?: \w+)? "
                    r"(?:match\w*|found"
                    r"|applie[sd]|fits)|no (?:matching|default) (?:branch|case|route|path)|unhandled "
                    r"(?:case|branch|value"
                    r"|state)|switch (?:has no|without) |none of the (?:conditions|branches)|unknown (?:next )?(?:step"
                    r"|branch|state|node)|no such step|kein (?:passender )?(?:zweig|fall|pfad)|aucune (?:branche"
                    r"|condition)|ninguna (?:rama|condición)|nenhum\w* (?:ramo|condição)|nessun (?:ramo|caso)"
                    r"|non-exhaustive|matcherror|no branch"
                ),
            ),
        ),
    ),
    (
        "uses a variable that is not set",
        "set the variable before this step, or correct its name",
        (
            (
                0.95,
                (
                    r"\b(?:variables?|placeholders?|merge tags?|platzhalter|variáve(?:l|is)|variabile"
                    r"|variabele|zmienn\w+"
                    r"|переменн\w+)\b[^\n]{0,80}(?:not|n't|un|nicht|pas|no|não|non|niet|nie|не)[ "
                    r"-]?\s?(?:been |está |est "
                    r"|è |jest |is )?(?:defined|resolved?|set|known|found|exist\w*|initiali[sz]ed|definiert|bekannt"
                    r"|gesetzt|définie?|definid\w|definit\w|gedefinieerd|zdefiniowan\w|определен\w*)"
                ),
            ),
            (
                0.98,
                (
                    r"(?<![\w.])(?:steps|nodes|outputs|tasks|vars|variables|flow|ctx)\.[\w.\[\]-]+\s*(?:=>?|->|→|is|was|:)\s*"
                    r"(?:undefined|null|none|nil|not (?:defined|set|found))(?!\w)"
                ),
            ),
            (
                0.94,
                (
                    r"(?:undefined|unknown|unresolved|undeclared|unset|unbekannte|inconnue|desconocida|desconhecida) "
                    r"(?:\w+ )?(?:variable|identifier|name|symbol|placeholder|reference)"
                    r"|変数[^\n]{0,20}(?:未定義|定義されていません)"
                    r"|变量[^\n]{0,20}未定义|未定义的变量"
                ),
            ),
            (
                0.93,
                (
                    r"referenceerror|nameerror|unboundlocalerror|undefinederror|\b[\w.$]+ is not defined\b"
                    r"|is undefined\b"
                    r"|undefined variable"
                ),
            ),
        ),
    ),
    (
        "uses a value of the wrong type",
        "convert the value, or check its type before it is used",
        (
            (
                0.93,
                (
                    r"\btypeerror\b(?!: (?:fetch failed|failed to fetch|network))|classcastexception|cannot (?:convert"
                    r"|cast|coerce)|unsupported operand|can only concatenate|not iterable|not callable|is "
                    r"not a function"
                    r"|not subscriptable|expected (?:a |an )?\w+ (?:but )?(?:got|received|found|instead)|type mismatch"
                    r"|wrong type|falscher (?:daten)?typ|mauvais type|tipo (?:incorrecto|errado|sbagliato)|no implicit "
                    r"conversion|undefined method"
                ),
            ),
        ),
    ),
    (
        "looks for a key that is not there",
        "check that the key is there before it is used, or give it a default",
        (
            (
                0.94,
                (
                    r"traceback \(most recent call last\)[^~]{0,4000}keyerror|no ?such ?key ?exception in"
                    r"|key ?not ?found ?exception"
                ),
            ),
        ),
    ),
    (
        "uses a value that is not there",
        "check that the value is there before it is used",
        (
            (
                0.95,
                (
                    r"cannot read propert|of undefined|of null\b|null ?pointer|nil pointer|nonetype|object "
                    r"reference not "
                    r"set|undefined is not|attributeerror|nosuchelement|null reference|invalid memory address"
                ),
            ),
            (
                0.93,
                (
                    r"index ?error|index out of (?:range|bounds)|out ?of ?bounds|list index|empty (?:list"
                    r"|sequence|array)"
                    r"|stopiteration|array index"
                ),
            ),
        ),
    ),
    (
        "ends with an exception in its own code",
        "correct the step's expression",
        (
            (
                0.85,
                (
                    r"expression (?:error|failed|evaluation)|evaluation (?:error|failed)|assertion ?(?:error|failed)"
                    r"|illegalstate|illegalargument|runtimeerror|logic ?error|syntax ?error in (?:expression|formula"
                    r"|condition)|invalid (?:expression|condition|formula)|panicked at|valueerror"
                ),
            ),
        ),
    ),
    (
        "is wrong in itself",
        "correct the instructions, the condition or the code that says this",
        (),
    ),
)
_VARIABLE = next(number for number, (what, _, _) in enumerate(_KINDS) if "variable" in what)
CAUSES = frozenset({RootCause.LOGIC_ERROR})


def scores(scene: Scene) -> Mapping[RootCause, float]:
    """Say how sure it is that the step's own logic is wrong."""
    score = _kind(scene)[0]
    return {RootCause.LOGIC_ERROR: score} if score > 0 else {}


def finding(scene: Scene, _: RootCause, score: float) -> Finding:
    """Explain what is wrong in it."""
    return _finding(scene, score, _kind(scene)[1])


def _kind(scene: Scene) -> tuple[float, int]:
    """Return how sure it is, and the number of the kind."""
    text = prepared(scene.text)
    found = max(((sure(text, rules), number) for number, (_, _, rules) in enumerate(_KINDS)), key=lambda one: one[0])
    score, kind = found
    if score and says(text, r"fetch failed|econn|enotfound|socket|http error"):
        score -= 0.3
    if score and kind == _VARIABLE and in_a_template(scene):
        score -= 0.5
    return (score, kind) if score > 0 else (0.0, len(_KINDS) - 1)


def _finding(scene: Scene, score: float, kind: int) -> Finding:
    offers = Offers(scene)
    what, how, rules = _KINDS[kind]
    name = (variable(essential(scene.text)) if "variable" in what else "") or _subject(scene.text)
    said, at = decisive(scene, rules), place_in_code(scene)
    read = read_in_code(scene, name, at)
    name = read.expression if read is not None else name
    named = _about(scene, name, said)
    words = f"{offers.subject} {what}{f': {name!r}' if name else ''}"
    words += f"; step {read.step} ({read.action}) gave {_listed(read.given)}" if read is not None and read.step else ""
    words += f". It said: {decisive(scene, rules, LINE)}"
    code = code_line(scene) or source_line(scene, at)[:_LINE]
    action = f"open {offers.where}{f' at {at}' if at else ''}{f' ({code})' if code else ''} and {how}"
    return Finding(
        root_cause=RootCause.LOGIC_ERROR,
        score=score,
        explanation=words,
        fixes=listed(
            _instead(offers, read) if read is not None and read.step else _spelling(offers, scene, name),
            offers.manual(f"In {offers.where}, {how}: {named}", action),
            _instruct(offers, how, named),
        ),
    )


_LINE = 160
"""Characters of a line of code that a fix repeats."""


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _instead(offers: Offers, read: Read) -> SuggestedFix:
    """Offer to read what the step before really gave."""
    there = repr(read.instead) if read.instead else f"one of {_listed(read.given)}"
    return offers.manual(
        f"Read {there} instead of {read.key!r} in {offers.where} ({read.expression}): step {read.step} ({read.action})"
        f" gave no {read.key!r}",
        f"open {offers.where} and write {there} where {read.expression!r} stands",
    )


def _about(scene: Scene, name: str, said: str) -> str:
    """Return what the mistake is about: a variable, node or condition by its name, with what the error said of it."""
    own = (circle(scene) or node(scene), condition(scene) or code_line(scene))
    known = [name] if name else [part for part in own if part]
    shown = " and ".join(quote(part) for part in dict.fromkeys(known) if part not in said)
    return f"{shown} ({said})" if shown and said else shown or said


_SUBJECT = re.compile(
    r"reading '(?P<read>[^'\n]{1,60})'|[Pp]roperty '(?P<property>[^'\n]{1,60})' of (?:undefined|null)"
    r"|no attribute '(?P<attribute>[^'\n]{1,60})'|KeyError: ['\"]?(?P<key>[^'\"\n]{1,60})|\b(?P<call>[\w.$]{2,60})"
    r" is not a "
    r"function|(?P<iterated>[\w.$]{2,60}) is not iterable|undefined method ['`](?P<method>[^'\n]{1,60})'"
)


def _subject(text: str) -> str:
    """Return the member, key or function that the error is about; empty where it names none."""
    found = _SUBJECT.search(text)
    return next((part for part in found.groups() if part), "") if found is not None else ""


def _spelling(offers: Offers, scene: Scene, name: str) -> SuggestedFix | None:
    """Offer the known name that an unknown variable is much like."""
    known: set[str] = set(scene.workspace.custom_fields)
    for key in ("variables", "inputs", "input"):
        values = scene.record.context.get(key)
        known |= set(values) if isinstance(values, dict) else set()
    for step in scene.record.steps:
        known |= set(step.result) if isinstance(step.result, dict) else set()
    close = difflib.get_close_matches(name, sorted(known - {name}), n=1, cutoff=0.7) if name else []
    return (
        offers.manual(
            f"Write '{close[0]}' instead of '{name}' in {offers.where}",
            f"open {offers.where} and replace '{name}' by '{close[0]}'",
        )
        if close
        else None
    )


def _instruct(offers: Offers, how: str, named: str) -> SuggestedFix | None:
    agent = offers.agent
    if agent is None:
        return None
    sentence = f"In {offers.where}, {how}."
    return offers.instructions(
        f"Tell {agent.name}: {sentence} It failed with: {named}", f"{agent.instructions.rstrip()} {sentence}".strip()
    )
