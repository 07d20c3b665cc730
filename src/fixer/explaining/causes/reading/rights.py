"""Who was refused what: a failure comes in, the right that is missing, the account and the error's code go out."""

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.essential import essential
from fixer.explaining.causes.reading.people import signed_in
from fixer.explaining.causes.reading.plausible import is_empty_word
from fixer.explaining.causes.reading.quotes import CLOSE, OPEN
from fixer.explaining.causes.reading.quotes import named as in_quotes
from fixer.explaining.causes.reading.structures import texts_of, told

_RIGHT_KEYS = frozenset(
    """
    needed neededscope neededscopes requiredscope requiredscopes requiredgranularscopes missingscope missingscopes
    requiredpermission requiredpermissions missingpermission missingpermissions permission permissions missingprivilege
    requiredrole requiredroles missingrights insufficientscope
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_SCOPE_KEYS = frozenset({"scope", "scopes", "acceptedscopes"})
_ACCOUNT_KEYS = frozenset(
    """
    user username useremail account accountname accountemail principal principalemail login clientid client email
    serviceaccount authenticateduser actor identity role
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_NAME = r"[a-z][a-z0-9_]*(?:[.:][\w*-]+){1,6}(?![\w/@])|[A-Z]\w+\.[A-Z]\w+(?:/[\w*]+){1,6}|https://www\.googleapis\.com/auth/[\w./-]+|[A-Z][A-Za-z]+\.[A-Z][\w.]+"
_SNAKE = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+"
_RIGHT_WORD = (
    r"(?i:scopes?|permissions?|privileges?|rights?|roles?|access|capabilit(?:y|ies)|grants?|berechtigung\w*|rolle"
    r"|autorisation|droits?|r[ôo]le|permiss\w+|permiso\w*|alcance|rol|escopo\w*|permess[oi]|ruolo)"
)
_RIGHTS = (
    re.compile(r"(?i)(?:to perform|perform the action|perform action)\s*:?\s*['\"]?(?P<name>[\w-]+:[\w*]+)"),
    re.compile(
        r"(?i)\b(?:scopes?|permissions?|rights?|privileges?|roles?|berechtigung\w*|rechte?|rolle|permiss\w+"
        r"|autorisation"
        r"|droits?|portée|permiso\w*|alcance|ámbito|escopo\w*|permess[oi]|スコープ|権限|权限)\b['\"]?"
        r"(?: (?:is|are|needed|required|missing|named|called|of|on|for|the|name|to|perform|following|one"
        r"|all|any)\b){0,4}"
        r"\s*[:=]?\s*[\[({]?\s*"
        rf"['\"`„“«]?(?P<name>{_NAME})"
    ),
    re.compile(
        r"(?i)\b(?:scopes?|permissions?|rights?|privileges?|roles?|r[ôo]le?|rol|ruolo|berechtigung|recht|rolle"
        r"|autorisation|permiso"
        r"|permissão|permesso)\s*[:=]?\s*[\[(]?" + OPEN + r"(?P<name>[\w][\w .:/*-]{1,60}?)" + CLOSE
    ),
    re.compile(rf"(?i)\brequires? (?:(?:all|any|one) )?(?:of )?[\[(:'\"]\s*['\"]?(?P<name>{_NAME}|[a-z]+_[a-z_]+)"),
    re.compile(
        rf"(?i)(?:{OPEN}(?P<name>[\w:./-]+){CLOSE}|(?<!\w)(?P<bare>{_NAME}))\s+"
        r"(?:(?:oauth|access|api) )?(?:scope|permission|privilege|role|right|access|rolle"
        r"|berechtigung)s?\b"
    ),
    re.compile(
        rf"(?:(?<![\w./:-])(?P<bare>{_SNAKE})|(?i:the|an?|requires?|needs?|lacks?|missing|without):?\s+{OPEN}"
        rf"(?P<quoted>[\w][\w .:-]{{1,50}}?){CLOSE})\s+(?:(?i:oauth|access|api|user)\s+)?{_RIGHT_WORD}(?!\w)"
    ),
    re.compile(
        rf"(?<!\w){_RIGHT_WORD}(?:\s(?i:is|are|needed|required|missing|named|called|name|requise?s?|requerid\w|fehlt)){{0,3}}"
        rf"\s*[:=]?\s*[\[(]?\s*(?P<name>{_SNAKE})(?![\w(])"
    ),
    re.compile(
        rf"(?<!\w){_RIGHT_WORD}(?!\w)[^\n]{{0,60}}?(?i:required|requires?|missing|needed|needs?)[^\n:\w]{{0,3}}:\s*[\[(]?"
        rf"\s*['\"]?(?P<name>{_NAME}|{_SNAKE})"
    ),
    re.compile(
        r"(?i:\b(?:the|an?|requires?|needs?|lacks?|missing|your|without)\s+|[:.]\s+|^)(?P<name>(?!(?:the|your|this|an?)\b)[A-Za-z][A-Za-z-]{2,30}"
        r"(?: [A-Z][a-z-]+){0,2})\s+(?i:roles?|privileges?|capabilit(?:y|ies)|rolle)(?!\w)"
    ),
    re.compile(r"\b(?P<name>[A-Z][A-Za-z]{2,30}\.(?:Read|Write|Send|Manage|Create|Delete|Full|Access)[\w.]{0,40})"),
    re.compile(r"(?P<name>(?:[a-z]+:){1,2}[a-z_.]+|\b[a-z]{2,12}:[A-Z][A-Za-z]{3,40})\b(?= |$|['\"`.,;)\]])"),
)
_OPERATION = re.compile(r"when calling the (?P<name>\w{3,40}) operation")
_NO_RIGHTS = frozenset(
    """
    missing required needed insufficient the this that a an no your its additional sufficient necessary correct
    following error scope certain right specific minimum different administrative elevated additional more enough
    other same any user-level account-level higher lacks lack needs requires current own new appropriate given
    scope scopes permission permissions oauth user users admin-consent denied appropriate invalid
    requested app read write file your-app api account authentication of and for same valid enough proper granted
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_ACCOUNTS = (
    re.compile(
        r"(?i)\b(?:for (?:the )?(?:database )?(?:user|role|login|account)|user ?name|login|user|account|benutzer|konto"
        r"|utilisateur|usuario|usuário|utente|gebruiker|client|principal|service account|role|postfach|mailbox)\s*[:=]?"
        r"\s*" + in_quotes("name", 80)
    ),
    re.compile(r"arn:aws:(?:sts|iam)::\d{0,20}:(?:assumed-role|user|role)/(?P<name>[\w+=,.@-]{1,64})"),
    re.compile(r"(?i)\((?:user|login|account|benutzer|utilisateur|usuario|as)\s*[:=]?\s*(?P<name>[\w.\\@-]{2,64})\)"),
    re.compile(r"(?i)\bdenied (?:to|for) (?:user )?(?P<name>[\w.@-]{2,64})(?=[\s.,;]|$)"),
    re.compile(r"(?i)\b(?:user|login|account|benutzer|utilisateur|usuario)\s*[:=]\s*(?P<name>[\w.\\@-]{2,64})"),
)
_CODE = re.compile(
    r"\b(?P<code>AADSTS\d{4,8}|ORA-\d{5}|[A-Z][A-Z0-9]{2,30}(?:_[A-Z0-9]{2,30}){1,6}|(?:in|un|not_|no_|token_|missing_"
    r"|expired_|account_|access_|insufficient_|org_)[a-z]+(?:_[a-z]+){0,4})\b"
)
_SAYS = re.compile(
    r"(?i)token|grant|auth|scope|permission|credential|denied|login|session|account|consent|forbidden|expired|revoked"
    r"|AADSTS|ORA-|channel|client|signature|key|access"
)


def right(scene: Scene) -> str:
    """Return the scope, permission or role that is missing, as the service names it; empty where the error does not."""
    for held in told(scene, _RIGHT_KEYS):
        for name in texts_of(held):
            if first := _plausible(re.split(r"[\s,]+", name)[0]) or (_plausible(name) if len(name.split()) < 4 else ""):
                return first
    text = essential(scene.text)
    for pattern in _RIGHTS:
        for found in pattern.finditer(text):
            if name := _plausible(next((part for part in found.groups() if part), "")):
                return name
    if operation := _OPERATION.search(text):
        return operation["name"]
    scopes = (name for held in told(scene, _SCOPE_KEYS) for name in texts_of(held))
    return next((name for name in scopes if _plausible(name) and len(name.split()) == 1), "")


_OF_CODES = re.compile(
    r"(?i)^(?:missing|insufficient|invalid|no|not|access|permissions?|scopes?|auth\w*|rest|required)_(?:scopes?|perm\w*"
    r"|denied|access|auth\w*|rights?|roles?|privileges?|cannot\w*|token)|_(?:denied|insufficient|missing|required"
    r"|forbidden|exceeded)$"
)
"""Codes that say that a right is missing, and not which."""


def _plausible(name: str) -> str:
    """Return a name of a right without what is no part of it; empty where it is none."""
    name = name.strip(" '\"`.,;:()[]{}")
    good = (
        1 < len(name) <= 80
        and name.lower() not in _NO_RIGHTS
        and not is_empty_word(name)
        and not name.replace(".", "").isdigit()
        and (not re.match(r"(?i)https?:", name) or "/auth/" in name)
        and not name.startswith("arn:")
        and not re.search(r"(?i)(?:error|exception)\b", name)
        and not _OF_CODES.search(name)
    )
    return name if good else ""


def account(scene: Scene) -> str:
    """Return the account, user or role that was refused; empty where the error names none."""
    for held in told(scene, _ACCOUNT_KEYS):
        for name in texts_of(held):
            if 1 < len(name) <= 80 and not is_empty_word(name) and " " not in name and "://" not in name:
                return name
    text = essential(scene.text)
    named = (found["name"].rstrip(".,;") for pattern in _ACCOUNTS for found in pattern.finditer(text))
    good = (name for name in named if not is_empty_word(name) and any(sign.isalpha() for sign in name))
    return next(good, "") or signed_in(text)


def code(scene: Scene) -> str:
    """Return the code by which the service's documentation knows the refusal: `invalid_grant`, `AADSTS700082`."""
    found = (found["code"] for found in _CODE.finditer(essential(scene.text)) if _SAYS.search(found["code"]))
    return max(found, key=lambda own: (any(sign.isdigit() for sign in own), len(own)), default="")
