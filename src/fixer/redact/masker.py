"""Text with secrets in it goes in, the same text with each secret replaced by its kind comes out.

Two ways lead to a secret: the exact values of secret-looking environment variables, in the encodings in which tools
print them, and the shapes of the usual tokens (`rules`). Lines are looked at only when a rule's keyword is in
them, so that a long log takes linear time.
"""

import base64
import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote, urlsplit

from fixer import lazy_re as re
from fixer.redact.rules import RULES, Rule

KNOWN = "[masked secret]"
LEAST_LETTERS = 8
"""A value shorter than this is masked only when it mixes kinds of characters, and never below six."""
PEM_BYTES = 16384
"""Longest private key that is looked for; an RSA key of 16,384 bits takes 12,800."""

_WORDS = frozenset(
    {"TOKEN", "TOKENS", "KEY", "KEYS", "SECRET", "SECRETS", "PASSWORD", "PASSWD", "PASS", "PWD", "PASSPHRASE", "PW"}
    | {"CREDENTIAL", "CREDENTIALS", "CREDS", "AUTH", "AUTHORIZATION", "PRIVATE", "DSN", "PAT", "BEARER", "COOKIE"}
    | {"WEBHOOK", "SIGNATURE", "JWT", "SAS", "NETRC"}
)
_ENDS = ("TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "CREDENTIALS")
_NAMES = re.compile(
    r"(API|ACCESS|SECRET|AUTH|PRIVATE|SIGNING|MASTER|DEPLOY|ENCRYPTION|SSH|GPG|LICEN[CS]E|SERVICE|ACCOUNT)KEYS?$"
    r"|(DATABASE|REDIS|MONGO(DB)?|POSTGRES(QL)?|AMQP|BROKER|MYSQL)_UR[IL]$|CONNECTION_STRING$"
)
_QUALIFIERS = frozenset(
    {"METHOD", "TYPE", "MODE", "ENABLED", "PROVIDER", "VERSION", "TTL", "TIMEOUT", "LENGTH", "SIZE", "COUNT", "NAME"}
    | {"ALGORITHM", "FILE", "PATH", "DIR", "SOCK", "HOST", "PORT", "USER", "USERNAME", "REQUIRED", "PUBLIC"}
)
"""Last words of names whose value is about a secret, but is none."""
_TRIVIAL = frozenset(
    {"true", "false", "none", "null", "undefined", "default", "disabled", "enabled", "required", "optional", "unknown"}
    | {"production", "development", "staging", "testing", "localhost", "masked", "secret", "password", "passwd"}
    | {"changeme", "example", "username", "anonymous", "keychain", "token"}
)
_PEM_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PEM_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PEM_BODY = re.compile(r"(?:(?:\s|\\r|\\n)*[A-Za-z0-9+/=]{16,})*")
_GAP = r"(?:\x1b\[[0-?]*[ -/]*[@-~]|\r?\n)*"
_COLOURS = re.compile(rb"\x1b\[[0-?]*[ -/]*[@-~]")


class Masker:
    """Masks text; made once from the environment, before anything is stored, shown or sent."""

    def __init__(self, env: Mapping[str, str]) -> None:
        """Learn the values of the secret-looking variables of `env`."""
        self._forms: tuple[str, ...] = ()
        self._split: tuple[str, ...] = ()
        for name, value in env.items():
            if is_secret_name(name) and is_secret_value(value):
                self.learn(value)

    def learn(self, value: str) -> None:
        """Mask this value from now on, in all its encodings; what is too short to be told from a word is left."""
        value = value.strip()
        if not is_secret_value(value):
            return
        found = set(forms(value))
        lines = [line.strip() for line in value.splitlines()]
        for line in lines if len(lines) > 1 else []:
            found.update(forms(line) if len(line) >= 16 else ())
        with_password = urlsplit(value) if "://" in value else None
        password = unquote(with_password.password or "") if with_password else ""
        found.update(forms(password) if is_secret_value(password) else ())
        self._forms = tuple(sorted({*self._forms, *found}, key=lambda form: (-len(form), form)))
        self._split = (*self._split, value) if len(value) >= 12 else self._split

    def mask(self, text: str) -> str:
        """Return `text` with every known secret and every token shape replaced."""
        flat = _flat(text)
        for form in self._forms:
            if _flat(form) in flat and form in text:
                text = text.replace(form, KNOWN)
        text = self._mask_split(text)
        return _mask_lines(_mask_pem(text))

    def _mask_split(self, text: str) -> str:
        """Mask known values that a line break or a colour cuts in two."""
        if not self._split:
            return text
        joined = _flat(text).translate(None, b"\r\n")
        joined = _COLOURS.sub(b"", joined) if b"\x1b" in joined else joined
        for value in self._split:
            if _flat(value) in joined:
                text = re.sub(_GAP.join(map(re.escape, value)), KNOWN, text)
        return text


def is_secret_name(name: str) -> bool:
    """Whether a variable of this name holds a secret by its words: `API_KEY`, `dbPassword`, not `AUTHOR`."""
    words = re.split(r"[^A-Z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper())
    if words[-1] in _QUALIFIERS:
        return False
    return _NAMES.search(name.upper()) is not None or any(word in _WORDS or word.endswith(_ENDS) for word in words)


def is_secret_value(value: str) -> bool:
    """Whether a value can be masked without masking half a log: long enough, no plain word, number or path."""
    value = value.strip()
    if len(value) < 6 or value.lower() in _TRIVIAL or (value.isdigit() and len(value) < 12):
        return False
    if len(value) < LEAST_LETTERS and (value.isalpha() or value.isdigit()):
        return False
    return not _is_path(value)


def _is_path(value: str) -> bool:
    """Whether it names a place of this machine; a secret may start with a slash too, so the place has to be there."""
    first = value.partition(":")[0]
    if not first.startswith(("/", "~", "./")) or "\0" in first:
        return False
    try:
        return Path(first).expanduser().exists()
    except (OSError, RuntimeError):
        return False


def forms(value: str) -> Iterator[str]:
    """Yield a value as tools print it: plain, base64 at any offset, URL, hex, JSON, shell, HTML, reversed, cut."""
    import html  # noqa: PLC0415 - a table of 2,000 names, for those alone who have secrets

    raw = value.encode("utf-8", "surrogateescape")
    yield value
    yield from _base64_forms(raw)
    for encoded in (quote(raw, safe=""), quote(raw), quote_plus(raw), quote(quote(raw, safe=""), safe="")):
        yield encoded
        yield re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), encoded)
    yield raw.hex()
    yield raw.hex().upper()
    yield raw.hex(":")
    for escaped in (json.dumps(value), json.dumps(value, ensure_ascii=False), repr(value)):
        yield escaped[1:-1]
        yield json.dumps(escaped[1:-1])[1:-1]
    yield shlex.quote(value).strip("'")
    yield re.sub(r"([^\w@%+=:,./-])", r"\\\1", value)
    yield html.escape(value)
    yield value[::-1]
    if len(value) >= 20:
        # Printed without its first characters, a token is still most of a token.
        yield value[7:]
        yield value[4:]


def _base64_forms(raw: bytes) -> Iterator[str]:
    """Yield the part of a base64 text that depends on `raw` alone, at each of the three places it can start."""
    for offset in range(3):
        padded = base64.b64encode(b"\0" * offset + raw)
        start = (offset * 8 + 5) // 6
        end = (offset + len(raw)) * 8 // 6
        part = padded[start:end].decode("ascii")
        if len(part) >= 6:
            yield part
            yield part.replace("+", "-").replace("/", "_")


def _mask_pem(text: str) -> str:
    """Mask private key blocks, also those that a log cut short."""
    if "PRIVATE KEY" not in text:
        return text
    parts = []
    position = 0
    for begin in _PEM_BEGIN.finditer(text):
        if begin.start() < position:
            continue
        end = _PEM_END.search(text, begin.end(), begin.end() + PEM_BYTES)
        body = end or _PEM_BODY.match(text, begin.end(), begin.end() + PEM_BYTES)
        stop = body.end() if body else begin.end()
        parts += [text[position : begin.start()], "[masked private key]"]
        position = stop
    return "".join(parts) + text[position:]


def _mask_lines(text: str) -> str:
    """Apply each rule to the lines that hold one of its keywords."""
    flat = _flat(text)
    hits: dict[int, set[int]] = {}
    for keywords, data in ((_EXACT, flat), (_ANY_CASE, flat.lower())):
        for keyword, rules in keywords.items():
            if keyword in data:
                for start in _lines_with(keyword, data):
                    hits.setdefault(start, set()).update(rules)
    parts = []
    done = 0
    for start in sorted(hits):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end]
        for number in sorted(hits[start]):
            line = RULES[number].pattern.sub(_REPLACEMENTS[number], line)
        parts += [text[done:start], line]
        done = end
    return "".join(parts) + text[done:]


def _flat(text: str) -> bytes:
    """Return one byte a character: places agree with the text, and searching is several times faster."""
    return text.encode("ascii", "replace")


def _lines_with(keyword: bytes, data: bytes) -> Iterator[int]:
    """Yield where each line starts that holds `keyword`."""
    position = data.find(keyword)
    while position >= 0:
        yield data.rfind(b"\n", 0, position) + 1
        end = data.find(b"\n", position)
        position = data.find(keyword, end) if end >= 0 else -1


def _replacement(rule: Rule) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        secret = match["secret"]
        if rule.accepts is not None and not rule.accepts(match):
            return match[0]
        start, end = match.start("secret") - match.start(), match.end("secret") - match.start()
        return f"{match[0][:start]}[masked {rule.kind}]{match[0][end:]}" if secret else match[0]

    return replace


_REPLACEMENTS = [_replacement(rule) for rule in RULES]
_EXACT: dict[bytes, list[int]] = {}
_ANY_CASE: dict[bytes, list[int]] = {}
for _number, _rule in enumerate(RULES):
    for _keyword in _rule.keywords:
        (_EXACT if _rule.exact else _ANY_CASE).setdefault(_keyword.encode("ascii"), []).append(_number)
