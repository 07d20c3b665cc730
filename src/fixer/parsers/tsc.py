"""The TypeScript compiler: `file(line,column): error TS2345: message`, plain and pretty."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_FILE = r"(?P<file>(?:[A-Za-z]:)?[^\s:(][^:(]{0,300}\.[cm]?[jt]sx?)"
_SAID = r"error (?P<code>TS\d{1,5}): (?P<message>.+)"
_MISSING = r"error (?P<code>TS2307): (?P<message>Cannot find module '[^./].+)"


class Tsc(LineParser):
    """See the module."""

    tool: ClassVar[str] = "tsc"
    needles: ClassVar[tuple[str, ...]] = ("error TS",)
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            re.compile(rf"(?:.{{0,40}}\s)?{_FILE}\((?P<line>\d+),(?P<column>\d+)\): {_MISSING}"),
            FailureKind.DEPENDENCY,
            RootCause.MISSING_DEPENDENCY,
        ),
        Rule(
            re.compile(rf"(?:.{{0,40}}\s)?{_FILE}:(?P<line>\d+):(?P<column>\d+) - {_MISSING}"),
            FailureKind.DEPENDENCY,
            RootCause.MISSING_DEPENDENCY,
        ),
        Rule(
            re.compile(rf"(?:.{{0,40}}\s)?{_FILE}\((?P<line>\d+),(?P<column>\d+)\): {_SAID}"),
            FailureKind.COMPILE,
            RootCause.COMPILE_ERROR,
        ),
        Rule(
            re.compile(rf"(?:.{{0,40}}\s)?{_FILE}:(?P<line>\d+):(?P<column>\d+) - {_SAID}"),
            FailureKind.COMPILE,
            RootCause.COMPILE_ERROR,
        ),
        Rule(re.compile(_SAID), FailureKind.COMPILE, RootCause.COMPILE_ERROR),
    )


PARSER: type[Parser] = Tsc
