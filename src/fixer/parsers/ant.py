"""JUnit under ant: `Testcase: name took … FAILED` and suites that failed."""

from typing import ClassVar

from fixer import lazy_re as re
from fixer.parsers.base import LineParser, Parser, Rule
from fixer.schema.failure import FailureKind
from fixer.schema.root_cause import RootCause

_TEST = (FailureKind.TEST, None, RootCause.TEST_FAILURE)


class Ant(LineParser):
    """See the module."""

    tool: ClassVar[str] = "ant"
    needles: ClassVar[tuple[str, ...]] = ("Testcase: ", "] Test ")
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            re.compile(
                r"\s*(?:\[junit\] )?Testcase: (?P<test>\S+?)(?:\([\w.$]+\))?(?: took [\d.,]+ \w+)?:?\s+(?:FAILED"
                r"|Caused an ERROR)"
            ),
            *_TEST,
        ),
        Rule(re.compile(r"\s*\[junit\] Test (?P<test>[\w.$]+) FAILED"), *_TEST),
    )


PARSER: type[Parser] = Ant
