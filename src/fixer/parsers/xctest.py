"""XCTest and swift-testing: `file:line: error: -[Suite test] : message`, `Test Case … failed`."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_TEST = (FailureKind.TEST, None, RootCause.TEST_FAILURE)


class Xctest(LineParser):
    """See the module."""

    tool: ClassVar[str] = "xctest"
    needles: ClassVar[tuple[str, ...]] = (": error: -[", "' failed (", "recorded an issue at ")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            re.compile(
                r"(?P<file>/[^:]+\.(?:swift|m|mm)):(?P<line>\d+): error: -\[(?P<test>[\w.]+ \w+)\] : (?P<message>.+)"
            ),
            *_TEST,
        ),
        Rule(re.compile(r"Test Case '-?\[?(?P<test>[\w. ]+?)\]?' failed \("), *_TEST),
        Rule(
            re.compile(
                r'.{0,3}Test (?P<test>"?.+?"?) recorded an issue at '
                r"(?P<file>\S+\.swift):(?P<line>\d+):(?P<column>\d+): (?P<message>.+)"
            ),
            *_TEST,
        ),
    )


PARSER: type[Parser] = Xctest
