"""The limits of services and when they are over: an error and a workspace come in, a limit and a time go out."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.essential import essential
from fixer.explaining.causes.reading.names import objects_of
from fixer.explaining.causes.reading.quotes import named
from fixer.explaining.causes.reading.services import EMAIL, same
from fixer.explaining.causes.reading.structures import texts_of, told
from fixer.input.json_shape import moment

_HOUR, _DAY, _MONTH = 3600, 86_400, 2_592_000
PERIODS = {1: "second", 60: "minute", 3600: "hour", _DAY: "day", 604_800: "week", _MONTH: "month"}


@dataclass(frozen=True)
class Limit:
    """How much of a service may be used."""

    service: str
    limit: int
    unit: str
    per_seconds: int
    resets: str = ""

    @property
    def words(self) -> str:
        """The limit as people say it."""
        article = "an" if self.per_seconds == _HOUR else "a"
        return f"{self.limit} {self.unit} {article} {PERIODS.get(self.per_seconds, f'period of {self.per_seconds} s')}"


KNOWN = (
    Limit(EMAIL, 100, "emails", _DAY),
    Limit("Gmail", 100, "emails", _DAY),
    Limit("LinkedIn", 100, "invitations", _DAY),
    Limit("Slack", 1, "request", 1),
    Limit("Apollo", 200, "calls", _MONTH),
    Limit("Google Calendar", 100, "requests", 1),
)
"""What is known where the workspace file says nothing (spec E3)."""
_UNITS = (
    (3600, r"h(?:ours?|rs?)?|stunden?|heures?|horas?|or[ae]|uur|godzin\w*|час\w*|時間|小时"),
    (60, r"m(?:in(?:utes?|s)?)?|minuten?|minutos?|minuti|minut\w*|мин\w*|分(?:钟)?"),
    (_DAY, r"d(?:ays?)?|tage?n?|jours?|d[ií]as?|giorn[io]|dagen|dni|дн\w*|日|天"),
    (0, r"ms|milliseconds?"),
    (1, r"s(?:ec(?:onds?|s)?)?|sekunden?|secondes?|segundos?|second[io]|seconden|sekund\w*|сек\w*|秒|"),
)
_AFTER = re.compile(
    r"(?i)(?:retry[- _]?(?:after|in)(?:[- _]?seconds)?|try again (?:in|after)|again in|reset(?:s"
    r"|ting)?(?: in| after)|wait(?: for)?|available in"
    r"|erneut in|wieder in|réessayez dans|dans|inténtelo (?:de nuevo )?en|vuelva a intentarlo en|tente "
    r"novamente em|riprova tra|tra|opnieuw over"
    r"|ponownie za|через)['\"]?\s*[:=]?\s*['\"]?(?P<number>\d{1,9}(?:\.\d{1,6})?)\s*(?P<unit>[^\W\d]{0,14})"
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?")
_AFTER_KEYS = {
    "retryafter",
    "retryafterseconds",
    "retryin",
    "xratelimitreset",
    "ratelimitreset",
    "resetsat",
    "resetat",
    "resettime",
    "retryaftermsms",
    "retryafterms",
    "xratelimitresetafter",
    "reset",
}
_SOON = 1_000_000
"""A number of seconds above it is a time since 1970."""


def limit_of(scene: Scene, service: str) -> Limit | None:
    """Return the limit that was met: what the workspace says, else the error's own words, else what is known."""
    for quota in scene.workspace.quotas:
        if quota.limit > 0 and (same(quota.service, service) or (service == "Gmail" and same(quota.service, EMAIL))):
            return Limit(quota.service, quota.limit, quota.unit, quota.per_seconds, quota.resets)
    said = _said(scene.text, service)
    period = period_of(scene.text)
    known = next((one for one in KNOWN if _is_of(one, service) and period in {0, one.per_seconds}), None)
    return said or known


def _is_of(limit: Limit, service: str) -> bool:
    return same(limit.service, service) or service.startswith(f"{limit.service} ")


def _said(text: str, service: str) -> Limit | None:
    period = period_of(text)
    number = (
        re.search(r"(?<![\d:.-])(\d{1,7})\s*/\s*\1(?!\d)", text)
        or re.search(
            (
                r"(?i)(?<![\d:.,-])(\d{1,3}(?:[,.]\d{3})+|\d{1,7})\s+(?:(?:api|input|output|search) )?"
                r"(?P<unit>e-?mails?|invit\w+|einladungen|requests?|calls?|messages?|tokens|queries|lookups|searches"
                r"|operations"
                r"|credits|sends|anfragen|abfragen|nachrichten|requêtes|appels|solicitudes|consultas|times)\b"
            ),
            text,
        )
        or re.search(
            r"(?i)(?:limit|max\w*|quota|límite|limite)[^\d\n]{0,25}(?<![\w:.-])(\d{1,7})(?![\d:]|[./]\d)", text
        )
    )
    high = int(re.sub(r"\D", "", number[1])) if number is not None else 0
    if not period or number is None or high in {0, 429}:
        return None
    unit = (
        number.groupdict().get("unit")
        or ("emails" if service in {EMAIL, "Gmail"} else "invitations" if service == "LinkedIn" else "calls")
    ).lower()
    return Limit(service, high, {"times": "calls", "e-mails": "emails"}.get(unit, unit), period)


_NAME_KEYS = frozenset(
    """
    policyname quotametric quotalimit limitname quotaid ratelimittype limittype rateLimitName monitor quota limitid
    """.lower().split()
)
_QUOTED = named("name", 60)
_NAMES = (
    re.compile(
        r"(?i)\b(?:resource monitor|monitor|quota metric|quota|limit|policy|bucket|pool|plan|tier|kontingent|metric)s?"
        rf"\s*[:=]?\s*{_QUOTED}"
    ),
    re.compile(rf"(?i){_QUOTED}\s+(?:quota|limit|policy|plan|kontingent|metric)"),
    re.compile(
        r"(?<![\w./])(?P<name>(?:[A-Za-z]+_)+[A-Za-z]+|[a-z]+(?:[A-Z][a-z]+){1,6}"
        r"|[A-Z][a-z]+(?:[A-Z][a-z]+){1,6})(?![\w./])"
    ),
    re.compile(
        r"(?i)\b(?P<name>(?:daily|hourly|weekly|monthly|yearly|annual|per[- ](?:minute|second|hour|day|month)"
        r"|concurrent|burst|[a-z]+ly)(?: [\w-]+){0,4}? (?:limit|quota|cap|allowance))\b"
    ),
    re.compile(
        r"(?i)\b(?P<name>(?:(?:input|output|api|concurrent) )?(?:tokens?|requests?|messages?|call|query|search|record"
        r"|row|points?|credits?|connections?|concurrency)[ -](?:rate[ -]?limit|limit|quota|allowance))\b"
    ),
    re.compile(
        r"(?i)(?<!\w)(?P<name>(?:tages|monats|wochen|stunden|sende|versand|anfrage|raten)\w*(?:limit|kontingent)\w*)"
    ),
)
_OWN_NAME = re.compile(rf"(?i)(?<![\w-])(?:limit|límite|limite|kontingent)\s*[:=]?\s*{_QUOTED}")
"""Beside the metric that it limits: how the message itself calls the limit, in words."""
_LONGEST = 80
_CODES = 3
"""So many of them give names in quotes and codes; the others, words."""
_OF_LIMITS = re.compile(
    r"(?i)(?:quota|limit|(?:\b|_)cap(?:acity)?\b|allowance|rolling|kontingent)(?!\w*(?:status|info|error|exception)$)"
)
_NO_NAMES = frozenset(
    """
    ratelimit ratelimited ratelimiterror ratelimitexception ratelimitexceeded ratelimiterrorexception toomanyrequests
    ratelimitreached ratelimitexceedederror ratelimitederror throttlingexception throttled throttling limitexceeded
    limitexceededexception usagelimits quotaexceeded quotaexceedederror quotaexceededexception xratelimitlimit
    xratelimitremaining xratelimitreset ratelimitreset retryafter limit quota
    """.split()  # noqa: SIM905 - a list of words reads better so
)
"""They say that there is a limit, and do not name it."""


def name_of(scene: Scene, *, by_words: bool) -> str:
    """Return what the service calls the limit: a code, a metric, a policy; empty where it gives it no name.

    Args:
        scene: the failure.
        by_words: whether words are a name, too: "daily user sending limit".
    """
    text = essential(scene.text)
    if (own := _OWN_NAME.search(text)) is not None and " " in own["name"]:
        return own["name"]
    for name in (name for value in told(scene, _NAME_KEYS) for name in texts_of(value)):
        if not name.isdigit() and len(name) < _LONGEST and _plain(name) not in _NO_NAMES:
            return name
    said = (found["name"] for pattern in _NAMES[: None if by_words else _CODES] for found in pattern.finditer(text))
    for name in said:
        if _OF_LIMITS.search(name) and _plain(name) not in _NO_NAMES and not name.startswith(("is_", "has_", "x_")):
            return name.strip()
    monitor = _NAMES[0].search(text)
    return monitor["name"] if monitor is not None else ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def period_of(text: str) -> int:
    """Return the period that an error names, in seconds; 0: none."""
    words = (
        (
            _DAY,
            (
                r"(?i)\bdaily|per day|a day|today|tages|täglich|pro tag|par jour|quotidien|diari[oa]|por d[ií]a|al "
                r"giorno|giornalier|dagelijks|per dag|dzienn|суточн|в день|1日|每日|每天|/day|明日|\bday\b"
            ),
        ),
        (604_800, r"(?i)\bweekly|per week|a week|wöchentlich|hebdomadaire|semanal|settimanal|/week"),
        (_MONTH, r"(?i)\bmonthly|per month|a month|monatlich|monats|mensuel|mensual|mensal|mensile|/month|每月"),
        (3600, r"(?i)\bhourly|per hour|an hour|stündlich|pro stunde|/hour|/h\b"),
        (60, r"(?i)per minute|a minute|/min|pro minute|\brpm\b"),
        (1, r"(?i)per second|a second|/sec\b|/s\b|pro sekunde|secondly"),
    )
    return next((seconds for seconds, pattern in words if re.search(pattern, text)), 0)


def over_at(scene: Scene, limit: Limit | None) -> datetime | None:
    """Return when it can go on: as the error or the workspace says, else at the end of the period; None: not known."""
    base = moment(scene.failed.timestamp) or moment(scene.record.end_time) or scene.now
    told = _told_in_structure(scene, base) or _told(scene.text, base)
    if told is not None:
        return told
    if limit is None:
        return None
    if limit.resets and (at := moment(limit.resets)) and at > base:
        return at
    return _end_of_period(base.astimezone(UTC), limit.per_seconds)


def _told_in_structure(scene: Scene, base: datetime) -> datetime | None:
    for place in objects_of(scene):
        for key, value in place.items():
            plain = re.sub(r"[^a-z]", "", key.lower())
            if plain not in _AFTER_KEYS:
                continue
            if found := _instant(value, base, in_ms=plain.endswith("ms")):
                return found
    return None


def _instant(value: JsonValue, base: datetime, *, in_ms: bool) -> datetime | None:
    """Return the time that a value means: seconds from `base` on, or a time."""
    number = float(value) if isinstance(value, str) and re.fullmatch(r"\s*\d{1,12}(?:\.\d+)?\s*", value) else value
    if isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number < _SOON:
        return _later(base, number / 1000 if in_ms else number)
    return moment(number)


def _told(text: str, base: datetime) -> datetime | None:
    for found in _ISO.finditer(text):
        at = moment(found[0].replace(" ", "T"))
        if at is not None and at > base:
            return at
    found_after = _AFTER.search(text)
    if found_after is None:
        return None
    number, unit = float(found_after["number"]), found_after["unit"].lower()
    for seconds, words in _UNITS:
        if re.fullmatch(words, unit):
            return _later(base, number * seconds if seconds else number / 1000)
    return _later(base, number) if number < _SOON else moment(number)


def _later(base: datetime, seconds: float) -> datetime | None:
    try:
        return base.astimezone(UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _end_of_period(base: datetime, seconds: int) -> datetime | None:
    midnight = base.replace(hour=0, minute=0, second=0, microsecond=0)
    if seconds == _DAY:
        return _later(midnight, _DAY)
    if seconds == _MONTH:
        next_month = _later(midnight.replace(day=1), 32 * _DAY)
        return None if next_month is None else next_month.replace(day=1)
    return _later(base, min(seconds, 100 * _MONTH))
