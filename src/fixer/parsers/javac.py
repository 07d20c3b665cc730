"""javac, kotlinc and scalac, bare or under Gradle, Maven, ant or sbt; checkstyle's findings among them."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_FILE = r"(?P<file>(?:[A-Za-z]:)?[^\s:\[(][^:\[(]{0,300}\.(?:java|kts?|scala|groovy))"
_ANT = r"(?:\s*\[[\w:]+\] )?"
_LEVEL = r"(?:[\d.]+ )?(?:\[ERROR\]|\[error\]) "


class Javac(LineParser):
    """See the module."""

    tool: ClassVar[str] = "javac"
    needles: ClassVar[tuple[str, ...]] = (".java:", ".kt:", ".kts:", ".scala:", ".groovy:")
    rules: ClassVar[tuple[Rule, ...]] = (
        # Checkstyle, run by Maven: the group of rules, then the rule
        Rule(
            re.compile(
                rf"{_LEVEL}{_FILE}:\[(?P<line>\d+)(?:,(?P<column>\d+))?\] "
                r"\([a-z]\w*\) (?P<code>[A-Z]\w+): (?P<message>.+)"
            ),
            FailureKind.LINT,
            RootCause.LINT,
        ),
        Rule(
            re.compile(
                rf"{_ANT}{_LEVEL}{_FILE}:(?P<line>\d+)(?::(?P<column>\d+))?: (?P<message>.+) \[(?P<code>[A-Z]\w+)\]$"
            ),
            FailureKind.LINT,
            RootCause.LINT,
        ),
        Rule(
            re.compile(
                rf"{_ANT}(?:{_LEVEL})?{_FILE}:(?:\[(?P<line>\d+),(?P<column>\d+)\]) (?:error: )?"
                r"(?P<message>(?!\[?(?:deprecation|unchecked|removal)\b).+)"
            ),
            FailureKind.COMPILE,
            RootCause.COMPILE_ERROR,
        ),
        Rule(
            re.compile(rf"{_ANT}{_FILE}:(?P<line>\d+): error: (?P<message>.+)"),
            FailureKind.COMPILE,
            RootCause.COMPILE_ERROR,
        ),
        Rule(
            re.compile(
                r"e: (?:file://)?(?P<file>[^:]{1,300}\.kts?):? ?\(?(?P<line>\d+)[:,] ?(?P<column>\d+)\)?:? "
                r"(?P<message>.+)"
            ),
            FailureKind.COMPILE,
            RootCause.COMPILE_ERROR,
        ),
        Rule(
            re.compile(rf"{_LEVEL}{_FILE}:(?P<line>\d+)(?::(?P<column>\d+))?: (?P<message>.+)"),
            FailureKind.COMPILE,
            RootCause.COMPILE_ERROR,
        ),
    )


PARSER: type[Parser] = Javac
