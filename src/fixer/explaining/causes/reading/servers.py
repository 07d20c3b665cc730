"""What a build says of a server comes in; the server's name, or the whole address, goes out."""

from fixer import lazy_re as re
from fixer.explaining.causes.base import Scene
from fixer.explaining.causes.reading.build_text import error_lines
from fixer.explaining.causes.reading.names import host
from fixer.explaining.causes.reading.plausible import is_host
from fixer.explaining.causes.reading.structures import objects_held, plain_key

_HOSTS = (
    r"server at \"?(?P<name>[\w.-]{2,100})\"?(?: \([^)\n]{1,60}\))?, port (?P<port>\d{2,5})",
    r"(?:dial|connect(?:ing)?)\S*:? (?:tcp4?6? |to )?(?P<name>[\w.-]{2,100}):(?P<port>\d{2,5})\b",
    r"(?i)resolve host(?: address)?:? ['\"]?(?P<name>[\w.-]{3,100})",
    r"(?i)lookup (?P<name>[\w.-]{2,100})",
    r"(?i)connect to (?:the )?(?:host )?(?:via ssh: )?(?:ssh: connect to host )?(?P<name>[\w.-]{3,100}) port \d+",
    r"connect to host (?P<name>[\w.-]{2,100})",
    r"(?i)(?:connect )?E(?:TIMEDOUT|CONNREFUSED|HOSTUNREACH|CONNRESET) (?P<name>[\w.:-]{5,100})",
    r"(?i)(?:unknown host|reach host|getaddrinfo \w+|UnknownHostException:) (?P<name>[\w.-]{3,100})",
    r"(?i)(?:host=)['\"](?P<name>[\w.-]{3,100})",
    r"https?://(?:[^/\s'\"@]{1,80}@)?(?P<name>[\w.-]{2,100}(?::\d{2,5})?)",
)


_KEYS = (
    "address",
    "host",
    "hostname",
    "server",
    "ip",
    "ipaddress",
    "remoteaddress",
    "endpoint",
    "dsthost",
    "peer",
    "target",
)
_OWN = re.compile(r"(?i)(?:127\.|::1|0\.0\.0\.0|localhost)")


def address_of(scene: Scene) -> str:
    """Return the address that the error's own structure tells, with its port; one of another machine before one's own.

    Empty where it tells none.
    """
    found: list[str] = []
    for place in objects_held(scene):
        plain = {plain_key(key): value for key, value in place.items()}
        port = plain.get("port")
        for key in _KEYS:
            name = plain.get(key)
            if not isinstance(name, str) or "://" in name or not (is_host(name) or _OWN.match(name) or port):
                continue
            if re.fullmatch(r"[\w.:-]{1,100}", name):
                shown = f"[{name}]" if name.count(":") > 1 else name
                found.append(f"{shown}:{port}" if port and not re.search(r"(?<!:):\d+$", name) else shown)
    return next((name for name in found if not _OWN.match(name.strip("["))), found[0] if found else "")


def server_in(text: str) -> str:
    """Return the first server that a text names, one of its errors before others; empty where it names none."""
    for part in (error_lines(text), text):
        for pattern in _HOSTS:
            if found := re.search(pattern, part):
                port = found.groupdict().get("port")
                return f"{found['name'].rstrip('.:')}{f':{port}' if port else ''}"
    return host(text)


def url_in(text: str) -> str:
    """Return the first address of a text; empty where it has none."""
    found = re.search(r"https?://[\w./:%@?=&+~-]{3,200}", text)
    return found[0].rstrip(".:") if found else ""
