"""An error that wraps others comes in; the words of the innermost one, which is the reason, go out."""

from fixer import lazy_re as re

_LEADS = re.compile(
    r"\(?\bcaused by:?\s+|\bnested exception is:?\s+|\s--->\s+|\[cause\]:\s*|\binner exception:\s+"
    r"|\broot cause:\s+|\boriginal error:\s+",
    re.IGNORECASE,
)
"""What stands before the error that was wrapped: Python's clients of HTTP, Java, Spring, .NET, Node."""
_CALL = re.compile(r"(?<![\w.])[\w.]*(?:Error|Exception|Timeout)\w*\(")
_OBJECT = re.compile(r"^(?:<[^<>]{1,160}>|\w+\([^()]{0,160}\)):\s*|^(?:-?\d+|None),\s*")
_CLASS = re.compile(r"^[\w.$]*(?:Error|Exception): ")
_CLOSES = {")": "(", "]": "[", "}": "{"}
_SHORTEST = 10


def innermost(text: str) -> str:
    """Return the reason inside of an error that wraps others; empty where it wraps none, or the reason is no words."""
    leads = list(_LEADS.finditer(text))
    if not leads:
        return ""
    inner = text[leads[-1].end() :].partition("\n")[0]
    calls = list(_CALL.finditer(inner))
    inner = inner[calls[-1].end() :] if calls else inner
    while (bare := _OBJECT.sub("", inner.lstrip("'\"( "), count=1)) != inner:
        inner = bare
    inner = _closed(_CLASS.sub("", inner))
    return inner if len(inner) >= _SHORTEST and " " in inner else ""


def _closed(inner: str) -> str:
    """Return words without the quotes and brackets at their end that close what stood before them."""
    while inner := inner.rstrip(", \t\r"):
        last = inner[-1]
        if not (inner.count(last) % 2 if last in "'\"" else inner.count(last) > inner.count(_CLOSES.get(last, last))):
            break
        inner = inner[:-1]
    return inner
