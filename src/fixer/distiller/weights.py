"""A line of a log in, how much it looks like the statement of an error out."""

from dataclasses import dataclass

from fixer import lazy_re as re

# Cheap first look, in small letters: a line without any of these weighs nothing.
_WORDS = (
    *(
        "rror",
        "fail",
        "xception",
        "fatal",
        "panic",
        "cannot",
        "can't",
        "could",
        "unable",
        "not ",
        "no such",
        "denied",
        "undefined",
    ),
    *(
        "unresolved",
        "invalid",
        "missing",
        "expect",
        "unsupported",
        "refused",
        "out",
        "abort",
        "kill",
        "mismatch",
        "conflict",
    ),
    *(
        "violation",
        "crash",
        "reject",
        "forbidden",
        "unauthorized",
        "incompatible",
        "exceed",
        "wrong",
        "broken",
        "illegal",
    ),
    *(
        "problem",
        "issue",
        "require",
        "should",
        "must",
        "would",
        "got",
        "want",
        "diff",
        "because",
        "caused",
        "exit",
        "e  ",
        "✕",
    ),
    *("err!", "●", "✖", "✗", "\u00d7", "e: ", "***", "[bug]", "dumped", "sanitizer", "found ", "bad "),
)
_STRONG_START = re.compile(
    r"\s*(?:\[?\w{0,12}\]? ?)?(?:E {2,}\S|error(?:\[\w+\])?: |error TS|Error: |ERROR: |fatal(?: error)?: |FATAL|panic: "
    r"|FAILED\b|FAIL\b|--- FAIL|\*\*\* |CMake Error|npm ERR! |npm error |\[ERROR\] |\[error\] |Caused by: |Traceback \("
    r"|BUILD FAIL|E: |\u00d7 |● |✕ |✗ |✖ )"
)
# each alternative starts with a plain character, so that a search runs from one of these to the next
_STRONG = re.compile(
    r"Error(?::| at | in )|Exception(?::| at | in )|Failure(?::| at | in )"
    r"|: (?:fatal )?error(?::| [A-Z]{1,4}\d)| FAILED\b|F(?<=\bF)AIL:"
    r"|<<< (?:FAILURE|ERROR)"
    r"|Failure/Error|AssertionError|Segmentation fault|\[BUG\]|core dumped|AddressSanitizer|PROCESS-CRASH"
    r"|TEST-UNEXPECTED"
    r"|not ok \d"
)
_FINAL = re.compile(
    r"##\[error\]|::error|.{0,600}(?:exited with [1-9]|exit code:? [1-9]|exit status [1-9])|ERROR: Job failed"
    r"|No output has been received|Done\. Your build exited|make(?:\[\d+\])?: \*\*\*"
)
# in small letters, as the line is for these two: without regard to case, a search takes four times as long
_MEDIUM = re.compile(
    r"\b(?:errors?|fail(?:ed|ure|ures|ing|s)?|fatal|exception|cannot|can't|could ?n[o']t|unable"
    r"|not (?:found|exist|installed|supported|configured|allowed)|no such|denied|undefined|unresolved|invalid|missing"
    r"|unexpected|unsupported|refused|timed? ?out|abort(?:ed)?|killed|mismatch|conflict(?:s|ing)?|violation"
    r"|crash(?:ed)?"
    r"|rejected|forbidden|unauthorized|incompatible|insufficient|exceed(?:s|ed)|must|should|would|wrong|broken|bad|illegal"
    r"|problem|issues?|expected|required|expecting|got|want|diff|differs?|cause|because)\b"
)
_HARMLESS = re.compile(
    r"\b(?:0|no) (?:errors?|fail(?:ed|ures?|ing)?|problems?|issues?)\b|\b(?:errors?|failures?|failed)[:=] ?0\b"
    r"|\bwarn(?:ing)?s?\b|deprecat|\bdebug\b|\btrace\b|-werror|--fail|fail-fast|on-error|continue-on-error|if: failure"
    r"|\[warn|download(?:ing|ed)\b|requirement already|compiling |passed\b|\bok$|✓|✔|\[command\]|setting up |unpacking "
    r"|selecting |receiving objects|resolving deltas"
    r"|(?:error|exception|fail)[\w-]{0,40}[-_.][\w.]{0,20}(?:js|jar|py|rs|h|gem|deb|tgz|whl)\b"
)
_FRAME = re.compile(r"\s+at \S|\s+File \"|\s+from \S+:\d+|\s+#\d+ 0x|\s*\d+: 0x|\s+\S+\.rb:\d+:in ")
_COUNTS = re.compile(r"[1-9]\d* (?:\w+ )?(?:fail|error|problem|warnings? treated)|Found [1-9]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a line counts, and how many lines around it are worth keeping."""

    score: int
    before: int
    after: int


NOTHING = Weight(0, 0, 0)
_LAST = Weight(70, 30, 2)
_TOTAL = Weight(75, 3, 3)
_SURE = Weight(90, 4, 12)
_DOUBTFUL = Weight(55, 4, 12)
_LIKELY = Weight(45, 3, 8)
_FAINT = Weight(22, 3, 8)
_STACK = Weight(15, 1, 1)
LOOKED_AT = 1200
"""Characters of a line that are looked at."""


def weigh(text: str) -> Weight:
    """Return the weight of one clean line by its words alone."""
    head = text[:LOOKED_AT]
    low = head.lower()
    for word in _WORDS:  # not any(): a generator doubles the time of reading a log
        if word in low:
            break
    else:
        return NOTHING
    if _FINAL.match(head):
        return _LAST
    if _STRONG_START.match(head) or _STRONG.search(head):
        return _DOUBTFUL if _HARMLESS.search(low) else _SURE
    return _by_words(head, low)


def _by_words(head: str, low: str) -> Weight:
    if _COUNTS.search(head):
        return _TOTAL
    if not _MEDIUM.search(low):
        return NOTHING
    if _FRAME.match(head):
        return _STACK
    return _FAINT if _HARMLESS.search(low) else _LIKELY
