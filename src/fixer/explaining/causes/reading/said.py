"""What an error's own words say, made fit for a sentence: message in, its first words, values and limits out."""

from fixer import lazy_re as re
from fixer.schema.failure import Failure

LONGEST = 200
_VALUE = 80
_MARK = re.compile(
    r"^(?:\s|[\u2503\u2502\u2716\u2717\u2718\u203a\u2022!](?=\s)|===> |\*\* (?=\()|\[error\] |-(?= ?\w)|npm (?:ERR!"
    r"|error) (?:\d{3} )?|error (?=[A-Z])|##\[error\]"
    r"|::error[^:]{0,80}::|\[!\]|│|\[ERROR\]|\[?\d{2}:\d{2}:\d{2}(?:[.,]\d+)?\]?"
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
    r"Expected (?!objects )(?P<g>[^\n]{1,100}?) to (?:be|equal) (?P<e>[^\n]{1,100}?)\.?$",
    r"expected (?P<e>[^\n,]{1,100}?),? but (?:got|was|received|found) (?P<g>[^\n]{1,100})",
)
_LIMIT = re.compile(
    r"(?i)\b(?P<whole>(?:\d+h)?\d+m\d+s|\d+h\d+m)\b"
    r"|(?P<n>\d{1,9}(?:\.\d+)?)\s?(?P<u>ms|milliseconds?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?"
    r"|h(?:(?:ou)?rs?)?)(?![a-z])"
)
_NAMED_LIMIT = re.compile(
    r"(?i)\b(?:max|timeout|limit|time_limit|deadline)\w*?[_-](?:in[_-])?(?P<u>minutes?|mins?|seconds?|secs?|hours?|ms)\"?"
    r"\s*[=:]\s*\"?(?P<n>\d{1,9})\b"
)
_ENDING = re.compile(
    r"(?i)timed?[ -]?out|time limit|deadline|took (?:too long|longer)|longer than|no output|cancell?ed|exceeded"
    r"|terminated"
    r"|max(?:imum)?[_ ](?:\w+ )?(?:time|minutes|seconds|duration|hours)|job failed|sigterm|kill"
)
"""What is said of the end of a step, and not by what it ran."""
_LOCATION = re.compile(r"\s+(?:(?:%%|#|at|in) [\w./`'-]+:\d+.*|// (?:Object\.is|deep) equality)$")
"""Where a test stands, which some write behind what it got."""
_TOLD_LAST = re.compile(r"(?i)\blast[_ ](?:\w+_)?(?:output|line|log|message)\w*\"?: *\"?(?P<line>[^\n\"]{4,80})")
_UNITS = {"ms": "ms", "m": "minutes", "s": "seconds", "h": "hours"}


def message_of(failure: Failure) -> str:
    """Return what a failure says beside its own name: empty for `TestX failed`, which says nothing more."""
    message = failure.message.strip()
    names = [name for name in (failure.test, failure.shown_as) if name]
    for name in names:
        message = message.removeprefix(f"{name}: ").strip()
    empty = {text for name in names for text in (f"{name} failed", name)}
    said = re.sub(r"^\d+\) ", "", message)
    return "" if said in empty or said.lower() in {"failed", "failure", "error"} else message


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
            expected, got = (_LOCATION.sub("", found[name]).strip().rstrip(",;") for name in ("e", "g"))
            if expected and got and max(len(expected), len(got)) <= _VALUE:
                return expected, got
    return None


def last_printed(text: str) -> str:
    """Return the last line that a step printed before its time was up; empty where it printed nothing that tells."""
    if found := _TOLD_LAST.search(text):
        return str(found["line"])
    lines = text.splitlines()
    end = next((number for number, line in enumerate(lines) if _ENDING.search(line)), len(lines))
    words = (
        re.sub(r"^[^\w\"'/#@.\[]+", "", _MARK.sub("", line)).strip()
        for line in reversed(lines[:end])
        if not re.match(r"\s*[$+] ", line)
    )
    last = next((line for line in words if re.search(r"[^\W\d_]{3}", line)), "")
    last = re.sub(r"^\[(?:info|debug|log)\]\s*(?:[-*] )?", "", last).rstrip(":. ")
    return last if 3 < len(last) <= _VALUE else ""


def limit_in(text: str) -> str:
    """Return the time that a text gives as a limit, with its unit: `30 minutes`, `1h0m0s`; empty where it has none."""
    for part in text.splitlines():
        if not re.search(
            r"(?i)time|exceed|limit|took|longer|after|within|stall|last|max|wait|no output|deadline", part
        ):
            continue
        if found := _NAMED_LIMIT.search(part):
            return f"{found['n']} {_unit(found['u'], found['n'])}"
        if found := _LIMIT.search(part):
            return found["whole"] or f"{found['n']} {_unit(found['u'], found['n'])}"
    return ""


def _unit(unit: str, number: str) -> str:
    low = unit.lower()
    short = "ms" if low.startswith(("ms", "milli")) else low[0]
    return _UNITS[short].removesuffix("s") if number == "1" and short != "ms" else _UNITS[short]
