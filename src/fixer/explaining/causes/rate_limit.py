"""A service's limit was met: which one, how high it is, when it is over, and what one can do until then."""

from collections.abc import Mapping
from datetime import UTC

from fixer.explaining.causes.base import Finding, Scene
from fixer.explaining.causes.reading.essential import it_said
from fixer.explaining.causes.reading.limits import PERIODS, Limit, limit_of, name_of, over_at
from fixer.explaining.causes.reading.names import objects_of
from fixer.explaining.causes.reading.offers import Offers, listed
from fixer.explaining.causes.reading.services import EMAIL, service_of
from fixer.explaining.causes.reading.words import prepared, sure
from fixer.schema.explanation import SuggestedFix
from fixer.schema.root_cause import RootCause

_RULES = (
    (
        0.96,
        (
            r"rate[ -_]?limit|ratelimited|too many requests|request was throttled|throttl(?:ed|ing)|slow ?down\b"
            r"|request ?limit ?exceeded|resource[_ ]exhausted|(?:status|code|error"
            r"|http\S*)\W{0,3}(?:code\W{0,2})?(?:20)?429\b|^\W*429\b|\b429 (?:client error|too many)"
        ),
    ),
    (
        0.95,
        (
            r"quota (?:was |has been )?(?:exceeded|reached|exhausted|used up)|exceeded (?:your |the )?(?:current "
            r"|daily |monthly )?(?:\w+ )?quota|over[ _]quota|insufficient[_ ]quota|usage ?limits?|quotaexceeded"
            r"|dailylimitexceeded|userratelimit"
        ),
    ),
    (
        0.93,
        (
            r"(?:daily|hourly|weekly|monthly|secondly|sending|send|usage|invitation|api|plan|request|message"
            r"|credit|rolling)s?(?: \w+){0,2} (?:limit|quota|cap|allowance)(?: \S+){0,4} (?:reached|exceeded|hit"
            r"|exhausted|used up|is used)|(?:limit|quota|cap) (?:for \w+ |of \S+ \w+ )?(?:\w+ )?(?:was |has been "
            r"|is )?(?:reached|exceeded|hit|exhausted|met|used up)"
        ),
    ),
    (
        0.93,
        (
            r"(?:reached|exceeded|hit|exhausted|used up) (?:your |the |its |our |all )?(?:\w+ ){0,4}(?:limit|quota"
            r"|allowance)|maximum number of (?:api )?(?:calls|requests|emails|messages|invitations)"
        ),
    ),
    (
        0.93,
        (
            r"(?:used|consumed|spent|exhausted)(?: up)? (?:all|100 ?%|the entire|every)[^\n]{0,40}(?:calls?"
            r"|requests?|credits?"
            r"|emails?|messages?|quota|allowance|invit\w+|searches|tasks|operations|tokens|units)"
            r"|(?:out of|not enough|insufficient|ran out of|run out of) (?:\w+ ){0,3}(?:credits?|quota|allowance"
            r"|(?:api )?calls|sends|invit\w+|searches|operations|tasks)\b|no (?:\w+ )?credits?\b"
            r"|(?:no|0|zero) (?:\w+ ){0,3}(?:quota|allowance|calls|requests|sends|invit\w+|searches|operations|tasks)"
            r" (?:left|remaining|available)"
            r"|(?:atingi\w+|ultrapass\w+|exced\w+|alcanz\w+|super[óo]\w*|raggiunt\w|superat\w|attein\w+|dépass\w+)"
            r"(?: \S+){0,3} (?:limite|límite|quota|cuota|plafond)"
            r"|(?:credits?|quota|calls|operations|tasks|allowance) (?:\w+ ){0,3}(?:exhausted|depleted|used up|ran out"
            r"|run out|are gone|exceeded)|too many (?:\w+ ){0,2}(?:requests|calls|messages|e-?mails|invit\w+|operations"
            r"|queries|concurrent|attempts|sends)|sending (?:too (?:fast|quickly|many)|rate)|too (?:fast|quickly)\b"
            r"|next billing (?:cycle|period)|(?:requests|calls|emails|messages|invitations|operations) per (?:second"
            r"|minute|hour|day|week|month)[^\n]{0,40}(?:exceed|reach|limit|allow|maximum)"
            r"|(?:exceed\w*|over|above) (?:\w+ ){0,4}\d+ (?:\w+ ){0,2}per[ -](?:second|minute|hour|day|week|month)"
            r"|concurren\w+ (?:request |connection )?limit|(?:allotment|cap|maximum) (?:\w+ ){0,3}(?:reached|exceeded)"
        ),
    ),
    (
        0.93,
        (
            r"(?:tages|monats|wochen|stunden|anfrage|sende|versand|raten)?limit\w*(?: \S+){0,6} (?:erreicht"
            r"|überschritten|ausgeschöpft)|zu viele (?:anfragen|nachrichten|einladungen)|kontingent (?:\S+ "
            r"){0,3}(?:erschöpft|aufgebraucht|überschritten)"
        ),
    ),
    (0.93, r"trop de (?:requêtes|demandes|messages)|(?:limite|quota)(?: \S+){0,6} (?:atteinte?|dépassée?)"),
    (
        0.93,
        (
            r"demasiad[ao]s (?:solicitudes|peticiones)|muitas (?:solicitações|requisições)|troppe richieste|te "
            r"veel (?:aanvragen|verzoeken)|zbyt wiele żądań|слишком много запросов"
        ),
    ),
    (
        0.93,
        (
            r"(?:superado|alcanzado|excedid\w|atingid\w|ultrapassad\w|raggiunt\w|superat\w)(?: \S+){0,4} l[ií]mite"
            r"|l[ií]mite(?: \S+){0,6} (?:superado|alcanzad\w|excedid\w|atingid\w|ultrapassad\w|raggiunt\w"
            r"|superat\w)|limiet(?: \S+){0,4} (?:bereikt|overschreden)|(?:limit|przekroczono)(?: \S+){0,4} "
            r"(?:przekroczony|limit|wyczerpany)|(?:превышен|достигнут|исчерпан)\w*(?: \S+){0,4} (?:лимит|квот)"
            r"|(?:лимит|квот)\w*(?: \S+){0,4} (?:превышен|достигнут|исчерпан)"
        ),
    ),
    (0.93, r"上限|制限に達|リクエストが多すぎ|请求过于频繁|请求过多|超出(?:配额|限制)|达到(?:上限|限制)|频率限制"),
)
_NOT = (
    (
        0.9,
        (
            r"(?:iterations?|call stack|recursion|heap|memory|time|execution time|depth|size|length) (?:limit"
            r"|exceeded)|time limit|memory limit|iterations? \(|character limit|file size|maximum (?:call"
            r"|execution|recursion|number of iterations)|max\w* (?:turns|iterations|hops|handoffs)"
        ),
    ),
)
CAUSES = frozenset({RootCause.RATE_LIMIT})


def scores(scene: Scene) -> Mapping[RootCause, float]:
    """Say how sure it is that a limit was met."""
    text = prepared(scene.text)
    score = max(sure(text, _RULES), 0.96 if _status(scene) else 0.0)
    if sure(text, _NOT) and not sure(text, _RULES[:1]):
        score -= 0.5
    return {RootCause.RATE_LIMIT: score} if score > 0 else {}


def finding(scene: Scene, _: RootCause, score: float) -> Finding:
    """Explain whose limit it is, and when it is over."""
    return _finding(scene, score)


def _status(scene: Scene) -> bool:
    keys = ("status", "statusCode", "status_code", "code", "httpStatus")
    return any(str(place.get(key)) == "429" for place in objects_of(scene) for key in keys)


def _finding(scene: Scene, score: float) -> Finding:
    offers, service = Offers(scene), service_of(scene)
    limit = limit_of(scene, service)
    at = over_at(scene, limit)
    name = _called(scene, limit, service)
    said = it_said(scene, _RULES, name)
    told = "" if service or "'" in name else said
    words = f"{offers.subject} met {name}"
    words += f": {limit.words}." if limit is not None else ", which does not say how high it is."
    when = at.astimezone(UTC).isoformat(timespec="seconds") if at is not None else ""
    if at is not None:
        over = "is over since" if at <= scene.now else "is over at"
        words += f" It {over} {when}."
    else:
        words += " It is over once the service takes requests again; the error does not say when."
    until = f"from {when} on" if when else "once it is over"
    if at is not None and at <= scene.now:
        until = "now"
    own = scene.record.resumable_run
    words += f" Then the run goes on: `fixer resume {own}`, or `fixer worker` by itself." if own else ""
    return Finding(
        root_cause=RootCause.RATE_LIMIT,
        score=score,
        explanation=words,
        fixes=listed(
            _wait(offers, until, name, said), _lower(offers, limit, name, told), _more(offers, name, service, told)
        ),
        retry_at=when,
    )


def _service(service: str) -> str:
    return "the e-mail account" if service == EMAIL else service


def _called(scene: Scene, limit: Limit | None, service: str) -> str:
    """Return the limit as people call it: by its own name and the service's, as far as they are known."""
    own, whose = name_of(scene, by_words=limit is None), _service(service)
    of = f" of {whose}" if whose else ""
    return f"the limit '{own}'{of}" if own else f"the limit{of or ' of its service'}"


def _more(offers: Offers, name: str, service: str, told: str) -> SuggestedFix:
    asked = f"Have {name} raised" if "'" in name else f"Ask for a higher limit{name.removeprefix('the limit')}"
    return offers.manual(
        f"{asked} for {offers.where}, or take a larger plan{told}",
        f"open the plan and limits of {_service(service) or 'the service'} that {offers.where} uses",
    )


def _wait(offers: Offers, until: str, name: str, told: str) -> SuggestedFix | None:
    """Offer to wait; fixer goes on with runs of its own, and with nobody else's."""
    own = offers.scene.record.resumable_run
    if own:
        wait = f"Wait: the run {own} goes on {until}, and nothing has to be changed{told}"
        return offers.manual(wait, f"{until}: `fixer resume {own}`; `fixer worker` does it by itself")
    return offers.manual(
        f"Run {offers.where} again: {name} is over, nothing has to be changed{told}"
        if until == "now"
        else f"Wait until {name} is over, and run {offers.where} again {until}: nothing has to be changed{told}",
        (
            f"{until}, start {offers.where} again where it runs: `fixer resume` and `fixer worker` go on with runs of "
            f"fixer's own only"
        ),
    )


def _lower(offers: Offers, limit: Limit | None, name: str, told: str) -> SuggestedFix | None:
    """Keep the agent below the limit, in its restrictions where it has them."""
    agent = offers.agent
    if limit is None:
        return offers.manual(
            f"Let {offers.where} call less often, to stay below {name}{told}",
            f"spread the calls of {offers.where} over more time",
        )
    period = PERIODS.get(limit.per_seconds, "period")
    words = {
        word for word in (limit.service.lower().replace(" ", "_"), limit.unit.rstrip("s").lower()) if len(word) > 2
    }
    if agent is not None:
        key = next((own for own in agent.restrictions if any(word in own.lower() for word in words)), "")
        key = key or f"{limit.service.lower().replace(' ', '_')}_per_{period}"
        now = agent.restrictions.get(key)
        if not isinstance(now, int | float) or isinstance(now, bool) or now > limit.limit:
            lower = f"Limit {agent.name} to {limit.words}{_of(name)} ({key})"
            if fix := offers.restriction(lower, key, limit.limit):
                return fix
    who = f"'{offers.scene.record.agent}'" if offers.scene.record.agent else offers.where
    return offers.manual(
        f"Keep {who} within {limit.words}{_of(name)}{told}", f"spread the work of {who} over several {period}s"
    )


def _of(name: str) -> str:
    """Return what follows the words of a limit: whose it is, or which."""
    return f", {name}" if "'" in name else name.removeprefix("the limit")
