"""A value that is there and not right: whose it is, which field, and a rule that skips such contacts."""

from collections.abc import Mapping

from fixer import lazy_re as re
from fixer.alternatives import says
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.fields import field
from fixer.explaining.causes.reading.names import contact, line, quoted
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.services import EMAIL, service_of
from fixer.explaining.causes.reading.things import thing
from fixer.explaining.causes.reading.words import (
    ADDRESS,
    FIELD,
    INVALID,
    MISSING,
    NOT_FILLED,
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
    r"|assignee|pipeline|stage|workbook|base|chat|room|number|person|organi[sz]ation"
)
"""What an agent works on, and is told by an id or a name."""
_NO_RECORD = (
    rf"(?:{_RECORD})(?:[ _:#]+[^\s]{{1,40}}){{0,4}}[ _](?:not[ _](?:be[ _])?found|does(?: not|n't) exist|no longer"
    rf" exists?"
    rf"|could not be found|(?:was|is|has been) (?:deleted|archived|removed|merged))|no such (?:{_RECORD})"
    rf"|(?:not|n't|unable to|failed to) (?:find|locate|look up) (?:an? |the |any )?(?:{_RECORD})|unknown (?:{_RECORD})"
)
"""What the step asks for is not there."""
_RULES = (
    (0.92, near(ADDRESS, INVALID, 80)),
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
            r"|payload|body)|cannot (?:parse|deserialize)|could not parse|failed to parse|parse ?error|not "
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
            r"|blacklist\w*|suppress(?:ed|ion)|context[ _]length|maximum context|card (?:was |has been )?declined"
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
    score = sure(text, _RULES)
    if score and says(text, _NOT) and not says(text, near(ADDRESS, INVALID, 25)):
        score -= 0.3
    if score and (says(text, _BLANK) or says(text, near(FIELD, NOT_FILLED, 60)) or says(text, UNKNOWN_FIELD)):
        score -= 0.2
    if score and says(text, near(TEMPLATE, MISSING, 70)):
        score -= 0.1
    return {RootCause.INVALID_DATA: score} if score > 0 else {}


def finding(scene: Scene, _: RootCause, score: float) -> Finding:
    """Explain which value it was, and of what."""
    return _finding(scene, score)


def _finding(scene: Scene, score: float) -> Finding:
    text = prepared(scene.text)
    found = re.search(f"(?i){_NO_RECORD}", text) if says(text, _NO_RECORD) else None
    said = re.search(rf"(?i)(?<![a-z])(?:{_RECORD})", found[0]) if found is not None else None
    if said is not None and not says(scene.text, near(ADDRESS, INVALID, 40)):
        return _no_record(scene, score, said[0].lower())
    offers, who, what = Offers(scene), contact(scene), field(scene)
    value = _value(scene, who, what)
    shown = f" ('{value}')" if value else ""
    called = f"the field '{what}'{shown}" if what else f"the value '{value}'" if value else "a value"
    words = f"{offers.subject} could not take {called}{f' of {who}' if who and who not in called else ''}"
    words += f": {line(scene.failed.error or scene.text)}"
    owner = who or f"the {thing(scene)} that {offers.where} worked on"
    correct = offers.manual(
        f"Correct {called} of {owner}", f"open {owner}, correct {called}, then run {offers.where} again"
    )
    return Finding(
        root_cause=RootCause.INVALID_DATA,
        score=score,
        explanation=words,
        fixes=listed(skip_rule(offers, what, "is invalid"), correct),
    )


def _no_record(scene: Scene, score: float, kind: str) -> Finding:
    """Explain that the service does not have what the step asks for."""
    offers, value = Offers(scene), _value(scene, "", "")
    called, place = f"the {kind} '{value}'" if value else f"a {kind}", service_of(scene) or "the service"
    place = "the mail server" if place == EMAIL else place
    words = f"{offers.subject} asks for {called}, which {place} does not have: {line(scene.failed.error or scene.text)}"
    correct = offers.manual(
        f"Correct {called} in {offers.where}, or create it in {place}",
        f"open {place}, look whether {called} is there under another name or id, then run {offers.where} again",
    )
    skip = offers.manual(
        f"Let {offers.where} skip every {kind} that is no longer in {place}, and go on with the next",
        f"open {offers.where} and add a rule: skip where the {kind} is not found",
    )
    return Finding(root_cause=RootCause.INVALID_DATA, score=score, explanation=words, fixes=listed(correct, skip))


_VALUE = re.compile(
    r"(?i)(?:e-?mail|mail|phone|number|address|adresse|url|value|date|currency|channel|nummer"
    r"|telefon)[\w -]{0,12}?[:=]?\s+"
    r"(?:(?P<bare>\S{3,60}) (?:is|ist|est|es|é|è) (?:not |nicht |no |não |non )?(?:a |an )?(?:valid|invalid|ungültig"
    r"|gültig)"
    r"|(?P<named>[+#]?[\w.@()-]*[@+#\d][\w.@()-]*))|:\s*(?P<last>[^\s:]{2,60})\s*$",
    re.MULTILINE,
)


def _value(scene: Scene, who: str, what: str) -> str:
    """Return the value that was not taken; empty where the error does not tell it."""
    names = [name for name in quoted(scene.text) if name not in {who, what} and 1 < len(name) <= 60]
    found = _VALUE.search(scene.failed.error or scene.text)
    told = (found["bare"] or found["named"] or found["last"]).strip(".,;") if found is not None else ""
    told = told if told not in {who, what} and not told.isupper() else ""
    spoken = what.lower() not in {"", *(name.lower() for name in names)} or not told
    return (names[0] if names and spoken and not told else told) or (names[0] if names else "")


def skip_rule(offers: Offers, what: str, state: str) -> SuggestedFix | None:
    """Offer a rule that leaves out records whose field is in a state: `contact.email is invalid`."""
    one = "contact" if contact(offers.scene) else thing(offers.scene)
    name = re.sub(r"\s+", "_", what)
    rule = f"{name} {state}" if "." in name else f"{one}.{name} {state}" if name else f"{one} {state}"
    agent = offers.agent
    if agent is not None:
        key = next((own for own in agent.restrictions if "skip" in own.lower()), "skip_if")
        told = f"Let {agent.name} skip {one}s where {rule}"
        if fix := offers.restriction(told, key, rule, append=True):
            return fix
    who = f"'{offers.scene.record.agent}'" if offers.scene.record.agent else offers.where
    return offers.manual(
        f"Add a rule to {who}: skip every {one} where {rule}", f'add to the restrictions of {who}: skip_if "{rule}"'
    )
