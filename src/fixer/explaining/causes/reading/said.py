"""What an error's own words say, made fit for a sentence: message in, its first words, values and limits out."""

from fixer import lazy_re as re
from fixer.schema.failure import Failure

LONGEST = 200
_VALUE = 80
_MARK = re.compile(
    r"^(?:\s|##\[error\]|::error[^:]{0,80}::|\[!\]|│|\[ERROR\]|\[?\d{2}:\d{2}:\d{2}(?:[.,]\d+)?\]?"
    r"|\d{4}-\d\d-\d\d[T ][\d:.,]+Z?"
    r"|(?:npm ERR!|npm error|gyp ERR!|ERROR|Error|error|fatal|FATAL|E|Caused by|level=error msg=)(?:[:!]\s*|\s{2,}))+"
)
_EXPECTED_GOT = (
    r"expected:?\s*<(?P<e>.{1,200}?)>\s*but was:?\s*<(?P<g>.{1,200}?)>",
    (
        r"Expected(?: \w+)?:\s*(?P<e>[^\n]{1,200}?)\s*"
        r"\n?\s*(?:Received|Actual|But was|but was|Got)(?: \w+)?:\s*(?P<g>[^\n]{1,200})"
    ),
    r"expected:\s+(?P<e>\S[^\n]{0,200}?)\s+got:\s+(?P<g>[^\n]{1,200}?)(?:\s+\(compared|\s*$)",
    r"Failed asserting that (?P<g>[^\n]{1,200}?) (?:matches expected|is identical to|equals) (?P<e>[^\n]{1,200}?)\.?$",
    r"(?:\w+\([^\n]{0,80}\) |[Ww]indow |\b)was (?P<g>\S{1,80}),? (?:but )?expect(?:ing|ed) (?P<e>\S{1,80})",
    (
        r"\bgot:? ?(?:\w+ ?= ?)?(?P<g>[^\n;]{1,100}?)[,;]? (?:but )?"
        r"(?:want|wanted|expected):? ?(?:\w+ ?= ?)?(?P<e>[^\n]{1,100})"
    ),
    (
        r"\b(?:want|wanted|expected):? (?P<e>[^\n;]{1,100}?)[,;]? (?:but )?"
        r"(?:got|was|received|found|actual):? (?P<g>[^\n]{1,100})"
    ),
    r"(?P<g>\S{1,80}), want (?P<e>[^\n]{1,100})",
    (
        r"expected (?P<g>[^\n]{1,100}?) to "
        r"(?:(?:strictly |deeply |deep |loosely )*(?:equal|be|eql|eq|match))\s(?P<e>[^\n]{1,100})"
    ),
    r"Expected (?P<g>[^\n]{1,100}?) to (?:be|equal) (?P<e>[^\n]{1,100}?)\.?$",
    r"expected (?P<e>[^\n,]{1,100}?),? but (?:got|was|received|found) (?P<g>[^\n]{1,100})",
)
_LIMIT = re.compile(
    r"(?i)\b(?P<whole>(?:\d+h)?\d+m\d+s|\d+h\d+m)\b"
    r"|(?P<n>\d{1,9}(?:\.\d+)?)\s?(?P<u>ms|milliseconds?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?"
    r"|h(?:(?:ou)?rs?)?)(?![a-z])"
)
_UNITS = {"ms": "ms", "m": "minutes", "s": "seconds", "h": "hours"}


def message_of(failure: Failure) -> str:
    """Return what a failure says beside its own name: empty for `TestX failed`, which says nothing more."""
    message = failure.message.strip()
    names = [name for name in (failure.test, failure.shown_as) if name]
    for name in names:
        message = message.removeprefix(f"{name}: ").strip()
    empty = {text for name in names for text in (f"{name} failed", name)}
    return "" if message in empty or message.lower() in {"failed", "failure", "error"} else message


def first_words(text: str, limit: int = LONGEST) -> str:
    """Return the first line that says something, without marks and times of the log, cut between two words."""
    lines = (_MARK.sub("", part).strip() or part.strip() for part in text.splitlines())
    first = next((part for part in lines if part), "")
    first = re.sub(r"\s{2,}", " ", first)
    if len(first) <= limit:
        return first
    return f"{first[:limit].rpartition(' ')[0] or first[:limit]}…"


def expected_and_got(message: str) -> tuple[str, str] | None:
    """Return what a test expected and what it got instead; None where its words do not tell which is which."""
    for pattern in _EXPECTED_GOT:
        if found := re.search(pattern, message, re.MULTILINE):
            expected, got = (found[name].strip().rstrip(",;") for name in ("e", "g"))
            if expected and got and max(len(expected), len(got)) <= _VALUE:
                return expected, got
    return None


def limit_in(text: str) -> str:
    """Return the time that a text gives as a limit, with its unit: `30 minutes`, `1h0m0s`; empty where it has none."""
    for part in text.splitlines():
        if not re.search(
            r"(?i)time|exceed|limit|took|longer|after|within|stall|last|max|wait|no output|deadline", part
        ):
            continue
        if found := _LIMIT.search(part):
            return found["whole"] or f"{found['n']} {_unit(found['u'], found['n'])}"
    return ""


def _unit(unit: str, number: str) -> str:
    low = unit.lower()
    short = "ms" if low.startswith(("ms", "milli")) else low[0]
    return _UNITS[short].removesuffix("s") if number == "1" and short != "ms" else _UNITS[short]
