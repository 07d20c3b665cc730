"""Cucumber and behave: the list of failing scenarios with their files."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_TEST = (FailureKind.TEST, None, RootCause.TEST_FAILURE)


class Cucumber(LineParser):
    """See the module."""

    tool: ClassVar[str] = "cucumber"
    needles: ClassVar[tuple[str, ...]] = ("# Scenario", "  features/", ".feature:")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            re.compile(
                r"cucumber (?:-p \S+ )?(?P<file>\S+\.feature):(?P<line>\d+) # (?:Scenario(?: Outline)?: )?(?P<test>.+)"
            ),
            *_TEST,
        ),
        Rule(re.compile(r"\s+(?P<file>\S+\.feature):(?P<line>\d+)  (?P<test>\S.+)"), *_TEST),
    )


PARSER: type[Parser] = Cucumber
