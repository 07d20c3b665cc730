"""A value that is there and not right: whose it is, which field, and a rule that skips such contacts."""

from collections.abc import Sequence

from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.names import contact, field, line, quoted
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.words import ADDRESS, FIELD, INVALID, near, prepared, says, sure
from fixer.schema.explanation import SuggestedFix
from fixer.schema.root_cause import RootCause

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


def recognise(scene: Scene) -> Sequence[Finding]:
    """Find a value that the step could not take."""
    text = prepared(scene.text)
    score = sure(text, _RULES)
    if score and says(text, _NOT) and not says(text, near(ADDRESS, INVALID, 25)):
        score -= 0.3
    if score and says(text, _BLANK):
        score -= 0.2
    return (_finding(scene, score),) if score > 0 else ()


def _finding(scene: Scene, score: float) -> Finding:
    offers, who, what = Offers(scene), contact(scene), field(scene)
    value = next((name for name in quoted(scene.text) if name not in {who, what} and len(name) <= 60), "")
    called = f"the field '{what}'" if what else "a value"
    whose = f" of {who}" if who else ""
    words = f"{offers.where[:1].upper()}{offers.where[1:]} could not take {called}{whose}"
    words += f" ('{value}')" if value and value not in words else ""
    words += f": {line(scene.failed.error or scene.text)}"
    owner = who or f"the record that {offers.where} worked on"
    shown = f" ('{value}')" if value else ""
    correct = offers.manual(
        f"Correct {called}{shown} of {owner}", f"open {owner}, correct {called}, then run {offers.where} again"
    )
    return Finding(
        root_cause=RootCause.INVALID_DATA,
        score=score,
        explanation=words,
        fixes=listed(skip_rule(offers, what, "is invalid"), correct),
    )


def skip_rule(offers: Offers, what: str, state: str) -> SuggestedFix | None:
    """Offer a rule that leaves out contacts whose field is in a state: `contact.email is invalid`."""
    name = what or "data"
    rule = f"{name} {state}" if "." in name else f"contact.{name} {state}"
    agent = offers.agent
    if agent is not None:
        key = next((own for own in agent.restrictions if "skip" in own.lower()), "skip_if")
        told = f"Let {agent.name} skip contacts where {rule}"
        if fix := offers.restriction(told, key, rule, append=True):
            return fix
    who = f"'{offers.scene.record.agent}'" if offers.scene.record.agent else offers.where
    return offers.manual(
        f"Add a rule to {who}: skip a contact where {rule}", f'add to the restrictions of {who}: skip_if "{rule}"'
    )
