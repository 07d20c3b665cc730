"""What a server answered: a failed step comes in, the status, address and title of the answer that it recorded go out.

A client that awaits data and gets a page for people fails at the page's first sign; what went wrong stands in the rest.
"""

from dataclasses import dataclass

from pydantic import JsonValue

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.names import objects_of
from fixer.explaining.causes.reading.structures import plain_key

_STATUS = ("status", "statuscode", "httpstatus", "httpcode", "responsecode", "code")
_URL = ("url", "requesturl", "uri", "href", "responseurl", "endpoint", "finalurl")
_TITLE = re.compile(r"(?i)<(?:title|h1)[^>]{0,80}>\s*([^<]{3,80}?)\s*</")
_UNREAD = re.compile(
    r"(?i)unexpected token|is not valid JSON|JSON ?Decode|JSON ?Parse|unexpected end of (?:json|input|data)"
    r"|expecting value|invalid character '?<|(?:parse|decode|deserialize|unmarshal)\w*[^\n]{0,40}(?:json|response|body)"
    r"|unexpected character|malformed json|json[^\n]{0,30}(?:invalid|malformed|parse)"
)
_SIGN_IN = re.compile(
    r"(?i)\b(?:sign|log)[ -]?(?:in|on)\b|\banmelde|\bse connecter|\binici(?:ar|e) sesi|\bfazer login|\baccedi\b"
    r"|ログイン|登录"
)
"""The title of a page that comes with a good status to who is not signed in."""
_SIGNED_OUT = 401
_LOWEST, _PAGE = 400, 8_000


@dataclass(frozen=True)
class Answer:
    """A refusal that a server sent."""

    status: int
    url: str
    title: str

    @property
    def words(self) -> str:
        """What it answered, as people say it: `502 Bad Gateway`."""
        if _SIGN_IN.search(self.title):
            return f"a page to sign in came instead: {self.title}"
        if self.title.startswith(str(self.status)):
            return self.title
        return f"{self.status} {_PHRASES.get(self.status, self.title)}".strip()


_PHRASES = {
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


def unread_answer(scene: Scene) -> Answer | None:
    """Return the refusal that the step could not read; None where its error is about something else, or shows none."""
    if _UNREAD.search(scene.text) is None:
        return None
    status, url, title = 0, "", ""
    for place in objects_of(scene):
        plain = {plain_key(key): value for key, value in place.items()}
        status = status or next((code for key in _STATUS if (code := _code(plain.get(key)))), 0)
        url = url or next((held for key in _URL if isinstance(held := plain.get(key), str) and "://" in held), "")
        for held in plain.values():
            if not title and isinstance(held, str) and (found := _TITLE.search(held[:_PAGE])) is not None:
                title = found[1]
    result = scene.step.result if scene.step is not None else None
    if not title and (page := _TITLE.search(f"{scene.text}\n{result if isinstance(result, str) else ''}"[:_PAGE])):
        title = page[1]
    status = status or _code(title[:3])
    if _SIGN_IN.search(title):
        status = _SIGNED_OUT
    return Answer(status, url[:200], title) if status >= _LOWEST else None


def _code(value: JsonValue) -> int:
    text = str(value)
    return int(text) if len(text) == 3 and text.isdigit() and "1" <= text[0] <= "5" else 0
