"""An error that is nothing but a code comes in; the root cause that its service's documentation gives it goes out.

The services document their codes at:
Twilio https://www.twilio.com/docs/api/errors, WhatsApp
https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes, Facebook and Instagram
https://developers.facebook.com/docs/graph-api/guides/error-handling, Discord
https://discord.com/developers/docs/topics/opcodes-and-status-codes, PostgreSQL
https://www.postgresql.org/docs/current/errcodes-appendix.html, MySQL
https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html, MongoDB
https://www.mongodb.com/docs/manual/reference/error-codes/, Oracle https://docs.oracle.com/error-help/db/, OAuth
https://www.rfc-editor.org/rfc/rfc6749#section-5.2 and https://www.rfc-editor.org/rfc/rfc6750#section-3.1, Microsoft
https://learn.microsoft.com/en-us/entra/identity-platform/reference-error-codes, mail servers
https://www.rfc-editor.org/rfc/rfc3463#section-3, browsers
https://source.chromium.org/chromium/chromium/src/+/main:net/base/net_error_list.h, HTTP
https://www.rfc-editor.org/rfc/rfc9110#section-15.
"""

from collections.abc import Iterator, Mapping

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.answers import unread_answer
from fixer.explaining.causes.reading.services import known_service_of
from fixer.explaining.causes.reading.structures import told
from fixer.schema.root_cause import RootCause

_AUTH, _DATA, _FIELD = RootCause.AUTH_ERROR, RootCause.INVALID_DATA, RootCause.MISSING_FIELD
_LIMIT, _NETWORK, _TEMPLATE = RootCause.RATE_LIMIT, RootCause.NETWORK_ERROR, RootCause.MISSING_TEMPLATE
_GRAPH: dict[str, RootCause] = {
    **dict.fromkeys(("10", "102", "190", "200", "2500", "368"), _AUTH),
    **dict.fromkeys(("4", "17", "32", "341", "613", "80001", "80002", "80004", "80007"), _LIMIT),
    **dict.fromkeys(("100", "506", "1609005"), _DATA),
    **dict.fromkeys(("1", "2"), _NETWORK),
}
_OF_SERVICE: Mapping[str, Mapping[str, RootCause]] = {
    "Twilio": {
        **dict.fromkeys(("20003", "20005", "20006", "20101", "20104", "20107", "20403", "21408"), _AUTH),
        **dict.fromkeys(("20429", "14107", "30001", "30022", "63018", "63038"), _LIMIT),
        **dict.fromkeys(("21210", "21211", "21212", "21214", "21217", "21265", "21606", "21610", "21614"), _DATA),
        **dict.fromkeys(("21617", "30003", "30004", "30005", "30006", "30007", "63003", "63016", "63024"), _DATA),
        **dict.fromkeys(("21602", "21603", "21604", "21619"), _FIELD),
        **dict.fromkeys(("63027", "63040", "63042"), _TEMPLATE),
        **dict.fromkeys(("11200", "11205", "11206", "11210", "30008", "30410"), _NETWORK),
    },
    "WhatsApp": _GRAPH
    | {
        **dict.fromkeys(("0", "3", "131005", "131031", "133006"), _AUTH),
        **dict.fromkeys(("130429", "131048", "131056", "133016"), _LIMIT),
        **dict.fromkeys(("131008", "132000"), _FIELD),
        **dict.fromkeys(("131009", "131021", "131026", "131047", "131051", "131052", "132005", "132012"), _DATA),
        **dict.fromkeys(("132001", "132015", "132016"), _TEMPLATE),
        **dict.fromkeys(("131000", "131016", "131057"), _NETWORK),
    },
    "Facebook": _GRAPH,
    "Instagram": _GRAPH,
    "Discord": {
        **dict.fromkeys(("40001", "40002", "50001", "50013", "50014", "50025"), _AUTH),
        **dict.fromkeys(("10003", "10004", "10008", "10013", "10015", "50006", "50007", "50033", "50035"), _DATA),
        **dict.fromkeys(("20016", "20028", "20029", "31001"), _LIMIT),
    },
    "PostgreSQL": {
        **dict.fromkeys(("28000", "28P01", "42501"), _AUTH),
        **dict.fromkeys(("22001", "22003", "22007", "22008", "22P02", "23503", "23505", "23514"), _DATA),
        **dict.fromkeys(("23502", "42703"), _FIELD),
        **dict.fromkeys(("08000", "08001", "08003", "08004", "08006", "57P01", "57P03"), _NETWORK),
        "53300": _LIMIT,
    },
    "MySQL": {
        **dict.fromkeys(("1044", "1045", "1142", "1698"), _AUTH),
        **dict.fromkeys(("1062", "1264", "1265", "1292", "1366", "1406", "1451", "1452"), _DATA),
        **dict.fromkeys(("1048", "1054", "1364"), _FIELD),
        **dict.fromkeys(("2002", "2003", "2005", "2006", "2013"), _NETWORK),
        **dict.fromkeys(("1040", "1203", "1226"), _LIMIT),
    },
    "MongoDB": {
        **dict.fromkeys(("13", "18", "8000"), _AUTH),
        **dict.fromkeys(("121", "11000", "E11000"), _DATA),
        **dict.fromkeys(("6", "7", "89", "9001"), _NETWORK),
    },
}
_ANYWHERE: Mapping[str, RootCause] = {
    **dict.fromkeys(("invalid_grant", "invalid_client", "unauthorized_client", "access_denied"), _AUTH),
    **dict.fromkeys(("invalid_token", "insufficient_scope", "expired_token", "consent_required"), _AUTH),
    **dict.fromkeys(("interaction_required", "login_required"), _AUTH),
    **dict.fromkeys(("aadsts50034", "aadsts50053", "aadsts50055", "aadsts50057", "aadsts50076"), _AUTH),
    **dict.fromkeys(("aadsts50079", "aadsts50126", "aadsts50173", "aadsts53003", "aadsts65001"), _AUTH),
    **dict.fromkeys(("aadsts70000", "aadsts70008", "aadsts700016", "aadsts700082", "aadsts700084"), _AUTH),
    **dict.fromkeys(("aadsts7000215", "aadsts7000222", "aadsts90094"), _AUTH),
    **dict.fromkeys(("ora-01017", "ora-28000", "ora-28001", "ora-01031"), _AUTH),
    **dict.fromkeys(("ora-00001", "ora-01722", "ora-02291", "ora-12899", "ora-01843"), _DATA),
    **dict.fromkeys(("ora-01400", "ora-00904"), _FIELD),
    **dict.fromkeys(("ora-12154", "ora-12170", "ora-12514", "ora-12541", "ora-03113"), _NETWORK),
    **dict.fromkeys(("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"), _DATA),
    **dict.fromkeys(("5.7.8", "5.7.9", "5.7.57", "5.7.139"), _AUTH),
    "4.7.28": _LIMIT,
}
"""Codes that mean the same whoever answers."""
_BROWSER = re.compile(
    r"\bERR_(?:CONNECTION|CERT|SSL|NAME|ADDRESS|INTERNET|TUNNEL|PROXY|EMPTY_RESPONSE|NETWORK|TIMED_OUT|HTTP2|QUIC)\w*"
)
"""What a browser says that reached no page."""
_INSTEAD = re.compile(
    r"(?i)\b(?:expect|want)\w*\b[^\n\d]{0,20}\b2(?:\d\d|xx)\b[^\n\d]{0,30}\b(?:got|was|received|returned)\b[^\n\d]{0,20}"
    r"\b([45]\d\d)\b"
)
"""The status of HTTP that came instead of a good one."""
_OF_STATUS = {"401": _AUTH, "403": _AUTH, "407": _AUTH, "429": _LIMIT, "408": _NETWORK}
_KEYS = frozenset(
    """
    code errorcode errcode errno errornumber number sqlstate sqlcode subcode errorsubcode codename twiliocode rc
    statuscode status error
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_ADDRESS = re.compile(r"https?://\S+")
_CODE = re.compile(
    r"(?<![\w.-])(?:[A-Za-z]+[-_]?[\d_][\w-]*|[a-z]+_[a-z_]+|\d{1,6}|\d{2}[A-Z\d]{3}|\d\.\d\.\d{1,3})(?![\w-])"
)
_CALLED = re.compile(r"(?i)(?:error|code|errno|fehler|erreur|#)\W{0,3}$")
"""Before a number: it is a code."""
_PROSE = re.compile(r"[^\W\d_]{3,}")
_WORDS = 3
"""Beside the code that an error may have and still be nothing but a code."""
_OF_ERRORS = frozenset(
    """
    error errors code exception failed failure status http request response api message type err errno exit returned
    with from the sqlstate oauthexception
    """.split()  # noqa: SIM905 - a list of words reads better so
)
_ONLY = 4
"""Digits of a number up to which it counts as a code only where the error calls it one."""


def is_only_code(text: str) -> bool:
    """Whether an error has no words that say what went wrong: codes, addresses and words for an error."""
    plain = _CODE.sub(" ", _ADDRESS.sub(" ", text))
    words = {word.lower() for word in _PROSE.findall(plain)} - _OF_ERRORS
    return len(words) <= _WORDS and len(plain) <= 120


def says_nothing(text: str) -> bool:
    """Whether an error has a number or code and not one word beside it."""
    return bool(text.strip()) and not {word.lower() for word in _PROSE.findall(_ADDRESS.sub(" ", text))} - _OF_ERRORS


def by_code(scene: Scene) -> RootCause | None:
    """Return the cause that is published for the error's code; None where words say more, or no code is known."""
    if _BROWSER.search(scene.text):
        return _NETWORK
    instead, answer = _INSTEAD.search(scene.text), unread_answer(scene)
    if status := instead[1] if instead is not None else str(answer.status) if answer is not None else "":
        return _OF_STATUS.get(status, _NETWORK if status >= "500" else _DATA)
    if not is_only_code(scene.text):
        return None
    table = _OF_SERVICE.get(known_service_of(scene), {})
    named = [name for name in _OF_SERVICE if re.search(rf"(?i)\b{name}\b", f"{scene.text} {scene.failed.action}")]
    if not table and named:
        table = _OF_SERVICE[named[0]]
    for code, called in _codes(scene):
        if (cause := _ANYWHERE.get(code.lower())) is not None:
            return cause
        if (called or len(code) > _ONLY) and (cause := table.get(code.upper())) is not None:
            return cause
    return None


def _codes(scene: Scene) -> Iterator[tuple[str, bool]]:
    """Yield what may be the error's code, and whether the error calls it one."""
    for held in told(scene, _KEYS):
        if isinstance(held, int | str) and not isinstance(held, bool):
            yield str(held).strip(), True
    text = _ADDRESS.sub(" ", scene.text)
    for found in _CODE.finditer(text):
        yield found[0], _CALLED.search(text[: found.start()]) is not None
