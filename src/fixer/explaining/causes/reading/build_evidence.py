"""What a build printed comes in, with the cause and the thing that was found; the line that tells of both goes out."""

from fixer import lazy_re as re
from fixer.explaining.causes.reading.build_text import only_passes_on, telling_lines
from fixer.explaining.causes.reading.verdicts import tells_end
from fixer.schema.root_cause import RootCause

_BY_NAME = {
    RootCause.MISSING_DEPENDENCY,
    RootCause.MISSING_TOOL,
    RootCause.COMPILE_ERROR,
    RootCause.ENVIRONMENT,
    RootCause.NETWORK_ERROR,
    RootCause.AUTH_ERROR,
}
"""Causes whose decisive line is the one that names what is missing, wrong or refused."""


def telling(text: str, cause: RootCause, name: str, otherwise: str) -> str:
    """Return the line that says what ended the step, or names the thing that it is about; else `otherwise`."""
    lines = telling_lines(text)
    if line := next((line for line in lines if tells_end(line, cause)), ""):
        return line
    if not name or name in otherwise or cause not in _BY_NAME:
        return otherwise
    whole = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
    return next((line for line in lines if whole.search(line) and not only_passes_on(line)), otherwise)


def last_line(text: str) -> str:
    """Return the last line that has a word; empty where none has."""
    return next((line.strip() for line in reversed(text.splitlines()) if re.search(r"[^\W\d_]{2}", line)), "")


def without(place: str, said: str) -> str:
    """Return what was said without the place before it, where it says something behind it."""
    file, _, line = place.rpartition(":")
    start = rf"^{re.escape(file)}[:(\[]{re.escape(line)}(?:[,:] ?\d+)*[)\]]?[:,]?(?: -)? ?(?:(?:fatal )?error:? )?"
    bare = re.sub(start, "", said, flags=re.IGNORECASE) if file and line.isdigit() else said
    return bare if re.search(r"\w{2}", bare) else said
