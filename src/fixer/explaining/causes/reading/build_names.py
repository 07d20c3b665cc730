"""The things that a build's error names: the text of the error in, the missing module, tool, test or place out."""

from fixer import lazy_re as re
from fixer.explaining.causes.reading.words import says
from fixer.schema.failure import Failure
from fixer.schema.root_cause import RootCause

_NAMED: dict[RootCause, str] = {
    RootCause.MISSING_DEPENDENCY: (
        r"(?:requirement|No module named|Cannot find (?:module|package)|cannot load such file --|package|artifact|404 +"
        r"|named|import) ['\"`]?(?P<name>(?!\d|not\b|is\b|or\b)[@\w][\w@./:-]{1,100})"
    ),
    RootCause.MISSING_TOOL: (
        r"(?:(?:^|[: ])(?P<name>[\w.+-]{1,60}): (?:command )?not found|spawn (?P<spawn>\S+) ENOENT|exec: "
        r"\"(?P<exec>[^\"]{1,60})\"|'(?P<win>[^']{1,60})' is not recognized)"
    ),
    RootCause.ENVIRONMENT: (
        r"(?P<runtime>(?i:\b(?:node(?:\.js)?|python|java|ruby|go|rust|php|npm))(?i: version)? ?['\"]?[<>=^~]+"
        r" ?v?\d[\w.]*)"
        r"|(?P<file>(?<![\w:/])/[\w./-]{2,100})|\b(?P<name>(?!ERR_|E[A-Z]+_)[A-Z][A-Z0-9]*_[A-Z0-9_]{2,60})\b"
        r"|(?i:address already in use|eaddrinuse)\D{0,30}?(?P<port>[\w.:]*:\d{2,5})"
        r"|(?i:variable(?: not found| named| is not set)?)[: ]+['\"`]?(?P<variable>[A-Z][A-Z0-9_]{2,60})"
        r"|engine ['\"]?(?P<engine>\w+)"
    ),
    RootCause.TEST_FAILURE: (
        r"(?P<name>[\w./-]{1,100}::[\w:\[\].-]{1,100})|--- FAIL: (?P<go>\S+)|● "
        r"(?P<jest>[^\n]{1,100})"
    ),
    RootCause.FLAKY: r"(?P<name>[\w./-]{1,100}::[\w:\[\].-]{1,100})|(?P<spec>[\w./-]+\.(?:spec|test)\.\w+)",
    RootCause.INFRASTRUCTURE: r"(?i)runner:? (?P<name>[\w.-]{2,60})(?= lost| has)",
}
_PLACE = re.compile(r"(?P<file>[\w@./\\-]{1,150}\.\w{1,6})(?:[:(](?P<line>\d{1,6}))")


def named_in(text: str, cause: RootCause, failure: Failure | None) -> str:
    """Return what an error of this cause is about, first what a tool's own words say; empty where nothing is named."""
    if cause in {RootCause.TEST_FAILURE, RootCause.FLAKY} and failure is not None and failure.test:
        return failure.test
    if cause is RootCause.ENVIRONMENT and says(text, r"no space left|enospc|disk (?:is )?full|disk quota"):
        return "disk space"
    found = re.search(_NAMED[cause], text, re.MULTILINE) if cause in _NAMED else None
    return "" if found is None else next((part for part in found.groups() if part), "").rstrip(".,:;")


def place_in(text: str, failure: Failure | None) -> str:
    """Return the line and the file that an error is about; empty where it tells neither."""
    if failure is not None and failure.file:
        return f"line {failure.line} of {failure.file}" if failure.line else failure.file
    found = _PLACE.search(text)
    return f"line {found['line']} of {found['file']}" if found is not None else ""
