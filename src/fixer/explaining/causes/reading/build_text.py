"""What a build printed comes in; what decides goes out: without marks, warnings and the runner's preparation."""

from collections.abc import Iterator

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
    r"(?i)^\s*(?:\[?warn(?:ing)?\]?\b[:\s-]|(?:\S+ )?npm warn\b|\S+ warn(?:ing)?:|##\[warning\]|::warning|::notice"
    r"|\S+: warning\b|warning\b.{0,40}:|deprecat|\(node:\d+\) |debconf: |\[?info\]?:? (?!.*\bfail)"
    r"|time=\S+ level=(?:warn|info)"
    r"|.{0,80}\bwarn(?:ing)?\b(?=[:\]])|.{0,120}\bwarning (?:[A-Z]{2,10}\d{2,6}|TS\d+)\b"
    r"|.{0,60}\b(?:retrying|will retry|retry in|trying again|attempt \d+ failed)\b)"
)
"""Lines that say: it went on all the same."""
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
    r"(?i)\berr(?:ors?\b|!)|fatal|fail|exception|\bcan(?:not|'t)\b|\bcould ?n[o']t|\bunable\b|not found|no such|denied"
    r"|refused|killed|panic|undefined|unresolved|missing|requir|\binvalid|unsupported|incompatible"
    r"|not supported|timed? ?-?out"
    r"|exceed|abort|out of memory|too (?:long|many)|unbound|not set|unexpected|expected|nicht"
    r"|[✗✘\u00d7●]|\[x\]|traceback"
    r"|no space|unauthori|forbidden|\b[45]\d\d\b|\.\w{1,5}[:(]\d+|flak|rerun|system failure|lost"
    r"|terminated|signal|unhealthy"
    r"|\bneeds? |mismatch|conflict|not allowed|not recogni|wurde|impossible|introuvable|no se |não "
)
_ALONE = re.compile(r"(?i)\W*(?:\w*errors?|fatal|failed|failures?|exception|traceback[^:]*)\W*$")
_WRAPPER = re.compile(
    r"(?i)process completed with exit code|script returned exit code|exited with code|job failed: exit"
    r"|exit code:? \d+\.?$"
    r"|failed with exit code|returned a non-zero code|^\s*\d+ errors?\b|did not complete successfully|BUILD FAIL"
    r"|^FAILURE: |complete log of this run|exit status \d+$|Error \d+$|^\s*error: recipe|ELIFECYCLE"
    r"|Failed to execute goal"
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
    return "\n".join(_MARKS.sub("", _COLOUR.sub("", line).rstrip()) for line in text.splitlines())


def ran(text: str) -> str:
    """Return what a job's own commands printed: without marks, and without what its runner said when it prepared it."""
    return "\n".join(_after_preparation(bare(text).splitlines()))


_DIFF = re.compile(r"(?m)^(?:Diff in \S+|@@ -\d|--- a/|\s*[-+]{3} \S+)")
_CHANGED_LINE = re.compile(r"(?m)^[+-](?![+-]{2} )[^\n]*\n?")


def decisive(text: str) -> str:
    """Return what decides of what a job printed: without warnings; all of it where that leaves no error.

    What failed stands after what was prepared, and a warning is no reason: a word in either says nothing.
    """
    own = _without_diffs(_SUMMARY.sub("", ran(text)))
    kept = [line for line in own.splitlines() if not _WARNING.search(line)]
    return "\n".join(kept) if any(map(_ERROR.search, kept)) else own


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
    """Return the first line that tells of an error itself, and not of what ran it; empty where there is none."""
    lines = [line.strip() for line in text.splitlines()]
    told = [line for line in lines if _ERROR.search(line) and not _COMMAND.search(line) and not _ALONE.match(line)]
    return next((line for line in told if not _WRAPPER.search(line)), told[0] if told else "")


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
