"""What a build printed comes in; what decides goes out: without marks, warnings and the runner's preparation."""

from collections.abc import Iterator
from functools import lru_cache

from fixer import lazy_re as re

_LONG = 5_000
"""Characters up to which the whole of it is read for words; of more, the lines that tell of errors."""
_MARKS = re.compile(
    r"^(?:\ufeff|\x1b\[[\d;]*[A-Za-z]|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.,]*Z?\s|\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]?\s"
    r"|#\d+ (?:\d+(?:\.\d+)?\s)?|##\[(?:error|command|debug)\]|::error[^:]{0,200}::|[│╷╵] ?"
    r"|\[\w[\w -]{0,30}\] (?=#\d))+"
)
_COLOUR = re.compile(r"\x1b\[[\d;?]*[A-Za-z]|\x1b\][^\x07\n]*\x07?")
_WARNING = re.compile(
    r"(?i)^\s*(?!.*\btemporary error \(try)(?:\[?warn(?:ing)?\]?\b[:\s-]|(?:\S+ )?npm warn\b|\S+ warn(?:ing)?:"
    r"|##\[warning\]|::warning|::notice"
    r"|\S+: warning\b|warning\b.{0,40}:|deprecat|\(node:\d+\) |debconf: |\[?info\]?:? (?!.*\bfail)"
    r"|time=\S+ level=(?:warn|info)"
    r"|.{0,80}\bwarn(?:ing)?\b(?=[:\]])|.{0,120}\bwarning (?:[A-Z]{2,10}\d{2,6}|TS\d+)\b"
    r"|.{0,60}\b(?:retrying|will retry|retry in|trying again|attempt \d+ failed)\b)"
)
"""Lines that say: it went on all the same."""
_OF_WARNING = re.compile(r"^\s*(?:[│┃|╎]|└─|╰|-->|=(?= )|\d+ +[│|]|\.\.\. |(?<=\s)[\w./-]+\.\w{1,5}:\d+(?::\d+)?$)")
"""What compilers draw under a warning: its place, its code and notes on it."""
_ENDED_FOR_ANOTHER = re.compile(
    r"(?i)\(cancell?ed\)|(?<!by )\b(?:other|another|sibling|remaining|dependent) (?:\w+ )?(?:task|process(?:e)?|job"
    r"|command|target"
    r"|build|worker)s?\b[^\n]{0,40}(?:\.\.|fail|exit|error|abort|stop|kill|terminat)|sending sigterm to other"
    r"|waiting for \d+ child process|exited with (?:code |signal )?sigterm|fail-?fast is set"
    r"|cancell?(?:ed|ing)[^\n]{0,30}(?:because|since|as|due)\b"
)
"""Lines that say: this was ended because something else had failed."""
_TASK = re.compile(
    r"^(?:@?[\w./-]{1,60}[:#][A-Za-z][\w:.-]{0,40}: |remote: +(?:! +)?|[\w./-]{1,60} (?:build|test|lint): )"
)
"""What runners of several tasks, and servers that are pushed to, write before each line."""
_SUMMARY = re.compile(r"(?m)^=+ warnings summary =+\n(?:(?!=).*\n?)*")
"""What pytest lists of warnings."""
_PREPARATION = re.compile(
    r"^(?:Running with gitlab-runner|\s+on \S+ \S+|Preparing (?:the|environment)|Using (?:Docker"
    r"|Kubernetes|Shell|docker|effective)"
    r"|Pulling docker|Authenticating with|Running on \S+ via|Getting source|Fetching changes"
    r"|Initialized empty|Created fresh"
    r"|Reinitialized|Checking out|Skipping (?:Git|object)|Updating/initializing|Restoring cache"
    r"|Checking cache|No URL provided"
    r"|Failed to extract cache|Successfully extracted|Downloading (?:artifacts|cache)|Executing \""
    r"|section_(?:start|end))"
)
"""Lines of a runner that makes a job ready; what stands between them is its own, too."""
_FRAME = re.compile(r"(?m)^\s+at \S[^\n]*[):]\d*\)?$\n?")
_ERROR = re.compile(
    r"(?i)(?:\b|[a-z])err(?:ors?\b|!)|fatal|fail|exception|\bcan(?:not|'t)\b|\bcould ?n[o']t|\bunable\b|not found"
    r"|no such|denied"
    r"|refused|killed|panic|undefined|unresolved|missing|\brequire[sd]?\b|requirement|\binvalid|unsupported|incompatible"
    r"|not supported|timed? ?-?out"
    r"|exceed|abort|out of memory|too (?:long|many|large|big)|unbound|not set|unexpected|expected|nicht"
    r"|[✗✘✖\u2a2f\u274c\U0001f6a8\u00d7●]|\[x\]|traceback|\b(?:empty|blank)$|longer than|\b(?:is|are) disabled"
    r"|no space|unauthori|forbidden|\b[45]\d\d\b|\.\w{1,5}[:(]\d+|flak|rerun|system failure|lost"
    r"|terminated|signal|unhealthy"
    r"|\bneeds? |mismatch|conflict|not allowed|not recogni|wurde|impossible|introuvable|no se |não "
)
_ALONE = re.compile(
    r"(?i)\W{0,40}(?:\w*errors?\b:?|fatal|failed|failures?|exception|traceback[^:]{0,60})?\W{0,40}(?:\[[\w-]{1,20}\])?\W{0,40}$"
)
"""A line of marks, of the word for an error, or of a code in brackets: the next one says what it is."""
_WRAPPER = re.compile(
    r"(?i)process completed with exit code|script returned exit code|exited with code|job failed: exit"
    r"|exit code:? \d+\.?$"
    r"|failed with exit code|returned a non-zero code|^\s*\d+ errors?\b|did not complete successfully|BUILD FAIL"
    r"|^FAILURE: |complete log of this run|exit status \d+$|Error \d+$|^\s*error: recipe|ELIFECYCLE"
    r"|Failed to execute goal|failed to build gem native|custom build command for|^Test Suites:"
    r"|^(?:\S+ )?Tests?:\s+\d+ |^\d+ (?:tests?|examples?|specs?|runs|successes)\b|^\[?\w*\]? ?(?:one|\d+) errors? found"
    r"|^error: \d+ dependencies of|could not compile `|cannot continue|command finished with error"
    r"|\d+% tests passed|errors have been logged|^found \d+ error|^\d+ flaky$|^#\s+failure|compilation failed$"
    r"|analysis failed with|^\u2026 "
    r"|there were (?:issues|errors|problems)|error count"
    r"|^npm (?:ERR!|error) (?:code|path|command|A complete|errno|Lifecycle|Exit)\b|^FAIL$|cleaning up project"
)
"""Lines in which a shell, a runner or an outer tool only passes on that what it ran has failed."""
_COMMANDS = (
    r"process \"/bin/(?:sh|bash) -c (?P<name>[^\"\n]{2,200})\" did not complete",
    r"The command '/bin/(?:sh|bash) -c (?P<name>[^'\n]{2,200})' returned",
    r"Execution failed for task '(?P<name>[^'\n]{2,100})'",
    r"(?m)^(?:npm (?:ERR!|error) command (?!failed)|error Command (?!failed))\"?(?:sh -c )?(?P<name>[^\"\n]{2,150})",
    r"(?m)^(?:\[[^\]]{1,40}\] )?RUN (?P<name>[^\n]{2,200})",
    r"(?m)^Step \d+/\d+ : RUN (?P<name>[^\n]{2,200})",
    (
        r"(?m)^(?:\$|\+|PS[^>\n]{0,80}>|##\[group\]Run|Run|>(?= +[a-z.]))\s+(?!echo|set |cd |exit|export|sleep|Task|#"
        r"|pkg)(?P<name>[\w./\\][^\n]{1,200})"
    ),
)


def bare(text: str) -> str:
    """Return the text without the marks and times that a log puts before its lines, and without colours."""
    lines = [_MARKS.sub("", _COLOUR.sub("", line).rstrip()) for line in text.splitlines()]
    if sum(bool(_TASK.match(line)) for line in lines) * 2 > max(len(lines), 2):
        lines = [_TASK.sub("", line) for line in lines]
    return "\n".join(lines)


def ran(text: str) -> str:
    """Return what a job's own commands printed: without marks, and without what its runner said when it prepared it."""
    return "\n".join(_after_preparation(bare(text).splitlines()))


_DIFF = re.compile(r"(?m)^(?:Diff in \S+|@@ -\d|--- a/|\s*[-+]{3} \S+)")
_CHANGED_LINE = re.compile(r"(?m)^[+-](?![+-]{2} )[^\n]*\n?")


@lru_cache(maxsize=2)
def decisive(text: str) -> str:
    """Return what decides of what a job printed: without warnings; all of it where that leaves no error.

    What failed stands after what was prepared, and a warning is no reason: a word in either says nothing.
    """
    own = _without_diffs(_SUMMARY.sub("", ran(text)))
    kept = list(_without_warnings(own.splitlines()))
    return "\n".join(kept) if any(map(_ERROR.search, kept)) else own


def _without_warnings(lines: list[str]) -> Iterator[str]:
    """Leave out warnings with what is drawn under them, and what was ended because something else had failed."""
    below = False
    for line in lines:
        if _WARNING.search(line):
            below = True
        elif not (below := below and bool(_OF_WARNING.match(line))) and not _ENDED_FOR_ANOTHER.search(line):
            yield line


def _without_diffs(text: str) -> str:
    """Leave out the lines of diffs that formatters print: they are the code's words, not the job's."""
    return _CHANGED_LINE.sub("", text) if _DIFF.search(text) else text


def _after_preparation(lines: list[str]) -> list[str]:
    if not any("gitlab-runner" in line for line in lines[:10]):
        return lines
    first = next((at for at, line in enumerate(lines) if re.match(r"\$ \S", line)), len(lines))
    last = max((at for at, line in enumerate(lines[:first]) if _PREPARATION.search(line)), default=-1)
    return lines[last + 1 :]


def gist(text: str) -> str:
    """Return the text of which words are read: no stack frames; of a long one the lines that tell of errors."""
    text = _FRAME.sub("", text)
    if len(text) <= _LONG:
        return text
    return "\n".join(_telling(text.splitlines()))[-_LONG:]


def _telling(lines: list[str]) -> Iterator[str]:
    after = False
    for line in lines:
        tells = bool(_ERROR.search(line))
        if tells or after:
            yield line
        after = tells


def error_lines(text: str) -> str:
    """Return the lines of a text that tell of errors; empty where none does."""
    return "\n".join(line for line in text.splitlines() if _ERROR.search(line))


def first_error(text: str) -> str:
    """Return the first line that tells of an error itself, and not of what ran it; empty where there is none.

    With a line that only announces what follows comes the next one.
    """
    lines = _lines(text)
    said = [number for number, line in enumerate(lines) if _says_something(line)]
    told = [number for number in said if _ERROR.search(lines[number]) or (number and _ALONE.match(lines[number - 1]))]
    own = next((number for number in told if not _WRAPPER.search(lines[number])), told[0] if told else None)
    if own is None:
        return ""
    following = lines[own + 1] if own + 1 < len(lines) and lines[own].endswith(":") else ""
    return f"{lines[own]} {following.lstrip('*-• ')}" if following and _says_something(following) else lines[own]


@lru_cache(maxsize=2)
def telling_lines(text: str) -> tuple[str, ...]:
    """Return the lines that tell of errors and are no command, no place alone and no mark."""
    return tuple(line for line in _lines(text) if _ERROR.search(line) and _says_something(line))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in _CODE_OF_FRAME.sub("", text).splitlines() if line.strip()]


def only_passes_on(line: str) -> bool:
    """Whether a line says no more than that what was run has failed."""
    return bool(_WRAPPER.search(line) or _ALONE.match(line))


def _says_something(line: str) -> bool:
    marks = _PLACE_ALONE.match(line) or _COMMAND.search(line) or _ALONE.match(line) or _SHOWN_CODE.match(line)
    return bool(_WORD.search(line)) and not marks


_SHOWN_CODE = re.compile(r"(?:>\s*)?\d+ ?[|\u2502] |at [\w.<>$]+ ?\(\S+:\d+\)$")
"""A line of code that a tool shows, or a frame of a stack trace."""
_PLACE_ALONE = re.compile(r"(?:In |at |on |--> ?|\W{1,8})?\S{1,300}(?::\d+(?::\d+)?|, line \d+| line \d+)[:.]?$")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE_OF_FRAME = re.compile(r"(?m)^\s+File \"[^\"\n]+\", line \d+(?:, in .*)?\n(?:\s{4,}.*\n?)?")
"""A frame of Python's traceback, with its line of code."""


_COMMAND = re.compile(r"^(?:\$|\+|PS[^>]{0,80}>|>|RUN|Step \d+/\d+ :|##\[group\])\s|^\[[^\]]{1,40}\] RUN ")


def command_in(text: str) -> str:
    """Return the command that the text says failed, else the last one that it shows; empty where it shows none."""
    for pattern in _COMMANDS:
        found = [one["name"].strip() for one in re.finditer(pattern, text)]
        named = [name for name in found if not re.match(r"[\w@/.-]+@\d[\w.-]* \w+$", name)]
        if named:
            return _short(named[-1])
    return ""


def _short(command: str) -> str:
    """Return a command as it can stand in a sentence."""
    return command if len(command) <= 100 else f"{command[:100].rpartition(' ')[0] or command[:100]}…"
