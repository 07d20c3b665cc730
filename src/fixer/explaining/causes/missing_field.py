"""A field that is empty or does not exist: which one, whose, and what would fill it."""

import difflib
from collections.abc import Mapping

from fixer.alternatives import says
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.invalid_data import skip_rule
from fixer.explaining.causes.missing_template import mentioned
from fixer.explaining.causes.reading.essential import LINE, decisive, it_said, quote
from fixer.explaining.causes.reading.fields import empty_input, field, shown_empty
from fixer.explaining.causes.reading.given import is_given_empty
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.people import contact
from fixer.explaining.causes.reading.services import EMAIL, service_of
from fixer.explaining.causes.reading.things import thing
from fixer.explaining.causes.reading.words import (
    FIELD,
    MISSING,
    NOT_FILLED,
    REQUIRED,
    TEMPLATE,
    UNKNOWN_FIELD,
    near,
    prepared,
    sure,
)
from fixer.schema.explanation import SuggestedFix
from fixer.schema.root_cause import RootCause

_NO_VALUE = (
    r"(?:keinen? (?:wert|inhalt)|sans valeur|(?:pas|aucune) (?:de )?valeur|sin valor|sem valor|senza valore|geen waarde"
    r"|bez wartości|без значения|値がありません|没有值)"
)
_RULES = (
    (
        0.95,
        (
            r"(?:missing|required|mandatory)[ _](?:required |mandatory )?(?:field|propert|param|attribute|column"
            r"|argument|input|value|key|body)\w*|(?:field|propert\w+|param\w*|attribute|column|argument|key"
            r"|value)s? (?:'[^'\n]{1,60}' |\"[^\"\n]{1,60}\" |\S{1,40} )?(?:is |are |was |were )?(?:missing"
            r"|required|mandatory|empty|blank|not set|not provided|not found|null)|parameter[ _]missing|required[ "
            r"_]fields?(?: are)? missing"
        ),
    ),
    (
        0.93,
        (
            r"(?:is|was|are) (?:a )?(?:required|mandatory)(?: (?:field|property|parameter|and))?\b|must have "
            r"required propert|required propert|(?:must|may|should|can)(?: ?not|n't) be (?:null|empty|blank|none"
            r"|undefined)|(?:is|are|was) (?:empty|blank|null)\b|\bno fallback\b"
        ),
    ),
    (
        0.95,
        (
            r"not-null constraint|null value in column|cannot be null|column [^\n]{1,60} cannot be null|not null "
            r"constraint"
        ),
    ),
    (0.93, near(FIELD, MISSING, 50)),
    (0.94, near(FIELD, NOT_FILLED, 60)),
    (0.93, near(FIELD, REQUIRED, 40)),
    (0.94, UNKNOWN_FIELD),
    (0.9, rf"['\"`][\w. -]{{2,40}}['\"`] (?:(?:was|is|were|are|has) )?{NOT_FILLED}"),
    (
        0.92,
        (
            r"(?:has|have|with|had) no (?:value|e-?mail|phone|name|address|company|\w+ (?:field|value|address))"
            r"|no value (?:for|provided|given|set)|without an? (?:value|e-?mail|phone|name)|lacks (?:a |an |the "
            r")?\w+"
        ),
    ),
    (
        0.9,
        (
            r"\bkeyerror\b|missing key|key not found|no such (?:key|field|property|column|attribute)|nosuchfield"
            r"|unknown (?:field|property|column|attribute)|unrecognized field|(?:custom )?(?:field|property"
            r"|column) [^\n]{1,60}(?:does not|doesn't) exist|invalid[ _]field\b|undefinedcolumn"
        ),
    ),
    (
        0.9,
        (
            r"(?:e-?mail|phone|name|company|subject|body|recipient|address|first name|last name|url|date)(?: "
            r"\w+)? (?:is|was) (?:missing|required|empty|blank|not set|not provided)|missing (?:the )?(?:e-?mail"
            r"|phone|name|company|subject|recipient|address|first ?name|last ?name|url|id)\b"
        ),
    ),
    (
        0.93,
        (
            r"pflichtfeld|muss (?:angegeben|ausgefüllt) werden|(?:est|sont) (?:obligatoires?|requise?s?)|es "
            r"obligatori[oa]|(?:é|e) obrigatóri[oa]|obbligatori[oa]|is verplicht|jest wymagan\w|обязательн\w+ "
            r"(?:поле|для)|必須|必填|不能为空|は空|ne (?:doit|peut) pas être vide|no puede "
            r"estar vací[oa]|darf nicht leer"
        ),
    ),
    (
        0.92,
        (
            r"no(?:where| place| one| ?body) to (?:send|deliver|call|mail|write|text|post)|no hay (?:a d[óo]nde"
            r"|a qui[ée]n)|nada a"
            r" donde|kein(?:en)? (?:empfänger|adressat)\w*|(?:pas|aucune?) (?:de )?destinataire|sin destinatari"
            r"|sem destinat[áa]ri"
            r"|nessun destinatari|geen ontvanger|brak odbiorc|нет получателя|宛先がありません|没有收件人"
        ),
    ),
    (0.93, r"(?<![\w-])(?:[a-z]\w*_\w+|[a-z]+[A-Z]\w*)\W{1,3}(?:is |was )?(?:null|nil)\b"),
    (0.92, _NO_VALUE),
    (0.9, r"(?:falta|manca|ontbreekt|brakuje|отсутствует|fehlt|fehlende\w*|manque|manquante?)"),
)
_NOT = (
    (
        0.9,
        (
            r"token|credential|capabilit|permission|privilege"
            r"|api[ _-]?key|authori[sz]ation|authenticat|scope|header|signature|environment "
            r"variable|env var|\b(?:jeton|anmelde)"
        ),
    ),
    (0.9, r"(?:range|interval|period|slot)\b[^\n]{0,20}(?:empty|negative)"),
    (0.9, r"module|package|dependenc|no module named|import|artifact|class ?not ?found|nosuchmethod"),
)
_VARIABLE = r"\bvariable|placeholder|platzhalter|変数|变量|переменн"
_NO_SUCH = (
    r"(?:unknown|unrecogni[sz]ed|no such) (?:custom )?(?:fields?|propert(?:y|ies)|columns?)(?: name)?\b(?! value)"
    r"|is not a (?:property|field|column)\b|cannot query field|(?:fields?|property"
    r"|column)\b[^\n.;]{0,60}(?:does not exist"
    r"|doesn't exist|existiert nicht|n'existe pas|no existe|não existe|non esiste|не существует|存在しません|不存在)"
    r"|unbekanntes feld|champ inconnu|campo (?:desconocido|desconhecido|sconosciuto)|onbekend veld|nieznane pole"
)
"""A place that is written to has no such field: services word it like a value that is not valid."""
_NON_NULL = r"\bnull (?:value )?(?:for|in|at) (?:an? )?\(?non-?null(?:able)?\b"
"""As schemas of messages and of GraphQL say that a field which must have a value has none."""
_NOTHING = r"(?<!\w)(?:null|none|nil|undefined|empty|blank|leer|vide)(?!\w)"
_CERTAIN = 1.8
"""More than the words of such an error weigh for a value that is not valid."""
_OF_TEMPLATE = (
    r"(?:variables?|placeholders?|platzhalter|variablen?|merge (?:tags?|fields?)|parameters?|variáve(?:l|is)"
    r"|variabil[ei]|zmienn\w+"
    r"|переменн\w+|変数|变量|marcador(?:es)?|espaces? réservés?|champs?|fields?|feld(?:er)?|campos?)"
)
"""What a template is filled with."""
_UNFILLED = (
    rf"{near(_OF_TEMPLATE, MISSING, 60)}|{near(_OF_TEMPLATE, NOT_FILLED, 60)}|no (?:value|data)|{_NO_VALUE}"
    rf"|(?:could not|cannot|can't) be (?:filled|resolved|replaced)|(?:undefined|unset|unresolved)"
    rf" {_OF_TEMPLATE}"
)
CAUSES = frozenset({RootCause.MISSING_FIELD})


def scores(scene: Scene) -> Mapping[RootCause, float]:
    """Say how sure it is that a field is missing that the step needs."""
    text = prepared(scene.text)
    if in_a_template(scene):
        return {RootCause.MISSING_FIELD: 0.99}
    score = sure(text, _RULES)
    certain = says(text, _NO_SUCH) or says(text, _NON_NULL) or ((score or says(text, _NOTHING)) and shown_empty(scene))
    if certain and not sure(text, _NOT):
        return {RootCause.MISSING_FIELD: _CERTAIN}
    if score and sure(text, _NOT):
        score -= 0.35
    if score and says(text, _VARIABLE) and not says(text, rf"(?<!\w){FIELD}(?!\w)"):
        score -= 0.3
    if (
        score
        and says(text, r"(?<!\w)(?:template|vorlage|plantilla|szablon|шаблон|テンプレート|模板|integration)")
        and score < 0.93
    ):
        score -= 0.1
    return {RootCause.MISSING_FIELD: score} if score > 0 else {}


def in_a_template(scene: Scene) -> bool:
    """Whether a template is there, and one of what it is filled with is not."""
    text = prepared(scene.text)
    if (
        not says(text, rf"(?<!\w){TEMPLATE}")
        or not says(text, rf"(?<!\w){_OF_TEMPLATE}(?!\w)")
        or not says(text, _UNFILLED)
    ):
        return False
    known = {one.name for one in scene.workspace.templates}
    name = mentioned(scene)
    return name in known or (bool(name) and not says(text, rf"{TEMPLATE}[^\n.;]{{0,90}}{MISSING}"))


def finding(scene: Scene, _: RootCause, score: float) -> Finding:
    """Explain which field it is, and whose."""
    return _finding(scene, score)


def _finding(scene: Scene, score: float) -> Finding:
    offers, what = Offers(scene), field(scene, guess=False) or empty_input(scene) or field(scene)
    is_there = is_given_empty(scene, what)
    unknown = says(prepared(scene.text), UNKNOWN_FIELD) and not is_there
    known = () if is_there else scene.workspace.custom_fields
    close = difflib.get_close_matches(what.lower(), [name.lower() for name in known], n=1, cutoff=0.6) if what else []
    other = next((name for name in known if close and name.lower() == close[0] and name != what), "")
    use = offers.manual(
        f"Use the field '{other}' instead of '{what}' in {offers.where}",
        f"set the field of {offers.where} to '{other}'",
    )
    said = f"It said: {decisive(scene, _RULES, LINE)}"
    words, fixes = (_unknown if unknown else _empty)(scene, offers, what)
    words += f"; there is a field '{other}'. {said}" if other else f". {said}"
    return Finding(
        root_cause=RootCause.MISSING_FIELD,
        score=score,
        explanation=words,
        fixes=listed(_rename(offers, what, other), use if other else None, *fixes),
    )


def _empty(scene: Scene, offers: Offers, what: str) -> tuple[str, tuple[SuggestedFix | None, ...]]:
    """Return why, and what to do, where a record lacks the field's value."""
    who, called, service = contact(scene), f"the field '{what}'" if what else "a field", service_of(scene)
    owner = who or f"the {thing(scene)} that {offers.where} works on"
    asked = f" that {service} asks for" if service and service != EMAIL else ""
    told = "" if what else f": {quote(decisive(scene, _RULES))}"
    filled = f"Fill {called} of {owner}"
    fill = offers.manual(
        filled + it_said(scene, _RULES, filled), f"open {owner}, fill {called}{asked}, then run {offers.where} again"
    )
    words = f"{offers.subject} needs {called}{f' of {who}' if who else ''}, which is empty or does not exist"
    skip = skip_rule(offers, what, "is empty", who, told) if what else None
    return words, (skip, fill, _default(offers, what, told, mentioned(scene)))


def _unknown(scene: Scene, offers: Offers, what: str) -> tuple[str, tuple[SuggestedFix | None, ...]]:
    """Return why, and what to do, where the service knows no such field."""
    called, service = f"the field '{what}'" if what else "a field", service_of(scene)
    place = service if service and service != EMAIL else f"the place that {offers.where} writes to"
    told = "" if what else f": {quote(decisive(scene, _RULES))}"
    made = f"Create {called} in {place}"
    create = offers.manual(
        made + it_said(scene, _RULES, made),
        f"open the fields of {place}, add {called}, then run {offers.where} again",
    )
    correct = offers.manual(
        f"Correct the name of {called} in {offers.where}: it must read as it does in {place}{told}",
        f"open {offers.where} and choose a field that {place} has in the place of {called}",
    )
    return f"{offers.subject} uses {called}, which does not exist in {place}", (create, correct)


def _rename(offers: Offers, what: str, other: str) -> SuggestedFix | None:
    agent = offers.agent
    if agent is None or not other or not what or what not in agent.instructions:
        return None
    return offers.instructions(
        f"Use the field '{other}' instead of '{what}' in the instructions of {agent.name}",
        agent.instructions.replace(what, other),
    )


def _default(offers: Offers, what: str, told: str, template: str) -> SuggestedFix:
    """Offer a value for records without one, in the template where the error names one, else in the step."""
    where = f"the template '{template}'" if template else offers.where
    name = f"'{what}'" if what else "the field"
    return offers.manual(
        f"Give {name} a default in {where}, for records without it{told}",
        f"open {where} and set a default for {name}",
    )
