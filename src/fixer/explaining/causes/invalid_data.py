"""A value that is there and not right: whose it is, which field, and a rule that skips such contacts."""

from collections.abc import Mapping

from fixer import lazy_re as re
from fixer.alternatives import says
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.essential import LINE, decisive, it_said, quote
from fixer.explaining.causes.reading.fields import field
from fixer.explaining.causes.reading.names import objects_of
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.people import contact
from fixer.explaining.causes.reading.services import EMAIL, service_of
from fixer.explaining.causes.reading.subjects import place as place_of_work
from fixer.explaining.causes.reading.things import thing
from fixer.explaining.causes.reading.unfit_data import of_its_kind
from fixer.explaining.causes.reading.values import value as value_of
from fixer.explaining.causes.reading.words import (
    ADDRESS,
    FIELD,
    INVALID,
    MISSING,
    NOT_FILLED,
    REFUSED,
    TEMPLATE,
    UNKNOWN_FIELD,
    near,
    prepared,
    sure,
)
from fixer.schema.explanation import SuggestedFix
from fixer.schema.root_cause import RootCause

_RECORD = (
    r"contact|lead|deal|record|object|row|customer|user|member|channel|conversation|ticket|page|list|folder|calendar"
    r"|event|invoice|subscription|order|product|company|profile|thread|campaign|sequence|board|card|project|candidate"
    r"|document|sheet|worksheet|label|tag|group|segment|audience|resource|entity|item|opportunity|price|coupon|owner"
    r"|assignee|model|pipeline|stage|workbook|base|chat|room|number|person|organi[sz]ation"
)
"""What an agent works on, and is told by an id or a name."""
_NO_RECORD = (
    rf"(?:{_RECORD})(?:[ _:#]+[^\s]{{1,40}}){{0,4}}[ _](?:not[ _](?:be[ _])?found|does(?: not|n't) exist|no longer"
    rf" exists?"
    rf"|could not be found|(?:was|is|has been) (?:deleted|archived|removed|merged))|no such (?:{_RECORD})"
    rf"|(?:not|n't|unable to|failed to) (?:find|locate|look up) (?:an? |the |any )?(?:{_RECORD})|unknown (?:{_RECORD})"
)
"""What the step asks for is not there."""
_NOT_THERE = ((0.9, _NO_RECORD), (0.1, MISSING))
_RULES = (
    (0.92, near(ADDRESS, INVALID, 80)),
    (
        0.9,
        (
            r"(?:postfach|boîte (?:aux lettres|mail)|buzón|caixa (?:de correio|postal)|casella|skrzynka|почтовый ящик"
            rf"|empfänger|destinataire|destinat[áa]ri[oa])\b[^\n]{{0,40}}?{MISSING}"
            r"|(?:zustellung|remise|entrega|consegna|bezorging|dostarczeni\w|доставк\w) (?:\S+ ){1,5}(?:fehlgeschlagen"
            r"|nicht möglich|impossible|échoué\w*|fallid\w|falh\w+|fallit\w|mislukt|nieudan\w)"
        ),
    ),
    (0.92, rf"(?<![\w.]){ADDRESS} (?:(?:was|is|has been|been|wurde|est|a été|fue|foi|è stato|werd) ){{0,2}}{REFUSED}"),
    (
        0.9,
        (
            r"invalid[ _](?:email|phone|url|date|recipient|address|format|value|data|input|payload|json|profile"
            r"|argument value|enum)\w*|parameter[ _]invalid\w*"
        ),
    ),
    (0.86, near(FIELD, INVALID, 60)),
    (
        0.88,
        (
            r"validation[ _]?(?:error|failed|exception)|failed validation|schema validation|unprocessable"
            r"|constraint violation"
        ),
    ),
    (
        0.9,
        (
            r"duplicate (?:key|entry|value|record|contact)|unique constraint|already exists|duplicates?[ "
            r"_]detected|bereits vorhanden|existe déjà|ya existe|já existe"
        ),
    ),
    (
        0.9,
        (
            r"invalid input syntax|value too long|out of range for type|invalid (?:byte sequence|text "
            r"representation)|data truncat|numeric field overflow|string or binary data|22p02|too long for column"
        ),
    ),
    (
        0.88,
        (
            r"jsondecodeerror|unexpected (?:token|end of json)|(?:invalid|malformed|bad) (?:json|xml|csv|yaml"
            r"|payload|body)|cannot (?:parse|deserialize)|(?:cannot|can't|could not) be (?:parsed|converted|read as)"
            r"|could not parse|failed to parse|parse ?error|not "
            r"well-formed|unicodedecodeerror|unparse?able"
        ),
    ),
    (
        0.9,
        (
            r"(?:e-?mail|mailbox|account|recipient|user|address|destinataire|postfach"
            r"|empfänger)[^\n]{0,60}(?:does not exist|unknown|bounced|rejected|undeliverable|unzustellbar)"
            r"|\b5\.1\.[1-3]\b|hard bounce|no such user|bounced"
        ),
    ),
    (
        0.88,
        (
            r"(?:should|must|has to|expected to) (?:be|match|contain|have) (?:a |an |in |the )?(?:valid|well"
            r"|proper|iso|e\.?164|positive|one of|between|at (?:least|most))|does ?(?:not|n't) match (?:the "
            r")?(?:pattern|format|schema|expected|regex)|not (?:one of|a permitted|an allowed) |not in (?:the "
            r")?(?:correct|expected|right) format"
        ),
    ),
    (
        0.8,
        (
            r"character limit|too (?:long|short|large|many characters)|exceeds (?:the )?(?:max\w*|limit|\d+) "
            r"(?:length|size|characters)|payload too large|\b413\b"
        ),
    ),
    (
        0.6,
        r"bad request|(?:status(?: code)?|code|http\S*)\W{0,3}(?:400|422|409)\b|^\W*(?:400|422)\b|invalid[ _]request",
    ),
    (
        0.9,
        (
            r"(?:does ?(?:not|n't)|did not|doesn't) (?:contain|look like|appear to be|conform|represent)(?: to)?(?:"
            r" be)? (?:an? )?"
            r"(?:valid|proper|correct|real)|(?:can ?not|can't|could not|does not|doesn't|won't|will not) accept"
            r"|not (?:an? )?(?:accepted|supported|recogni[sz]ed|allowed|permitted|known|existing) (?:value|format|type"
            r"|option|choice|currency|country|language|time ?zone)|not a (?:legal|recogni[sz]ed|known) |unsupported"
            r" (?:value"
            r"|format|currency|country|file ?type|media type|date)|(?:range|interval|period)[^\n]{0,30} (?:is"
            r" )?(?:empty"
            r"|negative|inverted)|(?:start|end|due|begin)\w*[ -]?(?:time|date)?[^\n]{0,30}(?:before|after|in the past"
            r"|later than|earlier than)|in the past|out of range|unsubscribed|opted[ -]out|do[ -]not[ -](?:contact"
            r"|call)"
            r"|blacklist\w*|suppress(?:ed|ion)|context[ _](?:length|window|size)|maximum context"
            r"|prompt (?:is )?too long"
            r"|card (?:was |has been )?declined"
            r"|insufficient funds|no longer works? at|landline|not a mobile|not whatsapp"
        ),
    ),
    (
        0.87,
        (_NO_RECORD),
    ),
    (0.55, r"\b404\b|not[ _]found"),
    (0.72, rf"(?<!\w){INVALID}"),
)
_NOT = (
    r"(?:token|credential|api[ _]?key|password|session|signature|grant|auth|login|certificate|syntax near"
    r"|memory address|access|scope|client[ _]id|user ?name|jeton|passwort|contraseña|credencial|токен)"
)
_BLANK = (
    r"(?:is |was |are )?(?:required|missing|empty|blank|mandatory)|required[ _]?(?:field|param|prop)|must "
    r"not be (?:null|empty|blank)|parameter[ _]missing|not[ -]null"
)
CAUSES = frozenset({RootCause.INVALID_DATA})


def scores(scene: Scene) -> Mapping[RootCause, float]:
    """Say how sure it is that a value could not be taken."""
    text = prepared(scene.text)
    score = max(sure(text, _RULES), 0.6 if _refused(scene) else 0.0)
    if score and says(text, _NOT) and not says(text, near(ADDRESS, INVALID, 25)):
        score -= 0.3
    if score and says(text, UNKNOWN_FIELD):
        score -= 0.5
    elif score and (says(text, _BLANK) or says(text, near(FIELD, NOT_FILLED, 60))):
        score -= 0.2
    if score and says(text, near(TEMPLATE, MISSING, 70)):
        score -= 0.1
    return {RootCause.INVALID_DATA: score} if score > 0 else {}


def _refused(scene: Scene) -> bool:
    """Whether the error's own structure has the status of a request that is not right."""
    keys = ("status", "statusCode", "status_code", "httpStatus", "httpStatusCode")
    return any(str(place.get(key)) in {"400", "422"} for place in objects_of(scene) for key in keys)


def finding(scene: Scene, _: RootCause, score: float) -> Finding:
    """Explain which value it was, and of what."""
    return _finding(scene, score)


def _finding(scene: Scene, score: float) -> Finding:
    text = prepared(scene.text)
    found = re.search(f"(?i){_NO_RECORD}", text) if says(text, _NO_RECORD) else None
    said = re.search(rf"(?i)(?<![a-z])(?:{_RECORD})", found[0]) if found is not None else None
    if said is not None and not says(scene.text, near(ADDRESS, INVALID, 40)):
        return _no_record(scene, score, said[0].lower())
    if (own := of_its_kind(scene, score)) is not None:
        return own
    offers, who, what = Offers(scene), contact(scene), field(scene)
    value = value_of(scene, who, what)
    shown = f" ('{value}')" if value else ""
    called = f"the field '{what}'{shown}" if what else f"the value '{value}'" if value else "a value"
    quoted_line = "" if what or value else f": {quote(decisive(scene, _RULES))}"
    words = f"{offers.subject} could not take {called}{f' of {who}' if who and who not in called else ''}"
    words += f": {decisive(scene, _RULES, LINE)}"
    owner = who or f"the {thing(scene)} that {offers.where} worked on"
    service = service_of(scene)
    taker = f" so that {service} takes it" if service and service != EMAIL else ""
    where = "" if what or value else place_of_work(scene)
    corrected = f"Correct {called} of {owner}{f', for {quote(where)}' if where else ''}"
    correct = offers.manual(
        corrected + it_said(scene, _RULES, corrected),
        f"open {owner}, correct {called}{taker}, then run {offers.where} again",
    )
    rule = skip_rule(offers, what, "is invalid", value or who, quoted_line) if what or value or who else None
    return Finding(
        root_cause=RootCause.INVALID_DATA,
        score=score,
        explanation=words,
        fixes=listed(*((rule, correct) if what else (correct, rule))),
    )


def _no_record(scene: Scene, score: float, kind: str) -> Finding:
    """Explain that the service does not have what the step asks for."""
    offers, value = Offers(scene), value_of(scene, "", "") or place_of_work(scene) or _id_of(scene, kind)
    called, place = f"the {kind} '{value}'" if value else f"{_a(kind)} {kind}", service_of(scene) or "the service"
    place = "the mail server" if place == EMAIL else place
    told = "" if value else f": {quote(decisive(scene, _NOT_THERE))}"
    words = f"{offers.subject} asks for {called}, which {place} does not have: {decisive(scene, _NOT_THERE, LINE)}"
    corrected = f"Correct {called} in {offers.where}, or create it in {place}"
    correct = offers.manual(
        corrected + it_said(scene, _NOT_THERE, corrected),
        f"open {place}, look whether {called} is there under another name or id, then run {offers.where} again",
    )
    skip = offers.manual(
        f"Let {offers.where} skip every {kind} that is no longer in {place}, and go on with the next"
        + (f", as with '{value}'" if value else told),
        f"open {offers.where} and add a rule: skip where the {kind} is not found",
    )
    return Finding(root_cause=RootCause.INVALID_DATA, score=score, explanation=words, fixes=listed(correct, skip))


def _id_of(scene: Scene, kind: str) -> str:
    """Return the id by which an error tells a record of a kind: `deal_id=99812`, `No contact with id 7`."""
    found = re.search(rf"(?i)(?:{kind}[ _]?|with (?:the )?|\b)id\s?[:=]?\s?['\"]?(?P<id>[\w-]*\d[\w-]*)", scene.text)
    return found["id"] if found is not None else ""


def _a(kind: str) -> str:
    return "an" if kind[0] in "aeio" else "a"


def skip_rule(offers: Offers, what: str, state: str, example: str = "", told: str = "") -> SuggestedFix | None:
    """Offer a rule that leaves out records whose field is in a state: `contact.email is invalid`.

    Args:
        offers: of the explanation.
        what: the field; empty: not known.
        state: that it is in.
        example: the value, or the person, that it came up with.
        told: what else to say of it where nothing is known by name.
    """
    one = "contact" if contact(offers.scene) else thing(offers.scene)
    name = re.sub(r"\s+", "_", what)
    rule = f"{name} {state}" if "." in name else f"{one}.{name} {state}" if name else f"{one} {state}"
    shown = f"where '{what}' {state}" if " " in what else f"where {rule}" if what else f"that {state}"
    agent = offers.agent
    such = f", as with '{example}'" if example else told
    if agent is not None:
        key = next((own for own in agent.restrictions if "skip" in own.lower()), "skip_if")
        skip = f"Let {agent.name} skip {one}s {shown.replace('that is', 'that are')}{such}"
        if fix := offers.restriction(skip, key, rule, append=True):
            return fix
    who = f"'{offers.scene.record.agent}'" if offers.scene.record.agent else offers.where
    return offers.manual(
        f"Add a rule to {who}: skip every {one} {shown}{such}",
        f'add to the restrictions of {who}: skip_if "{rule}"',
    )
