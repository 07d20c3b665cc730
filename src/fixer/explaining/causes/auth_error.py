"""A service refuses who asks: the credential has run out, was taken back, is wrong, or may not do this."""

from collections.abc import Mapping, Sequence

from fixer.alternatives import says
from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.essential import LINE, decisive, essential, it_said, quote
from fixer.explaining.causes.reading.names import objects_of
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.rights import account, code, right
from fixer.explaining.causes.reading.services import EMAIL, service_of
from fixer.explaining.causes.reading.subjects import place
from fixer.explaining.causes.reading.words import CREDENTIAL, EXPIRED, INVALID, Rule, near, prepared, sure
from fixer.schema.explanation import SuggestedFix
from fixer.schema.root_cause import RootCause

_EXPIRED = (
    (
        0.97,
        (
            r"invalid[ _]?grant|token[ _]?(?:revoked|expired)|expired[ _]?token|session[ _]?expired|invalid[ "
            r"_]session|account[ _]inactive|token[ _]rotated"
        ),
    ),
    (0.95, near(CREDENTIAL, EXPIRED, 60)),
    (
        0.92,
        (
            r"(?:re-?|newly )(?:authori[sz]|authenticat|connect your)|(?:sign|log)(?:ged)?[ -]?(?:in again|out of)"
            r"|session (?:has )?(?:ended|timed out|closed|is over)|consent (?:is )?(?:required|revoked|withdrawn)"
            r"|interaction[_ ]required|aadsts\d+|(?:cookie|session) (?:is |has )?(?:expired|invalid)|(?:erneut|neu) "
            r"anmelden|reconnecter|se reconnecter|volver a iniciar sesión|faça login novamente|再ログイン|重新登录"
        ),
    ),
)
_DENIED = (
    (
        0.93,
        (
            r"insufficient[ _](?:authentication[ _])?(?:scopes?|permissions?|privileges?|rights|access)|missing[ "
            r"_]scope|permission[ _]?(?:denied|error)\b(?! \(os)|access ?denied|zugriff (?:verweigert|abgelehnt)"
            r"|accès (?:refusé|interdit)|acceso denegado|acesso negado|accesso negato|toegang geweigerd|odmowa "
            r"dostępu|доступ (?:запрещ|отказ)\w*|в доступе отказано|アクセス(?:が)?拒否"
            r"|权限不足|访问被拒绝|没有权限|権限がありません|keine "
            r"(?:berechtigung|rechte)|not (?:authori[sz]ed|permitted|allowed) to|does ?(?:not|n't) have "
            r"(?:permission|access|the required)|forbidden|permission to \S+ denied|restricted[ _]action|no[ "
            r"_]permission|not[ _]allowed[ _]token|not a member of|account (?:is |has been |was"
            r" )?(?:locked"
            r"|suspended|disabled|restricted|deactivated|blocked)|must be an? (?:admin|owner)|(?:admin|owner) (?:rights"
            r"|privileges|access|role) (?:is |are )?(?:required|needed)|read-only access|ip (?:address )?(?:\S+"
            r" )?(?:is )?not "
            r"(?:allowed|whitelisted|allowlisted)"
        ),
    ),
    (
        0.93,
        (
            r"\b(?:lacks?|requires?|needs?|missing|without|(?:does|do) ?(?:not|n't) have)(?: (?:the|an?))?"
            r"(?: \S+){1,3}? (?:capabilit(?:y|ies)|permissions?|privileges?|scopes?|role|access)\b"
        ),
    ),
    (0.85, r"(?:status(?: code)?|code|http\S*|error:?)\W{0,3}403\b|^\W*403\b|\b403 (?:client error|forbidden)"),
)
_WRONG = (
    (
        0.96,
        (
            r"invalid[ _]?auth\w*|not[ _]?authed|bad credentials|invalid[ _](?:api[ _]?key|access[ _]token|client"
            r"|client[ _]secret|token|credentials?|signature|login|password)|incorrect api key|authentication[ "
            r"_]?(?:failed|error|required|exception|credentials not found)|unauthori[sz]ed|unauthenticated|not "
            r"authenticated|no ?auth|login[ _](?:failed|required)|username and password not accepted|535[- ]5\.7"
            r"|json ?web ?token ?error|signature ?does ?not ?match|invalid[ _]?client ?token|unrecognizedclient"
        ),
    ),
    (
        0.95,
        (
            r"password authentication failed|access denied for user|authentication failed for|could not "
            r"(?:authenticate|log ?in|sign in)|unable to authenticate|(?:anmeldung|authentifizierung|login) "
            r"(?:ist )?(?:fehlgeschlagen|erforderlich|ungültig)|nicht (?:autorisiert|angemeldet|berechtigt)|échec "
            r"de l'authentification|non autorisée?|identifiants? (?:invalides?|incorrects?)|no autorizad\w"
            r"|autenticación (?:fallida|fallo)|falló la autenticación|falha (?:na|de) autenticação|não autorizad\w"
            r"|autenticazione (?:fallita|non riuscita)|non autorizzat\w|niet (?:geautoriseerd|bevoegd)"
            r"|authenticatie mislukt|nieautoryzowan\w|uwierzytelni\w+ nie|nieudane logowanie|не ?авторизован\w*"
            r"|(?:error|erreur|errore|erro) (?:de |d'|di )?(?:autenticación|autenticação|authentification"
            r"|autenticazione)|(?:anmelde|authentifizierungs)fehler|ошибка (?:авторизации|аутентификации)"
            r"|認証(?:に)?(?:失敗|エラー)|未授权|认证失败|身份验证失败"
        ),
    ),
    (0.93, near(CREDENTIAL, INVALID, 50)),
    (0.9, r"(?:status(?: code)?|code|http\S*|error:?)\W{0,3}401\b|^\W*401\b|\b401 (?:client error|unauthorized)"),
    (
        0.85,
        (
            r"(?:missing|no) (?:\w+ )?(?:access |bearer |auth\w* )(?:token|header)|reconnect your|re-?authenticat"
            r"|sign in again|permission denied \(publickey|could not read username"
        ),
    ),
)
_KINDS = (
    (
        "its credential has expired or was taken back",
        _EXPIRED,
        "sign in again",
        "Sign in to {name} again: its credential has expired or was taken back",
    ),
    ("the credential may not do this", _DENIED, "give the right", ""),
    ("the credential is missing or wrong", _WRONG, "enter a valid credential", "Enter a valid credential for {name}"),
    (
        "the credential is missing or wrong, or may not do this",
        (),
        "sign in again",
        "Check the credential of {name}, and that it may do what {where} asks for",
    ),
)
CAUSES = frozenset({RootCause.AUTH_ERROR})
_RIGHT = 1
"""The kind in which the credential is good and may not do this."""


def scores(scene: Scene) -> Mapping[RootCause, float]:
    """Say how sure it is that a service refused who asked."""
    score = _kind(scene)[0]
    return {RootCause.AUTH_ERROR: score} if score > 0 else {}


def finding(scene: Scene, _: RootCause, score: float) -> Finding:
    """Explain who was refused, and why."""
    return _finding(scene, score, _kind(scene)[1])


def _kind(scene: Scene) -> tuple[float, int]:
    """Return how sure it is, and the number of the kind."""
    text = prepared(scene.text)
    found = [(sure(text, rules), number) for number, (_, rules, _, _) in enumerate(_KINDS)]
    codes = {
        str(place.get(key)) for place in objects_of(scene) for key in ("status", "statusCode", "status_code", "code")
    }
    found += [(0.9, 2)] if "401" in codes else [(0.8, 1)] if "403" in codes else []
    score, kind = max(found, key=lambda one: one[0])
    # A frame of a traceback is no file that is refused.
    if score and says(
        prepared(essential(scene.text)),
        r"(?:limit|quota) (?:exceeded|reached)|rate[ _-]?limit|certificate|file|read-only|eacces",
    ):
        score -= 0.3
    return (score, kind) if score > 0 else (0.0, len(_KINDS) - 1)


def _finding(scene: Scene, score: float, kind: int) -> Finding:
    offers, service, rules = Offers(scene), service_of(scene), _KINDS[kind][1]
    name = {"": f"the service of {offers.where}", EMAIL: "the e-mail account"}.get(service, service)
    words = f"{offers.subject} was refused by {name}: {_KINDS[kind][0]}"
    own = next((one for one in scene.workspace.integrations if one.name == service), None)
    words += f" (it ran out on {own.expires})" if own is not None and own.expires else ""
    words += f". It said: {decisive(scene, rules, LINE)}"
    needed = right(scene) if kind == _RIGHT else ""
    who = account(scene)
    vague = kind == _RIGHT or not (service or who)
    told = f": {quote(decisive(scene, rules))}" if vague and not needed else ""
    whose = f"the account '{who}' of {name}" if who else f"the account of {name}"
    first = (
        _allow(offers, name, whose, needed, rules)
        if kind == _RIGHT
        else offers.manual(
            _with_evidence(scene, rules, _KINDS[kind][3].format(name=whose if who else name, where=offers.where)),
            f"open Integrations in workspace '{scene.record.workspace}', choose {name}, sign in again"
            f"{f' as {who!r}' if who else ''}, then run {offers.where} again",
        )
    )
    known = code(scene)
    asked = f"'{needed}' is asked for" if needed else f"it answered {known}" if known and not told else ""
    hints = [hint for hint in (f"the error names '{who}'" if who else "", asked) if hint]
    second = offers.manual(
        f"Check which account {f'of {name} ' if service else ''}{offers.where} uses, and whether it is still active"
        + (f": {' and '.join(hints)}" if hints else f"{told}{f' ({known})' if known and known not in told else ''}"),
        f"open {name} and look at the account's state",
    )
    return Finding(root_cause=RootCause.AUTH_ERROR, score=score, explanation=words, fixes=listed(first, second))


def _allow(offers: Offers, name: str, whose: str, needed: str, rules: Sequence[Rule]) -> SuggestedFix:
    """Offer to give the account the right that is missing, by its name where the error tells it."""
    where = place(offers.scene)
    at = f" for {quote(where)}" if where and where not in offers.where else ""
    asked = f" '{needed}'" if needed else ""
    return offers.manual(
        _with_evidence(offers.scene, rules, f"Give {whose} the right{asked}{at} that {offers.where} needs"),
        f"allow {quote(needed) or f'the access that {offers.where} asks for'} in the settings of {name}, then sign in "
        f"again so that the credential has it",
    )


def _with_evidence(scene: Scene, rules: Sequence[Rule], said: str) -> str:
    """Return a fix with what the error says, and its code for people who look it up where neither holds it."""
    told, known = it_said(scene, rules, said), code(scene)
    return f"{said}{f' ({known})' if known and known not in said + told else ''}{told}"
