"""What a build says of a server comes in; the server's name, or the whole address, goes out."""

from fixer import lazy_re as re
from fixer.explaining.causes.reading.build_text import error_lines
from fixer.explaining.causes.reading.names import host

_HOSTS = (
    r"server at \"?(?P<name>[\w.-]{2,100})\"?(?: \([^)\n]{1,60}\))?, port (?P<port>\d{2,5})",
    r"(?:dial|connect(?:ing)?)\S*:? (?:tcp4?6? |to )?(?P<name>[\w.-]{2,100}):(?P<port>\d{2,5})\b",
    r"(?i)resolve host:? ['\"]?(?P<name>[\w.-]{3,100})",
    r"(?i)lookup (?P<name>[\w.-]{2,100})",
    r"(?i)connect to (?:the )?(?:host )?(?:via ssh: )?(?:ssh: connect to host )?(?P<name>[\w.-]{3,100}) port \d+",
    r"connect to host (?P<name>[\w.-]{2,100})",
    r"(?i)(?:connect )?E(?:TIMEDOUT|CONNREFUSED|HOSTUNREACH|CONNRESET) (?P<name>[\w.:-]{5,100})",
    r"(?i)(?:unknown host|reach host|getaddrinfo \w+|UnknownHostException:) (?P<name>[\w.-]{3,100})",
    r"(?i)(?:host=)['\"](?P<name>[\w.-]{3,100})",
    r"https?://(?:[^/\s'\"@]{1,80}@)?(?P<name>[\w.-]{2,100}(?::\d{2,5})?)",
)


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
