"""A failure's message in, a short stable text out: the same for the same failure in another place, time or process."""

import hashlib

from fixer import lazy_re as re

READABLE = 120
"""Characters of the normalised message that stay readable; the hash stands for the rest."""
LOOKED_AT = 4000
"""Characters of a message that count: a value printed in full may be megabytes long."""

# The order counts: what holds digits and slashes of its own is taken out before plain numbers and paths are.
# No pattern can look at one character more than a few times: each starts only where a word starts.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE), "<uuid>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"), "<time>"),
    (re.compile(r"\b\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?\b"), "<time>"),
    (
        re.compile(
            r"(?<!\w)'[^'\n]*'(?!\w)|(?<!\w)\"[^\"\n]*\"(?!\w)|(?<!\w)`[^`\n]*`(?!\w)|[\u2018\u201c\u00ab][^\u2019\u201d\u00bb\n]{0,200}[\u2019\u201d\u00bb]"
        ),
        "<q>",
    ),
    (re.compile(r"\b[a-z][a-z0-9+.-]{1,15}://[^\s<>\"']+", re.IGNORECASE), "<url>"),
    (re.compile(r"(?<![\w.~@+-])(?:[A-Za-z]:)?[\w.~@+-]*(?:[/\\]+[\w.~@+-]+)+(?::\d+(?::\d+)?)?[/\\]?"), "<path>"),
    (re.compile(r"\b0x[0-9a-f]+\b", re.IGNORECASE), "<hex>"),
    (re.compile(r"\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,128}\b"), "<hash>"),
    (
        re.compile(
            r"(?<!\w)[+-]?\d[\d_]*(?:[.,]\d+)*(?:e[+-]?\d+)?(?: ?(?:ms|s|min|h|[kmg]?i?b|seconds?)\b|%)?", re.IGNORECASE
        ),
        "<n>",
    ),
    # digits at the end of a word count as an id only after a small letter: E0061 and TS2345 are names
    (re.compile(r"(?<=[a-z_])\d{4,}"), "<n>"),
    (re.compile(r"\s+"), " "),
)


def normalised(message: str) -> str:
    """Return the message with ids, numbers, paths, quoted names, times and hashes taken out, white space folded."""
    text = message[:LOOKED_AT]
    for pattern, stand_in in _RULES:
        text = pattern.sub(stand_in, text)
    return text.strip()


def fingerprint(message: str) -> str:
    """Return the normalised message, cut to `READABLE` characters, and the first 8 hex digits of its SHA-256.

    `KeyError: 'a'` and `KeyError: 'b'` share one fingerprint (a name is not what went wrong); `KeyError: 'a'` and
    `TypeError: 'a'` do not. Whoever must tell two places apart compares tool and test beside it.
    """
    text = normalised(message)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{text[:READABLE].rstrip()} #{digest}"
