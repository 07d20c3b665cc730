"""Meson: `meson.build:2:0: ERROR: message`, and the failing tests of `meson test`."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_AT = r"(?P<file>\S*meson\.build):(?P<line>\d+):(?P<column>\d+): ERROR: "


class Meson(LineParser):
    """See the module."""

    tool: ClassVar[str] = "meson"
    needles: ClassVar[tuple[str, ...]] = ("meson.build:", " FAIL ", " TIMEOUT  ", " ERROR  ")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            re.compile(rf"{_AT}(?P<message>.*(?:[Dd]ependency|library|[Pp]rogram|header) .*not found.*)"),
            FailureKind.DEPENDENCY,
            RootCause.MISSING_DEPENDENCY,
        ),
        Rule(re.compile(rf"{_AT}(?P<message>.+)"), FailureKind.OTHER, otherwise=RootCause.ENVIRONMENT),
        Rule(
            re.compile(r"\s*\d+/\d+ (?P<test>\S.{0,200}?) +(?P<message>(?:FAIL|ERROR|TIMEOUT) +[\d.]+ ?s\b.*)$"),
            FailureKind.TEST,
            otherwise=RootCause.TEST_FAILURE,
        ),
    )


PARSER: type[Parser] = Meson
